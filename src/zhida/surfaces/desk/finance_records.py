"""What the money pages show, as frozen records: presenters fill them, templates print them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhida.surfaces.desk.acts import Act
from zhida.surfaces.look.charts import Segment
from zhida.surfaces.look.parts import LedgerRow, Question, Told


@dataclass(frozen=True)
class BudgetRow:
    """A budget line with its bar."""

    ledger: LedgerRow
    segments: tuple[Segment, ...]
    office: str
    frozen: str


@dataclass(frozen=True)
class Hand:
    """One of the three hands: the role, the person, whether they have signed, when, and what they saw."""

    role: str
    person: str
    has_signed: bool
    is_mine: bool
    signed_at: datetime | None = None
    saw: str = ""


@dataclass(frozen=True)
class ReleaseLine:
    """A standing release in a list; `is_mine` where it waits for the officer's signature."""

    id: str
    href: str
    line: str
    cap_fen: int
    used_fen: int
    span: str
    state: str
    state_words: str
    is_mine: bool


@dataclass(frozen=True)
class BatchLine:
    """A payment batch in a list; `name` is the end of its id, which people can read out."""

    id: str
    name: str
    made_at: datetime
    digest: str
    href: str
    line: str
    payments: int
    total_fen: int
    state: str
    state_words: str
    is_mine: bool


@dataclass(frozen=True)
class UnknownLine:
    """A payment whose outcome the bank has not told: how old, what was last heard, and what may be done."""

    reference: str
    href: str
    line: str
    amount_fen: int
    requested_on: date | None
    age: str
    is_old: bool
    last: str
    may: str
    id: str


@dataclass(frozen=True)
class ReadyLine:
    """A line with payments that lie in no batch yet."""

    name: str
    href: str
    payments: int
    total_fen: int


@dataclass(frozen=True)
class Funds:
    """The budget of the officer's lines; `ways` lead to what else is done with them, as label and address."""

    year: int
    as_of: datetime
    headline: str
    lead: str
    rows: tuple[BudgetRow, ...]
    total: LedgerRow | None
    batches: tuple[BatchLine, ...]
    releases: tuple[ReleaseLine, ...]
    unknowns: tuple[UnknownLine, ...]
    ready: tuple[ReadyLine, ...]
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Payment:
    """One payment of a batch or a line."""

    reference: str
    subject: str
    account: str
    amount_fen: int
    state_words: str
    href: str


@dataclass(frozen=True)
class PaymentList:
    """Payments that answer a search, the newest first; `is_cut` where there are more than the list holds."""

    headline: str
    questions: tuple[Question, ...]
    payments: tuple[Payment, ...]
    total_fen: int
    is_cut: bool


@dataclass(frozen=True)
class MovementLine:
    """One movement of money on a line: what it was, from which figure to which, for which payment."""

    at: datetime
    words: str
    source: str
    target: str
    reference: str
    href: str
    amount_fen: int


@dataclass(frozen=True)
class BudgetPage:
    """One budget line: its standing, its releases, its payments."""

    row: BudgetRow
    office: str
    office_id: str
    payments: tuple[Payment, ...]
    ready: int
    ready_fen: int
    may_make: bool
    releases: tuple[ReleaseLine, ...]
    batches: tuple[BatchLine, ...]
    movements: tuple[MovementLine, ...]
    earlier: str
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class Signing:
    """Something that three hands sign: a batch or a standing release."""

    id: str
    office_id: str
    title: str
    headline: str
    amount_fen: int
    amount_note: str
    rows: tuple[Told, ...]
    hands: tuple[Hand, ...]
    act: str
    act_words: str
    digest: str
    payments: tuple[Payment, ...]
    before: LedgerRow | None
    after: LedgerRow | None
    acts: tuple[Act, ...] = ()
    ended: str = ""


@dataclass(frozen=True)
class BatchList:
    """Every batch of the officer's lines: theirs to sign, others' to sign, and ended."""

    mine: tuple[BatchLine, ...]
    others: tuple[BatchLine, ...]
    done: tuple[BatchLine, ...]


