"""Duties, mandates and the scopes that follow from them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.unit.kernel.offices.conftest import Open
from zhida.domain.errors import AccessError, ConflictError, InvariantBroken
from zhida.domain.values import Actor, Scope, new_id
from zhida.kernel.ledger.queries import entries_about
from zhida.kernel.offices import actions, queries
from zhida.kernel.offices.models import Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def test_an_officer_sees_the_office_its_branches_and_their_regions(opened: Open, actor: Actor, now: datetime) -> None:
    li = opened("li")
    actions.appoint(account_id=li, office_id="treasury-linjiang", role="checker", by=actor, as_of=now)
    assert queries.scope_of(li, duty="checker", as_of=now, purpose="review") == Scope(
        frozenset({"treasury-linjiang", "treasury-east"}), frozenset({"990100", "990102"}), None, "review"
    )
    with pytest.raises(AccessError, match="duty_not_held"):
        queries.scope_of(li, duty="auditor", as_of=now, purpose="review")


def test_a_duty_begins_and_ends(opened: Open, actor: Actor, now: datetime) -> None:
    li = opened("li")
    span = {"valid_from": date(2026, 3, 4), "valid_to": date(2026, 4, 1)}
    duty_id = actions.appoint(account_id=li, office_id="labour", role="reviewer", **span, by=actor, as_of=now)
    day = timedelta(days=1)
    assert queries.duties_of(li, now) == ()
    assert [held.id for held in queries.duties_of(li, now + day)] == [duty_id]
    actions.dismiss(duty_id=duty_id, on=date(2026, 3, 10), by=actor, as_of=now)
    assert queries.duties_of(li, now + 6 * day)
    assert not queries.duties_of(li, now + 7 * day)
    with pytest.raises(ConflictError, match="not_in_force"):
        actions.dismiss(duty_id=duty_id, on=date(2026, 3, 12), by=actor, as_of=now)
    assert [fact.kind for fact in entries_about(duty_id)] == ["offices.duty_appointed", "offices.duty_ended"]


def test_a_duty_reaches_down_but_not_up(opened: Open, actor: Actor, now: datetime) -> None:
    li = opened("li")
    actions.appoint(account_id=li, office_id="treasury-linjiang", role="operator", by=actor, as_of=now)
    by = Actor(li, "operator")
    queries.check_duty(by, office_id="treasury-linjiang", as_of=now)
    queries.check_duty(by, office_id="treasury-east", as_of=now)
    for office_id in ("treasury", "labour"):
        with pytest.raises(AccessError, match="duty_not_held"):
            queries.check_duty(by, office_id=office_id, as_of=now)
    with pytest.raises(AccessError, match="duty_not_held"):
        queries.check_duty(Actor(li, "releaser"), office_id="treasury-east", as_of=now)


def test_nobody_appoints_themselves(opened: Open, now: datetime) -> None:
    li = opened("li")
    with pytest.raises(AccessError, match="self_appointment"):
        actions.appoint(account_id=li, office_id="labour", role="operator", by=Actor(li, "operator"), as_of=now)


@pytest.mark.parametrize(("first", "second"), [("maker", "checker"), ("checker", "releaser"), ("releaser", "maker")])
def test_two_money_duties_at_one_office_are_refused(
    first: str, second: str, opened: Open, actor: Actor, now: datetime
) -> None:
    li = opened("li")
    actions.appoint(account_id=li, office_id="treasury", role=first, valid_to=date(2026, 6, 1), by=actor, as_of=now)
    with pytest.raises(AccessError, match="duties_incompatible"):
        actions.appoint(account_id=li, office_id="treasury", role=second, by=actor, as_of=now)
    actions.appoint(account_id=li, office_id="treasury-east", role=second, by=actor, as_of=now)
    actions.appoint(account_id=li, office_id="treasury", role="auditor", by=actor, as_of=now)
    later = {"valid_from": date(2026, 6, 1)}
    actions.appoint(account_id=li, office_id="treasury", role=second, **later, by=actor, as_of=now)
    earlier = {"valid_from": date(2026, 1, 1), "valid_to": date(2026, 3, 3)}
    actions.appoint(account_id=li, office_id="treasury", role=second, **earlier, by=actor, as_of=now)


def test_the_database_refuses_them_too(opened: Open) -> None:
    li = opened("li")

    def insert(role: str, start: date, end: date | None) -> Duty:
        key = new_id("duty")
        return Duty.objects.create(
            id=key, account_id=li, office_id="treasury", role=role, valid_from=start, valid_to=end
        )

    insert("maker", date(2026, 1, 1), date(2026, 6, 1))
    with pytest.raises(IntegrityError, match="duties_incompatible"), transaction.atomic():
        insert("checker", date(2026, 5, 31), None)
    after = insert("checker", date(2026, 6, 1), None)
    after.valid_from = date(2026, 5, 1)
    with pytest.raises(IntegrityError, match="duties_incompatible"), transaction.atomic():
        after.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert("king", date(2026, 6, 1), None)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert("auditor", date(2026, 6, 1), date(2026, 6, 1))


def test_a_mandate_opens_a_subject_within_its_powers(opened: Open, actor: Actor, now: datetime) -> None:
    li, subject = opened("li"), new_id("subject")
    assert queries.scope_of(li, duty="person", as_of=now, purpose="own") == Scope.own(frozenset(), "own")
    give = {"account_id": li, "subject_id": subject, "source": "business register", "by": actor, "as_of": now}
    mandate_id = actions.give_mandate(powers={"view"}, **give)
    assert queries.scope_of(li, duty="agent", as_of=now, purpose="own").subjects == {subject}
    assert queries.mandates_of(li, now, "submit") == frozenset()
    actions.end_mandate(mandate_id=mandate_id, on=date(2026, 3, 5), by=actor, as_of=now)
    assert queries.mandates_of(li, now + timedelta(days=2)) == frozenset()
    assert entries_about(subject)[0].fields["powers"] == ["view"]
    with pytest.raises(InvariantBroken, match="unknown_power"):
        actions.give_mandate(powers={"rule"}, **give)


def test_what_ends_ends_after_it_began_and_before_it_had_ended(opened: Open, actor: Actor, now: datetime) -> None:
    li, subject = opened("li"), new_id("subject")
    span = {"valid_from": date(2026, 3, 4), "valid_to": date(2026, 4, 1)}
    told = {"account_id": li, "by": actor, "as_of": now}
    duty_id = actions.appoint(office_id="labour", role="reviewer", **span, **told)
    mandate_id = actions.give_mandate(subject_id=subject, source="a register", **span, **told)
    for on in (date(2026, 3, 3), date(2026, 3, 4), date(2026, 4, 1), date(2026, 4, 2)):
        with pytest.raises(ConflictError, match="not_in_force"):
            actions.dismiss(duty_id=duty_id, on=on, by=actor, as_of=now)
        with pytest.raises(ConflictError, match="not_in_force"):
            actions.end_mandate(mandate_id=mandate_id, on=on, by=actor, as_of=now)
    actions.dismiss(duty_id=duty_id, on=date(2026, 3, 31), by=actor, as_of=now)
    actions.end_mandate(mandate_id=mandate_id, on=date(2026, 3, 5), by=actor, as_of=now)
    (ended,) = entries_about(mandate_id)
    assert (ended.kind, ended.fields["on"]) == ("offices.mandate_ended", "2026-03-05")


def test_an_id_given_twice_is_refused_and_what_bore_it_stays(opened: Open, actor: Actor, now: datetime) -> None:
    told = {"by": actor, "as_of": now}
    li, wang, first = opened("li"), opened("wang"), new_id("subject")
    duty = {"office_id": "labour", "role": "reviewer", "duty_id": new_id("duty"), **told}
    mandate = {"source": "a register", "mandate_id": new_id("mandate"), **told}
    actions.appoint(account_id=li, **duty)
    actions.give_mandate(account_id=li, subject_id=first, **mandate)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.appoint(account_id=wang, **duty)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.give_mandate(account_id=wang, subject_id=new_id("subject"), **mandate)
    assert [held.account for held in queries.duties_at(Scope.system("test"), now)] == [li]
    assert [held.subject for held in queries.mandates(li, now)] == [first]
    assert queries.mandates(wang, now) == ()


def test_duties_are_told_of_the_offices_that_a_scope_shows(opened: Open, actor: Actor, now: datetime) -> None:
    li, wang = opened("li"), opened("wang")
    for account, office, role in ((wang, "treasury", "maker"), (li, "treasury", "checker"), (li, "labour", "auditor")):
        actions.appoint(account_id=account, office_id=office, role=role, by=actor, as_of=now)

    def told(scope: Scope) -> list[tuple[str, str]]:
        return [(held.office, held.role) for held in queries.duties_at(scope, now)]

    labour, treasury = [("labour", "auditor")], [("treasury", "checker"), ("treasury", "maker")]
    assert told(Scope.system("test")) == labour + treasury
    assert told(Scope(offices=frozenset({"treasury"}))) == treasury
    assert told(Scope(offices=frozenset({"labour", "treasury-east"}))) == labour
    assert told(Scope()) == []


def test_an_unknown_office_is_said_so() -> None:
    with pytest.raises(ConflictError, match="no_such_office"):
        queries.office("nowhere")
