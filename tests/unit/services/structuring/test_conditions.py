"""Conditions that look like the applicant's own and are somebody else's, or an exception, are never certain."""

from __future__ import annotations

import pytest

from tests.conformance.test_structuring import dictionary
from zhida.domain.values import SubjectKind
from zhida.services.structuring.conditions import Condition, condition_in
from zhida.services.structuring.facts import Facts
from zhida.services.structuring.phrases import Reader
from zhida.services.structuring.places import Places
from zhida.services.structuring.plan import SURE


def read(words: str) -> Condition:
    return condition_in(words, Reader(Facts(dictionary(), SubjectKind.PERSON), Places(None, ""), False))


@pytest.mark.parametrize("words", ["年满60周岁", "申请人年满60周岁", "年龄在60周岁以上的老年人"])
def test_an_age_of_the_applicant_is_certain(words: str) -> None:
    found = read(words)
    assert (found.feel, found.confidence >= SURE) == ("age >= 60", True)


@pytest.mark.parametrize(
    "words",
    ["女方年满49周岁", "配偶年满60周岁", "男性年满60周岁", "子女年满18周岁", "除对距法定退休年龄不足5年的人员"],
)
def test_an_age_of_somebody_else_is_not(words: str) -> None:
    found = read(words)
    assert not (found.feel and found.confidence >= SURE)
