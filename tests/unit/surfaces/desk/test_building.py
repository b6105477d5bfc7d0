"""Outreach below the street: coverage by building tells no few, a list is of one building, the worker sees his own."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.unit.surfaces.api.conftest import HEADS, Place, Still, install, installed_files, place
from zhida.config import wiring
from zhida.domain.values import Actor, Scope, SubjectKind, local_date, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import actions as entitlements
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions as registry
from zhida.kernel.registry import queries as known
from zhida.services.outreach import building, rounds

__all__ = ["place"]

STREET = "990102"
ATTRIBUTE = """  home:
    kind: text
    codes: address
    owner: register
    source: 统一地址库
    field_class: personal
    audience: [organisation]
    words: {zh: 楼栋, en: building}
"""
TREE = "# made up; written 2026-01-01\ncode,parent,name\n990102,,甲区\n" + "".join(
    f"99010200{n},990102,{name}\n" for n, name in enumerate(("桂花巷1号楼", "桂花巷2号楼", "桂花巷3号楼"), 1)
)
LIVING = {"990102001": 7, "990102002": 6, "990102003": 2}


@pytest.fixture
def published(db: None, actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual packs, and an attribute whose values are buildings."""
    monkeypatch.setattr(wiring, "clock", lambda: Still(now))
    files = installed_files()
    shared = files["_attributes/all.yaml"].decode()
    tree = "  address: {file: codes/address.csv, words: {zh: 统一地址库, en: address register}}\n"
    shared = shared.replace("attributes:\n", f"attributes:\n{ATTRIBUTE}", 1)
    files["_attributes/all.yaml"] = shared.replace("code_trees:\n", f"code_trees:\n{tree}", 1).encode()
    files["_attributes/codes/address.csv"] = TREE.encode()
    install(files, actor, now)


@pytest.fixture
def world(place: Place, actor: Actor, now: datetime) -> dict[str, Any]:
    """Firms in three buildings beside two in none, a supervisor and a worker."""
    for code, count in LIVING.items():
        for number in range(count):
            firm = new_id("subject")
            subject = registry.NewSubject(firm, SubjectKind.ORGANISATION, f"{code}的{number}号店", STREET)
            registry.register_subject(subject=subject, by=actor, as_of=now)
            facts = {"place": STREET, "staff": 12, "wages_fen": 500_00, "home": code}
            changes = [registry.Change(firm, key, value, "made up", local_date(now)) for key, value in facts.items()]
            registry.record_facts(changes=changes, by=actor, as_of=now)
    registry.build_snapshot(kind=SubjectKind.ORGANISATION, dictionary=catalogue.root().dictionary, as_of=now, by=actor)
    entitlements.screen(by=actor, as_of=now)
    staff = {}
    for name, role in (("above", "supervisor"), ("worker", "gridworker")):
        staff[name] = open_account(login_name=name, as_of=now)
        offices.appoint(account_id=staff[name], office_id="statistics", role=role, by=actor, as_of=now)
    return {**staff, "now": now}


def logged_in(account: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    return client


def listed(world: dict[str, Any], chosen: str) -> str:
    """The id of a list that the supervisor made of a building."""
    client, path = logged_in(world["above"]), f"/desk/outreach/?item={HEADS.item}&place={STREET}"
    token = client.get(path).content.decode().split('name="token" value="')[1].split('"')[0]
    sent = {"act": "list", "place": STREET, "building": chosen, "kind": "visit", "worker": world["worker"]}
    answer = client.post(path, {**sent, "token": token, "list-reason": "上门告知"})
    assert answer.status_code == 302, answer.content.decode()
    return token


def test_coverage_by_building_tells_no_few(world: dict[str, Any]) -> None:
    found = building.by_building(
        HEADS.item, [STREET], scope=Scope.system("test"), attributes={"home"}, as_of=world["now"]
    )
    told = [(one.building, one.entitled, one.unclaimed) for one in found]
    assert told == [("990102001", 7, 7), (building.REST, 10, 10)]
    page = logged_in(world["above"]).get(f"/desk/outreach/?item={HEADS.item}&place={STREET}").content.decode()
    assert "桂花巷1号楼" in page.split("各栋楼应享和未享")[1].split("</table>")[0]
    assert "桂花巷3号楼" not in page.split("各栋楼应享和未享")[1].split("</table>")[0]
    elsewhere = logged_in(world["above"]).get(f"/desk/outreach/?item={HEADS.item}&place=990199")
    assert elsewhere.status_code == 200
    assert "在哪栋楼" not in elsewhere.content.decode()


def test_a_list_is_of_one_building_and_its_reading_is_noted(world: dict[str, Any]) -> None:
    found = rounds.contacts(listed(world, "990102002"), on=local_date(world["now"]))
    assert {one.building for one in found} == {"990102002"}
    assert len(found) == 6
    (note,) = known.access_notes(found[0].subject_id, scope=Scope.system("test"))
    assert (note.purpose, note.facts, note.account) == ("outreach:上门告知", ("home",), world["above"])


def test_a_worker_sees_the_buildings_of_a_list(world: dict[str, Any]) -> None:
    path = f"/desk/visits/{listed(world, '-')}/"
    worker = logged_in(world["worker"])
    whole = worker.get(path).content.decode()
    assert whole.count('<li id="c') == 17
    assert "桂花巷3号楼" in whole
    one = worker.get(f"{path}?building=990102003").content.decode()
    assert one.count('<li id="c') == 2
    assert worker.get(f"{path}?building=nothing").content.decode().count('<li id="c') == 17


def test_no_building_of_another_street_is_listed(world: dict[str, Any]) -> None:
    client, path = logged_in(world["above"]), f"/desk/outreach/?item={HEADS.item}&place={STREET}"
    token = client.get(path).content.decode().split('name="token" value="')[1].split('"')[0]
    sent = {"act": "list", "place": STREET, "building": "elsewhere", "kind": "visit", "worker": world["worker"]}
    answer = client.post(path, {**sent, "token": token, "list-reason": "上门告知"})
    assert "请从列出的里面选一个" in answer.content.decode()


@pytest.mark.parametrize("seed", range(20))
def test_what_is_told_adds_up_and_no_line_is_of_few(seed: int) -> None:
    chance = random.Random(seed)
    entitled = {str(code): chance.randrange(1, 12) for code in range(chance.randrange(1, 15))}
    left = {code: chance.randrange(count + 1) for code, count in entitled.items()}
    lines = building._folded(entitled, left)
    assert sum(line.entitled for line in lines) == sum(entitled.values())
    assert len(lines) == 1 or all(line.entitled >= building.FEWEST for line in lines)
    assert all(line.unclaimed is None or line.unclaimed == 0 or line.unclaimed >= building.FEWEST for line in lines)
