"""Past decisions run again: the same bytes from what was stored, and any change of it is seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.unit.kernel.cases.conftest import BY, FIRST, SECOND
from zhida.domain.process import Finding, Outcome
from zhida.domain.rules import Answer, Met
from zhida.domain.values import Actor, Scope
from zhida.kernel.cases import actions, queries
from zhida.kernel.cases.actions import Decision, Found, Review
from zhida.kernel.cases.models import Freeze
from zhida.kernel.cases.reruns import Rerun, draw, rerun

ALL = Scope.system("test")
InReview = Callable[..., list[str]]


@pytest.fixture
def decided(firms: list[str], in_review: InReview, now: datetime) -> list[str]:
    """Cases of two items that stack on the same firms: granted, then paid for; one refused on an officer's finding."""
    first = in_review(FIRST.item, firms[:3])
    reviews = [Review(case, 0, Finding.PASSED, {"honest": Found(True, "")}) for case in first[:2]]
    refused = Review(first[2], 0, Finding.FAILED, {"honest": Found(False, "材料不实")})
    actions.review_many(reviews=[*reviews, refused], by=BY, as_of=now)
    outcomes = [Outcome.GRANTED, Outcome.GRANTED, Outcome.REFUSED]
    decisions = [Decision(case, outcome) for case, outcome in zip(first, outcomes, strict=True)]
    actions.decide_many(decisions=decisions, by=BY, as_of=now)
    later = now + timedelta(days=1)
    actions.advance_due(by=Actor("system", "system"), as_of=later)
    (second,) = in_review(SECOND.item, firms[:1])
    actions.review_many(reviews=[Review(second, 0, Finding.PASSED, {"honest": Found(True, "")})], by=BY, as_of=later)
    actions.decide_many(decisions=[Decision(second, Outcome.GRANTED)], by=BY, as_of=later)
    return [*first, second]


def again(case: str) -> Rerun:
    return rerun([case], scope=ALL)[0]


def test_every_decision_comes_out_the_same_to_the_byte(decided: list[str]) -> None:
    found = rerun(decided, scope=ALL)
    assert [one.case_id for one in found] == decided
    assert [one.is_same for one in found] == [True] * 4
    assert all(one.before and one.before == one.after for one in found)


def test_a_stored_fact_that_was_altered_is_seen(decided: list[str]) -> None:
    row = Freeze.objects.get(case_id=decided[0], moment="decision")
    row.facts["staff"]["value"] = 9
    row.save()
    found = again(decided[0])
    assert not found.is_untouched
    assert found.before != found.after


def test_a_stored_answer_that_was_altered_is_seen(decided: list[str]) -> None:
    row = Freeze.objects.get(case_id=decided[1], moment="decision")
    row.assessment["amount_fen"] += 1
    row.save()
    assert not again(decided[1]).is_untouched
    assert not again(decided[1]).is_same


def test_whoever_knows_the_seed_draws_alike_and_within_the_scope(decided: list[str]) -> None:
    drawn = draw("a", 3, scope=ALL)
    assert drawn == draw("a", 3, scope=ALL)
    assert set(drawn) < set(decided)
    assert {draw(str(seed), 1, scope=ALL) for seed in range(40)} == {(case,) for case in decided}
    nowhere = Scope(frozenset({"elsewhere"}), None, None, "test")
    assert draw("a", 3, scope=nowhere) == ()
    assert rerun(decided, scope=nowhere) == ()


def test_a_granted_case_is_shown_on_what_it_was_decided_on(decided: list[str], now: datetime) -> None:
    later = now + timedelta(days=3)
    known = queries.assessment_of(decided[0], scope=ALL, by=BY, as_of=later)
    assert known.assessment.answer is Answer.ENTITLED, "its own grant does not stand against it"
    assert all(one.answer is Met.MET for one in known.assessment.reasons)
    refused = queries.assessment_of(decided[2], scope=ALL, by=BY, as_of=later)
    assert refused.assessment.because == ("honest",)
