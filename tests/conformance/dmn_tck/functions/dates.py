"""Date and time built-ins (DMN 1.5, clauses 10.3.4.1 and 10.3.4.7); months between dates are counted by the domain."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.conformance.dmn_tck.calendar import (
    MIDNIGHT_UTC,
    Day,
    Moment,
    Time,
    read_day,
    read_moment,
    read_time,
    time_of,
)
from tests.conformance.dmn_tck.comparison import is_identical
from tests.conformance.dmn_tck.durations import Duration, Months, Seconds, read_duration
from tests.conformance.dmn_tck.functions.signatures import builtin
from zhida.domain.rules.numbers import months_between

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@builtin("date(from: string)")
def date_of_text(text: str) -> Day | None:
    return read_day(text)


@builtin("date(from: date|date and time)")
def date_of(value: Day | Moment) -> Day:
    return value.day if isinstance(value, Moment) else value


@builtin("date(year: number, month: number, day: number)")
def date_of_parts(year: Decimal, month: Decimal, day: Decimal) -> Day | None:
    parts = (year, month, day)
    return Day.of(*(int(part) for part in parts)) if all(part == int(part) for part in parts) else None


@builtin("date and time(from: string)")
def moment_of_text(text: str) -> Moment | None:
    return read_moment(text)


@builtin("date and time(from: date and time)")
def moment_itself(value: Moment) -> Moment:
    return value


@builtin("date and time(date: date|date and time, time: time)")
def moment_of_parts(day: Day | Moment, time: Time) -> Moment:
    return Moment(date_of(day), time)


@builtin("time(from: string)")
def time_of_text(text: str) -> Time | None:
    return read_time(text)


@builtin("time(from: time|date|date and time)")
def time_from(value: Time | Day | Moment) -> Time:
    if isinstance(value, Day):
        return MIDNIGHT_UTC
    return value.time if isinstance(value, Moment) else value


@builtin("time(hour: number, minute: number, second: number, [offset: days and time duration|null])")
def time_of_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: Seconds | None = None) -> Time | None:
    if hour != int(hour) or minute != int(minute):
        return None
    return time_of(int(hour), int(minute), second, None if offset is None else int(offset.count))


@builtin("duration(from: string)")
def duration_of_text(text: str) -> Duration | None:
    return read_duration(text)


@builtin("duration(from: days and time duration|years and months duration)")
def duration_itself(value: Duration) -> Duration:
    return value


@builtin("years and months duration(from: date|date and time, to: date|date and time)")
def years_and_months(start: Day | Moment, end: Day | Moment) -> Months:
    first, last = date_of(start), date_of(end)
    return Months(months_between(first, last))


@builtin("is([value1], [value2])")
def same_value(left: Any = None, right: Any = None) -> bool:
    return is_identical(left, right)


@builtin("day of week(date: date|date and time)")
def day_of_week(value: Day | Moment) -> str:
    return WEEKDAYS[date_of(value).weekday - 1]


@builtin("month of year(date: date|date and time)")
def month_of_year(value: Day | Moment) -> str:
    return MONTHS[date_of(value).month - 1]


@builtin("day of year(date: date|date and time)")
def day_of_year(value: Day | Moment) -> Decimal:
    day = date_of(value)
    return Decimal(day.toordinal() - Day(day.year, 1, 1).toordinal() + 1)


@builtin("week of year(date: date|date and time)")
def week_of_year(value: Day | Moment) -> Decimal:
    day = date_of(value)
    thursday = Day.from_ordinal(day.toordinal() - day.weekday + 4) or day
    return Decimal((thursday.toordinal() - Day(thursday.year, 1, 1).toordinal()) // 7 + 1)
