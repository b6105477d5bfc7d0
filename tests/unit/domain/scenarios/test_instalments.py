"""Instalments fall due in the years that the calendar says, and none is lost."""

from __future__ import annotations

from datetime import date

import pytest

from zhida.domain.packs import Schedule
from zhida.domain.scenarios.instalments import due_by_year

OCTOBER = date(2026, 10, 5)


@pytest.mark.parametrize(
    ("schedule", "due"),
    [
        (None, (100, 0, 0, 0, 0)),
        (Schedule("year", 3, True), (100, 100, 100, 0, 0)),
        (Schedule("month", 12, True), (300, 900, 0, 0, 0)),
        (Schedule("month", 2, True), (200, 0, 0, 0, 0)),
        (Schedule("month", None, True), (300, 1200, 1200, 1200, 1200)),
        (Schedule("year", None, False), (100,) * 5),
    ],
)
def test_what_falls_due(schedule: Schedule | None, due: tuple[int, ...]) -> None:
    assert due_by_year(schedule, 100, OCTOBER) == due
