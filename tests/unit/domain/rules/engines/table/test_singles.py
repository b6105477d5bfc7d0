"""One subject and one new item, each as the whole run has it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.unit.domain.rules.engines.table.refunds import firms, items, plain, plan, result, store
from tests.unit.domain.rules.refund import AS_OF, EVERYTHING, program, requirement
from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.rules.engines import table
from zhida.domain.values import Facts


def test_one_subject_has_what_the_run_gives_its_row() -> None:
    single, whole = table.Single(plan()), result("numba")
    scales = {"layoff_rate@2025": 4}
    rows = list(range(0, 130_000, 9_973))
    for row, record in zip(rows, firms().take(rows).to_pylist(), strict=True):
        facts = {
            key: Decimal(value).scaleb(-scales[key]) if key in scales else tuple(value) if key == "topics" else value
            for key, value in record.items()
            if value is not None and key != "subject"
        }
        found = single.match(Facts.of(facts))
        assert found.entitled == whole.subject(row)
        assert set(found.possible) == {item for item in plan().places if row in whole.item(item).possible}


def test_an_amount_that_is_no_fen_breaks_a_promise() -> None:
    single = table.Single(table.compile_plan([plain("half", "true", "staff * 0.5")], AS_OF))
    assert single.match(Facts.of({"staff": 4})).entitled == {"jobs/half": 2}
    with pytest.raises(InvariantBroken, match="amount_not_in_fen"):
        single.match(Facts.of({"staff": 3}))


def test_the_refund_of_one_firm() -> None:
    found = table.Single(table.compile_plan([program()], AS_OF)).match(Facts.of(EVERYTHING))
    assert found == table.Eligible({"jobs/refund": 30_000_000}, ())


@pytest.mark.parametrize("kernel", ["numpy", "numba"])
@pytest.mark.parametrize("place", range(len(items())))
def test_an_item_published_again_has_the_same_people(place: int, kernel: str) -> None:
    item = items()[place]
    found = table.match_new(store(), plan(), replace(item, item="jobs/new"), kernel=table.kernel_named(kernel))
    assert found.sets("jobs/new") == result("numba").sets(item.item)
    assert found.by_region() == {region: total for region, total in _only(item.item).by_region().items() if any(total)}


def _only(item: str) -> table.Result:
    own = table.compile_plan([one for one in items() if one.item == item], AS_OF)
    return table.match(table.encode(firms(), own), own)


def test_a_threshold_that_no_code_knows_is_tested_on_the_numbers() -> None:
    item = plain("new", "staff >= 123", "staff * 2", region="9901")
    own = table.compile_plan([item], AS_OF)
    whole = table.match(table.encode(firms(), own), own)
    found = table.match_new(store(), plan(), item, kernel=table.kernel_named())
    assert found.digest("jobs/new") == whole.digest("jobs/new")


def test_what_the_store_lacks_needs_the_snapshot() -> None:
    item = replace(plain("new", "true"), requires=(requirement("r", "born_on < as_of", 'size = "micro"'),))
    with pytest.raises(ConflictError, match="store_lacks_columns"):
        table.match_new(store(), plan(), item)
    found = table.match_new(store(), plan(), item, snapshot=firms())
    micro = [row for row, size in enumerate(firms()["size"].to_pylist()) if size == "micro"]
    assert found.item("jobs/new").entitled.tolist() == micro


def test_parameters_of_a_region_and_records_are_computed_once() -> None:
    wage = plain("wage", "staff > parameters.wage", region="99")
    assert len(table.compile_plan([wage, replace(wage, item="jobs/again")], AS_OF).bits) == 1
