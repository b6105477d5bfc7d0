"""Items of one group for everyone at once: what one subject would be told, everybody is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.domain.errors import InvariantBroken
from zhida.domain.scenarios import stacked
from zhida.domain.scenarios.stacking import Held

SIZE = 6
ITEMS = st.lists(st.dictionaries(st.integers(0, SIZE - 1), st.integers(0, 100)), min_size=1, max_size=5)


def _held(items: list[dict[int, int]]) -> list[Held]:
    return [
        Held(np.array(sorted(each), dtype=np.int64), np.array([each[row] for row in sorted(each)], dtype=np.int64))
        for each in items
    ]


def _of_row(found: tuple[Held, ...], row: int) -> list[int]:
    return [int(fen[rows == row][0]) for rows, fen in found if (rows == row).any()]


@given(ITEMS)
def test_only_the_highest_is_kept_and_by_one_item(items: list[dict[int, int]]) -> None:
    found = stacked("highest_only", None, _held(items), SIZE)
    for row in range(SIZE):
        had = [each[row] for each in items if row in each]
        assert _of_row(found, row) == ([max(had)] if had else [])


@given(ITEMS, st.integers(1, 150))
def test_a_cap_is_reached_and_never_passed(items: list[dict[int, int]], cap_fen: int) -> None:
    found = stacked("capped_sum", cap_fen, _held(items), SIZE)
    for row in range(SIZE):
        assert sum(_of_row(found, row)) == min(cap_fen, sum(each.get(row, 0) for each in items))


def test_of_equals_the_first_item_is_kept() -> None:
    first, second = stacked("first_only", None, _held([{0: 5}, {0: 5}]), SIZE)
    assert (len(first.rows), len(second.rows)) == (1, 0)


def test_a_rule_nobody_knows_is_refused() -> None:
    with pytest.raises(InvariantBroken, match="unknown_rule"):
        stacked("lowest_only", None, _held([{0: 5}]), SIZE)
