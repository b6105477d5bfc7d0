"""FEEL's `+ - * / **` (DMN 1.5, tables 57 to 60): numbers by the domain, the calendar here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.conformance.dmn_tck.calendar import MIDNIGHT_UTC, Day, Moment, Time, midnight_utc
from tests.conformance.dmn_tck.durations import DAY, Duration, Months, Seconds
from zhida.domain.rules.answers import Unknown
from zhida.domain.rules.numbers import calculate

Operation = Callable[[Any, Any], Any]


def computed(operator: str, left: Any, right: Any) -> Any:
    """`left operator right`; null where the kinds have no such operation, or the result no value."""
    if type(left) is Decimal and type(right) is Decimal:
        return calculate(operator, left, right)
    rule = _RULES.get((operator, type(left), type(right)))
    return rule(left, right) if rule else None


def negated(value: Any) -> Any:
    """`-value` for a number or a duration."""
    if isinstance(value, Months):
        return Months(-value.count)
    if isinstance(value, Seconds):
        return Seconds(-value.count)
    return -value if type(value) is Decimal else None


def _day_later(day: Day, duration: Duration) -> Day | None:
    if isinstance(duration, Months):
        return day.plus_months(duration.count)
    moment = Moment(day, MIDNIGHT_UTC).plus(duration)
    return moment.day if moment else None


def _moment_later(moment: Moment, duration: Duration) -> Moment | None:
    return moment.plus_months(duration) if isinstance(duration, Months) else moment.plus(duration)


def _time_later(time: Time, duration: Seconds) -> Time:
    seconds = (time.seconds + duration.count) % DAY
    return replace(time, seconds=seconds + DAY if seconds < 0 else seconds)


def _between(left: Moment, right: Moment) -> Seconds | None:
    return Seconds(left.seconds - right.seconds) if left.time.is_local is right.time.is_local else None


def _between_times(left: Time, right: Time) -> Seconds | None:
    epoch = Day(1970, 1, 1)
    return _between(Moment(epoch, left), Moment(epoch, right))


def _sum(left: Any, right: Any) -> Any:
    return replace(left, count=left.count + right.count)


def _resized(operator: str) -> Operation:
    """A duration times or divided by a number; whole months, towards zero."""

    def resize(duration: Duration, number: Decimal) -> Duration | None:
        count = calculate(operator, Decimal(duration.count), number)
        if isinstance(count, Unknown):
            return None
        return Months(int(count)) if isinstance(duration, Months) else Seconds(count)

    return resize


def _ratio(left: Duration, right: Duration) -> Any:
    return calculate("/", Decimal(left.count), Decimal(right.count))


def _both(kind: type, operation: Operation) -> dict[tuple[str, type, type], Operation]:
    """Later and earlier by a duration."""
    return {
        ("+", kind, Months): operation,
        ("+", Months, kind): lambda duration, value: operation(value, duration),
        ("+", kind, Seconds): operation,
        ("+", Seconds, kind): lambda duration, value: operation(value, duration),
        ("-", kind, Months): lambda value, duration: operation(value, negated(duration)),
        ("-", kind, Seconds): lambda value, duration: operation(value, negated(duration)),
    }


_RULES: dict[tuple[str, type, type], Operation] = {
    ("+", str, str): lambda left, right: left + right,
    **_both(Day, _day_later),
    **_both(Moment, _moment_later),
    ("+", Time, Seconds): _time_later,
    ("+", Seconds, Time): lambda duration, time: _time_later(time, duration),
    ("-", Time, Seconds): lambda time, duration: _time_later(time, negated(duration)),
    ("-", Time, Time): _between_times,
    ("-", Moment, Moment): _between,
    ("-", Day, Day): lambda left, right: _between(midnight_utc(left), midnight_utc(right)),
    ("-", Day, Moment): lambda left, right: _between(midnight_utc(left), right),
    ("-", Moment, Day): lambda left, right: _between(left, midnight_utc(right)),
}
for _kind in (Months, Seconds):
    _RULES |= {
        ("+", _kind, _kind): _sum,
        ("-", _kind, _kind): lambda left, right: _sum(left, negated(right)),
        ("*", _kind, Decimal): _resized("*"),
        ("*", Decimal, _kind): lambda number, duration: _resized("*")(duration, number),
        ("/", _kind, Decimal): _resized("/"),
        ("/", _kind, _kind): _ratio,
    }
