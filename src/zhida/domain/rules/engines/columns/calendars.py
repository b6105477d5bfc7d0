"""Date functions over columns, the same to the day as those of `numbers` for one date."""

from __future__ import annotations

from typing import Any

import numpy as np

from zhida.domain.rules.engines.columns.vectors import Days, Mask, Numbers, Unsupported, Whole

_FIRST = -719_162  # 0001-01-01
_LAST = 2_932_896  # 9999-12-31
_FIRST_MONTH = -1969 * 12
_LAST_MONTH = 8030 * 12 - 1


def _split(days: Whole) -> tuple[Whole, Whole]:
    """Months since January 1970, and the day of the month."""
    dates: Any = np.clip(days, _FIRST, _LAST).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    return months.astype(np.int64), (dates - months.astype("datetime64[D]")).astype(np.int64) + 1


def _whole(values: Whole, known: Mask) -> Numbers:
    return Numbers(values, known, 0)


def year_of(days: Days) -> Numbers:
    """The calendar year."""
    return _whole(_split(days.days)[0] // 12 + 1970, days.known)


def month_of(days: Days) -> Numbers:
    """1 to 12."""
    return _whole(_split(days.days)[0] % 12 + 1, days.known)


def day_of(days: Days) -> Numbers:
    """1 to 31."""
    return _whole(_split(days.days)[1], days.known)


def days_between(start: Days, end: Days) -> Numbers:
    """Days from start to end."""
    return _whole(end.days - start.days, start.known & end.known)


def months_between(start: Days, end: Days) -> Numbers:
    """Whole months from start to end, negative where end is earlier."""
    (month, day), (until, until_day) = _split(start.days), _split(end.days)
    forward = until - month - (until_day < day)
    backward = -(month - until - (day < until_day))
    return _whole(np.where(end.days >= start.days, forward, backward), start.known & end.known)


def years_between(start: Days, end: Days) -> Numbers:
    """Whole years from start to end."""
    months = months_between(start, end)
    return _whole(np.sign(months.values) * (np.abs(months.values) // 12), months.known)


def add_months(days: Days, count: Numbers) -> Days:
    """The same day `count` months on, the last day of a shorter month; unknown past year 9999."""
    if count.scale != 0:
        raise Unsupported("months that are not counted in whole numbers")
    month, day = _split(days.days)
    counted = np.clip(count.values, -(10**6), 10**6)
    target = month + counted
    inside = (target >= _FIRST_MONTH) & (target <= _LAST_MONTH)
    months: Any = np.where(inside, target, 0).astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    length = (months + 1).astype("datetime64[D]").astype(np.int64) - first
    known = days.known & count.known & ~count.none & inside
    return Days(first + np.minimum(day, length) - 1, known)
