"""FEEL's dates, times and dates with times (DMN 1.5, clause 10.3.2.3.4 to 10.3.2.3.6), far beyond the years 1 to 9999.

A Day has what `datetime.date` has, so that the domain's own calendar functions take it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from tests.conformance.dmn_tck.durations import DAY, Months, Seconds, plain
from zhida.domain.rules.numbers import days_in_month

MAX_YEAR = 999_999_999
MAX_OFFSET = 18 * 3600
_ERA = 146_097  # days in 400 years
_DATE = re.compile(r"(-?(?:[1-9]\d{4,}|\d{4}))-(\d{2})-(\d{2})")
_TIME = re.compile(r"(\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)(?:(Z)|([+-])(\d{2}):(\d{2})(?::(\d{2}))?|@(\w+(?:[/+-]\w+)*))?")


@dataclass(frozen=True, order=True)
class Day:
    """A date of the proleptic Gregorian calendar; year 0 is 1 BC."""

    year: int
    month: int
    day: int

    @classmethod
    def of(cls, year: int, month: int, day: int) -> Day | None:
        """The date, or None where the calendar has none."""
        fits = abs(year) <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)
        return cls(year, month, day) if fits else None

    @classmethod
    def from_ordinal(cls, ordinal: int) -> Day | None:
        """The date with this number of days, 1 being 1 January of year 1."""
        era, rest = divmod(ordinal - 1, _ERA)
        day = datetime.min.date() + timedelta(days=rest)
        return cls.of(day.year + 400 * era, day.month, day.day)

    def toordinal(self) -> int:
        """Days counted from 1 January of year 1, which is 1."""
        era, year = divmod(self.year - 1, 400)
        return datetime(year + 1, self.month, self.day).toordinal() + _ERA * era

    @property
    def weekday(self) -> int:
        """1 is Monday, 7 is Sunday."""
        return (self.toordinal() - 1) % 7 + 1

    def plus_months(self, count: int) -> Day | None:
        """The same day so many months on; the last day of a month too short for it."""
        year, month = divmod(self.year * 12 + self.month - 1 + count, 12)
        return Day.of(year, month + 1, min(self.day, days_in_month(year, month + 1)))

    def __str__(self) -> str:
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04}-{self.month:02}-{self.day:02}"


@dataclass(frozen=True)
class Time:
    """A time of day: seconds since midnight, with an offset from UTC in seconds, a named zone, or neither."""

    seconds: Decimal
    offset: int | None = None
    zone: str = ""

    @property
    def is_local(self) -> bool:
        """Whether it says nothing about its place in the world."""
        return self.offset is None and not self.zone

    @property
    def parts(self) -> tuple[int, int, Decimal]:
        """Hour, minute, second."""
        whole = int(self.seconds)
        return whole // 3600, whole % 3600 // 60, whole % 60 + (self.seconds - whole)

    def offset_on(self, day: Day) -> int:
        """Seconds ahead of UTC on a date; a local time counts as UTC."""
        if not self.zone:
            return self.offset or 0
        clock = datetime(2000 + day.year % 400, day.month, day.day) + timedelta(seconds=int(self.seconds))
        shift = clock.replace(tzinfo=ZoneInfo(self.zone)).utcoffset()
        return int(shift.total_seconds()) if shift is not None else 0

    def __str__(self) -> str:
        hour, minute, second = self.parts
        whole, _, fraction = plain(second).partition(".")
        written = f"{hour:02}:{minute:02}:{whole:0>2}" + (f".{fraction}" if fraction else "")
        return written + (f"@{self.zone}" if self.zone else _written_offset(self.offset))


@dataclass(frozen=True)
class Moment:
    """A date and time."""

    day: Day
    time: Time

    @property
    def seconds(self) -> Decimal:
        """Seconds since the first day began, in UTC; a local one is taken as it stands."""
        return DAY * self.day.toordinal() + self.time.seconds - self.time.offset_on(self.day)

    def plus(self, duration: Seconds) -> Moment | None:
        """So many seconds later, at the same offset or in the same zone."""
        days, seconds = divmod(self.time.seconds + duration.count, DAY)
        if seconds < 0:
            days, seconds = days - 1, seconds + DAY
        day = Day.from_ordinal(self.day.toordinal() + int(days))
        return Moment(day, replace(self.time, seconds=seconds)) if day else None

    def plus_months(self, duration: Months) -> Moment | None:
        """So many months later, at the same time of day."""
        day = self.day.plus_months(duration.count)
        return Moment(day, self.time) if day else None

    def __str__(self) -> str:
        return f"{self.day}T{self.time}"


MIDNIGHT = Time(Decimal(0))
MIDNIGHT_UTC = Time(Decimal(0), 0)


def midnight_utc(day: Day) -> Moment:
    """A date where a date and time is wanted (clause 10.3.2.9.4)."""
    return Moment(day, MIDNIGHT_UTC)


def read_day(text: str) -> Day | None:
    """The date of an XML Schema text without a zone, or None."""
    found = _DATE.fullmatch(text)
    return Day.of(*(int(part) for part in found.groups())) if found else None


def read_time(text: str) -> Time | None:
    """The time of a text such as `10:30:00`, `10:30:00.5Z`, `10:30:00+08:00`, `10:30:00@Asia/Shanghai`, or None."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, second, utc, sign, *shift, zone = found.groups()
    offset = 0 if utc else None
    if sign:
        hours, minutes, seconds = (int(part or 0) for part in shift)
        offset = (3600 * hours + 60 * minutes + seconds) * (-1 if sign == "-" else 1)
        if minutes > 59 or seconds > 59:
            return None
    return time_of(int(hour), int(minute), Decimal(second), offset, zone or "")


def time_of(hour: int, minute: int, second: Decimal, offset: int | None, zone: str = "") -> Time | None:
    """The time, or None where the clock, the offset or the zone has none such; 24:00:00 is midnight."""
    if (hour, minute, second) == (24, 0, Decimal(0)):
        hour = 0
    fits = 0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60
    if not fits or abs(offset or 0) > MAX_OFFSET or (zone and zone not in zones()):
        return None
    return Time(3600 * hour + 60 * minute + second, offset, zone)


def read_moment(text: str) -> Moment | None:
    """The date and time of an XML Schema text; a date alone is its midnight, 24:00:00 the next."""
    date, letter, time = text.partition("T")
    day = read_day(date)
    clock = read_time(time) if letter else MIDNIGHT
    if day and time.startswith("24"):
        day = Day.from_ordinal(day.toordinal() + 1)
    return Moment(day, clock) if day and clock else None


@cache
def zones() -> frozenset[str]:
    """The zone names that this machine knows; none where it has no zone table."""
    return frozenset(available_timezones())


def _written_offset(offset: int | None) -> str:
    if offset is None:
        return ""
    if offset == 0:
        return "Z"
    hours, rest = divmod(abs(offset), 3600)
    written = f"{'-' if offset < 0 else '+'}{hours:02}:{rest // 60:02}"
    return written + (f":{rest % 60:02}" if rest % 60 else "")
