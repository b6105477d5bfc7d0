"""All items of a province for 200,000 organisations: every back end and every way to run gives the same answers.

The compiled kernels and numpy are compared whole: every set, amount, list and total of 18,857 items. The reference
engine, which takes a tenth of a millisecond for a pair, is asked about a sample of 12,000.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from zhida.domain.rules import Answer, Program, assess
from zhida.domain.rules.engines import table
from zhida.domain.rules.engines.table import kernels_numba, kernels_numpy, roaring
from zhida.domain.values import Facts
from zhida.services.demonstration.generation import province

ORGANISATIONS, ITEMS, SEED = 200_000, 18_857, 1
AS_OF: date = province.AS_OF


@dataclass(frozen=True)
class World:
    """A province, its plan and store, and what the compiled kernels found."""

    programs: tuple[Program, ...]
    people: pa.Table
    plan: table.Plan
    store: table.Store
    result: table.Result

    def facts(self, row: int) -> Facts:
        """What is known of one subject."""
        known: dict[str, Any] = {}
        for name, value in self.people.slice(row, 1).to_pylist()[0].items():
            fact = province.dictionary(SEED).facts.get(name.partition("@")[0])
            if fact is not None and value is not None:
                kept = Decimal(value).scaleb(-fact.scale) if fact.kind == "number" else value
                known[name] = tuple(kept) if isinstance(kept, list) else kept
        return Facts.of(known)


def screened(store: table.Store, plan: table.Plan, kernel: ModuleType) -> table.Result:
    with ThreadPoolExecutor(2) as pool:
        chunks = [*pool.map(lambda chunk: table.match_chunk(store, plan, chunk, kernel), range(store.chunks))]
    return table.combine(plan, chunks, store.region_words, store.fallbacks)


@pytest.fixture(scope="module")
def world() -> World:
    programs = province.programs(ITEMS, SEED)
    owners = {program.item: f"office-{program.region}" for program in programs}
    plan = table.compile_plan(programs, AS_OF, owners=owners)
    people = pa.concat_tables(province.tables(ORGANISATIONS, SEED))
    store = table.encode(people, plan)
    return World(programs, people, plan, store, screened(store, plan, kernels_numba))


def spread(size: int, many: int) -> list[int]:
    """Places all over a range, its ends among them."""
    return np.linspace(0, size - 1, many).astype(int).tolist()


def test_the_province_is_what_a_province_is(world: World) -> None:
    entitled, possible, _, fen = world.result.tallies[:, 2:].sum(axis=0).tolist()
    assert (world.result.rows, len(world.plan.items)) == (ORGANISATIONS, ITEMS)
    assert entitled > ORGANISATIONS
    assert possible > entitled
    assert fen > 0
    assert world.store.fallbacks == {}


def test_compiled_kernels_and_numpy_agree_byte_for_byte(world: World) -> None:
    other = screened(world.store, world.plan, kernels_numpy)
    for mine, theirs in zip(world.result.chunks, other.chunks, strict=True):
        for name in ("items", "counts", "starts", "rows"):
            assert np.array_equal(getattr(mine.sets, name), getattr(theirs.sets, name)), name
        assert np.array_equal(mine.sets.data[: mine.sets.starts[-1]], theirs.sets.data[: theirs.sets.starts[-1]])
        assert np.array_equal(mine.fen, theirs.fen)
        assert np.array_equal(mine.list_from, theirs.list_from)
        assert np.array_equal(mine.listed, theirs.listed)
    assert np.array_equal(world.result.tallies, other.tallies)
    for place in spread(ITEMS, 400):
        assert world.result.digest(world.plan.items[place].id) == other.digest(world.plan.items[place].id)


def test_the_reference_engine_agrees_on_a_sample(world: World) -> None:
    rows = spread(ORGANISATIONS, 20)
    facts = [world.facts(row) for row in rows]
    found = dict.fromkeys(Answer, 0)
    for place in spread(ITEMS, 600):
        program = world.programs[place]
        held = world.result.item(program.item)
        fen = dict(zip(held.entitled.tolist(), held.fen.tolist(), strict=True))
        possible = set(held.possible.tolist())
        for row, known in zip(rows, facts, strict=True):
            one = assess(program, known, AS_OF)
            found[one.answer] += 1
            assert (one.answer is Answer.ENTITLED) == (row in fen)
            assert (one.answer is Answer.POSSIBLE) == (row in possible)
            if row in fen:
                marks = {"none": table.NO_AMOUNT, "unknown": table.AMOUNT_UNKNOWN}
                assert fen[row] == marks.get(one.amount, one.amount_fen)
    assert min(found.values()) > 0


def test_one_subject_alone_gets_what_it_got_among_all(world: World) -> None:
    single = table.Single(world.plan)
    for row in spread(ORGANISATIONS, 20):
        alone = single.match(world.facts(row))
        assert alone.entitled == world.result.subject(row)
        assert set(alone.possible) == set(possible_of(world.result, row))


def possible_of(result: table.Result, row: int) -> Iterator[str]:
    """The items that a row possibly has, read from the sets of its chunk."""
    chunk = result.chunks[row // table.CHUNK]
    for place, item in enumerate(chunk.sets.items.tolist()):
        held = roaring.rows_in(chunk.container(place, 1), int(chunk.sets.counts[place, 1]))
        if row % table.CHUNK in held:
            yield result.plan.items[item].id


def test_one_item_alone_reaches_whom_it_reached_among_all(world: World) -> None:
    for place in spread(ITEMS, 20):
        program = world.programs[place]
        alone = table.match_new(world.store, world.plan, program, kernel=kernels_numba)
        assert alone.sets(program.item) == world.result.sets(program.item)
        assert alone.digest(program.item) == world.result.digest(program.item)


def test_changed_subjects_get_what_they_got_among_all(world: World) -> None:
    rows = spread(ORGANISATIONS, 1_000)
    changed = table.match(table.encode(world.people.take(rows), world.plan), world.plan, kernels_numba)
    assert [changed.subject(place) for place in range(len(rows))] == [world.result.subject(row) for row in rows]
