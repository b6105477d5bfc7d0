"""Clocks: the machine's own, and one that a demonstration may set forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """This instant in UTC."""
        return datetime.now(UTC)


class DemoClock:
    """The machine's clock plus an offset in whole seconds, kept in a file, so that all processes of a home agree."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def offset(self) -> timedelta:
        """How far this clock is ahead of the machine's; nothing where it was never moved."""
        return timedelta(seconds=int(self.path.read_text("ascii"))) if self.path.exists() else timedelta()

    def now(self) -> datetime:
        """The shifted instant in UTC."""
        return datetime.now(UTC) + self.offset

    def move(self, span: timedelta) -> datetime:
        """Sets the clock forward (or back) by `span` and tells the instant it now shows."""
        return self._keep(self.offset + span)

    def show(self, moment: datetime) -> datetime:
        """Sets the clock so that it shows `moment` (aware) now, to the second, and runs on from there."""
        return self._keep(moment - datetime.now(UTC))

    def _keep(self, offset: timedelta) -> datetime:
        draft = self.path.with_suffix(".draft")
        draft.write_text(str(round(offset.total_seconds())), "ascii")
        draft.replace(self.path)
        return self.now()
