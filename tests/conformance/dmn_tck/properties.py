"""What stands behind a dot (DMN 1.5, table 53 and 10.3.2.5): entries of contexts, parts of dates, times and ranges."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.conformance.dmn_tck.calendar import Day, Moment, Time
from tests.conformance.dmn_tck.durations import Months, Seconds
from tests.conformance.dmn_tck.values import Range


def property_of(value: Any, name: str) -> Any:
    """An entry or a part of a value, of each member where it is a list; null where it has none of that name."""
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        return [property_of(member, name) for member in value]
    part = _PARTS.get((type(value), name))
    found = part(value) if part else None
    return Decimal(found) if type(found) is int else found


def _offset(time: Time) -> Seconds | None:
    return None if time.offset is None else Seconds(Decimal(time.offset))


def _offset_on(moment: Moment) -> Seconds | None:
    return None if moment.time.is_local else Seconds(Decimal(moment.time.offset_on(moment.day)))


_OF_DAY: dict[str, Callable[[Day], Any]] = {
    "year": lambda day: day.year,
    "month": lambda day: day.month,
    "day": lambda day: day.day,
    "weekday": lambda day: day.weekday,
}
_OF_TIME: dict[str, Callable[[Time], Any]] = {
    "hour": lambda time: time.parts[0],
    "minute": lambda time: time.parts[1],
    "second": lambda time: time.parts[2],
    "time offset": _offset,
    "timezone": lambda time: time.zone or None,
}
_PARTS: dict[tuple[type, str], Callable[[Any], Any]] = {
    **{(Day, name): part for name, part in _OF_DAY.items()},
    **{(Time, name): part for name, part in _OF_TIME.items()},
    **{(Moment, name): lambda moment, part=part: part(moment.day) for name, part in _OF_DAY.items()},
    **{(Moment, name): lambda moment, part=part: part(moment.time) for name, part in _OF_TIME.items()},
    (Moment, "time offset"): _offset_on,
    (Months, "years"): lambda duration: duration.years,
    (Months, "months"): lambda duration: duration.months,
    **{
        (Seconds, name): lambda duration, index=index: duration.parts[index]
        for index, name in enumerate(("days", "hours", "minutes", "seconds"))
    },
    (Range, "start"): lambda span: span.low,
    (Range, "end"): lambda span: span.high,
    (Range, "start included"): lambda span: span.includes_low,
    (Range, "end included"): lambda span: span.includes_high,
}
