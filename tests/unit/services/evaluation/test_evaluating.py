"""A policy's year is counted from its cases, its decisions and its sources, and set beside what was forecast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.unit.kernel.cases.conftest import FIRST, firms, in_review, published
from zhida.domain.errors import ConflictError
from zhida.domain.process import Outcome
from zhida.domain.values import Actor, Scope, SubjectKind, local_date, new_id
from zhida.kernel.cases import actions as cases
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.registry import actions as registry
from zhida.services.evaluation.evaluating import evaluate
from zhida.services.evaluation.records import HIDDEN, Evaluation, Forecast, Refusal, Speaks, Voices

__all__ = ["firms", "in_review", "published"]

ALL = Scope.system("test")
QUIET = Voices({"unclear": 7, "wrong": 2}, 3)
Evaluate = Callable[..., Evaluation]


@pytest.fixture
def decided(firms: list[str], in_review: Callable[..., list[str]], actor: Actor, now: datetime) -> dict[str, list[str]]:
    """Six claims: two granted and one refused after a day, three under way; and a snapshot."""
    registry.build_snapshot(kind=SubjectKind.ORGANISATION, dictionary=catalogue.root().dictionary, as_of=now, by=actor)
    opened = in_review(FIRST.item, firms)
    reviewer, later = replace(actor, duty="reviewer", office="statistics"), now + timedelta(days=1)
    for at, (case_id, met) in enumerate(zip(opened[:3], (True, True, False), strict=True)):
        reason = f"看过 {at}"
        cases.rule(case_id=case_id, requirement="honest", is_met=met, reason=reason, by=reviewer, as_of=later)
        finding = "passed" if met else "failed"
        cases.finish_step(case_id=case_id, position=0, finding=finding, by=reviewer, as_of=later)
        outcome = Outcome.GRANTED if met else Outcome.REFUSED
        cases.decide(case_id=case_id, outcome=outcome, reason="" if met else reason, by=reviewer, as_of=later)
    return {"cases": opened, "id": [new_id("sim")]}


@pytest.fixture
def year(decided: dict[str, list[str]], now: datetime) -> Evaluate:
    """Evaluates the policy's year, with something changed."""

    def found(**changes: object) -> Evaluation:
        forecast = Forecast(decided["id"][0], local_date(now), 4, 800, 600, 900)
        given = {"scope": ALL, "as_of": now, "forecasts": {FIRST.item: forecast}, "voices": QUIET, "bound": 1}
        wanted = int(str(changes.pop("year", now.year)))
        return evaluate(FIRST.id, wanted, **{**given, **changes})  # type: ignore[arg-type]

    return found


def test_what_came_is_counted(year: Evaluate) -> None:
    (item,) = year().items
    came = item.came
    assert (came.claims, came.granted, came.refused, came.running) == (6, 2, 1, 3)
    assert came.granted_fen == item.places.fen[0] > 0
    assert item.places.counts == (2,)
    assert item.forecast is not None
    assert item.forecast.fen == 800


def test_refusals_are_counted_by_what_was_not_met(year: Evaluate) -> None:
    (item,) = year().items
    assert item.refusals == (Refusal("honest", 1),)


def test_days_are_working_days_to_the_decision(year: Evaluate) -> None:
    (item,) = year().items
    assert item.days is not None
    assert (item.days.cases, item.days.late) == (3, 0)
    assert item.days.half == item.days.most <= 1


def test_few_are_not_told(year: Evaluate) -> None:
    found = year(bound=5)
    (item,) = found.items
    assert (item.came.claims, item.came.granted, item.came.granted_fen) == (6, HIDDEN, HIDDEN)
    assert (item.places.counts, item.places.below) == ((HIDDEN,), ())
    assert item.refusals == (Refusal("honest", HIDDEN),)
    assert item.days is None
    assert (found.voices.kinds, found.voices.waiting) == ({"unclear": 7, "wrong": HIDDEN}, HIDDEN)


def test_another_year_is_empty(year: Evaluate, now: datetime) -> None:
    (item,) = year(year=now.year - 1).items
    assert item.came.claims == item.came.granted == item.places.counts[0] == 0
    assert item.refusals == ()


def test_each_fact_is_held_against_the_newest_snapshot(year: Evaluate) -> None:
    sources = {one.attribute: one for one in year().sources}
    assert {"place", "staff", "wages_fen"} <= set(sources)
    assert "grants" not in sources
    assert (sources["staff"].speaks, sources["staff"].owner) == (Speaks.ALIVE, "statistics")
    assert 0 < sources["staff"].known <= sources["staff"].subjects


def test_before_any_snapshot_every_source_is_silent(year: Evaluate, now: datetime) -> None:
    silent = year(as_of=now - timedelta(days=1)).sources
    assert {one.speaks for one in silent} == {Speaks.NONE}


def test_it_is_to_be_reviewed_half_a_year_before_its_end(year: Evaluate, now: datetime) -> None:
    review = year().review
    assert review.ends_on is not None
    assert (review.ends_on - review.review_by).days == 183
    assert review.is_due == (local_date(now) >= review.review_by)


def test_the_same_figures_have_the_same_digest(year: Evaluate) -> None:
    assert year().digest == year().digest != year(bound=5).digest
    assert year().record()["items"][0]["places"]["counts"] == [2]


def test_what_was_never_published_is_refused(year: Evaluate, now: datetime) -> None:
    with pytest.raises(ConflictError, match="no_such_revision"):
        evaluate("made-up/nothing", 2026, scope=ALL, as_of=now, forecasts={}, voices=QUIET)
