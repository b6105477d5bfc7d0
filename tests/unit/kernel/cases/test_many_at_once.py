"""An office with a full desk: many cases in one transaction come out as each would alone, or none of them does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.unit.kernel.cases.conftest import BY, FIRST, SECOND
from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.process import Finding, Outcome
from zhida.domain.values import Scope
from zhida.kernel.cases import actions, queries
from zhida.kernel.cases.actions import Decision, Found, Review
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.registry import queries as registry

ALL = Scope.system("test")
InReview = Callable[..., list[str]]


def told(case_id: str) -> list[str]:
    return [fact.kind for fact in ledger.entries_about(case_id)]


def read(questions: CaptureQueriesContext) -> list[str]:
    """What was asked for, without changes since the snapshot: the registry lays those subject by subject."""
    asked = [one["sql"] for one in questions if "INSERT" not in one["sql"]]
    return [sql for sql in asked if not any(f"registry_{one}" in sql for one in ("overlay", "attribute", "tie"))]


def review_of(case_id: str, *, is_met: bool = True, reason: str = "") -> Review:
    return Review(case_id, 0, Finding.PASSED, {"honest": Found(is_met, reason)})


def test_many_come_out_as_one_by_one(firms: list[str], in_review: InReview, now: datetime) -> None:
    alone, *together = in_review(FIRST.item, firms[:3])
    actions.rule(case_id=alone, requirement="honest", is_met=True, by=BY, as_of=now)
    actions.finish_step(case_id=alone, position=0, finding=Finding.PASSED, by=BY, as_of=now)
    actions.decide(case_id=alone, outcome=Outcome.GRANTED, by=BY, as_of=now)
    actions.review_many(reviews=[review_of(case_id) for case_id in together], by=BY, as_of=now)
    found = queries.assessments_of(together, scope=ALL, by=BY, as_of=now)
    assert [found[case_id].assessment.answer for case_id in together] == ["entitled", "entitled"]
    decisions = [Decision(case_id, Outcome.GRANTED) for case_id in together]
    actions.decide_many(decisions=decisions, by=BY, as_of=now)
    first = queries.view(alone, scope=ALL, by=BY, as_of=now)
    for case_id in together:
        view = queries.view(case_id, scope=ALL, by=BY, as_of=now)
        assert (view.case.state, view.case.outcome, view.case.amount_fen, view.case.version) == (
            first.case.state, first.case.outcome, 500_00, first.case.version
        )  # fmt: skip
        assert [(ruling.requirement, ruling.is_met) for ruling in view.rulings] == [("honest", True)]
        assert [step.finding for step in view.steps] == [step.finding for step in first.steps]
        assert told(case_id) == told(alone)


def test_one_that_fails_undoes_all_reviews(firms: list[str], in_review: InReview, now: datetime) -> None:
    good, bad = in_review(FIRST.item, firms[:2])
    before = told(good)
    with pytest.raises(InvariantBroken, match="without a reason"):
        actions.review_many(reviews=[review_of(good), review_of(bad, is_met=False)], by=BY, as_of=now)
    assert told(good) == before
    assert queries.view(good, scope=ALL, by=BY, as_of=now).rulings == ()


def test_one_that_fails_undoes_all_decisions(firms: list[str], in_review: InReview, now: datetime) -> None:
    good, bad = in_review(FIRST.item, firms[:2])
    actions.review_many(reviews=[review_of(good), review_of(bad, is_met=False, reason="不实")], by=BY, as_of=now)
    decisions = [Decision(case_id, Outcome.GRANTED) for case_id in (good, bad)]
    with pytest.raises(ConflictError) as caught:
        actions.decide_many(decisions=decisions, by=BY, as_of=now)
    assert caught.value.code == "rules_say_otherwise"
    assert [queries.case(case_id, scope=ALL).state for case_id in (good, bad)] == ["in_review", "in_review"]
    assert "case.decided" not in told(good)


def test_two_cases_of_one_firm_are_read_each_under_its_own_name(
    firms: list[str], in_review: InReview, now: datetime
) -> None:
    pair = [*in_review(FIRST.item, firms[:1]), *in_review(SECOND.item, firms[:1])]
    actions.review_many(reviews=[review_of(case_id) for case_id in pair], by=BY, as_of=now)
    queries.assessments_of(pair, scope=ALL, by=BY, as_of=now)
    purposes = {note.purpose for note in registry.access_notes(firms[0], scope=ALL) if note.account == BY.account}
    assert purposes == {f"case:{case_id}" for case_id in pair}
    actions.decide_many(decisions=[Decision(case_id, Outcome.GRANTED) for case_id in pair], by=BY, as_of=now)
    assert {queries.case(case_id, scope=ALL).outcome for case_id in pair} == {"granted"}


def test_more_cases_ask_no_more_questions(firms: list[str], in_review: InReview, now: datetime) -> None:
    few, many = in_review(FIRST.item, firms[:2]), in_review(SECOND.item, firms[:6])
    asked = []
    for some in (few, many):
        with CaptureQueriesContext(connection) as questions:
            actions.review_many(reviews=[review_of(case_id) for case_id in some], by=BY, as_of=now)
            actions.decide_many(decisions=[Decision(one, Outcome.GRANTED) for one in some], by=BY, as_of=now)
        asked.append(len(read(questions)))
    assert asked[1] <= asked[0]


def test_the_system_too_reads_once_for_all(firms: list[str], in_review: InReview, now: datetime) -> None:
    """What officers have decided the system grants: for six firms with no more questions than for two."""
    asked = []
    for item, claimants in ((FIRST.item, firms[:2]), (SECOND.item, firms[:6])):
        some = in_review(item, claimants)
        actions.review_many(
            reviews=[review_of(case_id, is_met=False, reason="不实") for case_id in some], by=BY, as_of=now
        )
        actions.decide_many(decisions=[Decision(one, Outcome.REFUSED) for one in some], by=BY, as_of=now)
        with CaptureQueriesContext(connection) as questions:
            actions.advance_due(by=BY, as_of=now)
        asked.append(len(read(questions)))
    assert asked[1] <= asked[0]
