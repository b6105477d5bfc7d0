"""What each page of the portal shows, as frozen records. Presenters fill them from the kernel's answers; templates print them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhida.surfaces.look.charts import Ruler
from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import (
    Clause,
    Document,
    Equation,
    Facet,
    FacetGroup,
    FactLine,
    Fault,
    Page,
    Question,
    Reason,
    ReceiptFace,
    Step,
)


@dataclass(frozen=True)
class Door:
    """One of the two great doors of the home page."""

    name: str
    invitation: str
    href: str
    topics: tuple[Facet, ...]


@dataclass(frozen=True)
class Ending:
    """An item whose window closes soon."""

    title: Text
    href: str
    days: int
    closes_on: date
    how_much: Text


@dataclass(frozen=True)
class Fresh:
    """A policy published lately."""

    title: Text
    number: str
    issuer: str
    issued_on: date
    href: str


@dataclass(frozen=True)
class Home:
    """The front page."""

    today: date
    figures: tuple[tuple[str, str], ...]
    often: tuple[Facet, ...]
    policy_count: int
    doors: tuple[Door, ...]
    ending: tuple[Ending, ...]
    fresh: tuple[Fresh, ...]


@dataclass(frozen=True)
class ItemLine:
    """An item in a list: what it pays and when it closes, in words."""

    title: Text
    href: str
    how_much: Text
    claim: str = ""
    window: str = ""


@dataclass(frozen=True)
class Hit:
    """A policy in a list of results."""

    title: Text
    href: str
    document: Document
    issuer: str
    issued_on: date
    plain: Text
    state: str
    state_words: str
    items: tuple[ItemLine, ...]
    why: str = ""


@dataclass(frozen=True)
class PolicyList:
    """Policies found, and the ways to narrow them."""

    text: str
    total: int
    item_total: int
    groups: tuple[FacetGroup, ...]
    chosen: tuple[Facet, ...]
    hits: tuple[Hit, ...]
    page: Page


@dataclass(frozen=True)
class ClauseBlock:
    """A clause of the issued text and, beside it, what it became."""

    anchor: str
    number: str
    heading: str
    paragraphs: tuple[str, ...]
    items: tuple[ItemLine, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class PolicyPage:
    """One policy: its face, its plain words, its items, its text. `name` is what people call it."""

    title: Text
    name: Text
    document: Document
    issuer: str
    owner: str
    region: str
    issued_on: date
    validity: str
    state: str
    state_words: str
    plain: Text
    topics: tuple[str, ...]
    items: tuple[ItemLine, ...]
    clauses: tuple[ClauseBlock, ...]
    revision: str
    fingerprint: str
    follows: str = ""


@dataclass(frozen=True)
class Need:
    """A requirement as the guide shows it: the clause's own words, and how it is settled."""

    words: Text
    how: str
    clauses: tuple[Clause, ...]
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableFace:
    """A table of a pack, as a person reads it."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class ItemPage:
    """The guide of one item."""

    title: Text
    policy: Document
    how_much: Text
    plain: Text
    audience: str
    claim: str
    claim_note: str
    window: str
    promised_days: int
    owner: str
    region: str
    amount_fen: int | None
    needs: tuple[Need, ...]
    tables: tuple[TableFace, ...]
    amount_clauses: tuple[Clause, ...]
    amount_quotes: tuple[str, ...]
    papers: tuple[str, ...]
    asked: tuple[str, ...]
    steps: tuple[Step, ...]
    obligations: tuple[str, ...]
    act_href: str
    act_words: str
    is_open: bool
    calculator_href: str


@dataclass(frozen=True)
class Entry:
    """One item's answer for one subject."""

    title: Text
    href: str
    amount_fen: int | None
    how_much: Text
    reasons: tuple[Reason, ...]
    document: Document
    clauses: tuple[Clause, ...]
    sources: tuple[FactLine, ...] = ()
    equation: Equation | None = None
    ruler: Ruler | None = None
    change: str = ""
    act_href: str = ""
    act_words: str = ""
    note: str = ""
    pays: bool = True


@dataclass(frozen=True)
class SubjectHead:
    """Whose case it is, as far as everybody may know."""

    name: str
    code: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """A calculator's answer in three groups, and what is worth asking next."""

    subject: SubjectHead | None
    audience: str
    as_of: date
    entitled: tuple[Entry, ...]
    possible: tuple[Entry, ...]
    refused: tuple[Entry, ...]
    total_fen: int
    unknown_amounts: int
    automatic: int
    automatic_fen: int
    questions: tuple[Question, ...]
    answered: tuple[FactLine, ...]
    hidden: tuple[tuple[str, str], ...]
    again_href: str
    act_href: str = ""

    @property
    def nearly(self) -> tuple[Entry, ...]:
        """Those refused for one number alone that is not far off: drawn with a ruler."""
        return tuple(entry for entry in self.refused if entry.ruler)

    @property
    def plainly(self) -> tuple[Entry, ...]:
        """Those refused for anything else: a table says why."""
        return tuple(entry for entry in self.refused if not entry.ruler)