@dataclass(frozen=True)
class UnknownPage:
    """What the bank has not told, and which kind of bank it is."""

    lines: tuple[UnknownLine, ...]
    total_fen: int
    oldest: str
    bank: str


@dataclass(frozen=True)
class ReturnLine:
    """A payment that came back or was refused: why, which account, and whether it was paid again."""

    reference: str
    href: str
    payee: str
    line: str
    amount_fen: int
    changed_at: datetime
    reason: str
    account: str
    state: str
    state_words: str


@dataclass(frozen=True)
class ReturnsPage:
    """What came back: to be paid again first, then what was."""

    waiting: tuple[ReturnLine, ...]
    done: tuple[ReturnLine, ...]
    total_fen: int


@dataclass(frozen=True)
class PaymentEvent:
    """Something that happened to a payment, as the ledger has it."""

    at: datetime
    words: str
    who: str
    note: str
    proof: str


@dataclass(frozen=True)
class PaymentPage:
    """One payment whole."""

    reference: str
    headline: str
    lead: str
    amount_fen: int
    state: str
    state_words: str
    rows: tuple[Told, ...]
    events: tuple[PaymentEvent, ...]
    movements: tuple[MovementLine, ...]
    acts: tuple[Act, ...]
    next_words: str
    section: str
    line_href: str
    line_name: str


@dataclass(frozen=True)
class FindingLine:
    """A finding in a list: what the statement says, what the books say, what is proposed or was done."""

    href: str
    name: str
    day: date
    stated_fen: int | None
    expected_fen: int | None
    differs: bool
    state: str
    state_words: str


@dataclass(frozen=True)
class FindingGroup:
    """Findings of one kind, and what the kind means."""

    title: str
    about: str
    lines: tuple[FindingLine, ...]


@dataclass(frozen=True)
class DayLine:
    """A day that was laid beside its statement."""

    day: date
    href: str
    lines: int
    net_fen: int
    by: str
    made_at: datetime
    state: str
    state_words: str


@dataclass(frozen=True)
class Reconciliation:
    """The days compared, and what waits for a person; `day` is the one to compare next."""

    days: tuple[DayLine, ...]
    groups: tuple[FindingGroup, ...]
    waiting: int
    day: str
    is_done: bool


@dataclass(frozen=True)
class DayPage:
    """One day and everything found on it."""

    day: date
    compared: DayLine | None
    groups: tuple[FindingGroup, ...]
    matched: int
    waiting: int
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True)
class FindingPage:
    """One finding with both sides beside each other."""

    id: str
    day: date
    headline: str
    lead: str
    rows: tuple[Told, ...]
    payment_href: str
    disbursement_id: str
    acts: tuple[Act, ...]
    is_open: bool


@dataclass(frozen=True)
class StopLine:
    """A stop in force: what it covers, why, who pressed it and when, its fact, and the act that lifts it."""

    fact: str
    who: str
    kind: str
    name: str
    reason: str
    at: datetime
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class HeldLine:
    """A payment that is held, or was and is flagged."""

    reference: str
    href: str
    line: str
    amount_fen: int
    reason: str
    since: datetime
    until: datetime | None
    is_over: bool


@dataclass(frozen=True)
class StopDesk:
    """What keeps money from going; `frozen` are lines as name, address and reason."""

    headline: str
    stops: tuple[StopLine, ...]
    frozen: tuple[tuple[str, str, str], ...]
    held: tuple[HeldLine, ...]
    flags: tuple[HeldLine, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class ClearingLine:
    """Something that has not come to zero, with its age."""

    name: str
    reference: str
    href: str
    amount_fen: int
    since: date
    age_days: int


@dataclass(frozen=True)
class ClosingPage:
    """A day before and after its close."""

    words: str
    is_clean: bool
    rows: tuple[Told, ...]
    in_flight: tuple[ClearingLine, ...]
    unexplained: tuple[ClearingLine, ...]
    acts: tuple[Act, ...]
    next_words: str
