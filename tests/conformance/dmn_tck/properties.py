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
    part = _PARTS.get(type(value), {}).get(name)
    if part is None and isinstance(value, Moment):
        return property_of(value.day if name in _OF_DAY else value.time, name)
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
_PARTS: dict[type, dict[str, Callable[[Any], Any]]] = {
    Day: _OF_DAY,
    Time: _OF_TIME,
    Moment: {"time offset": _offset_on},
    Months: {"years": lambda duration: duration.years, "months": lambda duration: duration.months},
    Seconds: {
        "days": lambda duration: duration.parts[0],
        "hours": lambda duration: duration.parts[1],
        "minutes": lambda duration: duration.parts[2],
        "seconds": lambda duration: duration.parts[3],
    },
    Range: {
        "start": lambda span: span.low,
        "end": lambda span: span.high,
        "start included": lambda span: span.includes_low,
        "end included": lambda span: span.includes_high,
    },
}
