"""Engine `table` says what engine one says, of every program, about every subject: answers and amounts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from tests.property.rules_worlds import AS_OF, facts_of, programs, subjects, table_of
from tests.property.test_rules_engines import is_accepted
from zhida.domain.errors import InvariantBroken
from zhida.domain.rules import Answer, Program, assess
from zhida.domain.rules.engines import table
from zhida.domain.rules.engines.table import kernels_numba

MANY = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
checked_programs = programs().filter(is_accepted)


def expected_of(program: Program, rows: list[dict[str, Any]]) -> tuple[list[int], list[int], list[int]]:
    """Rows entitled, their amounts, rows possible, as engine one has them."""
    found = [assess(program, facts_of(row), AS_OF) for row in rows]
    entitled = [row for row, one in enumerate(found) if one.answer is Answer.ENTITLED]
    marks = {"none": table.NO_AMOUNT, "unknown": table.AMOUNT_UNKNOWN}
    fen = [marks.get(found[row].amount, found[row].amount_fen) for row in entitled]
    return entitled, fen, [row for row, one in enumerate(found) if one.answer is Answer.POSSIBLE]


def assert_same(one: table.Result, other: table.Result) -> None:
    """Whether two back ends give the same, byte for byte."""
    for item in one.plan.items:
        assert one.sets(item.id) == other.sets(item.id)
        assert one.digest(item.id) == other.digest(item.id)
    for mine, theirs in zip(one.chunks, other.chunks, strict=True):
        assert mine.list_from.tolist() == theirs.list_from.tolist()
        assert mine.listed.tolist() == theirs.listed.tolist()
    assert (one.by_item(), one.by_region()) == (other.by_item(), other.by_region())


@MANY
@given(st.lists(checked_programs, min_size=1, max_size=4), subjects)
def test_table_says_what_one_says(several: list[Program], rows: list[dict[str, Any]]) -> None:
    programs = [replace(program, item=f"pack/{place}") for place, program in enumerate(several)]
    plan = table.compile_plan(programs, AS_OF)
    try:
        expected = [expected_of(program, rows) for program in programs]
    except InvariantBroken:
        reject()
    store = table.encode(table_of(rows), plan)
    result = table.match(store, plan)
    assert_same(result, table.match(store, table.Plan.from_bytes(plan.to_bytes()), kernels_numba))
    assert_same(result, table.combine_tables(plan, [table.match_table(table_of(rows), plan)]))
    single = table.Single(plan)
    alone = [single.match(facts_of(row)) for row in rows]
    for program, (entitled, fen, possible) in zip(programs, expected, strict=True):
        found = result.item(program.item)
        assert (found.entitled.tolist(), found.possible.tolist()) == (entitled, possible)
        assert found.fen.tolist() == fen
        assert [row for row, one in enumerate(alone) if program.item in one.entitled] == entitled
        assert [alone[row].entitled[program.item] for row in entitled] == fen
        assert [row for row, one in enumerate(alone) if program.item in one.possible] == possible


@MANY
@given(st.lists(checked_programs, min_size=2, max_size=3), subjects)
def test_a_new_item_is_matched_on_an_old_store(several: list[Program], rows: list[dict[str, Any]]) -> None:
    *old, new = [replace(program, item=f"pack/{place}") for place, program in enumerate(several)]
    plan, snapshot = table.compile_plan(old, AS_OF), table_of(rows)
    store, own = table.encode(snapshot, plan), table.compile_plan([new], AS_OF)
    try:
        whole = table.match(table.encode(snapshot, own), own)
    except InvariantBroken:
        reject()
    found = table.match_new(store, plan, new, snapshot=snapshot)
    assert found.sets(new.item) == whole.sets(new.item)
    assert found.digest(new.item) == whole.digest(new.item)
