"""Who reads restricted facts of another leaves a note for the subject and a fact in the ledger; others leave none."""

from __future__ import annotations

from datetime import datetime

import pytest

from zhida.domain.errors import AccessError
from zhida.domain.values import Actor, Scope
from zhida.kernel.ledger.queries import entries_about
from zhida.kernel.registry.access import Reading, note_readings
from zhida.kernel.registry.models import AccessNote, Subject

REVIEWER = Actor("account_li", "reviewer", office="labour")
FACTS = ["revenue_fen", "layoff_rate"]


@pytest.fixture
def subjects(firms: tuple[str, ...]) -> list[Subject]:
    """The firms as the readings name them."""
    return [Subject.objects.get(pk=firm) for firm in firms]


def told(subject: Subject) -> list[tuple[str, str, str, list[str]]]:
    """What a subject sees of who read its facts."""
    rows = AccessNote.objects.filter(subject=subject)
    return [(row.account, row.office, row.purpose, row.facts) for row in rows]


def facts_of(subject: Subject) -> list[dict[str, object]]:
    """The readings that the ledger tells about a subject."""
    return [dict(fact.fields) for fact in entries_about(subject.pk) if fact.kind == "facts.read"]


def test_a_persons_reading_is_noted_and_told_in_the_ledger(subjects: list[Subject], now: datetime) -> None:
    readings = [Reading(each, FACTS, Scope.system("duty:reviewer")) for each in subjects[:2]]
    note_readings(readings, by=REVIEWER, as_of=now)
    for subject in subjects[:2]:
        assert told(subject) == [("account_li", "labour", "duty:reviewer", FACTS)]
        (fact,) = facts_of(subject)
        assert (fact["purpose"], fact["facts"]) == ("duty:reviewer", FACTS)
        assert AccessNote.objects.get(subject=subject).read_at == now
    assert told(subjects[2]) == []


@pytest.mark.parametrize(("purpose", "is_told"), [("case case_1", True), ("consent_1", True), ("screening", False)])
def test_the_systems_reading_is_noted_only_for_a_case_or_a_consent(
    purpose: str, is_told: bool, subjects: list[Subject], now: datetime
) -> None:
    note_readings([Reading(subjects[0], FACTS, Scope.system(purpose))], by=None, as_of=now)
    assert told(subjects[0]) == ([("", "", purpose, FACTS)] if is_told else [])
    assert len(facts_of(subjects[0])) == is_told


def test_who_reads_of_themselves_is_not_noted_and_who_reads_of_another_is(
    subjects: list[Subject], now: datetime
) -> None:
    own = Scope.own(frozenset({subjects[0].pk}), "own")
    by = Actor("account_wang", "agent", subject=subjects[0].pk)
    note_readings([Reading(each, FACTS, own) for each in subjects[:2]], by=by, as_of=now)
    assert told(subjects[0]) == []
    assert told(subjects[1]) == [("account_wang", "", "own", FACTS)]


def test_restricted_facts_are_read_for_a_purpose_or_not_at_all(subjects: list[Subject], now: datetime) -> None:
    readings = [Reading(subjects[0], FACTS, Scope.system("")), Reading(subjects[1], FACTS, Scope.system("case"))]
    with pytest.raises(AccessError, match="purpose_missing"):
        note_readings(readings, by=REVIEWER, as_of=now)
    assert AccessNote.objects.count() == 0
