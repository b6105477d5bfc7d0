"""What each page of the desk shows, as frozen records: presenters fill them, templates print them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import (
    Choice,
    Clause,
    Document,
    Facet,
    FacetGroup,
    FactLine,
    Fault,
    Page,
    Question,
    Step,
)


@dataclass(frozen=True)
class WorkLine:
    """A case in the work list."""

    href: str
    subject: str
    item: Text
    step: str
    why: str
    due_on: date | None
    due_words: str
    is_late: bool
    is_urged: bool
    risks: tuple[str, ...]


@dataclass(frozen=True)
class UrgeLine:
    """A case over which somebody above urges, and where the office answers."""

    id: str
    case: str
    href: str
    office: str
    reason: str
    who: str
    urged_at: datetime


@dataclass(frozen=True)
class WorkList:
    """What waits for this officer, by deadline; of more than are read at once those due first (`is_cut`)."""

    lines: tuple[WorkLine, ...]
    total: int
    late: int
    due_soon: int
    groups: tuple[FacetGroup, ...]
    page: Page
    urges: tuple[UrgeLine, ...]
    query: str
    saved: tuple[tuple[str, str], ...]
    batches: tuple[Facet, ...]
    held: tuple[str, ...]
    is_cut: bool = False


@dataclass(frozen=True)
class Requirement:
    """One requirement of a case: what is asked, what was found, where it comes from, what the rule says."""

    name: str
    title: Text
    kind: str
    value: str
    needed: str
    source: str
    observed_on: date | None
    answer: str
    words: Text
    clauses: tuple[Clause, ...]
    quotes: tuple[str, ...] = ()
    differs: bool = False
    to_rule: bool = False
    ruling: str = ""


@dataclass(frozen=True)
class EvidenceFile:
    """A paper handed in."""

    id: str
    requirement: str
    name: str
    media_type: str
    sha256: str
    href: str


@dataclass(frozen=True)
class Happening:
    """Something that happened to the case, as the ledger has it."""

    at: datetime
    who: str
    words: str
    receipt: str = ""


@dataclass(frozen=True)
class ObjectionLine:
    """An objection from the public."""

    id: str
    case_href: str
    subject: str
    item: Text
    words: str
    contact: str
    raised_at: datetime
    state_words: str
    is_open: bool
    office: str


@dataclass(frozen=True)
class CaseDesk:
    """One case as its officer sees it."""

    id: str
    version: int
    item: Text
    document: Document
    subject: str
    code: str
    tags: tuple[str, ...]
    state: str
    state_words: str
    submitted_at: datetime | None
    due_on: date | None
    due_words: str
    is_late: bool
    why: str
    step: str
    step_kind: str
    may_act: bool
    acts: tuple[Choice, ...]
    requirements: tuple[Requirement, ...]
    answered: tuple[FactLine, ...]
    evidence: tuple[EvidenceFile, ...]
    amount_fen: int | None
    amount_words: str
    steps: tuple[Step, ...]
    history: tuple[Happening, ...]
    objections: tuple[ObjectionLine, ...]
    faults: tuple[Fault, ...] = ()
    reason: str = ""
    letters: tuple[tuple[str, Text, Text], ...] = ()


@dataclass(frozen=True)
class BatchLine:
    """A case of a batch: whether it is one of those to be looked at first, and why it cannot go with the others."""

    id: str
    version: int
    href: str
    subject: str
    amount_fen: int | None
    is_sample: bool
    exception: str


@dataclass(frozen=True)
class BatchDesk:
    """Cases of one kind to be decided together: those that can, those that cannot, and what they come to."""

    id: str
    item: Text
    step: str
    lines: tuple[BatchLine, ...]
    exceptions: tuple[BatchLine, ...]
    total_fen: int
    is_held: bool
    ended: str


@dataclass(frozen=True)
class PublicityLine:
    """A case on public notice."""

    href: str
    subject: str
    item: Text
    opened_on: date
    closes_on: date
    words: str
    objections: int


@dataclass(frozen=True)
class PublicityDesk:
    """Cases on public notice and the objections to answer."""

    lines: tuple[PublicityLine, ...]
    objections: tuple[ObjectionLine, ...]
    open_count: int
    answered: tuple[ObjectionLine, ...] = ()


@dataclass(frozen=True)
class DisputeLine:
    """A fact that somebody says is wrong: what was shown, what would be right, and how the office may answer."""

    id: str
    subject: str
    fact: str
    held: str
    claimed: str
    reason: str
    raised_at: datetime
    office: str
    outcomes: tuple[tuple[str, str], ...]
    question: Question | None
    chosen: str
    typed: str
    fault: str
    state_words: str
    answer: str


@dataclass(frozen=True)
class DisputeDesk:
    """Facts to look at again, and those that were."""

    waiting: tuple[DisputeLine, ...]
    answered: tuple[DisputeLine, ...]
