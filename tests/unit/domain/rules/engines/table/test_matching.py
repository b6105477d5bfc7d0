"""Everyone times everything over several chunks: both back ends, the column engine, and every way to read a result."""

from __future__ import annotations

import sys

import numpy as np
import pyarrow as pa
import pytest
from pyroaring import BitMap

from tests.unit.domain.rules.engines.table.refunds import ROWS, firms, items, plain, plan, result, store
from tests.unit.domain.rules.refund import AS_OF
from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.rules import screen
from zhida.domain.rules.engines import table
from zhida.domain.rules.engines.table import kernels_numpy

KERNELS = ("numpy", "numba")


@pytest.mark.parametrize("kernel", KERNELS)
def test_rows_and_amounts_are_those_of_the_column_engine(kernel: str) -> None:
    facts = firms().drop_columns(["subject"])
    for program, expected in zip(items(), screen(items(), facts, AS_OF).results, strict=True):
        found = result(kernel).item(program.item)
        assert found.entitled.tolist() == np.flatnonzero(expected.sure).tolist()
        assert found.possible.tolist() == np.flatnonzero(expected.possible).tolist()
        fen = np.where(expected.amount_known, expected.amount_fen, np.where(expected.amount_none, -2, -1))
        assert found.fen.tolist() == fen[expected.sure].tolist()


def test_back_ends_agree_byte_for_byte() -> None:
    for item in plan().places:
        assert result("numpy").sets(item) == result("numba").sets(item)
        assert result("numpy").digest(item) == result("numba").digest(item)
    assert result("numpy").tallies.tolist() == result("numba").tallies.tolist()


def test_sets_are_roaring_as_others_read_it() -> None:
    for item in plan().places:
        entitled, possible = (BitMap.deserialize(held) for held in result("numba").sets(item))
        found = result("numba").item(item)
        assert (list(entitled), list(possible)) == (found.entitled.tolist(), found.possible.tolist())
    sizes = [len(one.entitled) for one in map(result("numba").item, plan().places)]
    assert min(sizes) == 0
    assert max(sizes) > 3 * 4096  # so that every kind of container occurs


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_subject_has_the_items_whose_sets_hold_its_row(kernel: str) -> None:
    held = {item: result(kernel).item(item) for item in plan().places}
    for row in (0, 65_535, 65_536, 100_000, ROWS - 1):
        expected = {
            item: int(one.fen[one.entitled.tolist().index(row)]) for item, one in held.items() if row in one.entitled
        }
        assert result(kernel).subject(row) == expected


def test_totals_add_up_however_they_are_cut() -> None:
    whole = result("numba")
    by_item = whole.by_item()
    found = whole.item("jobs/refund")
    assert by_item["jobs/refund"] == (
        len(found.entitled),
        len(found.possible),
        int((found.fen == table.AMOUNT_UNKNOWN).sum()),
        int(found.fen[found.fen > 0].sum()),
    )
    assert "jobs/nobody" not in by_item
    for cut in (whole.by_region(), whole.by_owner()):
        for column in range(4):
            assert sum(one[column] for one in cut.values()) == sum(one[column] for one in by_item.values())
    assert set(whole.by_region()) == {"", "98", "99", "9901", "990102", "9902"}
    assert whole.by_owner()["office-1"] == by_item["jobs/refund"]


def test_an_amount_that_is_no_fen_breaks_a_promise_of_those_entitled() -> None:
    bad = table.compile_plan([plain("half", "discredited", "staff * 0.5")], AS_OF)
    for discredited, broken in ((True, True), (False, False)):
        rows = table.encode(pa.table({"discredited": [discredited], "staff": [3]}), bad)
        for kernel in KERNELS:
            if broken:
                with pytest.raises(InvariantBroken, match="amount_not_in_fen"):
                    table.match(rows, bad, table.kernel_named(kernel))
            else:
                assert table.match(rows, bad, table.kernel_named(kernel)).item("jobs/half").entitled.tolist() == []


@pytest.mark.parametrize("kernel", KERNELS)
def test_amounts_past_64_bits_on_the_way_stay_exact(kernel: str) -> None:
    wide = table.compile_plan([plain("wide", "true", "floor(insurance_paid(2025) * staff * 0.0001)")], AS_OF)
    rows = table.encode(pa.table({"insurance_paid@2025": [2**62, 10_001], "staff": [10_000, 3]}), wide)
    assert table.match(rows, wide, table.kernel_named(kernel)).item("jobs/wide").fen.tolist() == [2**62, 3]


def test_a_table_in_and_a_table_out_gives_the_same_run() -> None:
    numbered = firms().append_column("row", pa.array(np.arange(ROWS)))
    parts = [
        table.match_table(numbered.slice(start, size), plan()) for start, size in ((131_072, 65_536), (0, 131_072))
    ]
    whole = table.combine_tables(table.Plan.from_bytes(plan().to_bytes()), parts)
    assert [whole.digest(item) for item in plan().places] == [result("numba").digest(item) for item in plan().places]
    assert (whole.by_region(), whole.by_owner()) == (result("numba").by_region(), result("numba").by_owner())
    assert whole.subject(70_000) == result("numba").subject(70_000)
    with pytest.raises(InvariantBroken, match="incomplete_run"):
        table.combine_tables(plan(), parts[:1])
    with pytest.raises(InvariantBroken, match="rows_out_of_place"):
        table.match_table(numbered.slice(5, 10), plan())


def test_a_run_without_one_of_its_chunks_is_refused() -> None:
    with pytest.raises(InvariantBroken, match="incomplete_run"):
        table.combine(plan(), result("numba").chunks[1:], store().region_words)


def test_numpy_does_it_where_numba_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zhida.domain.rules.engines.table.kernels_numba", None)
    monkeypatch.delattr(table, "kernels_numba", raising=False)
    assert table.kernel_named() is kernels_numpy
    with pytest.raises(ConflictError, match="numba is not installed"):
        table.kernel_named("numba")
    with pytest.raises(ConflictError, match="no_such_kernel"):
        table.kernel_named("fortran")
