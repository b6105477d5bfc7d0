"""Codes: a threshold, its neighbours and an unknown; a place, what lies in it, and what is too coarse to tell."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from tests.unit.domain.rules.refund import REGIONS
from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.engines.table.coding import (
    Between,
    Cut,
    Numbering,
    Place,
    Word,
    coding_of,
    merged,
    ranges_of,
    without,
)
from zhida.domain.rules.numbers import FEEL


def at_least(value: str) -> Between:
    return Between(Cut(Decimal(value), False), None)


def more_than(value: str) -> Between:
    return Between(Cut(Decimal(value), True), None)


def holds(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code < high for low, high in ranges)


@pytest.mark.parametrize(("scale", "stored"), [(0, [2, 3, 4]), (2, [299, 300, 301]), (4, [29_999, 30_000, 30_001])])
def test_thresholds_and_their_neighbours(scale: int, stored: list[int]) -> None:
    coding = coding_of([at_least("3"), more_than("3")], (), None)
    assert isinstance(coding, Numbering)
    codes = coding.of_scaled(np.array(stored), scale).tolist()
    assert codes == [coding.of_exact(Decimal(value).scaleb(-scale)) for value in stored]
    for test, expected in ((at_least("3"), [False, True, True]), (more_than("3"), [False, False, True])):
        sure, doubt = ranges_of(coding, [test], negated=False)
        assert [holds(code, sure) for code in codes] == expected
        assert doubt == ((0, 1),)
        never, doubt = ranges_of(coding, [test], negated=True)
        assert [holds(code, never) for code in codes] == [not one for one in expected]
        assert doubt == ((0, 1),)


def test_thresholds_finer_than_the_column_and_beyond_64_bits() -> None:
    coding = coding_of([at_least("2.5"), more_than("1e30"), at_least("-1e30")], (), None)
    assert isinstance(coding, Numbering)
    codes = coding.of_scaled(np.array([2, 3, 2**63 - 1, -(2**63) + 3]), 0).tolist()
    assert [holds(code, ranges_of(coding, [at_least("2.5")], False)[0]) for code in codes] == [False, True, True, False]
    assert not any(holds(code, ranges_of(coding, [more_than("1e30")], False)[0]) for code in codes)
    assert all(holds(code, ranges_of(coding, [at_least("-1e30")], False)[0]) for code in codes)


@pytest.mark.parametrize("many", [3, 32, 33, 200])
def test_few_and_many_thresholds_code_alike(many: int) -> None:
    coding = coding_of([at_least(str(3 * place)) for place in range(many)], (), None)
    assert isinstance(coding, Numbering)
    values = np.arange(-5, 3 * many + 5)
    assert coding.of_scaled(values, 0).tolist() == [coding.of_exact(Decimal(value)) for value in values.tolist()]


@pytest.mark.parametrize("scales", [(0, 0), (2, 0), (0, 3), (4, 4)])
def test_a_quotient_reaches_a_cut_as_its_decimals_do(scales: tuple[int, int]) -> None:
    """Rows on each cut and a hair beside it, of both signs, and one over another at random."""
    cuts = [at_least("0.03"), more_than("0.03"), at_least("-2.5"), more_than("0"), at_least("7")]
    coding = coding_of(cuts, (), None)
    assert isinstance(coding, Numbering)
    drawn = np.random.Generator(np.random.PCG64(1)).integers(-(10**10), 10**10, (2, 200))
    beside = [(3 * 10**9 * sign + off, 10**11 * sign) for sign in (1, -1) for off in (-1, 0, 1)]
    left, right = (np.array([*one, *two]) for one, two in zip(drawn.tolist(), zip(*beside, strict=True), strict=True))
    codes = coding.of_quotients(left, right, scales[0] - scales[1])
    assert codes is not None
    decimals = (
        FEEL.divide(Decimal(one).scaleb(-scales[0]), Decimal(two).scaleb(-scales[1]))
        for one, two in zip(left.tolist(), right.tolist(), strict=True)
    )
    assert codes.tolist() == coding.of_decimals(decimals).tolist()


def test_quotients_beyond_64_bits_are_left_to_decimals() -> None:
    coding = coding_of([at_least("0.000000001")], (), None)
    assert isinstance(coding, Numbering)
    assert coding.of_quotients(np.array([2**40]), np.array([3]), 0) is None


@pytest.mark.parametrize("place", ["99", "9901", "990102", "98", "77"])
@pytest.mark.parametrize("code", [*REGIONS.parents, "12", "77"])
def test_a_place_holds_what_the_tree_says(code: str, place: str) -> None:
    coding = coding_of([Place(place), Word("12")], (), REGIONS)
    assert not isinstance(coding, Numbering)
    sure, doubt = ranges_of(coding, [Place(place)], negated=False)
    found = True if holds(coding.code(code), sure) else None if holds(coding.code(code), doubt) else False
    assert found == REGIONS.within(code, place)


def test_a_closed_list_refuses_what_is_not_in_it_and_an_open_one_does_not() -> None:
    closed, open_one = coding_of([Word("a")], ("a", "b"), None), coding_of([Word("a")], (), None)
    assert not isinstance(closed, Numbering)
    assert not isinstance(open_one, Numbering)
    with pytest.raises(InvariantBroken, match="code_outside_its_list"):
        closed.code("c")
    assert open_one.code("c") == open_one.code("d") != open_one.code("a")


def test_ranges_are_merged_and_turned_round() -> None:
    assert merged([(5, 7), (1, 3), (3, 4), (9, 9)]) == ((1, 4), (5, 7))
    assert without(((1, 4), (5, 7)), 9) == ((0, 1), (4, 5), (7, 9))
