"""Arithmetic on Numbers, exact to the last digit: in int64 where it provably fits, else on Decimals row by row."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

from zhida.domain.rules.engines.columns.vectors import NO, Mask, Numbers, Truths, truths_of
from zhida.domain.rules.language.types import decimals_of
from zhida.domain.rules.numbers import FEEL, calculate, round_to

_LIMIT = 2**63
MAX_SCALE = 18


def constant(value: Decimal) -> Numbers:
    """A number that is the same for all rows."""
    scale = decimals_of(value)
    scaled = int(FEEL.scaleb(value, scale)) if scale <= MAX_SCALE and value.adjusted() < MAX_SCALE else _LIMIT
    if abs(scaled) < _LIMIT:
        return Numbers(np.array([scaled], dtype=np.int64), ~NO, scale)
    return Numbers(np.array([value], dtype=object), ~NO, None)


def bound(numbers: Numbers) -> int:
    """The greatest absolute value in the int64 lane."""
    if not len(numbers.values):
        return 0
    return max(abs(int(numbers.values.min())), abs(int(numbers.values.max())))


def widened(numbers: Numbers) -> Numbers:
    """The same numbers as Decimals."""
    if numbers.scale is None:
        return numbers
    scale = -numbers.scale
    wide = np.empty(len(numbers.values), dtype=object)
    wide[:] = [FEEL.scaleb(Decimal(value), scale) for value in numbers.values.tolist()]
    return Numbers(wide, numbers.known, None, numbers.none)


def rescaled(numbers: Numbers, scale: int) -> Numbers | None:
    """The same numbers with more decimals, or None where int64 does not hold them."""
    factor = 10 ** (scale - (numbers.scale or 0))
    if numbers.scale is None or factor >= _LIMIT or bound(numbers) * factor >= _LIMIT:
        return None
    return Numbers(numbers.values * factor if factor > 1 else numbers.values, numbers.known, scale, numbers.none)


def aligned(left: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """Both with the same number of decimals, or both wide."""
    if left.scale is not None and right.scale is not None:
        scale = max(left.scale, right.scale)
        pair = rescaled(left, scale), rescaled(right, scale)
        if pair[0] is not None and pair[1] is not None:
            return pair[0], pair[1]
    return widened(left), widened(right)


def _together(left: Numbers, right: Numbers) -> tuple[Mask, Mask]:
    """Known and none of a strict operation: none wins over unknown."""
    none = left.none | right.none
    return (left.known & right.known) | none, none


def arithmetic(operator: str, left: Numbers, right: Numbers) -> Numbers:
    """`+ - * / **`, as `calculate` does it for one row."""
    known, none = _together(left, right)
    narrow = _narrow(operator, left, right)
    if narrow is not None:
        return Numbers(narrow[0], known, narrow[1], none)
    wide = _rowwise(lambda one, other: calculate(operator, one, other), widened(left), widened(right))
    return Numbers(wide.values, known & (wide.known | none), None, none)


def _narrow(operator: str, left: Numbers, right: Numbers) -> tuple[Any, int] | None:
    if left.scale is None or right.scale is None or operator == "/":
        return None
    if operator == "*":
        scale = left.scale + right.scale
        fits = scale <= MAX_SCALE and bound(left) * bound(right) < _LIMIT
        return (left.values * right.values, scale) if fits else None
    if operator == "**":
        power = int(right.values[0]) if len(right.values) == 1 and right.scale == 0 else -1
        fits = power >= 0 and left.scale * power <= MAX_SCALE and bound(left) ** min(power, 64) < _LIMIT
        return (left.values**power, left.scale * power) if fits else None
    one, other = aligned(left, right)
    if one.scale is None or bound(one) + bound(other) >= _LIMIT:
        return None
    return (one.values + other.values if operator == "+" else one.values - other.values), one.scale


def _rowwise(function: Callable[..., Any], *operands: Numbers) -> Numbers:
    """A function of Decimals applied where all operands are known and none is none."""
    size = np.broadcast_shapes(*(numbers.values.shape for numbers in operands), *(one.known.shape for one in operands))
    ready = np.broadcast_to(~NO, size).copy()
    for numbers in operands:
        ready &= numbers.known & ~numbers.none
    rows = np.flatnonzero(ready)
    columns = [np.broadcast_to(numbers.values, size)[rows].tolist() for numbers in operands]
    found = [function(*row) for row in zip(*columns, strict=True)]
    values = np.full(size, Decimal(0), dtype=object)
    values[rows] = found
    ready[rows] = [isinstance(value, Decimal) for value in found]
    values[~ready] = Decimal(0)
    return Numbers(values, ready, None)


def negated(numbers: Numbers) -> Numbers:
    """`-x`; int64's lowest value has no opposite and is never made."""
    if numbers.scale is not None:
        return Numbers(-numbers.values, numbers.known, numbers.scale, numbers.none)
    wide = _rowwise(FEEL.minus, numbers)
    return Numbers(wide.values, numbers.known, None, numbers.none)


