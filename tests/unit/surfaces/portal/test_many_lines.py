"""A page asks the database no more for many lines than for few, and finds what to explain without asking everything."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.unit.surfaces.api.conftest import ASKING, HEADS, Place
from zhida.domain.rules import Answer
from zhida.domain.values import Scope, SubjectKind, new_id
from zhida.kernel.cases.models import Case
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.registry import queries as registry
from zhida.surfaces.portal import answering

FIRM = SubjectKind.ORGANISATION


def closed(place: Place, count: int, now: datetime) -> None:
    """So many cases of the firm that are over."""
    published = catalogue.item(HEADS.item, as_of=now)
    Case.objects.bulk_create(
        Case(id=new_id("case"), item=HEADS.item, claim="automatic", revision_id=published.revision_id,
             subject_id=place.firm, region="990102", office="statistics", state="closed", outcome="withdrawn",
             opened_at=now - timedelta(days=number), submitted_at=now - timedelta(days=number), due_on=now.date())
        for number in range(count)
    )  # fmt: skip


@pytest.mark.parametrize("page", ["/my/", "/my/cases/"])
def test_many_cases_ask_no_more_than_few(signed_in: Client, place: Place, now: datetime, page: str) -> None:
    asked = []
    for count in (2, 18):
        closed(place, count, now)
        signed_in.get(page)
        with CaptureQueriesContext(connection) as questions:
            answer = signed_in.get(page)
        assert answer.status_code == 200
        asked.append(len(questions))
    assert asked[0] == asked[1]


def test_what_is_explained_is_what_all_items_would_have_given(place: Place, now: datetime) -> None:
    scope = Scope.own(frozenset({place.firm}), "own")
    subject = registry.subject(place.firm, scope=scope)
    facts = entitlements.facts_for(place.firm, scope=scope, as_of=now)
    whole = entitlements.assess_all(place.firm, as_of=now, scope=scope)
    found = answering.answers(subject, facts, now)
    assert [each.found for each in found] == [each for each in whole if each.answer is not Answer.NOT]
    assert {each.answer for each in found} == {Answer.ENTITLED, Answer.POSSIBLE}


def test_where_much_is_in_force_a_calculator_asks_some(
    place: Place, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = answering.considered(FIRM, (), now)
    assert [one.item.id for one in whole] == sorted([HEADS.item, ASKING.item])
    monkeypatch.setattr(answering, "FEW", 1)
    facts = entitlements.facts_for(place.firm, scope=Scope.system("test"), as_of=now)
    assert [one.item.id for one in answering.considered(FIRM, (facts,), now)] == [one.item.id for one in whole]
    assert answering.considered(FIRM, (), now) == ()
    monkeypatch.setattr(answering, "POSSIBLE", 0)
    assert [one.item.id for one in answering.considered(FIRM, (facts,), now)] == [HEADS.item]
