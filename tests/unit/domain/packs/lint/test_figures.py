"""Figures in the words of clauses, and how their bounds are said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhida.domain.packs.lint.figures import Bound, caps_in, figures_in

INCLUDED_FROM, ABOVE, UP_TO, BELOW = Bound(True, True), Bound(True, False), Bound(False, False), Bound(False, True)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("３，０００ 万元", "money", Decimal(3_000_000_000)),
        ("1.5 万元", "money", Decimal(1_500_000)),
        ("三亿元", "money", Decimal(30_000_000_000)),
        ("十二个月", "months", Decimal(12)),
        ("百分之八", "share", Decimal("0.08")),
        ("12.5％", "share", Decimal("0.125")),
        ("80 周岁", "years", Decimal(80)),
        ("5 个工作日", "days", Decimal(5)),
        ("30 件", "count", Decimal(30)),
        ("2013 年 6 月 30 日", "date", date(2013, 6, 30)),
    ],
)
def test_a_figure_is_read_with_its_unit(text: str, kind: str, value: Decimal | date) -> None:
    assert (kind, value) in {(each.kind, each.value) for each in figures_in(text)}


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("不低于 3%", INCLUDED_FROM),
        ("100 平方米（含）以上", INCLUDED_FROM),
        ("年满 80 周岁", INCLUDED_FROM),
        ("超过 30 人", ABOVE),
        ("不超过 30 人", UP_TO),
        ("30 人（含）以下", UP_TO),
        ("45 周岁以下（不含 45 周岁）", BELOW),
        ("未满 4 年", BELOW),
        ("低于 20%", BELOW),
        ("不高于 20%", UP_TO),
        ("达到 16%", INCLUDED_FROM),
        ("按 8% 计算", None),
    ],
)
def test_a_bound_is_read_as_the_words_say_it(text: str, bound: Bound | None) -> None:
    assert figures_in(text)[0].bound == bound


def test_only_sums_that_the_text_calls_the_most_are_caps() -> None:
    assert caps_in("每件奖励 3 万元，每个单位每年度最高 30 万元。") == (30_000_000,)
