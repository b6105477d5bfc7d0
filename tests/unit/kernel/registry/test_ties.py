"""A record that names another subject follows that subject's changes, and brings its own subject along."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.unit.kernel.registry.conftest import attribute
from zhida.domain.values import FactKey, Scope, SubjectKind, new_id
from zhida.kernel.registry import actions, queries
from zhida.kernel.registry.actions import NewSubject
from zhida.kernel.registry.models import Tie

FIRM = SubjectKind.ORGANISATION
HIRED = date(2025, 7, 1)


@pytest.fixture
def person(firms, dictionary, actor, now, today) -> str:
    """Somebody whom the first firm has hired, by its records; the firm's snapshot is built."""
    wage = attribute("wage", "number", scale=2, audience=frozenset({SubjectKind.PERSON}))
    wider = replace(dictionary, attributes={**dictionary.attributes, "wage": wage})
    actions.load_dictionary(dictionary=wider, by=actor, as_of=now)
    identity = new_id("subject")
    actions.register_subject(
        subject=NewSubject(identity, SubjectKind.PERSON, "青禾文言", "990102"), by=actor, as_of=now
    )
    hires = [{"hired_on": HIRED, "wage": 4000, "person": identity}, {"hired_on": HIRED, "person": "subject_gone"}]
    rows = [{"subject": firms[0], "hires": hires}, {"subject": firms[1], "hires": [{"hired_on": HIRED}]}]
    actions.receive_batch(kind=FIRM, source="jobs", rows=rows, observed_on=today, by=actor, as_of=now)
    actions.build_snapshot(kind=FIRM, dictionary=wider, as_of=now, by=actor)
    return identity


def wages(firm: str, now) -> list[int | None]:
    facts = queries.facts_of(firm, scope=Scope.system("screening"), as_of=now)
    return [hire.get("wage") for hire in facts.known[FactKey("hires")].value]


def test_only_known_subjects_are_tied(person) -> None:
    assert Tie.objects.count() == 1


def test_a_change_of_the_member_shows_in_the_record_at_once_and_after_the_next_snapshot(
    person, firms, dictionary, actor, now, today
) -> None:
    ref = queries.latest_snapshot(FIRM)
    assert wages(firms[0], now) == [4000, None]
    actions.record_fact(
        subject_id=person,
        key="wage",
        value=4200,
        source="tax",
        observed_on=today,
        nature="correction",
        by=actor,
        as_of=now,
    )
    assert queries.changed_since(ref) == {firms[0]}
    assert wages(firms[0], now) == [4200, None]
    assert wages(firms[1], now) == [None]
    wage = attribute("wage", "number", scale=2, audience=frozenset({SubjectKind.PERSON}))
    wider = replace(dictionary, attributes={**dictionary.attributes, "wage": wage})
    after = actions.build_snapshot(kind=FIRM, dictionary=wider, as_of=now, by=actor)
    assert queries.changed_since(after) == frozenset()
    assert wages(firms[0], now) == [4200, None]
