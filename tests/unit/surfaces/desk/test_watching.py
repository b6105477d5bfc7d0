"""Who is late: an office that has not decided or paid in time, not one that pays a granted benefit month by month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from tests.unit.kernel.cases.conftest import FIRST, firms, in_review, published
from zhida.domain.values import Scope, local_date
from zhida.kernel.cases import queries
from zhida.surfaces.desk.presenters import watching

__all__ = ["firms", "in_review", "published"]


def test_a_benefit_that_is_being_paid_is_not_late(
    firms: list[str], in_review: Callable[..., list[str]], now: datetime
) -> None:
    (opened,) = in_review(FIRST.item, firms[:1])
    overdue = replace(queries.case(opened, scope=Scope.system("test")), due_on=local_date(now) - timedelta(days=1))
    found = (overdue, replace(overdue, state="decided"), replace(overdue, state="fulfilled", outcome="granted"))
    (line,) = watching._offices(found, now)
    assert (line.running, line.late) == (2, 2)
