"""Several years ahead: those whose dates let them in come in, those past drop out, and instalments are carried on.

What moves is the calendar alone: each year is asked on the same day of that year, so that ages and years since a date
grow, and who claims may differ by year. Everything else is held fixed as the snapshot has it: a fact of a year or a
month is read as many years back as the year lies ahead (next year's `staff(year - 1)` is today's), nobody is born,
founded, moved or dissolved, and rules are those of the day, with the parameters published for each year. Who is
entitled on the day counts as entitled for the rest of the year. What holds a year back is its plan over the item's own
quota (`domain.scenarios.plans`), and is laid on as `rationing` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhida.domain.packs import Quota
from zhida.domain.rules.engines.table import CHUNK
from zhida.domain.scenarios import TakeUp, arrivals, claims
from zhida.domain.scenarios.plans import NO_PLAN, Plan
from zhida.domain.scenarios.ranks import RankKeys, ordered
from zhida.domain.values import FactKey, Period
from zhida.services.simulation.outcome import HIDDEN, Rationed, YearFigures
from zhida.services.simulation.parts import Reading
from zhida.services.simulation.rationing import Asking, Counted, Rules, followed
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
    plans = question.scenarios[0].plans
    years = [_year(question, rows, at, share) for at, share in enumerate(take_up)]
    names, days = sorted(years[0].world.offers), [year.day for year in years]
    rules = {name: _rules(years, name, plans.get(name, NO_PLAN)) for name in names}
    free = [name for name in names if not any(rules[name].quotas)]
    short = {name: [_Whole() for _ in years] for name in names if name not in free}
    sums = {name: np.zeros((len(years), len(Counted._fields)), dtype=np.int64) for name in names}
    for chunk in range(rows.chunks):
        asked = [year.asked(chunk, question.seed) for year in years]
        for name in free:
            offer, own = years[0].world.offers[name], [one.of[name].asking() for one in asked]
            sums[name] += followed(offer, own, days, asked[0].size, rules[name])
        for name, kept in short.items():
            for whole, one in zip(kept, asked, strict=True):
                whole.parts.append(one.of[name].moved(chunk * CHUNK))
    for name, kept in short.items():
        asking = [whole.asking(year.world.offers[name].quota) for whole, year in zip(kept, years, strict=True)]
        sums[name] += followed(years[0].world.offers[name], asking, days, rows.count, rules[name])
    return tuple(one for name in names for one in _told(name, years, sums[name].tolist(), rules[name], question.bound))


def ahead_of(question: Question, rows: Rows, take_up: Sequence[TakeUp]) -> dict[str, tuple[YearFigures, ...]]:
    """Every scenario of a question year by year, by its name; none where no year is asked for. Raises as
    `over_years`."""
    if not take_up:
        return {}
    return {one.name: over_years(replace(question, scenarios=(one,)), rows, take_up) for one in question.scenarios}


def _rules(years: Sequence[_Year], name: str, plan: Plan) -> Rules:
    return Rules(tuple(year.world.offers[name].quota for year in years), plan.waits)


def _told(
    name: str, years: Sequence[_Year], figures: Sequence[list[int]], rules: Rules, bound: int
) -> Iterator[YearFigures]:
    """An item's years, what few people make hidden and what would tell it; how each was held back, where one was."""
    for year, values, quota in zip(years, figures, rules.quotas, strict=True):
        one = hidden(Counted(*values), bound)
        rationed = None
        if any(rules.quotas):
            limits = (quota.total_fen, quota.n, quota.order) if quota else (None, None, "")
            rationed = Rationed(*limits, rules.waits, one.asked, one.waited, one.left, one.lapsed, one.unmet_fen)
        shown = (one.entitled, one.came_in, one.dropped_out, one.begun, one.due_fen, one.carried_fen)
        yield YearFigures(name, year.day.year, *shown, rationed)


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

    rows: Whole
    fen: Whole
    claimed: NDArray[np.bool_]
    queue: NDArray[np.uint64]
    ranks: RankKeys | None

    def asking(self) -> Asking:
        """As `rationing` takes it where nothing is short: nobody is ordered."""
        return Asking(self.rows, self.fen, self.claimed, ())

    def moved(self, by: int) -> _Claims:
        """The same as rows of the whole population."""
        return self._replace(rows=self.rows + by)


@dataclass(frozen=True)
class _Whole:
    """An item in a year over the whole population."""

    parts: list[_Claims] = field(default_factory=list)

    def asking(self, quota: Quota | None) -> Asking:
        """All chunks as one, with what orders its claims."""
        rows, fen, claimed, queue = (np.concatenate([part[at] for part in self.parts]) for at in range(4))
        ranks = [part.ranks for part in self.parts if part.ranks is not None]
        if quota is None:
            return Asking(rows, fen, claimed, ())
        return Asking(rows, fen, claimed, (*ordered(ranks, quota.by),) if quota.order == "ranked" else (queue,))


class _Asked(NamedTuple):
    """A chunk in a year: how many rows it has, and its claims by item."""

    size: int
    of: Mapping[str, _Claims]


@dataclass(frozen=True)
class _Year:
    day: date
    world: World
    reading: Reading = field(repr=False)

    def asked(self, chunk: int, seed: int) -> _Asked:
        """The answers of a chunk in this year."""
        subjects, held, ranks = self.reading.entitled(chunk, self.world)
        share, found = self.world.take_up, {}
        for name, (rows, fen) in held.items():
            own = subjects[rows]
            claimed = claims(own, share, seed)
            queue = arrivals(own, seed) if self.world.offers[name].quota else own[:0].astype(np.uint64)
            found[name] = _Claims(rows, fen, claimed, queue, ranks.get(name))
        return _Asked(len(subjects), found)


def _year(question: Question, rows: Rows, later: int, take_up: TakeUp) -> _Year:
    day = question.day
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    then = day.replace(year=day.year + later, day=last)
    scenario = replace(question.scenarios[0], take_up=take_up)
    (world,) = worlds_of([scenario], question.item_ids, day.year)
    plans = scenario.plans
    offers = {
        name: replace(offer, quota=plans.get(name, NO_PLAN).quota(offer.quota, then.year))
        for name, offer in world.offers.items()
    }
    world = replace(world, offers=offers)
    moved = HeldRows(rows.path, rows.root, rows.stale, rows.granted, later=later)
    return _Year(then, world, Reading(moved, (world,), asked_by((world,)), then, (), question.seed))
