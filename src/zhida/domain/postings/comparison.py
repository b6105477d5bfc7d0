"""A day's statement laid beside our books and the treasury's list: pure comparison, no money moves here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from zhida.domain.postings.disbursement import State
from zhida.domain.postings.statements import (
    Comparison,
    Expected,
    FindingKind,
    Listed,
    Proposal,
    StatementLine,
    Word,
)

_PAID = (State.SETTLED, State.RETURNED)
_UNSENT = (State.PLANNED, State.RESERVED)
_LARGEST_MERGER = 4
_SEARCHED = 24
"""A merger is looked for among so many absent payments to one account (by our own reference to it, for four digits fit
thousands), of up to five together; where two sums fit, neither is believed."""

_NOTHING = Proposal.NONE
_Verdict = tuple[FindingKind, Proposal]


def compare(
    lines: Iterable[StatementLine],
    expected: Mapping[str, Expected],
    paid_before: Collection[str],
    day: date,
    listed: Mapping[str, Listed] | None = None,
) -> Iterator[Comparison]:
    """Classifies every line, and everything of ours that the statement should hold and does not.

    `expected` is by reference; `paid_before` holds the references that earlier statements paid; `listed`, where it is
    given, is the treasury's own list by reference, the third side: what it holds as taken is never proposed for
    release, and where it alone differs that is a finding too.
    """
    table = _Table(tuple(lines), expected, frozenset(paid_before), day, listed or {})
    for reference, group in table.groups.items():
        yield from table.judged(reference, group)
    yield from table.missing()


@dataclass
class _Table:
    """One day's comparison in progress."""

    lines: Sequence[StatementLine]
    expected: Mapping[str, Expected]
    paid_before: frozenset[str]
    day: date
    listed: Mapping[str, Listed]
    groups: dict[str, list[StatementLine]] = field(init=False)
    swapped: frozenset[str] = field(init=False)
    absent: dict[str, list[Expected]] = field(init=False)
    accounts: dict[str, set[str]] = field(init=False)
    merged: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.groups = defaultdict(list)
        for line in self.lines:
            self.groups[line.reference].append(line)
        self.swapped = frozenset(self._swaps())
        self.absent, self.accounts = defaultdict(list), defaultdict(set)
        for reference, ours in self.expected.items():
            if reference not in self.groups and reference not in self.paid_before and _is_due(ours, self.day):
                self.absent[ours.account or reference].append(ours)
                self.accounts[ours.account_tail].add(ours.account or reference)

    def judged(self, reference: str, group: Sequence[StatementLine]) -> Iterator[Comparison]:
        """Every line under one reference, and whatever else they explain."""
        ours = self.expected.get(reference)
        paid = [line for line in group if line.word is Word.PAID]
        if ours is None or ours.state in _UNSENT:
            for line in group:
                yield from self._stray(line, ours)
            return
        if _is_split(paid, ours) and reference not in self.paid_before:
            yield from self._split(paid, ours)
        else:
            for position, line in enumerate(paid):
                yield from self._payment(line, ours, position > 0 or reference in self.paid_before)
        stands = len(paid) + (reference in self.paid_before)
        for line in group:
            if line.word is not Word.PAID:
                kind, proposal = self._coming_back(line, ours, stands)
                stands -= line.is_reversal
                yield Comparison(kind, proposal, line, ours)

    def missing(self) -> Iterator[Comparison]:
        """What is due and stands nowhere, once every line is explained."""
        for waiting in self.absent.values():
            for ours in waiting:
                if ours.reference not in self.merged:
                    is_open = ours.state is State.UNKNOWN and self._is_unlisted(ours.reference)
                    yield Comparison(FindingKind.MISSING, Proposal.RELEASE if is_open else _NOTHING, None, ours)

    def _is_unlisted(self, reference: str) -> bool:
        """Whether the treasury's list, where it was asked, does not hold a payment as taken."""
        word = self.listed.get(reference, Listed(Word.ABSENT)).word
        return word in (Word.ABSENT, Word.REFUSED)

    def _stray(self, line: StatementLine, ours: Expected | None) -> Iterator[Comparison]:
        partners = self._merger(line, self.accounts.get(line.account_tail, ()), 0, least=2) if ours is None else ()
        if not partners:
            yield Comparison(FindingKind.EXTRA, _NOTHING, line, ours)
            return
        yield Comparison(FindingKind.MERGED, _NOTHING, line, None)
        yield from self._explained(partners)

    def _split(self, paid: Sequence[StatementLine], ours: Expected) -> Iterator[Comparison]:
        """The last part carries the proposal: only then has the whole of it moved."""
        for line in paid:
            is_last = line is paid[-1] and ours.state not in (*_PAID, State.VOIDED)
            yield Comparison(FindingKind.SPLIT, Proposal.SETTLE if is_last else _NOTHING, line, ours)

    def _payment(self, line: StatementLine, ours: Expected, is_second: bool) -> Iterator[Comparison]:
        if not is_second and line.amount_fen > ours.amount_fen and line.account_tail == ours.account_tail:
            partners = self._merger(line, [ours.account], ours.amount_fen, least=1)
            if partners:
                yield Comparison(FindingKind.MERGED, _settling(ours), line, ours)
                yield from self._explained(partners)
                return
        kind, proposal = (FindingKind.DUPLICATE, _NOTHING) if is_second else self._paid(line, ours)
        yield Comparison(kind, proposal, line, ours)

    def _paid(self, line: StatementLine, ours: Expected) -> _Verdict:
        if line.amount_fen != ours.amount_fen:
            return FindingKind.WRONG_AMOUNT, _NOTHING
        if ours.account_tail and line.account_tail != ours.account_tail:
            is_swapped = line.treasury_reference in self.swapped
            return FindingKind.SWAPPED_ACCOUNT if is_swapped else FindingKind.WRONG_ACCOUNT, _NOTHING
        if ours.state is State.VOIDED:
            return FindingKind.CONTRADICTION, _NOTHING
        if self._is_wrong_day(line, ours):
            return FindingKind.WRONG_DAY, _settling(ours)
        if ours.requested_on is not None and line.booked_on > ours.requested_on:
            return FindingKind.LATE, _settling(ours)
        if ours.state not in _PAID:
            return FindingKind.UNSETTLED, Proposal.SETTLE
        told = self.listed.get(ours.reference)
        if told is not None and (told.word not in (Word.PAID, Word.RETURNED) or told.amount_fen != ours.amount_fen):
            return FindingKind.LIST_DIFFERS, _NOTHING
        return FindingKind.MATCHED, _NOTHING

    def _is_wrong_day(self, line: StatementLine, ours: Expected) -> bool:
        earliest = [day for day in (ours.requested_on, ours.booked_on) if day is not None]
        return line.booked_on != self.day or any(line.booked_on < day for day in earliest)

    def _coming_back(self, line: StatementLine, ours: Expected, stands: int) -> _Verdict:
        """A reversal of the only payment undoes it; one of a second payment mends that, and moves nothing of ours."""
        is_whole = line.amount_fen == ours.amount_fen and ours.state not in (State.RETURNED, State.VOIDED)
        if line.is_reversal:
            return FindingKind.REVERSAL, Proposal.RETURN if is_whole and stands == 1 else _NOTHING
        if line.amount_fen != ours.amount_fen:
            return FindingKind.WRONG_AMOUNT, _NOTHING
        if ours.account_tail and line.account_tail != ours.account_tail:
            return FindingKind.WRONG_ACCOUNT, _NOTHING
        if ours.state is State.VOIDED:
            return FindingKind.CONTRADICTION, _NOTHING
        if line.booked_on != self.day:
            return FindingKind.WRONG_DAY, _NOTHING if ours.state is State.RETURNED else Proposal.RETURN
        if ours.state is State.RETURNED:
            return FindingKind.MATCHED, _NOTHING
        return FindingKind.RETURNED, Proposal.RETURN

    def _explained(self, partners: Sequence[Expected]) -> Iterator[Comparison]:
        for ours in partners:
            self.merged.add(ours.reference)
            yield Comparison(FindingKind.MERGED, _settling(ours), None, ours)

    def _merger(
        self, line: StatementLine, accounts: Iterable[str], covered_fen: int, *, least: int
    ) -> tuple[Expected, ...]:
        """The absent payments to one of the accounts that sum to what the line holds above `covered_fen`."""
        if line.word is not Word.PAID:
            return ()
        fitting = []
        for account in accounts:
            waiting = [ours for ours in self.absent.get(account, ()) if ours.reference not in self.merged][:_SEARCHED]
            for size in range(least, min(_LARGEST_MERGER, len(waiting)) + 1):
                for chosen in combinations(waiting, size):
                    if covered_fen + sum(ours.amount_fen for ours in chosen) == line.amount_fen:
                        fitting.append(chosen)
        return fitting[0] if len(fitting) == 1 else ()

    def _swaps(self) -> Iterator[str]:
        """The movements that went, two by two, to each other's account."""
        strays: dict[tuple[str, str], list[str]] = defaultdict(list)
        for line in self.lines:
            ours = self.expected.get(line.reference)
            if line.word is not Word.PAID or ours is None or not ours.account_tail:
                continue
            if line.account_tail == ours.account_tail or line.amount_fen != ours.amount_fen:
                continue
            others = strays[line.account_tail, ours.account_tail]
            if others:
                yield others.pop(0)
                yield line.treasury_reference
            else:
                strays[ours.account_tail, line.account_tail].append(line.treasury_reference)


def _is_split(paid: Sequence[StatementLine], ours: Expected) -> bool:
    return (
        len(paid) > 1
        and sum(line.amount_fen for line in paid) == ours.amount_fen
        and all(line.account_tail == ours.account_tail or not ours.account_tail for line in paid)
    )


def _settling(ours: Expected) -> Proposal:
    return _NOTHING if ours.state in (*_PAID, State.VOIDED) else Proposal.SETTLE


def _is_due(ours: Expected, day: date) -> bool:
    if ours.state in _PAID:
        return ours.booked_on == day
    return ours.state is State.UNKNOWN and ours.requested_on is not None and ours.requested_on <= day
