"""Several years ahead: those whose dates let them in come in, those past drop out, and instalments are carried on.

What moves is the calendar alone: each year is asked on the same day of that year, so that ages and years since a date
grow, and who claims may differ by year. Everything else is held fixed as the snapshot has it: a fact of a year or a
month is read as many years back as the year lies ahead (next year's `staff(year - 1)` is today's), nobody is born,
founded, moved or dissolved, and rules are those of the day, with the parameters published for each year. Who is
entitled on the day counts as entitled for the rest of the year. What holds a year back is its plan over the item's own
quota (`domain.scenarios.plans`), and is laid on as `rationing` says.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhida.domain.packs import Quota
from zhida.domain.rules.engines.table import CHUNK
from zhida.domain.scenarios import Offer, TakeUp, arrivals, claims
from zhida.domain.scenarios.plans import NO_PLAN, Plan
from zhida.domain.scenarios.ranks import RankKeys, ordered
from zhida.domain.values import FactKey, Period
from zhida.services.simulation.outcome import HIDDEN, Rationed, YearFigures
from zhida.services.simulation.parts import Reading, Where
from zhida.services.simulation.rationing import Asking, Counted, Rules, followed
from zhida.services.simulation.rows import Rows
from zhida.services.simulation.running import Question
from zhida.services.simulation.worlds import World, asked_by, worlds_of

Whole: TypeAlias = NDArray[np.int64]
Figures: TypeAlias = NDArray[np.int64]
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


def over_years(question: Question, rows: Rows, take_up: Sequence[TakeUp]) -> dict[str, tuple[YearFigures, ...]]:
    """Every scenario of a question year by year, one for each take-up, by its name; items in the order of their ids. A
    scenario that says a take-up of its own keeps it in all years.

    Raises ValueError for no or more than MOST_YEARS years, and what `simulate` raises.
    """
    if not 1 <= len(take_up) <= MOST_YEARS:
        raise ValueError(f"1 to {MOST_YEARS} years, not {len(take_up)}")
    years = [_year(question, rows, at, share) for at, share in enumerate(take_up)]
    courses = _courses(question, years)
    days = [year.day for year in years]
    for year in years:
        year.reading.plan, year.reading.encoder, year.reading.names  # noqa: B018 (made once, before threads ask)

    def work(chunk: int) -> list[Figures | list[_Claims]]:
        asked = [year.asked(chunk, question.seed) for year in years]
        return [one.followed_in(asked, days) for one in courses]

    def settle(at: int) -> Figures:
        return courses[at].settled(kept[at], days, rows.count)

    sums: dict[int, Figures] = {}
    kept: dict[int, list[list[_Claims]]] = {at: [] for at, one in enumerate(courses) if one.is_short}
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for found in pool.map(work, range(rows.chunks)):
            for at, one in enumerate(found):
                if isinstance(one, list):
                    kept[at].append(one)
                else:
                    sums[at] = sums[at] + one if at in sums else one
        sums |= zip(kept, pool.map(settle, kept), strict=True)
    told: dict[str, tuple[YearFigures, ...]] = {one.name: () for one in question.scenarios}
    for at, course in enumerate(courses):
        told[course.scenario] += tuple(_told(course, years, sums[at].tolist(), question.bound))
    return told


def ahead_of(question: Question, rows: Rows, take_up: Sequence[TakeUp]) -> dict[str, tuple[YearFigures, ...]]:
    """`over_years`, and none where no year is asked for."""
    return over_years(question, rows, take_up) if take_up else {}


@dataclass(frozen=True)
class _Course:
    """One item of one scenario over the years: what it gives, and what holds each year back."""

    scenario: str
    world: int
    offer: Offer
    rules: Rules

    @property
    def is_short(self) -> bool:
        """Whether anything holds any year back, so that all claims have to be looked at together."""
        return any(self.rules.quotas)

    def followed_in(self, asked: Sequence[_Asked], days: Sequence[date]) -> Figures | list[_Claims]:
        """A chunk's figures, or its claims year by year where they wait for those of all others."""
        own = [one.of[self.world, self.offer.id] for one in asked]
        if self.is_short:
            return own
        asking = [Asking(one.rows, one.fen, one.claimed, ()) for one in own]
        return np.array(followed(self.offer, asking, days, asked[0].size, self.rules), dtype=np.int64)

    def settled(self, chunks: Sequence[Sequence[_Claims]], days: Sequence[date], size: int) -> Figures:
        """The figures over the whole population, whose claims stand chunk by chunk."""
        years = [_together([chunk[at] for chunk in chunks], quota) for at, quota in enumerate(self.rules.quotas)]
        return np.array(followed(self.offer, years, days, size, self.rules), dtype=np.int64)


def _courses(question: Question, years: Sequence[_Year]) -> list[_Course]:
    """The items of every scenario, one after the other; those that are shut in the year of the day are out."""
    found = []
    for scenario, *worlds in zip(question.scenarios, *(year.worlds for year in years), strict=True):
        for name in sorted(worlds[0].offers):
            quotas = tuple(world.offers[name].quota for world in worlds)
            rules = Rules(quotas, scenario.plans.get(name, NO_PLAN).waits)
            found.append(_Course(scenario.name, worlds[0].place, worlds[0].offers[name], rules))
    return found


