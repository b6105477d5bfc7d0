"""Bars close, rulers keep their order, funnels lose what is lost; a QR code says what it was given."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from zhida.surfaces.look.charts import bar, funnel, ruler
from zhida.surfaces.look.codes import qr_svg

counts = st.integers(0, 10**12)


def number(per_cent: str) -> Decimal:
    """The figure of a length."""
    return Decimal(per_cent.removesuffix("%"))


@given(st.lists(counts, min_size=1, max_size=5).filter(any))
def test_the_parts_of_a_bar_fill_it(parts: list[int]) -> None:
    segments = bar(sum(parts), [("ink", part) for part in parts])
    assert abs(sum(number(one.width) for one in segments) - 100) <= Decimal("0.05")
    assert len(segments) == sum(part > 0 for part in parts)
    starts = [number(one.start) for one in segments]
    assert starts == sorted(starts)


def test_a_bar_of_nothing_is_empty() -> None:
    assert bar(0, [("ink", 0)]) == ()


@given(st.decimals(0, 10**9, places=2), st.decimals(Decimal("0.01"), 10**9, places=2))
def test_a_ruler_keeps_value_and_bound_in_order(value: Decimal, bound: Decimal) -> None:
    drawn = ruler(value, bound, at_words="", need_words="", label="")
    assert (number(drawn.at) <= number(drawn.need)) == (value <= bound) or drawn.at == drawn.need
    assert 0 <= number(drawn.between[0]) <= number(drawn.between[1]) <= 100


def test_a_funnel_marks_its_largest_loss() -> None:
    stages = funnel([("应享", 100, ""), ("申领", 60, "a"), ("同意", 55, "b"), ("到账", 55, "c")])
    assert [stage.lost for stage in stages] == [0, 40, 5, 0]
    assert [stage.is_worst for stage in stages] == [False, True, False, False]
    assert stages[-1].share == "55.0%"
    assert funnel([]) == ()


def test_a_code_has_a_quiet_border_and_a_name() -> None:
    drawn = qr_svg("https://example.invalid/verify?code=entry_1", "核验<二维码>")
    assert 'role="img"' in drawn
    assert "核验&lt;二维码&gt;" in drawn
    assert "M0 0" not in drawn
    assert "M2 2h7" in drawn
