"""Numeric built-ins (DMN 1.5, clause 10.3.4.5), rounded and added by the domain wherever it has the function."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_UP, Context, Decimal
from typing import Any

from tests.conformance.dmn_tck.arithmetic import negated
from tests.conformance.dmn_tck.durations import Months, Seconds
from tests.conformance.dmn_tck.functions.signatures import builtin
from zhida.domain.rules.engines.functions import FUNCTIONS
from zhida.domain.rules.numbers import FEEL, round_to

SCALES = range(-6111, 6177)
_WIDE = Context(prec=10_000, traps=[])


def finite(number: Decimal) -> Decimal | None:
    """A number, or null where there is none."""
    return number if number.is_finite() else None


@builtin("decimal(n: number, scale: number)")
def decimal(number: Decimal, scale: Decimal) -> Decimal | None:
    return _rounded(number, scale, ROUND_HALF_EVEN)


def _by_domain(name: str) -> Callable[..., Any]:
    def run(number: Decimal, scale: Decimal = Decimal(0)) -> Any:
        return round_to(name, number, scale) if int(scale) in SCALES else None

    return run


for _name in ("floor", "ceiling"):
    builtin(f"{_name}(n: number, [scale: number])")(_by_domain(_name))
builtin("round half up(n: number, scale: number)")(_by_domain("round half up"))


@builtin("round up(n: number, scale: number)")
def round_up(number: Decimal, scale: Decimal) -> Decimal | None:
    return _rounded(number, scale, ROUND_UP)


@builtin("round down(n: number, scale: number)")
def round_down(number: Decimal, scale: Decimal) -> Decimal | None:
    return _rounded(number, scale, ROUND_DOWN)


@builtin("round half down(n: number, scale: number)")
def round_half_down(number: Decimal, scale: Decimal) -> Decimal | None:
    return _rounded(number, scale, ROUND_HALF_DOWN)


def _rounded(number: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    if int(scale) not in SCALES:
        return None
    moved = _WIDE.scaleb(number, int(scale)).to_integral_value(rounding)
    return finite(FEEL.plus(_WIDE.scaleb(moved, -int(scale))))


@builtin("abs(n: number|years and months duration|days and time duration)")
def absolute(value: Any) -> Any:
    if isinstance(value, Months | Seconds):
        return negated(value) if value.count < 0 else value
    return FUNCTIONS["abs"](value)


@builtin("modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    if not divisor:
        return None
    quotient = _WIDE.divide(dividend, divisor).to_integral_value(ROUND_FLOOR)
    return finite(FEEL.plus(_WIDE.subtract(dividend, _WIDE.multiply(divisor, quotient))))


@builtin("sqrt(number: number)")
def square_root(number: Decimal) -> Decimal | None:
    return finite(FEEL.sqrt(number)) if number >= 0 else None


@builtin("log(number: number)")
def logarithm(number: Decimal) -> Decimal | None:
    return finite(FEEL.ln(number)) if number > 0 else None


@builtin("exp(number: number)")
def exponential(number: Decimal) -> Decimal | None:
    return finite(FEEL.exp(number))


@builtin("odd(number: number)")
def odd(number: Decimal) -> bool:
    return bool(modulo(number, Decimal(2)) == 1)


@builtin("even(number: number)")
def even(number: Decimal) -> bool:
    return bool(modulo(number, Decimal(2)) == 0)
