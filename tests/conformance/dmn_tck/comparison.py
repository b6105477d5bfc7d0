"""Equality and order of FEEL values (DMN 1.5, tables 47 to 50): what can be compared, the domain compares."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.conformance.dmn_tck.calendar import Day, Moment, Time
from tests.conformance.dmn_tck.durations import Months, Seconds
from tests.conformance.dmn_tck.values import Range, kind_of
from zhida.domain.rules.answers import Unknown
from zhida.domain.rules.engines.kleene import compared

_EPOCH = Day(1970, 1, 1)


def equal(left: Any, right: Any) -> bool | None:
    """`left = right`; null where the kinds differ."""
    if left is None or right is None:
        return left is right
    if kind_of(left) != kind_of(right):
        return None
    if isinstance(left, list):
        return len(left) == len(right) and all(equal(*pair) is True for pair in zip(left, right, strict=True))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equal(left[name], right[name]) is True for name in left)
    if isinstance(left, Range):
        ends = equal(left.low, right.low) is True and equal(left.high, right.high) is True
        return ends and (left.includes_low, left.includes_high) == (right.includes_low, right.includes_high)
    if _is_local(left) is not _is_local(right):
        return False
    return _plain("=", left, right)


def ordered(operator: str, left: Any, right: Any) -> bool | None:
    """`left operator right` for an operator of `< <= > >=`; null where the two have no order."""
    if kind_of(left) != kind_of(right) or isinstance(left, bool | list | dict | Range):
        return None
    return None if _is_local(left) is not _is_local(right) else _plain(operator, left, right)


def holds(operator: str, left: Any, right: Any) -> bool | None:
    """Any comparison."""
    if operator in ("=", "!="):
        same = equal(left, right)
        return same if operator == "=" or same is None else not same
    return ordered(operator, left, right)


def is_within(value: Any, span: Range) -> bool | None:
    """Whether a range holds a value; null where they do not compare."""
    low = True if span.low is None else ordered(">=" if span.includes_low else ">", value, span.low)
    high = True if span.high is None else ordered("<=" if span.includes_high else "<", value, span.high)
    return None if low is None or high is None else low and high


def is_identical(left: Any, right: Any) -> bool:
    """The built-in `is`: equal, and in the same place of the world too (clause 10.3.4.7)."""
    same_place = True
    if isinstance(left, Time) and isinstance(right, Time):
        same_place = (left.offset, left.zone) == (right.offset, right.zone)
    if isinstance(left, Moment) and isinstance(right, Moment):
        same_place = is_identical(left.time, right.time)
    return same_place and equal(left, right) is True


def _plain(operator: str, left: Any, right: Any) -> bool | None:
    found = compared(operator, _measure(left), _measure(right))
    if isinstance(found, Unknown):
        return left is right if operator == "=" else None
    return bool(found)


def _measure(value: Any) -> Any:
    """What orders a value among its kind."""
    if isinstance(value, Time):
        return value.seconds - value.offset_on(_EPOCH)
    if isinstance(value, Months):
        return Decimal(value.count)
    if isinstance(value, Seconds):
        return value.count
    return value.seconds if isinstance(value, Moment) else value


def _is_local(value: Any) -> bool:
    clock = value.time if isinstance(value, Moment) else value
    return isinstance(clock, Time) and clock.is_local
