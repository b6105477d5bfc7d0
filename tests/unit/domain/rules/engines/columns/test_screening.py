"""A population at once: columns in, answers and amounts out, exact where int64 ends, honest about what it leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.unit.domain.rules.refund import AS_OF, program, requirement, schema, table
from zhida.domain.errors import InvariantBroken
from zhida.domain.rules import Type, assess, parse, screen
from zhida.domain.values import Facts


def columns(**arrays: Any) -> pa.Table:
    return pa.table({name.replace("__", "@"): array for name, array in arrays.items()})


def plain(condition: str = "true", amount: str = "", **changes: Any) -> Any:
    base = {"requires": (requirement("r", condition),), "region": "", "amount": parse(amount) if amount else None}
    return program(**{**base, **changes})


def answers(found: Any) -> list[str]:
    marks = zip(found.sure, found.possible, strict=True)
    return ["entitled" if sure else "possible" if possible else "not" for sure, possible in marks]


def test_the_refund_over_four_firms() -> None:
    found = screen(
        [program()],
        columns(
            region=pa.array(["990102", "98", None, "99"]),
            discredited=pa.array([False, False, False, None]),
            size=pa.array(["large", "small", None, "micro"]).dictionary_encode(),
            insurance_months__2025=pa.array([12, 12, 12, 12]),
            insurance_paid__2025=pa.array([100_000_001, 5, 7, None]),
            layoff_rate__2025=pa.array([520, 520, 1800, 100]),
            heads__2025=pa.array([500, 500, 30, 3], pa.int32()),
        ),
        AS_OF,
    ).results[0]
    assert answers(found) == ["entitled", "not", "possible", "possible"]
    assert found.amount_fen.tolist() == [30_000_000, 3, 0, 0]
    assert found.amount_known.tolist() == [True, True, False, False]
    assert not found.amount_none.any()


def test_a_column_that_is_not_there_is_unknown() -> None:
    assert answers(screen([plain("discredited")], columns(size=pa.array(["large"])), AS_OF).results[0]) == ["possible"]


def test_numbers_past_64_bits_stay_exact() -> None:
    paid = pa.array([2**62, 2**62 - 1, 3])
    found = screen(
        [plain("insurance_paid(2025) * 4 * 4 > 73786976294838206448")], columns(insurance_paid__2025=paid), AS_OF
    )
    assert answers(found.results[0]) == ["entitled", "not", "not"]
    assert not found.fallbacks


def test_a_quotient_is_the_decimal_one_and_not_a_float() -> None:
    table_of = columns(staff=pa.array([3, 7, 0, None]))
    third = screen([plain("if staff = 0 then false else 1 / staff * staff = 1")], table_of, AS_OF).results[0]
    assert answers(third) == ["not", "entitled", "not", "possible"]  # 0.999… of 34 digits; a seventh rounds back to 1


def test_records_are_folded_row_by_row() -> None:
    record = pa.struct([("wage", pa.int64()), ("age", pa.int64()), ("insured", pa.bool_())])
    hires = pa.array(
        [[{"wage": 5, "age": 60}, {"wage": 7, "age": 20}], [], None, [{"wage": None, "age": 55}]], pa.list_(record)
    )
    item = plain("count(hires[age > 50]) = 1", "sum(hires[age > 50].wage)")
    found = screen([item], columns(hires=hires), AS_OF).results[0]
    assert answers(found) == ["entitled", "not", "possible", "entitled"]
    assert found.amount_fen.tolist() == [5, 0, 0, 0]
    assert found.amount_known.tolist() == [True, True, False, False]
    sliced = screen([item], columns(hires=hires).slice(1), AS_OF).results[0]
    assert answers(sliced) == ["not", "possible", "entitled"]


def test_one_claim_per_record_adds_the_entitled() -> None:
    record = pa.struct([("wage", pa.int64()), ("age", pa.int64())])
    hires = pa.array(
        [[{"wage": 5, "age": 60}, {"wage": 7, "age": 55}, {"wage": 9, "age": 1}], [], None], pa.list_(record)
    )
    found = screen([plain("hire.age > 50", "hire.wage", for_each="hires")], columns(hires=hires), AS_OF).results[0]
    assert answers(found) == ["entitled", "not", "possible"]
    assert found.amount_fen.tolist() == [12, 0, 0]
    assert found.amount_none.tolist() == [False, True, False]


def test_what_columns_cannot_do_is_done_by_engine_one_and_named() -> None:
    record = pa.struct([("wage", pa.int64())])
    hires = pa.array([[{"wage": 2**62}] * 3, [{"wage": 1}]], pa.list_(record))
    found = screen([plain("sum(hires.wage) > 1")], columns(hires=hires), AS_OF)
    assert answers(found.results[0]) == ["entitled", "not"]
    assert found.fallbacks == {"jobs/refund: a sum past 64 bits": 2}


def test_a_stale_column_counts_as_unknown() -> None:
    checked = columns(checked=pa.array([True]))
    fresh = screen([plain("checked")], checked, AS_OF, observed_on={"checked": date(2026, 5, 2)}).results[0]
    stale = screen([plain("checked")], checked, AS_OF, observed_on={"checked": date(2026, 5, 1)}).results[0]
    assert (answers(fresh), answers(stale)) == (["entitled"], ["possible"])


def test_of_interval_columns_the_latest_that_has_a_value_counts() -> None:
    grades = pa.table({"grade@2020-01-01/": ["A", "A"], "grade@2026-01-01/": pa.array(["B", None])})
    assert answers(screen([plain('grade(as_of) = "B"')], grades, AS_OF).results[0]) == ["entitled", "not"]


@pytest.mark.parametrize(
    "arrays",
    [
        {"staff": pa.array([1.5])},
        {"staff": pa.array(["3"])},
        {"discredited": pa.array([1])},
        {"size": pa.array([3])},
        {"born_on": pa.array(["2000-01-01"])},
        {"topics": pa.array(["a"])},
        {"hires": pa.array([[1]])},
    ],
)
def test_a_column_of_the_wrong_type_is_refused(arrays: dict[str, Any]) -> None:
    condition = 'staff > 1 or discredited or size = "large" or born_on < as_of or count(topics) > 1 or count(hires) > 1'
    with pytest.raises(InvariantBroken, match="column_of_wrong_type"):
        screen([plain(condition)], columns(**arrays), AS_OF)


@pytest.mark.parametrize("amount", ["insurance_paid(2025) * 0.5", "insurance_paid(2025) - 2"])
def test_an_amount_that_is_no_fen_breaks_a_promise(amount: str) -> None:
    with pytest.raises(InvariantBroken, match="amount_not_in_fen"):
        screen([plain(amount=amount)], columns(insurance_paid__2025=pa.array([4, 1])), AS_OF)


def test_an_item_out_of_force_or_with_a_quota_is_nobodys_yet() -> None:
    rows = columns(discredited=pa.array([True]))
    assert answers(screen([plain("discredited")], rows, date(2028, 1, 1)).results[0]) == ["not"]
    assert answers(screen([plain("discredited", quota=True)], rows, AS_OF).results[0]) == ["possible"]


def test_no_rows_no_answers() -> None:
    found = screen(
        [program(), plain("hire.age > 1", "hire.wage", for_each="hires")],
        columns(staff=pa.array([], pa.int64())),
        AS_OF,
    )
    assert [len(result.sure) for result in found.results] == [0, 0]


def test_thresholds_and_their_neighbours_are_exact_to_the_fen() -> None:
    bands = table("steps", "marginal", "staff", Type("number"), [("(0..3]", "33.34"), ("> 3", "0.1")])
    item = plain("steps >= 100.02", "floor(steps)", schema=schema(bands))
    staff = [0, 2, 3, 4, 1000]
    found = screen([item], columns(staff=pa.array(staff)), AS_OF).results[0]
    expected = [assess(item, Facts.of({"staff": value}), AS_OF) for value in staff]
    assert answers(found) == [str(one.answer) for one in expected]
    assert found.amount_fen.tolist() == [one.amount_fen for one in expected]
    assert found.amount_fen.dtype == np.int64