def _told(course: _Course, years: Sequence[_Year], figures: Sequence[list[int]], bound: int) -> Iterator[YearFigures]:
    """An item's years, what few people make hidden and what would tell it; how each was held back, where one was."""
    for year, values, quota in zip(years, figures, course.rules.quotas, strict=True):
        one = hidden(Counted(*values), bound)
        rationed = None
        if course.is_short:
            limits = (quota.total_fen, quota.n, quota.order) if quota else (None, None, "")
            held = (course.rules.waits, one.asked, one.waited, one.left, one.lapsed, one.unmet_fen)
            rationed = Rationed(*limits, *held)
        shown = (one.entitled, one.came_in, one.dropped_out, one.begun, one.due_fen, one.carried_fen)
        yield YearFigures(course.offer.id, year.day.year, *shown, rationed)


def hidden(one: Counted, bound: int) -> Counted:
    """A year without what fewer than `bound` subjects make, and without what it could be told from: counts that add up
    to one that is shown are hidden together, and sums with the counts that they are of."""

    def is_few(*counts: int) -> bool:
        return any(0 < count < bound for count in counts)

    out = {name for name in ("entitled", "came_in", "dropped_out") if is_few(getattr(one, name))}
    if is_few(one.begun, one.left):
        out |= {"begun", "left", "asked", "unmet_fen"} if one.left else {"begun", "asked", "unmet_fen"}
    if is_few(one.waited, one.lapsed, one.asked - one.waited):
        out |= {"waited", "lapsed"}
    if is_few(one.entitled, one.going_on) or "begun" in out:
        out |= {"due_fen", "carried_fen"}
    return one._replace(**dict.fromkeys(out, HIDDEN))


class _Claims(NamedTuple):
    """An item in a chunk of a year: rows entitled, fen after stacking, which claim, their queue, what ranks them."""

    chunk: int
    rows: Whole
    fen: Whole
    claimed: NDArray[np.bool_]
    queue: NDArray[np.uint64]
    ranks: RankKeys | None


def _together(parts: Sequence[_Claims], quota: Quota | None) -> Asking:
    """All chunks of a year as one, as rows of the whole population, with what orders its claims."""
    rows = np.concatenate([one.rows + one.chunk * CHUNK for one in parts])
    fen, claimed = (np.concatenate([one[at] for one in parts]) for at in (2, 3))
    if quota is None:
        return Asking(rows, fen, claimed, ())
    if quota.order == "ranked":
        ranks = [one.ranks for one in parts if one.ranks is not None]
        return Asking(rows, fen, claimed, (*ordered(ranks, quota.by),))
    return Asking(rows, fen, claimed, (np.concatenate([one.queue for one in parts]),))


class _Asked(NamedTuple):
    """A chunk in a year: how many rows it has, and its claims by world and item."""

    size: int
    of: Mapping[Where, _Claims]


@dataclass(frozen=True)
class _Year:
    """One year: its day, the scenarios as they stand in it, and how it is read."""

    day: date
    worlds: tuple[World, ...]
    reading: Reading = field(repr=False)

    def asked(self, chunk: int, seed: int) -> _Asked:
        """The answers of a chunk in this year; scenarios that ask the same share what is kept of them."""
        subjects, held, ranks = self.reading.entitled(chunk)
        made: dict[object, _Claims] = {}
        found: dict[Where, _Claims] = {}
        for (place, name), one in held.items():
            world = self.worlds[place]
            is_queued = world.offers[name].quota is not None
            token = (id(one), world.take_up, is_queued)
            if token not in made:
                own = subjects[one.rows]
                queue = arrivals(own, seed) if is_queued else np.zeros(0, dtype=np.uint64)
                made[token] = _Claims(chunk, *one, claims(own, world.take_up, seed), queue, None)
            found[place, name] = made[token]._replace(ranks=ranks.get((place, name)))
        return _Asked(len(subjects), found)


def _year(question: Question, rows: Rows, later: int, take_up: TakeUp) -> _Year:
    day = question.day
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    then = day.replace(year=day.year + later, day=last)
    usual = question.scenarios[0].take_up
    scenarios = [replace(one, take_up=take_up) if one.take_up == usual else one for one in question.scenarios]
    worlds = tuple(
        _planned(world, scenario.plans, then.year)
        for world, scenario in zip(
            worlds_of(scenarios, question.item_ids, day.year, question.rules_on), scenarios, strict=True
        )
    )
    moved = HeldRows(rows.path, rows.root, rows.stale, rows.granted, later=later)
    return _Year(then, worlds, Reading(moved, worlds, asked_by(worlds), then, (), question.seed))


def _planned(world: World, plans: Mapping[str, Plan], year: int) -> World:
    """A world in whose offers stands what holds them back in a year."""
    offers = {
        name: replace(offer, quota=plans.get(name, NO_PLAN).quota(offer.quota, year))
        for name, offer in world.offers.items()
    }
    return replace(world, offers=offers)
