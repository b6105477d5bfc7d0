"""Exact arithmetic and calendars at their edges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhida.domain.rules import UNKNOWN
from zhida.domain.rules.numbers import add_months, calculate, months_between, round_to, years_between


@pytest.mark.parametrize(
    ("sign", "left", "right", "result"),
    [
        ("/", "1", "3", "0.3333333333333333333333333333333333"),
        ("/", "2", "3", "0.6666666666666666666666666666666667"),
        ("+", "9999999999999999999999999999999999", "0.5", "1E+34"),
        ("**", "0", "0", "1"),
        ("**", "1.1", "2", "1.21"),
    ],
)
def test_decimals_have_34_digits_rounded_half_even(sign: str, left: str, right: str, result: str) -> None:
    assert calculate(sign, Decimal(left), Decimal(right)) == Decimal(result)


def test_what_has_no_value_is_unknown() -> None:
    assert calculate("/", Decimal(1), Decimal(0)) is UNKNOWN
    assert calculate("**", Decimal("1E+6000"), Decimal(2)) is UNKNOWN
    assert add_months(date(9999, 12, 1), Decimal(1)) is UNKNOWN
    assert add_months(date(1, 1, 1), Decimal(-1)) is UNKNOWN
    assert add_months(date(2000, 1, 1), Decimal("0.5")) is UNKNOWN


@pytest.mark.parametrize(
    ("name", "number", "digits", "result"),
    [
        ("floor", "-1.1", 0, "-2"),
        ("ceiling", "-1.1", 0, "-1"),
        ("ceiling", "1.101", 2, "1.11"),
        ("round half up", "0.5", 0, "1"),
        ("round half up", "-0.5", 0, "-1"),
        ("round half up", "150", -2, "200"),
        ("floor", "1E+40", 0, "1E+40"),
    ],
)
def test_rounding(name: str, number: str, digits: int, result: str) -> None:
    assert round_to(name, Decimal(number), Decimal(digits)) == Decimal(result)


@pytest.mark.parametrize(
    ("start", "end", "months", "years"),
    [
        (date(2000, 1, 31), date(2000, 2, 29), 0, 0),
        (date(2000, 1, 31), date(2000, 3, 1), 1, 0),
        (date(2004, 2, 29), date(2022, 2, 28), 215, 17),
        (date(2004, 2, 29), date(2022, 3, 1), 216, 18),
        (date(2022, 3, 1), date(2004, 2, 29), -216, -18),
        (date(2020, 5, 5), date(2020, 5, 5), 0, 0),
    ],
)
def test_whole_months_and_years(start: date, end: date, months: int, years: int) -> None:
    assert (months_between(start, end), years_between(start, end)) == (months, years)


def test_months_are_added_to_the_end_of_a_shorter_one() -> None:
    assert add_months(date(2023, 12, 31), Decimal(2)) == date(2024, 2, 29)
    assert add_months(date(2024, 3, 31), Decimal(-1)) == date(2024, 2, 29)
    assert add_months(date(1900, 1, 31), Decimal(1)) == date(1900, 2, 28)
