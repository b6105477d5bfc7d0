"""Working days: weekdays less the published holidays, plus the weekend days worked in exchange (调休)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zhida.domain.errors import InvariantBroken

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """`years` are those whose holidays have been published; in any other year a date is only an estimate.

    Holidays hold full days off that fall on weekdays (those on weekends do no harm), make-up days are weekends worked.
    """

    holidays: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        both = self.holidays & self.make_up_days
        if both:
            raise InvariantBroken("malformed_calendar", f"{min(both)} is both a holiday and a make-up day")

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on a date."""
        if day in self.make_up_days:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def is_estimated(self, day: date) -> bool:
        """Whether the year of a date has no published holidays, so that counting into it is a guess."""
        return day.year not in self.years

    def add_working_days(self, start: date, count: int) -> date:
        """The `count`-th working day after `start`, which itself never counts (民法典 article 201); 0 is `start`."""
        if count < 0:
            raise InvariantBroken("malformed_limit", f"{count} working days")
        day = start
        while count:
            day += _DAY
            count -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and with `end`; negative where `end` is the earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(start + _DAY * count) for count in range(1, (end - start).days + 1))
