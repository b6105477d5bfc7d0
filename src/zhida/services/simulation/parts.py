"""One chunk of a population through all worlds: who is entitled, what stacking leaves, who claims, what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhida.domain.rules import Program
from zhida.domain.rules.engines.table import NO_AMOUNT, Encoder, Plan, Store, compile_plan, kernel_named, shapes_of
from zhida.domain.rules.engines.table.encoding import worded
from zhida.domain.rules.engines.table.matching import answered
from zhida.domain.rules.engines.table.results import Sets
from zhida.domain.scenarios import Dimension, Offer, claims, stacked
from zhida.domain.scenarios.claiming import Moments
from zhida.domain.scenarios.offers import grouped, rule_of
from zhida.domain.scenarios.ranks import RankKeys, rank_keys
from zhida.domain.scenarios.stacking import Held
from zhida.services.simulation.rows import Rows
from zhida.services.simulation.worlds import Asked, World

Whole: TypeAlias = NDArray[np.int64]
Where: TypeAlias = tuple[int, str]
WORTH_COMPILING = 400_000_000
"""Pairs of rows and items from which on machine code wins back the seconds that making or loading it takes."""


class Counts(NamedTuple):
    """An offer in a chunk: entitled and possible, those of unknown amount, the fen asked for after stacking."""

    entitled: int
    possible: int
    unknown_amount: int
    asked_fen: int


class Answers(NamedTuple):
    """Who is entitled to what in a chunk, and the fen beside the rows of the sets."""

    sets: Sets
    fen: Whole


class Pending(NamedTuple):
    """Claims on an offer whose places or money are short: rows of the chunk, fen, and what ranks them."""

    rows: Whole
    fen: Whole
    keys: RankKeys | None


@dataclass(eq=False)
class Part:
    """One chunk. `given` holds for each world what its offers give to whom, one beside the other; claims that wait for
    a quota are in `pending` by world and offer, and not given yet; `answers` are those to each program, which worlds
    share."""

    chunk: int
    subjects: Whole
    given: tuple[list[Held], ...]
    codes: Mapping[str, tuple[NDArray[np.int32], list[str]]]
    counts: dict[tuple[int, str], Counts] = field(default_factory=dict)
    settled: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)
    moments: dict[int, Moments] = field(default_factory=dict)
    pending: dict[tuple[int, str], Pending] = field(default_factory=dict)
    answers: dict[int, tuple[Counts, Held]] = field(default_factory=dict)

    def gets(self, place: int) -> Held:
        """Who gets anything in a world, each row once, and how many fen in all."""
        return together(self.given[place], len(self.subjects))


def together(held: Sequence[Held], size: int) -> Held:
    """Several offers as one: each row once, ascending, with the sum of its fen."""
    if len(held) == 1:
        return held[0]
    fen, has = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
    for one in held:
        fen[one.rows] += one.fen
        has[one.rows] = True
    rows = np.flatnonzero(has)
    return Held(rows, fen[rows])


@dataclass(frozen=True, eq=False)
class Reading:
    """How chunks are read and answered: the worlds, what they ask, on which day, cut in which dimensions."""

    rows: Rows
    worlds: tuple[World, ...]
    asked: Asked
    day: date
    dimensions: tuple[Dimension, ...]
    seed: int

    @cached_property
    def plan(self) -> Plan:
        """All programs, compiled."""
        return compile_plan(self.asked.programs, self.day)

    @cached_property
    def encoder(self) -> Encoder:
        """What encodes rows for the plan."""
        return Encoder(self.plan)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns that are read."""
        ranked = [program for offer in self._offers for program in _ranking_programs(offer)]
        besides = [dimension.key for dimension in self.dimensions]
        return self.rows.needed([*self.asked.programs, *ranked], [self.day], besides)

    @property
    def _offers(self) -> list[Offer]:
        return [offer for world in self.worlds for offer in world.offers.values()]

    def part(self, chunk: int) -> Part:
        """One chunk, before quotas."""
        table = self.rows.part(chunk, self.names)
        found = self._matched(table)
        subjects = np.asarray(table["subject"].to_numpy(), dtype=np.int64)
        codes = {one.key: coded(table, one.key) for one in self.dimensions}
        part = Part(chunk, subjects, tuple([] for _ in self.worlds), codes)
        for world in self.worlds:
            self._lay(part, world, found, table)
        return part

    def _matched(self, table: pa.Table) -> Answers:
        plan, encoder = self.plan, self.encoder
        arrays = {name: np.empty(shape, kind) for name, (shape, kind) in shapes_of(plan, table.num_rows).items()}
        arrays["regions"][:], words = encoder.regions(table)
        arrays["subjects"][:] = encoder.subjects(table)
        fallbacks = encoder.fill(arrays, 0, table)
        described = {"layout": plan.layout, "rows": table.num_rows, "region_words": words, "fallbacks": fallbacks}
        store = Store.opened(described, arrays)
        pairs = self.rows.count * len(self.asked.programs)
        return Answers(*answered(store, plan, 0, kernel_named("" if pairs >= WORTH_COMPILING else "numpy")))

    def entitled(self, chunk: int) -> tuple[Whole, dict[Where, Held], dict[Where, RankKeys]]:
        """The subjects of a chunk; by world and item those entitled with what stacking leaves of their fen; and what
        ranks them, where they are ranked. Worlds that ask the same share the very answer."""
        table = self.rows.part(chunk, self.names)
        found = self._matched(table)
        subjects = np.asarray(table["subject"].to_numpy(), dtype=np.int64)
        part, held, keys = Part(chunk, subjects, (), {}), dict[Where, Held](), dict[Where, RankKeys]()
        made: dict[tuple[int, int, object], RankKeys | None] = {}
        for world in self.worlds:
            for name, one in self._stacked(part, world, found).items():
                held[world.place, name] = one
                offer = world.offers[name]
                token = (self.asked.of[world.place, name], id(one), offer.quota and offer.quota.by)
                if token not in made:
                    made[token] = self._keys(offer, one, table)
                ranks = made[token]
                if ranks is not None:
                    keys[world.place, name] = ranks
        return subjects, held, keys

    def _keys(self, offer: Offer, held: Held, table: pa.Table) -> RankKeys | None:
        if offer.quota is None or offer.quota.order != "ranked":
            return None
        return rank_keys(offer, table.take(pa.array(held.rows)), self.day)

    def _stacked(self, part: Part, world: World, found: Answers) -> dict[str, Held]:
        held = {name: self._held(part, world, name, found) for name in world.offers}
        for group, names in grouped(world.offers).items():
            rule, cap_fen = rule_of(world.groups.get(group))
            if rule and (len(names) > 1 or cap_fen is not None):
                one_of = [held[name] for name in names]
                held |= zip(names, stacked(rule, cap_fen, one_of, len(part.subjects)), strict=True)
        return held

    def _lay(self, part: Part, world: World, found: Answers, table: pa.Table) -> None:
        size = len(part.subjects)
        held = self._stacked(part, world, found)
        is_claimed = None if world.take_up.likely == 1 else claims(part.subjects, world.take_up, self.seed)
        for name, one in held.items():
            part.counts[world.place, name] = part.counts[world.place, name]._replace(asked_fen=int(one.fen.sum()))
            kept = one if is_claimed is None else Held(*(each[is_claimed[one.rows]] for each in one))
            self._claim(part, world, name, kept, table)
        whole = together([*held.values()], size)
        part.moments[world.place] = Moments.of(whole.fen)
        if is_claimed is None and all(offer.quota is None for offer in world.offers.values()):
            part.given[world.place][:] = [whole]  # nothing stands between what is asked and what is given

    def _held(self, part: Part, world: World, name: str, found: Answers) -> Held:
        program = self.asked.of[world.place, name]
        if program not in part.answers:
            part.answers[program] = _answer(program, found)
        part.counts[world.place, name], held = part.answers[program]
        return held

    def _claim(self, part: Part, world: World, name: str, held: Held, table: pa.Table) -> None:
        offer = world.offers[name]
        if offer.quota is None:
            part.given[world.place].append(held)
            part.settled[world.place, name] = (len(held.rows), int(held.fen.sum()))
            return
        part.pending[world.place, name] = Pending(held.rows, held.fen, self._keys(offer, held, table))


def _answer(program: int, found: Answers) -> tuple[Counts, Held]:
    """Who is entitled by a program, and their fen, counted."""
    place = int(np.searchsorted(found.sets.items, program))
    if place == len(found.sets.items) or found.sets.items[place] != program:
        return Counts(0, 0, 0, 0), Held(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    start = int(found.sets.counts[:place, 0].sum())
    entitled, possible = found.sets.counts[place].tolist()
    fen = found.fen[start : start + entitled]
    unknown = int(((fen < 0) & (fen != NO_AMOUNT)).sum())
    rows = found.sets.rows[start : start + entitled].astype(np.int64)
    return Counts(entitled, possible, unknown, 0), Held(rows, np.maximum(fen, 0))


def _ranking_programs(offer: Offer) -> Sequence[Program]:
    keys = offer.quota.by if offer.quota else ()
    return [replace(offer.program, requires=(), amount=one.value) for one in keys]


def coded(table: pa.Table, name: str) -> tuple[NDArray[np.int32], list[str]]:
    """A column of codes as places in a list of its words; "" is what nobody knows, or a column that is not there."""
    if name not in table.column_names:
        return np.zeros(table.num_rows, dtype=np.int32), [""]
    return worded(table[name])
