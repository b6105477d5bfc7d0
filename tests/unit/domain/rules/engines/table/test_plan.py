"""A plan: it travels as bytes, it knows its packs, and equal conditions are one whichever item asks."""

from __future__ import annotations

import pytest

from tests.unit.domain.rules.engines.table.refunds import items, plain, plan, store
from tests.unit.domain.rules.refund import AS_OF, program, schema
from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.rules.engines import table


def test_bytes_say_the_same_plan() -> None:
    again = table.Plan.from_bytes(plan().to_bytes())
    assert (again.digest, again.layout, again.items) == (plan().digest, plan().layout, plan().items)
    assert table.match(store(), again).digest("jobs/refund") == table.match(store(), plan()).digest("jobs/refund")


@pytest.mark.parametrize("cut", [0, 7, 400, -9])
def test_a_plan_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(InvariantBroken, match="unreadable_plan"):
        table.Plan.from_bytes(plan().to_bytes()[:cut])


def test_a_plan_older_than_its_packs_is_refused() -> None:
    plan().refuse_older_than("p1")
    with pytest.raises(ConflictError, match="plan_out_of_date"):
        plan().refuse_older_than("p2")


def test_equal_conditions_stand_once_whichever_pack_asks() -> None:
    one = table.compile_plan([program()], AS_OF)
    other = program(item="jobs/second", schema=schema(bonus="1"))
    both = table.compile_plan([program(), other], AS_OF)
    assert len(both.columns) == len(one.columns)
    assert len(both.graph.nodes) == len(one.graph.nodes)
    assert both.layout == one.layout


def test_the_order_of_tests_and_thresholds_does_not_change_what_a_store_is() -> None:
    first, second = plain("a", "staff > 3"), plain("b", "staff <= 90")
    assert table.compile_plan([first, second], AS_OF).layout == table.compile_plan([second, first], AS_OF).layout


def test_an_item_out_of_force_is_nobodys() -> None:
    late = table.compile_plan(items(), AS_OF.replace(year=2028))
    assert len(late.graph.groups) == 0
