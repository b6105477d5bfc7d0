"""The clock of a case or a step: a promise in working days that stops while the applicant has the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zhida.domain.errors import InvariantBroken
from zhida.domain.process.calendar import WorkCalendar

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pause:
    """The clock stood still after `paused_on` up to and with `resumed_on` (None: it still does), and why.

    The day of pausing was the office's and counts; the day of resuming is like a first day and does not.
    """

    paused_on: date
    resumed_on: date | None
    reason: str

    def __post_init__(self) -> None:
        if self.resumed_on is not None and self.resumed_on < self.paused_on:
            raise InvariantBroken("malformed_pause", f"resumed on {self.resumed_on}, paused on {self.paused_on}")
        if not self.reason:
            raise InvariantBroken("pause_without_reason", f"the clock stopped on {self.paused_on} for no reason")

    def covers(self, day: date, as_of: date) -> bool:
        """Whether a date does not count; a pause still open is seen as ending on `as_of`."""
        return self.paused_on < day <= (self.resumed_on or as_of)


@dataclass(frozen=True)
class Deadline:
    """A date, whether it rests on a year whose holidays are not published yet, and whether the clock stands still, so
    that the date moves with every day that passes."""

    on: date
    is_estimated: bool = False
    is_paused: bool = False


@dataclass(frozen=True)
class Clock:
    """`working_days` promised from `started_on`, which does not count, with the pauses so far."""

    calendar: WorkCalendar
    started_on: date
    working_days: int
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        if self.working_days < 0:
            raise InvariantBroken("malformed_limit", f"{self.working_days} working days")

    def due_on(self, as_of: date) -> Deadline:
        """The last day of the promise; while paused, what it would be if the clock went on after `as_of`."""
        day, left = self.started_on, self.working_days
        while left > 0:
            day += _DAY
            left -= self._counts(day, as_of)
        return Deadline(day, self._is_estimated(day), self.is_paused)

    def is_late(self, as_of: date) -> bool:
        """Whether the promise is broken: `as_of` is past the due day, even where that day was no working day."""
        return as_of > self.due_on(as_of).on

    @property
    def is_paused(self) -> bool:
        """Whether a pause is still open."""
        return any(pause.resumed_on is None for pause in self.pauses)

    def _counts(self, day: date, as_of: date) -> bool:
        return self.calendar.is_working_day(day) and not any(pause.covers(day, as_of) for pause in self.pauses)

    def _is_estimated(self, day: date) -> bool:
        years = range(self.started_on.year, day.year + 1)
        return any(year not in self.calendar.years for year in years)
