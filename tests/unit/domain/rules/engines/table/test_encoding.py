"""A store: what bad columns get, and that it opens again as it was."""

from __future__ import annotations

import gc
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.unit.domain.rules.engines.table.refunds import firms, plain, plan, result, store
from tests.unit.domain.rules.refund import AS_OF
from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.rules.engines import table
from zhida.domain.rules.engines.columns.reading import Columns


def asked(condition: str) -> table.Plan:
    return table.compile_plan([plain("asked", condition)], AS_OF)


@pytest.mark.parametrize(
    ("condition", "arrays", "code"),
    [
        ("staff > 1", {"staff": pa.array([1.5])}, "column_of_wrong_type"),
        ("staff > 1", {"staff": pa.array([float("nan")])}, "column_of_wrong_type"),
        ("staff > 1", {"staff": pa.array(["3"])}, "column_of_wrong_type"),
        ("born_on < as_of", {"born_on": pa.array(["2000-01-01"])}, "column_of_wrong_type"),
        ("discredited", {"discredited": pa.array([1])}, "column_of_wrong_type"),
        ('size = "large"', {"size": pa.array(["gigantic"])}, "code_outside_its_list"),
        ("staff > 1", {"staff": pa.array([1]), "subject": pa.array([None], pa.int64())}, "column_of_wrong_type"),
    ],
)
def test_a_column_that_is_not_what_it_should_be_is_refused(condition: str, arrays: dict[str, Any], code: str) -> None:
    with pytest.raises(InvariantBroken, match=code):
        table.encode(pa.table(arrays), asked(condition))


def test_a_promised_column_that_is_missing_is_refused_and_another_is_unknown() -> None:
    rows = pa.table({"subject": [4]})
    with pytest.raises(InvariantBroken, match="column_missing"):
        table.encode(rows, asked("staff > 1"), promised=["staff"])
    found = table.match(table.encode(rows, asked("staff > 1")), asked("staff > 1")).item("jobs/asked")
    assert (found.entitled.tolist(), found.possible.tolist()) == ([], [0])


def test_a_stale_column_is_unknown() -> None:
    rows, wanted = pa.table({"checked": [True]}), asked("checked")
    for day, entitled in ((date(2026, 5, 2), [0]), (date(2026, 5, 1), [])):
        encoded = table.encode(rows, wanted, observed_on={"checked": day})
        assert table.match(encoded, wanted).item("jobs/asked").entitled.tolist() == entitled


def test_a_quotient_by_zero_or_of_nothing_known_is_unknown() -> None:
    """The quotient is compared, not worked out."""
    rows = pa.table({"staff": [4, 3, None, 5, 0], "insurance_paid@2025": [2, 2, 2, 0, 7]})
    wanted = asked("staff / insurance_paid(2025) >= 2")
    found = table.match(table.encode(rows, wanted), wanted).item("jobs/asked")
    assert (found.entitled.tolist(), found.possible.tolist()) == ([0], [2, 3])


def test_what_only_engine_one_can_do_is_named_and_counted() -> None:
    record = pa.struct([("wage", pa.int64())])
    rows = pa.table({"hires": pa.array([[{"wage": 2**62}] * 3, [{"wage": 1}], None], pa.list_(record))})
    wanted = asked("sum(hires.wage) > 1")
    encoded = table.encode(rows, wanted)
    assert encoded.fallbacks == {"sum(hires.wage): a sum past 64 bits": 3}
    found = table.match(encoded, wanted).item("jobs/asked")
    assert (found.entitled.tolist(), found.possible.tolist()) == ([0], [2])


def test_a_store_opens_again_and_knows_its_plan() -> None:
    again = table.Store.opened(store().described(), {name: held.copy() for name, held in store().arrays().items()})
    assert table.match(again, plan()).digest("jobs/refund") == result("numpy").digest("jobs/refund")
    with pytest.raises(ConflictError, match="store_of_another_plan"):
        table.match_chunk(again, asked("staff > 1"), 0)
    with pytest.raises(InvariantBroken, match="broken_store"):
        table.Store.opened({**store().described(), "rows": 3}, store().arrays())


def test_an_encoder_fills_chunks_in_any_order() -> None:
    encoder, rows = table.Encoder(plan()), firms()
    arrays = {name: np.empty(shape, kind) for name, (shape, kind) in table.shapes_of(plan(), rows.num_rows).items()}
    for chunk in (2, 0, 1):
        encoder.fill(arrays, chunk, rows.slice(chunk * table.CHUNK, table.CHUNK))
    for name in ("codes", "bits", "numbers", "bounds"):
        assert np.array_equal(arrays[name], store().arrays()[name])


def test_what_a_chunk_was_encoded_from_goes_with_it_and_waits_for_no_collector() -> None:
    record = pa.struct([("wage", pa.int64())])
    rows = pa.table({"hires": pa.array([[{"wage": 2**62}] * 3, [{"wage": 1}]], pa.list_(record)), "staff": [1, 2]})
    gc.collect()
    gc.disable()
    try:
        for condition in ("sum(hires.wage) > 1", "some hire in hires satisfies hire.wage > staff"):
            table.encode(rows, asked(condition))
        assert not [held for held in gc.get_objects() if type(held) is Columns]
    finally:
        gc.enable()
