"""Cells add up, and nobody can be found in them, not by subtraction either."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zhida.domain.scenarios import Cell, Dimension, folded
from zhida.domain.scenarios.cells import sums_by
from zhida.domain.values import CodeTree

TREE = CodeTree(
    "region", {"1": "", "11": "1", "12": "1", "13": "1", "111": "11", "112": "11", "113": "11", "121": "12"}
)
WORDS = ("", *TREE.parents)
BOUND = 5
COUNTS = st.lists(st.lists(st.integers(0, 12), min_size=len(WORDS), max_size=len(WORDS)), min_size=1, max_size=3)


def _all(cell: Cell) -> list[Cell]:
    return [cell, *(below for child in cell.below for below in _all(child))]


@given(COUNTS)
def test_every_row_adds_up_to_its_parent(counts: list[list[int]]) -> None:
    held = np.array(counts, dtype=np.int64)
    top = folded(Dimension("region", WORDS, TREE, depth=3), held, held * 100, BOUND)
    assert top.counts == tuple(held.sum(axis=1))
    for cell in _all(top):
        if cell.below:
            assert cell.counts == tuple(np.sum([one.counts for one in cell.below], axis=0))
            assert cell.fen == tuple(np.sum([one.fen for one in cell.below], axis=0))


@given(COUNTS)
def test_no_cell_shows_fewer_than_the_bound_in_any_scenario(counts: list[list[int]]) -> None:
    held = np.array(counts, dtype=np.int64)
    top = folded(Dimension("region", WORDS, TREE, depth=3), held, held * 100, BOUND)
    for cell in _all(top)[1:]:
        assert all(count == 0 or count >= BOUND for count in cell.counts)


def test_cells_begin_below_the_place_that_issued_and_stop_at_their_depth() -> None:
    held = np.array([[0, 0, 0, 0, 0, 10, 10, 10, 10]], dtype=np.int64)
    top = folded(Dimension("region", WORDS, TREE, "1", depth=1), held, held, BOUND)
    assert [(one.code, one.counts) for one in top.below] == [("11", (30,)), ("12", (10,))]


def test_sums_are_exact_past_what_floats_hold() -> None:
    fen = np.array([2**52 + 1, 2**52 + 1, 3], dtype=np.int64)
    counts, sums = sums_by(np.array([0, 0, 1], dtype=np.int32), fen, 2)
    assert (counts.tolist(), sums.tolist()) == ([2, 1], [2**53 + 2, 3])
