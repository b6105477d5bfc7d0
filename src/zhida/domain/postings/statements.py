"""A day's statement laid beside our books, line by line: pure comparison, no money moves here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
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
    RETURNED = "returned"  # came back, and we did not know yet
    MISSING = "missing"  # we hold it paid, or sent, and the statement does not
    EXTRA = "extra"  # a movement that no disbursement of ours explains
    DUPLICATE = "duplicate"  # a second payment under one reference
    WRONG_AMOUNT = "wrong_amount"
    WRONG_ACCOUNT = "wrong_account"
    CONTRADICTION = "contradiction"  # news against an end, such as paid after void


class Proposal(StrEnum):
    """What a person may approve with one act; NONE needs work outside these books."""

    NONE = ""
    SETTLE = "settle"
    RETURN = "return"
    RELEASE = "release"


@dataclass(frozen=True)
class Expected:
    """What our books hold under one reference."""

    id: str
    reference: str
    amount_fen: int
    account_tail: str
    state: State
    requested_on: date | None
    booked_on: date | None


@dataclass(frozen=True)
class Comparison:
    """One finding: a line and what we expected of it, either of which may be wanting."""

    kind: FindingKind
    proposal: Proposal
    line: StatementLine | None
    expected: Expected | None


_PAID = (State.SETTLED, State.RETURNED)


def compare(
    lines: Iterable[StatementLine], expected: Mapping[str, Expected], paid_before: Collection[str], day: date
) -> Iterator[Comparison]:
    """Classifies every line, and everything of ours that the statement should hold and does not.

    `expected` is by reference; `paid_before` holds the references that earlier statements paid.
    """
    paid, told = set(paid_before), set()
    for line in lines:
        ours = expected.get(line.reference)
        kind, proposal = _judge(line, ours, line.reference in paid)
        if line.word is Word.PAID:
            paid.add(line.reference)
        told.add(line.reference)
        yield Comparison(kind, proposal, line, ours)
    for reference, ours in expected.items():
        if reference not in told and reference not in paid and _is_due(ours, day):
            proposal = Proposal.RELEASE if ours.state is State.UNKNOWN else Proposal.NONE
            yield Comparison(FindingKind.MISSING, proposal, None, ours)


def _judge(line: StatementLine, ours: Expected | None, was_paid: bool) -> tuple[FindingKind, Proposal]:
    if ours is None or ours.state in (State.PLANNED, State.RESERVED):
        return FindingKind.EXTRA, Proposal.NONE
    if line.word is Word.PAID and was_paid:
        return FindingKind.DUPLICATE, Proposal.NONE
    if line.amount_fen != ours.amount_fen:
        return FindingKind.WRONG_AMOUNT, Proposal.NONE
    if ours.account_tail and line.account_tail != ours.account_tail:
        return FindingKind.WRONG_ACCOUNT, Proposal.NONE
    if ours.state is State.VOIDED:
        return FindingKind.CONTRADICTION, Proposal.NONE
    return _judge_return(ours) if line.word is Word.RETURNED else _judge_payment(line, ours)


def _judge_return(ours: Expected) -> tuple[FindingKind, Proposal]:
    if ours.state is State.RETURNED:
        return FindingKind.MATCHED, Proposal.NONE
    return FindingKind.RETURNED, Proposal.RETURN


def _judge_payment(line: StatementLine, ours: Expected) -> tuple[FindingKind, Proposal]:
    is_late = ours.requested_on is not None and line.booked_on > ours.requested_on
    if ours.state in _PAID:
        return (FindingKind.LATE if is_late else FindingKind.MATCHED), Proposal.NONE
    return (FindingKind.LATE if is_late else FindingKind.UNSETTLED), Proposal.SETTLE


def _is_due(ours: Expected, day: date) -> bool:
    if ours.state in _PAID:
        return ours.booked_on == day
    return ours.state is State.UNKNOWN and ours.requested_on is not None and ours.requested_on <= day
