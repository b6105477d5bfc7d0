"""One item followed over years whose money and places may be short: who begins, who waits, what is paid.

What earlier years have granted is paid first, whatever a year has; only what is left of its budget goes to claims that
begin in it. A claim costs a year what falls due of it in that year. Nobody overtakes: once a claim does not fit, none
after it is in. Those who wait from an earlier year stand before the newcomers; where claims are ranked, all are ranked
anew each year. Pro rata each claim gets its share, in all its instalments, and what is cut is not made up for. What a
year does not spend is not carried into the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhida.domain.packs import Quota
from zhida.domain.scenarios import Offer, allotted
from zhida.domain.scenarios.instalments import due_by_year

Whole: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]


class Asking(NamedTuple):
    """One year of an item: the rows entitled, ascending, what each would get, which of them claim, and what orders them
    (the queue's draws, or the places of a ranking)."""

    rows: Whole
    fen: Whole
    claimed: Mask
    keys: tuple[NDArray[np.generic], ...]


class Counted(NamedTuple):
    """A year's figures: entitled, came in and dropped out since the year before; claims begun; fen due, of them due of
    earlier claims, and how many subjects these are of. Then claims made, of them waiting from before, not reached, no
    longer entitled while they waited, and the fen that those who asked are not paid."""

    entitled: int
    came_in: int
    dropped_out: int
    begun: int
    due_fen: int
    carried_fen: int
    going_on: int
    asked: int
    waited: int
    left: int
    lapsed: int
    unmet_fen: int


@dataclass(frozen=True)
class _Cohort:
    """Claims begun in one year: whose, what each was given a period and what it would have been given whole."""

    begun: int
    rows: Whole
    given: Whole
    whole: Whole


@dataclass(frozen=True)
class Rules:
    """How an item's years are held back: what holds each (None: nothing), and whether those not reached wait."""

    quotas: tuple[Quota | None, ...]
    waits: bool = True


def followed(offer: Offer, years: Sequence[Asking], days: Sequence[date], size: int, rules: Rules) -> list[Counted]:
    """The figures of one item over some rows, year by year.

    An item that is had once in a life, or paid by period, begins once for each; else anew in each year. Who is refused
    such an item is out for good, who is refused another claims again next year.
    """
    begins_once = offer.is_once or offer.schedule is not None
    was, is_done, waits = (np.zeros(size, dtype=bool) for _ in range(3))
    since = np.zeros(size, dtype=np.int64)
    cohorts: list[_Cohort] = []
    found = []
    for at, year in enumerate(years):
        entitled, now = np.zeros(size, dtype=bool), np.zeros(size, dtype=np.int64)
        entitled[year.rows], now[year.rows] = True, year.fen
        asks = year.claimed | waits[year.rows]
        asks &= ~(is_done[year.rows] & begins_once)
        rows, fen = year.rows[asks], year.fen[asks]
        before = [_due(offer, cohort, at, days, now) for cohort in cohorts]
        carried, going_on = sum(fen for fen, _ in before), sum(people for _, people in before)
        since[~waits] = at
        keys = [since[rows], *(key[asks] for key in year.keys)]
        given, cost = _given(offer, rules.quotas[at], fen, keys, days[at], carried)
        is_in = given >= 0
        cohorts.append(_Cohort(at, rows[is_in], given[is_in], fen[is_in]))
        paid = int(given[is_in].sum()) * cost
        waited, waiting = int(waits[rows].sum()), int(waits.sum())
        came, gone = (int((entitled & ~was).sum()), int((was & ~entitled).sum())) if at else (0, 0)
        unmet = int(fen.sum()) * cost - paid
        claims = (len(rows), waited, len(rows) - int(is_in.sum()), waiting - waited, unmet)
        begun = int(is_in.sum())
        found.append(Counted(len(year.rows), came, gone, begun, carried + paid, carried, going_on, *claims))
        is_done[rows[is_in]] = True
        is_done[rows[~is_in]] |= not rules.waits
        waits = np.zeros(size, dtype=bool)
        waits[rows[~is_in]] = rules.waits
        was = entitled
    return found


def _given(
    offer: Offer, quota: Quota | None, fen: Whole, keys: list[NDArray[np.generic]], day: date, carried: int
) -> tuple[Whole, int]:
    """What each claim is given a period, -1 where it is not reached; and how many periods this year pays of it."""
    (cost,) = due_by_year(offer.schedule, 1, day, 1)
    if quota is None:
        return fen, cost
    total = None if quota.total_fen is None else max(0, quota.total_fen - carried) // max(1, cost)
    given = allotted(replace(quota, total_fen=total), fen, keys[1:] if quota.order == "ranked" else keys)
    if quota.order == "pro_rata":
        given[fen == 0] = 0  # who asks for no money, or nobody knows how much, takes none from the others
    return given, cost


def _due(offer: Offer, cohort: _Cohort, at: int, days: Sequence[date], now: Whole) -> tuple[int, int]:
    """The fen that claims begun in one year take in a later one, and how many subjects take them. Those assessed anew
    get what is theirs `now`, cut as it was when they began, nothing once they have dropped out; others what they began
    with."""
    fen = cohort.given
    if offer.schedule is not None and offer.schedule.rechecked:
        fen = now[cohort.rows]
        cut = np.flatnonzero(cohort.given < cohort.whole)
        triples = zip(fen[cut].tolist(), cohort.given[cut].tolist(), cohort.whole[cut].tolist(), strict=True)
        fen[cut] = [one * given // whole for one, given, whole in triples]
    later = at - cohort.begun
    periods = due_by_year(offer.schedule, 1, days[cohort.begun], later + 1)[later]
    return int(fen.sum()) * periods, int((fen > 0).sum()) if periods else 0
