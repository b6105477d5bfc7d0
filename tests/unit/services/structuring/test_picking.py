"""A few words find the attribute that is meant."""

from __future__ import annotations

import pytest

from tests.unit.services.structuring.test_drafting import words
from zhida.domain.values import SubjectKind
from zhida.services.structuring import attributes_like


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("营业额", "revenue_fen"),
        ("去年交了多少税", "tax_paid_fen"),
        ("员工人数", "staff_count"),
        ("失信", "seriously_discredited"),
        ("research_spend_fen", "research_spend_fen"),
    ],
)
def test_the_likeliest_comes_first(phrase: str, name: str) -> None:
    found = attributes_like(phrase, words(), SubjectKind.ORGANISATION)
    assert found[0].name == name


def test_nothing_alike_is_told_as_nothing() -> None:
    assert attributes_like("", words(), SubjectKind.ORGANISATION) == ()
    assert attributes_like("qqqq", words(), SubjectKind.ORGANISATION) == ()
