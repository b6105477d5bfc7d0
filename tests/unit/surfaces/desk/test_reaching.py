"""Outreach: who is left over is listed for one worker, masked until opened for a purpose, and nothing is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.unit.surfaces.api.conftest import HEADS, Place, place, published
from zhida.domain.values import Actor, Scope, SubjectKind, local_date, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import actions as entitlements
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions as registry
from zhida.kernel.registry import queries as known
from zhida.services.outreach import reaching, rounds

__all__ = ["place", "published"]

ALL = Scope.system("test")
NAME = "湖东区云海精密制造有限公司"
HIDDEN = "湖东区云＊＊＊＊有限公司"


@pytest.fixture
def world(place: Place, actor: Actor, now: datetime) -> dict[str, Any]:
    """A firm that is entitled and has not claimed, a supervisor and two workers."""
    firm = new_id("subject")
    subject = registry.NewSubject(firm, SubjectKind.ORGANISATION, NAME, "990102")
    registry.register_subject(subject=subject, by=actor, as_of=now)
    facts = {"place": "990102", "staff": 12, "wages_fen": 500_00}
    changes = [registry.Change(firm, key, value, "made up", local_date(now)) for key, value in facts.items()]
    registry.record_facts(changes=changes, by=actor, as_of=now)
    dictionary = catalogue.root().dictionary
    registry.build_snapshot(kind=SubjectKind.ORGANISATION, dictionary=dictionary, as_of=now, by=actor)
    entitlements.screen(by=actor, as_of=now)
    staff = {}
    for name, role in (("above", "supervisor"), ("worker", "gridworker"), ("other", "gridworker")):
        staff[name] = open_account(login_name=name, as_of=now)
        offices.appoint(account_id=staff[name], office_id="statistics", role=role, by=actor, as_of=now)
    return {"firm": firm, "staff": staff, "now": now}


def logged_in(world: dict[str, Any], name: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=world["staff"][name]))
    return client


def listed(world: dict[str, Any]) -> str:
    """The id of a round that the supervisor made by the page."""
    client, path = logged_in(world, "above"), f"/desk/outreach/?item={HEADS.item}"
    page = client.get(path).content.decode()
    token = page.split('name="token" value="')[1].split('"')[0]
    sent = {"act": "list", "place": "990102", "kind": "visit", "worker": world["staff"]["worker"], "token": token}
    assert "请写明理由" in client.post(path, sent).content.decode()
    assert client.post(path, {**sent, "list-reason": "上门告知"}).status_code == 302
    return token


def test_a_list_is_masked_until_opened_for_its_purpose(world: dict[str, Any]) -> None:
    entitled = {one.subject_id for one in reaching.unclaimed(HEADS.item, scope=ALL)}
    assert world["firm"] in entitled
    identity = listed(world)
    worker, path = logged_in(world, "worker"), f"/desk/visits/{identity}/"
    shown = worker.get(path)
    assert "no-store" in shown["Cache-Control"]
    assert HIDDEN in shown.content.decode()
    assert NAME not in shown.content.decode()
    assert logged_in(world, "other").get(path).status_code == 403
    assert logged_in(world, "above").get(path).status_code == 403
    contacts = {one.subject_id: one.id for one in rounds.contacts(identity, on=local_date(world["now"]))}
    mine = contacts[world["firm"]]
    assert logged_in(world, "other").post(path, {"act": "open", "contact": mine}).status_code == 403
    assert NAME in worker.post(path, {"act": "open", "contact": mine}).content.decode()
    assert NAME not in worker.get(path).content.decode()
    kinds = [fact.kind for fact in ledger.entries_about(world["firm"])]
    assert kinds.count("outreach.opened") == 1
    tried = {"contact": mine, "result": "not_at_home", "note": "下午再去"}
    assert "这不是一个日子" in worker.post(path, {**tried, "call_back": "明天"}).content.decode()
    back = local_date(world["now"]) + timedelta(days=1)
    assert worker.post(path, {**tried, "call_back": back.isoformat()}).status_code == 302
    assert rounds.due_today(world["staff"]["worker"], back) == 1
    assert "下午再去" in worker.get(path).content.decode()
    assert "下午再去" not in str([fact.fields for fact in ledger.entries_about(world["firm"])])
    listed(world)
    assert [one.id for one in rounds.rounds(worker=world["staff"]["worker"])] == [identity]


def test_only_what_is_asked_is_read_and_coverage_counts_who_is_left(world: dict[str, Any]) -> None:
    by = Actor(world["staff"]["worker"], "gridworker", office="statistics")
    scope = Scope(None, None, None, "outreach:上门")
    facts = known.facts_of(world["firm"], scope=scope, as_of=world["now"], by=by, only={"staff"})
    assert {key.attribute for key in facts} == {"staff"}
    (note,) = known.access_notes(world["firm"], scope=ALL)
    assert note.facts == ("staff",)
    found = reaching.coverage_in(HEADS.item, frozenset({"990102"}), scope=ALL)
    assert found.entitled == found.unclaimed >= 1
    assert reaching.coverage_in(HEADS.item, frozenset({"990103"}), scope=ALL).entitled == 0
