"""Statement, treasury's list and our books: what each says of a payment, and what a difference is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhida.domain.postings.disbursement import State


class Word(StrEnum):
    """What the treasury says of one reference.

    PENDING: taken, the money has not moved. PAID: it has. REFUSED: it never will. RETURNED: it moved and came back.
    ABSENT: the treasury knows no such reference now, which is no proof that a request is not still on its way.
    """

    PENDING = "pending"
    PAID = "paid"
    REFUSED = "refused"
    RETURNED = "returned"
    ABSENT = "absent"


@dataclass(frozen=True)
class StatementLine:
    """One movement of an end-of-day statement: a payment, or a return of one.

    `is_reversal` says that the bank takes back a booking of its own, for whatever `reason`.
    """

    treasury_reference: str
    reference: str
    word: Word
    amount_fen: int
    account_tail: str
    booked_on: date
    is_reversal: bool = False
    reason: str = ""


class FindingKind(StrEnum):
    """What a statement line, or the want of one, says when it is laid beside our books."""

    MATCHED = "matched"
    UNSETTLED = "unsettled"  # paid as ordered, and we did not know yet
    LATE = "late"  # paid as ordered, on a later day than asked for
    WRONG_DAY = "wrong_day"  # dated before it was asked for or told, or with another day than its statement
    RETURNED = "returned"  # came back, and we did not know yet
    REVERSAL = "reversal"  # the bank took back a booking of its own
    MISSING = "missing"  # we hold it paid, or sent, and the statement does not
    EXTRA = "extra"  # a movement that no disbursement of ours explains
    DUPLICATE = "duplicate"  # a second payment under one reference
    SPLIT = "split"  # one payment of ours, booked in parts that sum to it
    MERGED = "merged"  # several payments of ours to one account, booked as one that is their sum
    WRONG_AMOUNT = "wrong_amount"
    WRONG_ACCOUNT = "wrong_account"
    SWAPPED_ACCOUNT = "swapped_account"  # two payments that went to each other's account
    LIST_DIFFERS = "list_differs"  # statement and books agree, the treasury's own list does not
    CONTRADICTION = "contradiction"  # news against an end, such as paid after void


class Proposal(StrEnum):
    """What a person may approve with one act; NONE needs work outside these books."""

    NONE = ""
    SETTLE = "settle"
    RETURN = "return"
    RELEASE = "release"


@dataclass(frozen=True)
class Expected:
    """What our books hold under one reference; `account` is our own reference to the payee's account."""

    id: str
    reference: str
    amount_fen: int
    account_tail: str
    state: State
    requested_on: date | None
    booked_on: date | None
    account: str = ""


@dataclass(frozen=True)
class Listed:
    """What the treasury's own list says under one reference; `amount_fen` is 0 where it holds nothing."""

    word: Word
    amount_fen: int = 0


@dataclass(frozen=True)
class Comparison:
    """One finding: a line and what we expected of it, either of which may be wanting."""

    kind: FindingKind
    proposal: Proposal
    line: StatementLine | None
    expected: Expected | None
