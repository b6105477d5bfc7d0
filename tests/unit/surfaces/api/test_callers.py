"""Whom the API takes somebody for: what they see, and for whom they may act."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.unit.surfaces.api.conftest import Place
from zhida.domain.errors import AccessError
from zhida.domain.values import Actor, Scope, SubjectKind, new_id
from zhida.kernel.offices import actions as offices
from zhida.kernel.offices import queries
from zhida.kernel.registry import actions as registry
from zhida.surfaces.api.callers import Caller
from zhida.surfaces.api.callers import now as instant


def test_what_is_seen_follows_from_mandates_and_duties(place: Place, actor: Actor, now: datetime) -> None:
    caller = Caller(place.owner, now)
    own = Scope.own(frozenset({place.firm}), "own")
    assert caller.scope == own
    assert caller.scopes == (own,)
    offices.appoint(account_id=place.owner, office_id="statistics", role="auditor", by=actor, as_of=now)
    shown = queries.scope_of(place.owner, duty="auditor", as_of=now, purpose="duty:auditor")
    assert caller.scopes == (own, shown)
    assert Caller(place.owner, now - timedelta(days=1)).scopes == (Scope.own(frozenset(), "own"),)
    assert instant() == now


def test_nobody_sees_a_subject_without_a_mandate(place: Place, now: datetime) -> None:
    assert Caller(place.viewer, now).subject(place.firm).id == place.firm
    for account, subject in ((place.viewer, place.other), (place.stranger, place.firm)):
        with pytest.raises(AccessError, match="mandate_missing"):
            Caller(account, now).subject(subject)


def test_somebody_acts_within_the_powers_that_were_given(place: Place, now: datetime) -> None:
    assert Caller(place.owner, now).actor(place.firm, "submit") == Actor(place.owner, "agent", subject=place.firm)
    viewer = Caller(place.viewer, now)
    assert viewer.actor(place.firm, "submit", "view").duty == "agent"
    for powers in (("submit",), ("submit", "confirm"), ()):
        with pytest.raises(AccessError, match="mandate_missing"):
            viewer.actor(place.firm, *powers)
    with pytest.raises(AccessError, match="mandate_missing"):
        viewer.actor(place.other, "view")


def test_a_person_acts_as_a_person(place: Place, actor: Actor, now: datetime) -> None:
    person = registry.NewSubject(new_id("subject"), SubjectKind.PERSON, "李某", "990102")
    registry.register_subject(subject=person, by=actor, as_of=now)
    offices.give_mandate(account_id=place.stranger, subject_id=person.id, source="self", by=actor, as_of=now)
    assert Caller(place.stranger, now).actor(person.id, "submit").duty == "person"
