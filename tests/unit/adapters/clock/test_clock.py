"""The demonstration's clock runs on from where it was set, and all processes of a home agree on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from zhida.adapters.clock import DemoClock, SystemClock

SLACK = timedelta(seconds=5)


def test_a_clock_never_moved_shows_the_machines_time(tmp_path: Path) -> None:
    assert abs(DemoClock(tmp_path / "clock").now() - SystemClock().now()) < SLACK
    assert SystemClock().now().tzinfo is UTC


def test_moves_add_up_and_are_seen_by_others(tmp_path: Path) -> None:
    clock = DemoClock(tmp_path / "clock")
    clock.move(timedelta(days=3))
    clock.move(timedelta(hours=-1))
    assert DemoClock(tmp_path / "clock").offset == timedelta(days=2, hours=23)


def test_a_clock_can_be_set_to_an_instant(tmp_path: Path) -> None:
    clock, moment = DemoClock(tmp_path / "clock"), datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    assert abs(clock.show(moment) - moment) < SLACK
