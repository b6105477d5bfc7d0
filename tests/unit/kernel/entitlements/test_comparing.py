"""Outcomes as columns, compared."""

from __future__ import annotations

import numpy as np
import pytest

from zhida.kernel.entitlements.comparing import compare
from zhida.kernel.entitlements.records import Change
from zhida.kernel.entitlements.results import Outcome

Row = tuple[int, bool, int]


def outcome(*rows: Row) -> Outcome:
    """Rows of (subject, entitled, fen or -1), all in one region a subject."""
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return Outcome(
        np.array(columns[0], np.int64),
        np.array(columns[1], np.bool_),
        np.array(columns[2], np.int64),
        np.array([f"r{key}" for key in columns[0]], object),
    )


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ([], [(1, True, 5)], Change.NEWLY_ENTITLED),
        ([(1, False, -1)], [(1, True, 5)], Change.NOW_KNOWN),
        ([(1, True, -1)], [(1, True, 5)], Change.NOW_KNOWN),
        ([(1, True, 4)], [(1, True, 5)], Change.AMOUNT_CHANGED),
        ([(1, True, 4)], [(1, True, -1)], Change.AMOUNT_CHANGED),
        ([(1, True, 4)], [(1, False, -1)], Change.NO_LONGER),
        ([(1, True, 4)], [], Change.NO_LONGER),
        ([(1, True, 4)], [(1, True, 4)], None),
        ([], [(1, False, -1)], None),
        ([(1, False, -1)], [], None),
    ],
)
def test_each_change_has_its_name(before: list[Row], after: list[Row], change: Change | None) -> None:
    found = [
        (kind, keys.tolist(), regions.tolist())
        for kind, keys, regions, _, _ in compare(outcome(*before), outcome(*after))
    ]
    assert found == ([(change, [1], ["r1"])] if change else [])


def test_changes_are_joined_by_subject() -> None:
    before = outcome((1, True, 10), (3, False, -1), (5, True, 7), (9, True, 1))
    after = outcome((2, True, 20), (3, True, 30), (5, True, 8), (9, True, 1))
    found = {kind: (keys.tolist(), new.tolist(), old.tolist()) for kind, keys, _, new, old in compare(before, after)}
    assert found == {
        Change.NEWLY_ENTITLED: ([2], [20], [-1]),
        Change.NOW_KNOWN: ([3], [30], [-1]),
        Change.AMOUNT_CHANGED: ([5], [8], [7]),
        Change.NO_LONGER: ([1], [-1], [10]),
    }