@dataclass(frozen=True)
class CalculatorStart:
    """Where one begins: a firm by name, a person or household by a few answers."""

    text: str
    firms: tuple[Facet, ...]
    searched: bool
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ToDo:
    """Something that waits for this person."""

    title: Text
    words: str
    href: str
    act: str
    amount_fen: int | None = None
    is_urgent: bool = False


@dataclass(frozen=True)
class CaseLine:
    """A case in a list: where it stands and who moves next."""

    title: Text
    href: str
    state: str
    state_words: str
    next_words: str
    moment: datetime
    amount_fen: int | None = None


@dataclass(frozen=True)
class MyHome:
    """What one can get, what waits, what is running."""

    name: str
    subject: SubjectHead | None
    others: tuple[Facet, ...]
    count: int
    total_fen: int
    todo: tuple[ToDo, ...]
    entitled: tuple[Entry, ...]
    possible: tuple[Entry, ...]
    cases: tuple[CaseLine, ...]
    unread: int


@dataclass(frozen=True)
class ConfirmPage:
    """An automatic claim, to be confirmed with one button."""

    subject: SubjectHead
    title: Text
    policy: Document
    case_id: str
    amount_fen: int
    account: str
    account_href: str
    latest_on: date | None
    equation: Equation | None
    quotes: tuple[tuple[str, Clause], ...]
    facts: tuple[FactLine, ...]
    after: tuple[str, ...]
    after_clauses: tuple[Clause, ...]
    confirmed_at: datetime | None = None
    undo_until: datetime | None = None
    can_undo: bool = False
    progress_href: str = ""


@dataclass(frozen=True)
class Upload:
    """A paper that is asked for, and why."""

    name: str
    label: str
    why: str
    clauses: tuple[Clause, ...]
    fault: str = ""


@dataclass(frozen=True)
class Promise:
    """Something the applicant promises by submitting."""

    name: str
    words: Text
    clauses: tuple[Clause, ...]
    fault: str = ""


@dataclass(frozen=True)
class ApplyPage:
    """An application: what is known is shown, what is unknown is asked."""

    subject: SubjectHead
    title: Text
    policy: Document
    amount_fen: int | None
    facts: tuple[FactLine, ...]
    questions: tuple[Question, ...]
    uploads: tuple[Upload, ...]
    promises: tuple[Promise, ...]
    account: Question | None
    faults: tuple[Fault, ...]
    promised_days: int
    submission: str


@dataclass(frozen=True)
class CasePage:
    """One case as its applicant sees it."""

    number: str
    subject: SubjectHead
    title: Text
    state: str
    headline: str
    lead: str
    amount_fen: int | None
    steps: tuple[Step, ...]
    reasons: tuple[Reason, ...]
    facts: tuple[FactLine, ...]
    receipt: ReceiptFace | None
    receipts: tuple[Facet, ...]
    undo_href: str = ""
    undo_until: datetime | None = None
    confirm_href: str = ""
    returned_words: str = ""
    mend_href: str = ""
    refusal: str = ""
    account: str = ""


@dataclass(frozen=True)
class ReceiptPage:
    """A receipt with what it proves."""

    face: ReceiptFace
    about: str
    kind_words: str
    proves: tuple[str, ...]
    back_href: str


@dataclass(frozen=True)
class VerifyPage:
    """A verdict over something pasted, uploaded or scanned."""

    asked: bool = False
    is_sound: bool = False
    is_pending: bool = False
    headline: str = ""
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    pasted: str = ""


@dataclass(frozen=True)
class PublicLine:
    """One name of a public notice, masked."""

    name: str
    region: str
    amount_fen: int | None
    href: str


@dataclass(frozen=True)
class PublicList:
    """The names of one item under public notice."""

    title: Text
    href: str
    document: Document
    owner: str
    opens_on: date
    closes_on: date
    days_left: int
    lines: tuple[PublicLine, ...]
    id: str = ""


@dataclass(frozen=True)
class ObjectionPage:
    """The form by which anybody objects to one name."""

    line: PublicLine
    listed: PublicList
    faults: tuple[Fault, ...] = ()
    reason: str = ""
    contact: str = ""


@dataclass(frozen=True)
class NoticeLine:
    """A message in the inbox."""

    id: str
    title: Text
    body: Text
    written_at: datetime
    is_unread: bool
    href: str = ""


@dataclass(frozen=True)
class Inbox:
    """Messages, the newest first."""

    notices: tuple[NoticeLine, ...]
    unread: int
    after: str = ""


@dataclass(frozen=True)
class ReadingLine:
    """One reading of what is not public: when, by which office, for what, and which facts."""

    read_at: datetime
    office: str
    purpose: str
    facts: str
