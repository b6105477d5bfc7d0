"""One run: every subject through every world, in exact fen, with sums alone coming out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhida.domain.scenarios import Dimension, Scenario, allotted, arrivals, folded, forecast
from zhida.domain.scenarios.cells import Cell, sums_by
from zhida.domain.scenarios.claiming import Moments
from zhida.domain.scenarios.instalments import due_by_year
from zhida.domain.scenarios.ranks import ordered
from zhida.domain.scenarios.stacking import Held
from zhida.services.simulation.outcome import CellFigures, OfferFigures, Outcome, Shift, WorldFigures
from zhida.services.simulation.parts import Counts, Part, Reading
from zhida.services.simulation.rows import Rows
from zhida.services.simulation.worlds import World, asked_by, worlds_of

Whole: TypeAlias = NDArray[np.int64]
Progress: TypeAlias = Callable[[int, int], None]
BOUND = 5
"""Nobody is shown among fewer than so many, unless the caller asks for more."""


@dataclass(frozen=True)
class Question:
    """What is simulated: items by id, scenarios (the first is what others are measured against), the day that facts are
    read on, a seed, the least size of a cell, the budget in fen (None: not looked at), the cuts, and for a back-test
    the day whose rules are laid on that of the facts (None: the rules of the same day)."""

    item_ids: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    day: date
    seed: int = 1
    bound: int = BOUND
    budget_fen: int | None = None
    dimensions: tuple[Dimension, ...] = ()
    rules_on: date | None = None


def simulate(question: Question, rows: Rows, progress: Progress | None = None) -> Outcome:
    """Runs a question over a population.

    Raises ConflictError as `worlds_of`, InvariantBroken `unreadable_rows`, and whatever the engine raises for rows that
    are not what rules were promised.
    """
    worlds = worlds_of(question.scenarios, question.item_ids, question.day.year, question.rules_on)
    reading = Reading(rows, worlds, asked_by(worlds), question.day, question.dimensions, question.seed)
    has_quota = any(offer.quota is not None for world in worlds for offer in world.offers.values())
    sums = _Sums(question, worlds)
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        reading.plan, reading.encoder, reading.names  # noqa: B018 (made once, before threads ask)

        def work(chunk: int) -> Part | _Digest:
            part = reading.part(chunk)
            return part if has_quota else _digested(part, question)

        kept: list[Part] = []
        for done, found in enumerate(pool.map(work, range(rows.chunks)), start=1):
            if isinstance(found, Part):
                kept.append(found)
            else:
                sums.add(found)
            if progress is not None:
                progress(done, rows.chunks)
    settled = _settle(kept, worlds, question.seed) if kept else {}
    for part in kept:
        sums.add(_digested(part, question))
    return _outcome(sums, settled, rows.count)


@dataclass(frozen=True, eq=False)
class _Digest:
    """A part's sums: what is left when its rows are gone."""

    counts: Mapping[tuple[int, str], Counts]
    settled: Mapping[tuple[int, str], tuple[int, int]]
    moments: Mapping[int, Moments]
    totals: Whole
    shifts: Whole
    cells: Mapping[str, tuple[list[str], Whole, Whole]]


def _digested(part: Part, question: Question) -> _Digest:
    had = [part.gets(place) for place in range(len(part.given))]
    totals = np.array([(len(one.rows), one.fen.sum()) for one in had], dtype=np.int64)
    shifts = _shifts(had, len(part.subjects))
    cells = {one.key: _cells(part, one.key, had) for one in question.dimensions}
    return _Digest(part.counts, part.settled, part.moments, totals, shifts, cells)


def _shifts(had: Sequence[Held], size: int) -> Whole:
    """For each world against the first: who gains, how many fen, who loses, how many, who comes in, who falls out."""
    before, was_in = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
    before[had[0].rows] = had[0].fen
    was_in[had[0].rows] = True
    shifts = np.zeros((len(had), 6), dtype=np.int64)
    for place, (rows, fen) in enumerate(had[1:], start=1):
        is_out = was_in.copy()
        is_out[rows] = False
        gone = before[is_out]
        more = fen - before[rows]
        up, down = more[more > 0], more[more < 0]
        newly = len(rows) - int(was_in[rows].sum())
        losers = len(down) + int((gone > 0).sum())
        shifts[place] = (len(up), up.sum(), losers, gone.sum() - down.sum(), newly, len(gone))
    return shifts


def _cells(part: Part, key: str, had: Sequence[Held]) -> tuple[list[str], Whole, Whole]:
    """Sums by code from the rows that get something in each world, and their fen."""
    codes, words = part.codes[key]
    shape = (len(had), max(1, len(words)))
    counts, fen = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for place, (rows, given) in enumerate(had):
        counts[place], fen[place] = sums_by(codes[rows], given, shape[1])
    return words or [""], counts, fen


def _settle(parts: Sequence[Part], worlds: Sequence[World], seed: int) -> dict[tuple[int, str], tuple[int, int]]:
    """Gives places and money where they are short, over the whole population; fills the parts in."""
    granted = {}
    for world in worlds:
        for name, offer in world.offers.items():
            if offer.quota is None:
                continue
            waiting = [(part, part.pending[world.place, name]) for part in parts]
            fen = np.concatenate([claim.fen for _, claim in waiting])
            subjects = np.concatenate([part.subjects[claim.rows] for part, claim in waiting])
            keys: list[NDArray[np.generic]] = [arrivals(subjects, seed)]
            if offer.quota.order == "ranked":
                ranks = [claim.keys for _, claim in waiting if claim.keys is not None]
                keys = [*ordered(ranks, offer.quota.by)]
            given = allotted(offer.quota, fen, keys)
            granted[world.place, name] = (int((given >= 0).sum()), int(given[given > 0].sum()))
            _fill(world.place, waiting, given)
            for part, claim in waiting:
                part.settled[world.place, name] = (len(claim.rows), int(claim.fen.sum()))
    return granted


