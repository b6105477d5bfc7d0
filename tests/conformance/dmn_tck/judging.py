"""Whether a value is what the TCK expects."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.conformance.dmn_tck.comparison import is_identical
from tests.conformance.dmn_tck.values import kind_of

ROUNDED_TO = 8
TOLERANCE = Decimal("1e-8")


def agrees(expected: Any, found: Any) -> bool:
    """Equal in kind and value. A number that the TCK gives rounded, to 8 decimals or more, may differ by 1e-8."""
    if kind_of(expected) != kind_of(found):
        return False
    if isinstance(expected, Decimal):
        return bool(expected == found or (is_rounded(expected) and abs(expected - found) <= TOLERANCE))
    if isinstance(expected, list):
        return len(expected) == len(found) and all(agrees(*pair) for pair in zip(expected, found, strict=True))
    if isinstance(expected, dict):
        return expected.keys() == found.keys() and all(agrees(value, found[name]) for name, value in expected.items())
    return is_identical(expected, found)


def is_rounded(number: Decimal) -> bool:
    """Whether the TCK gives a number to so many decimals that it must have been rounded."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and -exponent >= ROUNDED_TO
