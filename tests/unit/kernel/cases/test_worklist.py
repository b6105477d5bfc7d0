"""What waits for an office comes by the deadline that the office sees: the step's before the case's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tests.unit.kernel.cases.conftest import FIRST
from zhida.domain.process import Finding
from zhida.domain.values import Actor, Scope
from zhida.kernel.cases import actions, queries
from zhida.kernel.cases.models import Case, Step


def test_the_nearest_step_comes_first(firms: list[str], in_review: Callable[..., list[str]]) -> None:
    opened = in_review(FIRST.item, firms[:3])
    steps = (date(2026, 5, 9), None, date(2026, 5, 8))
    whole = (date(2026, 6, 1), date(2026, 5, 7), date(2026, 6, 2))
    for case_id, step_due, case_due in zip(opened, steps, whole, strict=True):
        Case.objects.filter(pk=case_id).update(due_on=case_due)
        Step.objects.filter(case_id=case_id, done_on=None).update(due_on=step_due)
    found = queries.worklist(office="statistics", scope=Scope.system("test"))
    assert [record.id for record, _ in found] == [opened[1], opened[2], opened[0]]
    assert [queries.due_of(*one) for one in found] == [date(2026, 5, 7), date(2026, 5, 8), date(2026, 5, 9)]


def test_what_orders_the_list_is_what_the_list_holds(
    firms: list[str], in_review: Callable[..., list[str]], now: datetime
) -> None:
    opened = in_review(FIRST.item, firms[:3])
    by = Actor("account_officer", "reviewer", office="statistics")
    actions.rule(case_id=opened[0], requirement="honest", is_met=True, by=by, as_of=now)
    actions.finish_step(case_id=opened[0], position=0, finding=Finding.PASSED, by=by, as_of=now)
    actions.advance_due(by=Actor("system", "system"), as_of=now)
    asked: dict[str, Any] = {"office": "statistics", "scope": Scope.system("test")}
    whole = {(case.id, step.position if step else None, queries.due_of(case, step)) for case, step in
             queries.worklist(**asked)}  # fmt: skip
    assert {(one.case_id, one.position, one.due_on) for one in queries.waiting(**asked)} == whole
    assert [one.case_id for one in queries.waiting(**asked) if one.kind == "decide"] == [opened[0]]
    assert len(queries.waiting(limit=1, **asked)) == 2, "one of either kind"