def _fill(place: int, waiting: Iterable[tuple[Part, object]], given: Whole) -> None:
    at = 0
    for part, claim in waiting:
        rows = claim.rows  # type: ignore[attr-defined]
        own = given[at : at + len(rows)]
        at += len(rows)
        part.given[place].append(Held(rows[own >= 0], own[own >= 0]))


class _Table:
    """Counts and fen by world and word, the words in the order in which they came."""

    def __init__(self, worlds: int) -> None:
        self.places: dict[str, int] = {}
        self.held = np.zeros((2, worlds, 64), dtype=np.int64)

    def add(self, words: Sequence[str], counts: Whole, fen: Whole) -> None:
        """Adds a part's sums; its words are different ones."""
        at = [self.places.setdefault(word, len(self.places)) for word in words]
        if len(self.places) > self.held.shape[2]:
            room = np.zeros((2, self.held.shape[1], len(self.places)), dtype=np.int64)
            self.held = np.concatenate([self.held, room], axis=2)
        self.held[0][:, at] += counts
        self.held[1][:, at] += fen

    def sums(self) -> tuple[tuple[str, ...], Whole, Whole]:
        """The words, and the sums of each."""
        counts, fen = self.held[:, :, : len(self.places)]
        return tuple(self.places), counts, fen


@dataclass(eq=False)
class _Sums:
    """What all parts come to."""

    question: Question
    worlds: tuple[World, ...]
    counts: dict[tuple[int, str], Counts] = field(default_factory=dict)
    settled: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)
    moments: dict[int, Moments] = field(default_factory=dict)
    totals: Whole | None = None
    shifts: Whole | None = None
    cells: dict[str, _Table] = field(default_factory=dict)

    def add(self, one: _Digest) -> None:
        """Adds a part."""
        for key, counts in one.counts.items():
            held = self.counts.get(key, Counts(0, 0, 0, 0))
            self.counts[key] = Counts(*(mine + theirs for mine, theirs in zip(held, counts, strict=True)))
        for key, (claims, fen) in one.settled.items():
            before = self.settled.get(key, (0, 0))
            self.settled[key] = (before[0] + claims, before[1] + fen)
        for place, moments in one.moments.items():
            self.moments[place] = self.moments[place] + moments if place in self.moments else moments
        self.totals = one.totals if self.totals is None else self.totals + one.totals
        self.shifts = one.shifts if self.shifts is None else self.shifts + one.shifts
        for name, (words, people, sums) in one.cells.items():
            self.cells.setdefault(name, _Table(len(self.worlds))).add(words, people, sums)


def _outcome(sums: _Sums, granted: Mapping[tuple[int, str], tuple[int, int]], subjects: int) -> Outcome:
    question = sums.question
    breakdowns = {one.key: _figures(_tree(one, sums)) for one in question.dimensions}
    assumed = {name for world in sums.worlds for offer in world.offers.values() for name in offer.assumed}
    return Outcome(
        question.day.year,
        subjects,
        question.bound,
        tuple(_world(world, sums, granted) for world in sums.worlds),
        breakdowns,
        assumed=tuple(sorted(assumed)),
    )


def _tree(dimension: Dimension, sums: _Sums) -> Cell:
    words, counts, fen = sums.cells.get(dimension.key, _Table(len(sums.worlds))).sums()
    own = Dimension(dimension.key, words, dimension.tree, dimension.top, dimension.depth)
    return folded(own, counts, fen, sums.question.bound)


def _figures(cell: Cell) -> CellFigures:
    return CellFigures(cell.code, cell.counts, cell.fen, tuple(map(_figures, cell.below)), cell.folded)


def _world(world: World, sums: _Sums, granted: Mapping[tuple[int, str], tuple[int, int]]) -> WorldFigures:
    question = sums.question
    moments = sums.moments.get(world.place, Moments.of(np.zeros(0, dtype=np.int64)))
    found = forecast(moments, world.take_up, question.seed, question.budget_fen)
    totals = [0, 0] if sums.totals is None else sums.totals[world.place].tolist()
    shift = None if not world.place or sums.shifts is None else Shift(*sums.shifts[world.place].tolist())
    low, likely, high = (str(share) for share in world.take_up)
    offers = tuple(_offer(world.place, name, sums, granted) for name in world.offers)
    return WorldFigures(
        name=world.name,
        words=world.words,
        take_up=(low, likely, high),
        offers=offers,
        subjects=totals[0],
        fen=totals[1],
        claims=found.claims,
        asked=found.fen,
        short_permille=round(found.short * 1_000),
        due=_due(world, offers, question.day),
        shift=shift,
    )


def _due(world: World, offers: Sequence[OfferFigures], day: date) -> tuple[int, ...]:
    """What is granted, by the year in which it falls due."""
    each = [due_by_year(world.offers[one.item].schedule, one.granted_fen, day) for one in offers]
    return tuple(sum(fen) for fen in zip(*each, strict=True))


def _offer(place: int, name: str, sums: _Sums, granted: Mapping[tuple[int, str], tuple[int, int]]) -> OfferFigures:
    counts = sums.counts.get((place, name), Counts(0, 0, 0, 0))
    claims, fen = sums.settled.get((place, name), (0, 0))
    given = granted.get((place, name), (claims, fen))
    return OfferFigures(name, *counts, claims, fen, *given)
