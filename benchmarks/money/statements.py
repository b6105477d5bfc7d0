"""Statements with planted anomalies: a seeded day of payments, each anomaly of a known kind, and what we hold of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import cycle
from random import Random

from zhida.adapters.treasury.simulator.anomalies import Anomaly, bent
from zhida.domain.postings import Expected, FindingKind, Listed, State, StatementLine, Word

DAY = date(2026, 3, 3)
NAMED = {
    Anomaly.MISSING: FindingKind.MISSING,
    Anomaly.EXTRA: FindingKind.EXTRA,
    Anomaly.DUPLICATE: FindingKind.DUPLICATE,
    Anomaly.WRONG_AMOUNT: FindingKind.WRONG_AMOUNT,
    Anomaly.SWAPPED_ACCOUNT: FindingKind.SWAPPED_ACCOUNT,
    Anomaly.SPLIT: FindingKind.SPLIT,
    Anomaly.MERGED: FindingKind.MERGED,
    Anomaly.LATE: FindingKind.LATE,
    Anomaly.WRONG_DAY: FindingKind.WRONG_DAY,
    Anomaly.REVERSAL: FindingKind.REVERSAL,
}
"""What a reconciliation must call each kind of anomaly."""


@dataclass
class Day:
    """A day's statement, our books and the treasury's list; `planted` says what each anomaly must be called.

    Movements are named by the treasury's number, wants of movements by our reference; some anomalies have two names.
    """

    lines: list[StatementLine] = field(default_factory=list)
    expected: dict[str, Expected] = field(default_factory=dict)
    listed: dict[str, Listed] = field(default_factory=dict)
    planted: list[tuple[FindingKind, tuple[str, ...]]] = field(default_factory=list)

    @property
    def odd(self) -> dict[str, FindingKind]:
        """Everything that must be called something else than matched."""
        return {name: kind for kind, names in self.planted for name in names}


def make_day(seed: int, *, payments: int, anomalies: int) -> Day:
    """A day of `payments`, to a third as many accounts, with so many anomalies, the ten kinds in turn."""
    chance, day = Random(seed), Day()
    odd = set(chance.sample(range(0, payments, 2), anomalies))
    kinds = cycle(Anomaly)
    for number in range(0, payments, 2):
        pair = [_payment(chance, number + side, payments) for side in (0, 1)]
        kind = next(kinds) if number in odd else None
        if kind is Anomaly.MERGED:
            pair[1] = _to_the_same_account(*pair)
        if kind is Anomaly.SWAPPED_ACCOUNT and pair[0][1].account_tail == pair[1][1].account_tail:
            kind = Anomaly.DUPLICATE
        _plant(day, kind, pair)
    _shuffle(day.lines, chance)
    return day


def _shuffle(lines: list[StatementLine], chance: Random) -> None:
    """Any order over all, the first order within one reference: a second payment comes after the first."""
    waiting: dict[str, list[StatementLine]] = {}
    for line in lines:
        waiting.setdefault(line.reference, []).append(line)
    chance.shuffle(lines)
    lines[:] = [waiting[line.reference].pop(0) for line in lines]


def _payment(chance: Random, number: int, payments: int) -> tuple[Expected, StatementLine]:
    account = chance.randrange(payments // 3)
    tail, amount_fen = f"{account % 10_000:04d}", chance.randrange(100, 500_000)
    state = State.UNKNOWN if chance.random() < 0.02 else State.SETTLED
    booked_on = None if state is State.UNKNOWN else DAY
    ours = Expected(f"d{number}", f"R{number}", amount_fen, tail, state, DAY, booked_on, f"account{account}")
    return ours, StatementLine(f"M{number}", ours.reference, Word.PAID, amount_fen, tail, DAY)


def _to_the_same_account(
    first: tuple[Expected, StatementLine], second: tuple[Expected, StatementLine]
) -> tuple[Expected, StatementLine]:
    ours, line = second
    tail, account = first[0].account_tail, first[0].account
    return replace(ours, account_tail=tail, account=account), replace(line, account_tail=tail)


def _plant(day: Day, kind: Anomaly | None, pair: list[tuple[Expected, StatementLine]]) -> None:
    (ours, line), (other, partner) = pair
    for each, moved in pair:
        day.expected[each.reference] = each
        day.listed[each.reference] = Listed(Word.PAID, moved.amount_fen)
    if kind is Anomaly.LATE:  # what was asked for yesterday stands on today's statement
        asked = DAY - timedelta(days=1)
        day.expected[ours.reference] = replace(ours, requested_on=asked, booked_on=ours.booked_on and asked)
        told = (line,)
    else:
        is_paired = kind in (Anomaly.SWAPPED_ACCOUNT, Anomaly.MERGED)
        told = bent(kind, line, partner if is_paired else None)
        day.lines += [] if is_paired else [partner]
    day.lines += [*told, *([partner] if kind is Anomaly.LATE else [])]
    if kind is not None:
        day.planted.append((NAMED[kind], tuple(_odd_ones(kind, told, ours, other))))


def _odd_ones(kind: Anomaly, told: tuple[StatementLine, ...], ours: Expected, other: Expected) -> list[str]:
    """By what names the anomaly must be found: the movements that are odd, or the payments that are absent."""
    match kind:
        case Anomaly.MISSING:
            return [ours.reference]
        case Anomaly.EXTRA | Anomaly.DUPLICATE | Anomaly.REVERSAL:
            return [told[-1].treasury_reference]
        case Anomaly.MERGED:
            return [told[0].treasury_reference, other.reference]
    return [line.treasury_reference for line in told]
