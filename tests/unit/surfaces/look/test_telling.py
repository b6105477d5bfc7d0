"""What facts and steps are called in a person's words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhida.domain.process import Check, Pay, Process, Review
from zhida.domain.rules import FactType
from zhida.kernel.cases.records import StepRecord
from zhida.surfaces.look.telling import cases, facts


@pytest.mark.parametrize(
    ("name", "unit", "written", "behind"),
    [
        ("age", "years", "61 岁", "岁"),
        ("member_age", "years", "61 岁", "岁"),
        ("years_of_service", "years", "61 年", "年"),
        ("percentage", "years", "61 年", "年"),
        ("staff", "persons", "61 人", "人"),
        ("level", "", "61", ""),
    ],
)
def test_a_number_has_the_unit_that_people_say(name: str, unit: str, written: str, behind: str) -> None:
    fact = FactType(name, "number", unit=unit, scale=0)
    assert facts.number(Decimal(61), fact) == written
    assert facts.unit_name(fact) == behind


def _record(kind: str, position: int) -> StepRecord:
    return StepRecord(position, kind, "owner", None, None, "", None, "", ())


def test_two_reviews_of_one_process_have_two_names() -> None:
    two = Process((Check(by="system"), Review(), Review(requirements=("novel",))), (Pay(),))
    assert cases.step_names(two.steps) == ("核对", "初审", "复审", "拨付")
    assert cases.name_of_step(_record("review", 2), two) == "复审"
    assert [one.title for one in cases.planned(two.steps)] == ["核对", "初审", "复审", "拨付"]


def test_one_review_is_called_so() -> None:
    one = Process((Check(by="system"), Review()), (Pay(),))
    assert cases.step_names(one.steps) == ("核对", "审核", "拨付")
    assert cases.name_of_step(_record("review", 1), one) == "审核"
    assert cases.name_of_step(_record("review", 1), None) == "审核"
