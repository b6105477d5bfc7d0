"""Several years ahead: those whose dates let them in come in, those past drop out, and instalments are carried on.

What moves is the calendar alone: each year is asked on the same day of that year, so that ages and years since a date
grow, and who claims may differ by year. Everything else is held fixed as the snapshot has it: a fact of a year or a
month is read as many years back as the year lies ahead (next year's `staff(year - 1)` is today's), nobody is born,
founded, moved or dissolved, and rules are those of the day, with the parameters published for each year. Who is
entitled on the day counts as entitled for the rest of the year. Quotas are not laid on: what is asked for is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhida.domain.scenarios import Offer, TakeUp, claims
from zhida.domain.scenarios.instalments import due_by_year
from zhida.domain.scenarios.stacking import Held
from zhida.domain.values import FactKey, Period
from zhida.services.simulation.outcome import HIDDEN, YearFigures
from zhida.services.simulation.parts import Reading
from zhida.services.simulation.rows import Rows
from zhida.services.simulation.running import Question
from zhida.services.simulation.worlds import World, asked_by, worlds_of

Whole: TypeAlias = NDArray[np.int64]
MOST_YEARS = 10


@dataclass(frozen=True)
class HeldRows(Rows):
    """Rows read some years later: what speaks of a year or a month speaks of one as many years later."""

    later: int = 0

    @cached_property
    def names(self) -> frozenset[str]:
        """The columns under the names that later rules ask for."""
        return frozenset(self._written)

    @cached_property
    def _written(self) -> Mapping[str, str]:
        here = Rows(self.path, self.root).names
        return {later_name(name, self.later): name for name in here}

    def part(self, chunk: int, names: Sequence[str]) -> pa.Table:
        """The rows of one chunk, as `Rows.part`."""
        table = super().part(chunk, [self._written[name] for name in names])
        return table.rename_columns([later_name(name, self.later) for name in table.column_names])


def later_name(name: str, years: int) -> str:
    """A written key, its year or month so many years later; a key without one as it is."""
    key = FactKey.parse(name)
    if not isinstance(key.period, Period):
        return name
    return str(FactKey(key.attribute, replace(key.period, year=key.period.year + years)))


def over_years(question: Question, rows: Rows, take_up: Sequence[TakeUp]) -> tuple[YearFigures, ...]:
    """The first scenario of a question, year by year, one for each take-up; items in the order of their ids.

    Raises ValueError for no or more than MOST_YEARS years, and what `simulate` raises.
    """
    if not 1 <= len(take_up) <= MOST_YEARS:
        raise ValueError(f"1 to {MOST_YEARS} years, not {len(take_up)}")
    years = [_year(question, rows, at, share) for at, share in enumerate(take_up)]
    offers = years[0].world.offers
    sums = {name: np.zeros((len(years), 6), dtype=np.int64) for name in offers}
    for chunk in range(rows.chunks):
        asked = [year.asked(chunk, question.seed) for year in years]
        size = len(asked[0].subjects)
        for name, offer in offers.items():
            sums[name] += _followed(offer, [one.of[name] for one in asked], [year.day for year in years], size)
    return tuple(
        YearFigures(name, year.day.year, *_shown(figures, question.bound))
        for name in sorted(offers)
        for year, figures in zip(years, sums[name].tolist(), strict=True)
    )


def _shown(figures: list[int], bound: int) -> list[int]:
    """The counts and sums of a row, those that few people make hidden, and the sums that would tell them."""
    counts = [HIDDEN if 0 < one < bound else one for one in figures[:4]]
    return counts + ([HIDDEN, HIDDEN] if HIDDEN in (counts[0], counts[3]) else figures[4:])


def ahead_of(question: Question, rows: Rows, take_up: Sequence[TakeUp]) -> dict[str, tuple[YearFigures, ...]]:
    """Every scenario of a question year by year, by its name; none where no year is asked for. Raises as
    `over_years`."""
    if not take_up:
        return {}
    return {one.name: over_years(replace(question, scenarios=(one,)), rows, take_up) for one in question.scenarios}


@dataclass(frozen=True)
class _Asked:
    """A chunk in a year: by item, those entitled with their fen after stacking, and which rows claim."""

    subjects: Whole
    of: Mapping[str, tuple[Held, NDArray[np.bool_]]]


@dataclass(frozen=True)
class _Year:
    day: date
    world: World
    reading: Reading = field(repr=False)

    def asked(self, chunk: int, seed: int) -> _Asked:
        """The answers of a chunk in this year."""
        subjects, held = self.reading.entitled(chunk, self.world)
        share = self.world.take_up
        claimed = np.ones(len(subjects), dtype=bool) if share.likely == 1 else claims(subjects, share, seed)
        return _Asked(subjects, {name: (one, claimed) for name, one in held.items()})


def _year(question: Question, rows: Rows, later: int, take_up: TakeUp) -> _Year:
    day = question.day
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    then = day.replace(year=day.year + later, day=last)
    scenario = replace(question.scenarios[0], take_up=take_up)
    worlds = worlds_of([scenario], question.item_ids, day.year)
    moved = HeldRows(rows.path, rows.root, rows.stale, rows.granted, later=later)
    return _Year(then, worlds[0], Reading(moved, worlds, asked_by(worlds), then, (), question.seed))


def _followed(offer: Offer, asked: Sequence[tuple[Held, NDArray[np.bool_]]], days: Sequence[date], size: int) -> Whole:
    """A chunk's figures of one item by year: entitled, came in, dropped out, begun, fen due, fen due of earlier claims.

    An item that is had once in a life, or paid by period, begins once for each; else anew in each year.
    """
    figures = np.zeros((len(asked), 6), dtype=np.int64)
    was, has_begun = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    is_paid_on = offer.schedule is not None
    cohorts: list[tuple[int, Whole, Whole]] = []
    for at, (held, claimed) in enumerate(asked):
        entitled = np.zeros(size, dtype=bool)
        entitled[held.rows] = True
        begins = claimed[held.rows]
        if offer.is_once or is_paid_on:
            begins = begins & ~has_begun[held.rows]
        rows, fen = held.rows[begins], held.fen[begins]
        has_begun[rows] = True
        cohorts.append((at, rows, fen))
        now = np.zeros(size, dtype=np.int64)
        now[held.rows] = held.fen
        due = [_due(offer, cohort, at, days, now) for cohort in cohorts]
        came, gone = (int((entitled & ~was).sum()), int((was & ~entitled).sum())) if at else (0, 0)
        figures[at] = (len(held.rows), came, gone, len(rows), sum(due), sum(due[:-1]))
        was = entitled
    return figures


def _due(offer: Offer, cohort: tuple[int, Whole, Whole], at: int, days: Sequence[date], now: Whole) -> int:
    """The fen that claims begun in one year take in another. Those assessed anew get what is theirs `now`, nothing once
    they have dropped out; others what they began with."""
    begun, rows, fen = cohort
    if offer.schedule is not None and offer.schedule.rechecked:
        fen = now[rows]
    return due_by_year(offer.schedule, int(fen.sum()), days[begun], at - begun + 1)[at - begun]
