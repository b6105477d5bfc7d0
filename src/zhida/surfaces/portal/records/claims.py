"""Claims: confirming, applying, following a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import (
    Clause,
    Document,
    Equation,
    Facet,
    FactLine,
    Reason,
    ReceiptFace,
    Step,
)
from zhida.surfaces.portal.records.answers import SubjectHead


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
class CredentialFace:
    """A credential as its holder shows it: what it is called, its rows, and the address that its code leads to."""

    title: Text
    rows: tuple[tuple[str, str], ...]
    verify_url: str
    is_valid: bool


@dataclass(frozen=True)
class Judged:
    """What was said of a case, and what came of it: `due_on` until answered."""

    words: str
    said_at: datetime
    note: str = ""
    due_on: date | None = None
    answer: str = ""
    answered_at: datetime | None = None
    office: str = ""


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
    credentials: tuple[CredentialFace, ...] = ()
    undo_href: str = ""
    undo_until: datetime | None = None
    confirm_href: str = ""
    returned_words: str = ""
    mend_href: str = ""
    refusal: str = ""
    account: str = ""
    rated: Judged | None = None
    rate_href: str = ""
    asked: Judged | None = None
    appeal_href: str = ""


@dataclass(frozen=True)
class ReadingLine:
    """One reading of what is not public: when, by which office, for what, which facts; the case it was for."""

    read_at: datetime
    office: str
    purpose: str
    facts: str
    href: str = ""


@dataclass(frozen=True)
class NoticeLine:
    """A message in the inbox."""

    id: str
    title: Text
    body: Text
    written_at: datetime
    is_unread: bool
    href: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Inbox:
    """Messages, the newest first."""

    notices: tuple[NoticeLine, ...]
    unread: int
    after: str = ""
