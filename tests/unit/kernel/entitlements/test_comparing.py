"""Outcomes as columns: written, read back, replaced and compared."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhida.kernel.entitlements import results
from zhida.kernel.entitlements.comparing import compare
from zhida.kernel.entitlements.records import Change
from zhida.kernel.entitlements.results import Outcome, Writer, outcome_of

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


def test_changed_subjects_take_the_place_of_their_rows() -> None:
    whole = outcome((1, True, 10), (3, False, -1), (5, True, 7))
    changed = whole.replaced(np.array([3, 4, 5]), outcome((4, True, 40), (3, True, 30)))
    assert changed.subjects.tolist() == [1, 3, 4]
    assert changed.amount_fen.tolist() == [10, 30, 40]
    assert changed.region.tolist() == ["r1", "r3", "r4"]
    assert changed.digest == outcome((1, True, 10), (3, True, 30), (4, True, 40)).digest


def test_the_digest_tells_every_change() -> None:
    rows = [(), ((1, True, 5),), ((1, True, 6),), ((1, False, -1),), ((2, True, 5),), ((1, True, 5), (2, True, 5))]
    assert len({outcome(*some).digest for some in rows}) == len(rows)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    first, second = outcome((1, True, 10), (3, False, -1)), outcome((1, True, -1), (2, True, 20))
    writer = Writer(tmp_path, "person")
    for place, one in enumerate((first, outcome(), second)):
        writer.add(place, one)
    writer.close()
    for place, one in enumerate((first, outcome(), second)):
        assert outcome_of(results.of_item(tmp_path, "person", place)).digest == one.digest
    assert results.of_subject(tmp_path, "person", 1).to_pylist() == [
        {"item": 0, "subject": 1, "is_entitled": True, "amount_fen": 10, "region": "r1"},
        {"item": 2, "subject": 1, "is_entitled": True, "amount_fen": None, "region": "r1"},
    ]
    assert results.of_subject(tmp_path, "person", 3).num_rows == 0, "the merely possible are not listed by subject"


def test_a_run_without_any_result_reads_as_empty(tmp_path: Path) -> None:
    Writer(tmp_path, "person").close()
    assert results.of_item(tmp_path, "person", 0).num_rows == 0
    assert results.of_subject(tmp_path, "person", 1).num_rows == 0