def absolute(numbers: Numbers) -> Numbers:
    """`abs(x)`."""
    if numbers.scale is not None:
        return Numbers(np.abs(numbers.values), numbers.known, numbers.scale, numbers.none)
    wide = _rowwise(FEEL.abs, numbers)
    return Numbers(wide.values, numbers.known, None, numbers.none)


def extreme(name: str, left: Numbers, right: Numbers) -> Numbers:
    """`min` or `max` of two."""
    known, none = _together(left, right)
    one, other = aligned(left, right)
    if one.scale is not None:
        chosen = np.minimum(one.values, other.values) if name == "min" else np.maximum(one.values, other.values)
        return Numbers(chosen, known, one.scale, none)
    wide = _rowwise(min if name == "min" else max, one, other)
    return Numbers(wide.values, known, None, none)


def rounded(name: str, numbers: Numbers, digits: int) -> Numbers:
    """`floor`, `ceiling` or `round half up` to `digits` decimals, as `round_to` does it for one row."""
    if numbers.scale is None:
        return _narrowed(_rowwise(lambda value: round_to(name, value, Decimal(digits)), numbers), numbers, digits)
    if numbers.scale <= digits:
        return numbers
    step = 10 ** (numbers.scale - digits)
    if 2 * step >= _LIMIT or bound(numbers) + step >= _LIMIT:
        return rounded(name, widened(numbers), digits)
    values = numbers.values
    if name == "floor":
        parts = values // step
    elif name == "ceiling":
        parts = -(-values // step)
    else:
        parts = np.sign(values) * ((np.abs(values) + step // 2) // step)
    return Numbers(parts * 10 ** max(0, -digits), numbers.known, max(0, digits), numbers.none)


def rounded_quotient(name: str, left: Numbers, right: Numbers, digits: int) -> Numbers | None:
    """`floor`, `ceiling` or `round half up` of a quotient, in int64; None where it does not fit.

    The quotient of two int64 that is no tie lies further from the next one than its rounding to 34 digits can move it,
    so that whole numbers give what decimals give. A quotient by zero is unknown.
    """
    one, other = aligned(left, right)
    if one.scale is None or not 0 <= digits <= MAX_SCALE or 2 * bound(one) * 10**digits + bound(other) >= _LIMIT:
        return None
    known, none = _together(one, other)
    sign = np.sign(other.values)
    above, below = one.values * sign * 10**digits, np.where(sign == 0, 1, np.abs(other.values))
    if name == "floor":
        parts = above // below
    elif name == "ceiling":
        parts = -(-above // below)
    else:
        parts = np.sign(above) * ((2 * np.abs(above) + below) // (2 * below))
    return Numbers(parts, known & ((sign != 0) | none), digits, none)


def _narrowed(wide: Numbers, before: Numbers, digits: int) -> Numbers:
    """Rounded Decimals back in int64, where they all fit."""
    scale, known = max(0, digits), before.known & (wide.known | before.none)
    scaled = [int(FEEL.scaleb(value, scale)) for value in wide.values.tolist()]
    if scale <= MAX_SCALE and all(abs(value) < _LIMIT for value in scaled):
        return Numbers(np.array(scaled, dtype=np.int64), known, scale, before.none)
    return Numbers(wide.values, known, None, before.none)


_ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def ordered(sign: str, left: Any, right: Any) -> Mask:
    """`left sign right` on plain arrays."""
    return np.asarray(_ORDERS[sign](left, right), dtype=bool)


def compared(sign: str, left: Numbers, right: Numbers) -> Truths:
    """A comparison; with a none it is unknown."""
    one, other = aligned(left, right)
    known = left.known & right.known & ~left.none & ~right.none
    return truths_of(ordered(sign, one.values, other.values), known)
