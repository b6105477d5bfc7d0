"""What the auditor's pages show, as frozen records: presenters fill them, templates print them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhida.surfaces.look.charts import Segment
from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import FacetGroup, Question, Told


@dataclass(frozen=True)
class EntryLine:
    """A fact of the ledger in a list: who did what, when, for which office, with the way to its proof."""

    id: str
    position: int | None
    kind: str
    code: str
    about: str
    about_kind: str
    page: str
    at: datetime
    who: str
    duty: str
    office: str
    fields: tuple[tuple[str, str, str], ...]
    href: str
    proof: str


@dataclass(frozen=True)
class LedgerDesk:
    """The auditor's window on the ledger; `earlier` and `export` are addresses of the same search."""

    entries: int
    leaves: int
    sealed_at: datetime | None
    questions: tuple[Question, ...]
    searched: bool
    bound: str
    lines: tuple[EntryLine, ...]
    kinds: FacetGroup
    earlier: str
    export: str


@dataclass(frozen=True)
class FaultLine:
    """One thing that does not hold: where, in which record and field, and why."""

    place: str
    record: str
    field: str
    words: str


@dataclass(frozen=True)
class WitnessLine:
    """A witness and the largest head it cosigned."""

    name: str
    size: int
    behind: int
    state: str
    state_words: str


@dataclass(frozen=True)
class Verification:
    """Reading the whole log: the verdict, what was read, and every fault with its place in the log."""

    verdict: str
    is_sound: bool
    rows: tuple[tuple[str, str], ...]
    faults: tuple[FaultLine, ...]
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class ReceiptVerdict:
    """What is to be said of one receipt."""

    is_sound: bool
    headline: str
    lines: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class VerifyDesk:
    """Where the log stands, who watches it, and what checking it or a receipt came to."""

    headline: str
    lead: str
    is_late: bool
    rows: tuple[Told, ...]
    checkpoint: str
    keys: tuple[str, ...]
    witnesses: tuple[WitnessLine, ...]
    verification: Verification | None
    receipt: ReceiptVerdict | None


@dataclass(frozen=True)
class RerunLine:
    """A decision that was run again."""

    case_id: str
    item: Text
    on: date
    outcome: str
    amount_fen: int | None
    digest: str
    state: str
    state_words: str
    before: str
    after: str
    proof: str


@dataclass(frozen=True)
class SamplingDesk:
    """A sample drawn by a seed and what running it again came to."""

    questions: tuple[Question, ...]
    seed: str
    lines: tuple[RerunLine, ...]
    same: int
    headline: str
