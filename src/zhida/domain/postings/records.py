"""What is told of the books: frozen records of lines, releases, batches, disbursements, outcomes and findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhida.domain.postings.disbursement import State
from zhida.domain.postings.statements import FindingKind, Proposal


@dataclass(frozen=True)
class NewDisbursement:
    """One payment to reserve: fen for a grant, to the account behind a reference; `purpose` is what the payee reads."""

    disbursement_id: str
    grant_id: str
    subject_id: str
    amount_fen: int
    account_ref: str
    purpose: str


@dataclass(frozen=True)
class Outcome:
    """What an action or an answer did to a disbursement: from `before` to `state`, the same where nothing did.

    `attention` is the code of what a person must look at, empty where nothing is.
    """

    disbursement_id: str
    grant_id: str
    subject_id: str
    line: str
    amount_fen: int
    before: State
    state: State
    reason: str = ""
    attention: str = ""

    @property
    def has_moved(self) -> bool:
        """Whether this changed the state."""
        return self.before is not self.state


@dataclass(frozen=True)
class Line:
    """A budget line with its figures in fen: total = available + committed + in_flight + paid - returned."""

    id: str
    name: str
    office: str
    region: str
    year: int
    total: int
    available: int
    committed: int
    in_flight: int
    paid: int
    returned: int
    frozen_reason: str


@dataclass(frozen=True)
class Release:
    """A standing release and what is left of its cap; `is_in_force` at the instant it was asked for."""

    id: str
    line: str
    cap_fen: int
    used_fen: int
    valid_from: date
    valid_to: date
    maker: str
    checker: str | None
    releaser: str | None
    revoked_at: datetime | None
    is_in_force: bool


@dataclass(frozen=True)
class Batch:
    """A payment batch: what its digest fixes, and who has signed so far; `is_dissolved` where nothing lies in it."""

    id: str
    line: str
    digest: str
    payments: int
    total_fen: int
    maker: str
    checker: str | None
    releaser: str | None
    made_at: datetime
    is_dissolved: bool


@dataclass(frozen=True)
class DisbursementRecord:
    """One disbursement as it stands. The account is a reference and its last four digits, never the number."""

    id: str
    reference: str
    line: str
    release: str | None
    batch: str | None
    channel: str
    grant_id: str
    subject_id: str
    account_ref: str
    account_tail: str
    amount_fen: int
    recovered_fen: int
    purpose: str
    state: State
    reserved_at: datetime
    requested_on: date | None
    booked_on: date | None
    treasury_reference: str
    reason: str
    changed_at: datetime


@dataclass(frozen=True)
class FindingRecord:
    """A finding as a person sees it; `resolution` is empty while it is open."""

    id: str
    day: date
    kind: FindingKind
    proposal: Proposal
    disbursement_id: str | None
    reference: str
    treasury_reference: str
    word: str
    stated_fen: int
    expected_fen: int
    resolution: str
    note: str


@dataclass(frozen=True)
class ReconciliationReport:
    """How many findings of each kind and the net sum of the statement in fen."""

    id: str
    day: date
    lines: int
    net_fen: int
    counts: dict[FindingKind, int]
