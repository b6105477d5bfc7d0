"""Exact numbers and dates: decimals of 34 digits, half-even, as FEEL has them (DMN 1.4, clause 10.3.2.2).

Every function is total: a quotient by zero, a number or a date out of range is UNKNOWN. The checker keeps authors from
ever relying on that.
"""

from __future__ import annotations

from datetime import date
from decimal import MAX_PREC, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

from zhida.domain.rules.answers import UNKNOWN, Unknown

FEEL = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
_WIDE = Context(prec=min(10_000, MAX_PREC), traps=[])

_OPERATIONS = {
    "+": FEEL.add,
    "-": FEEL.subtract,
    "*": FEEL.multiply,
    "/": FEEL.divide,
    "**": FEEL.power,
}
_ROUNDINGS = {"floor": ROUND_FLOOR, "ceiling": ROUND_CEILING, "round half up": ROUND_HALF_UP}


def calculate(operator: str, left: Decimal, right: Decimal) -> Decimal | Unknown:
    """One of `+ - * / **`, rounded to 34 digits. Anything to the power of zero is one."""
    if operator == "**" and right == 0:
        return Decimal(1)
    result = _OPERATIONS[operator](left, right)
    return result if result.is_finite() else UNKNOWN


def round_to(name: str, number: Decimal, digits: Decimal = Decimal(0)) -> Decimal | Unknown:
    """`floor`, `ceiling` or `round half up` (ties away from zero) to `digits` decimals; negative are tens, hundreds."""
    shift = int(digits)
    moved = _WIDE.scaleb(number, shift).to_integral_value(_ROUNDINGS[name])
    result = FEEL.plus(_WIDE.scaleb(moved, -shift))
    return result if result.is_finite() else UNKNOWN


def months_between(start: date, end: date) -> int:
    """Whole months from start to end, negative where end is earlier; one is full when its day of the month comes."""
    if end < start:
        return -months_between(end, start)
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def years_between(start: date, end: date) -> int:
    """Whole years from start to end, by whole months: who is born on 29 February has a birthday on 1 March."""
    months = months_between(start, end)
    return months // 12 if months >= 0 else -(-months // 12)


def add_months(day: date, count: Decimal) -> date | Unknown:
    """The same day `count` months on; the last day of a month too short for it."""
    months = day.year * 12 + day.month - 1 + int(count)
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999 or count != count.to_integral_value():
        return UNKNOWN
    return date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
