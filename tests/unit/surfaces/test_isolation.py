"""Nobody reads what is another office's or another person's: every route, for every role, searched for canary words.

Two tenants stand in one installation. All that belongs to the second carries a word of its own; officers of the first,
people who act for nobody and anybody at all open every address there is, with the second's own ids in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.unit.surfaces.api.conftest import ASKING, Place, place, published
from zhida.domain.values import Actor, SubjectKind, local_date, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.cases import actions as cases
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import actions as entitlements
from zhida.kernel.funds import actions as funds
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.ledger import queries as log
from zhida.kernel.offices import actions as offices
from zhida.kernel.offices.models import Role
from zhida.kernel.registry import actions as registry
from zhida.surfaces.desk import urls as desk

__all__ = ["place", "published"]

CANARY = "金丝雀"
OFFICER_ROLES = [role for role in Role.values if role not in ("person", "agent")]
ANYBODY = {
    "accessibility", "advanced", "calculator", "calendar", "calendar_file", "compare", "compared", "display",
    "feedback", "figures", "figures_file", "help", "home", "item", "manifest", "objection", "offline", "permit",
    "pictures", "policies", "policy", "privacy", "publicity", "receipt", "receipt_file", "receipt_paper", "result",
    "shared", "ticket", "ticket_picture", "verify", "worker",
}  # fmt: skip
"""The portal's routes that are declared to be for anybody; every other one asks for a log-in."""
OPEN_CALLS = {"assessment", "catalogue", "proofs"}
"""The API's tags whose calls are declared to need no session; the treasury's calls are signed."""


@pytest.fixture
def world(place: Place, actor: Actor, now: datetime) -> dict[str, Any]:
    """The second tenant with its firm, case, budget line and words; officers of the first, who stand in a district."""
    firm = new_id("subject")
    subject = registry.NewSubject(firm, SubjectKind.ORGANISATION, f"{CANARY}机械有限公司", "990100")
    registry.register_subject(subject=subject, by=actor, as_of=now)
    facts = {"place": "990100", "staff": 12, "wages_fen": 500_00}
    changes = [registry.Change(firm, key, value, "made up", local_date(now)) for key, value in facts.items()]
    registry.record_facts(changes=changes, by=actor, as_of=now)
    beside = registry.NewSubject(new_id("subject"), SubjectKind.ORGANISATION, f"{CANARY}邻市", "990202")
    registry.register_subject(subject=beside, by=actor, as_of=now)
    account = new_id("account")
    new = registry.NewAccount(
        account, firm, "6222021234567890123", f"{CANARY}户", f"{CANARY}银行", "x", local_date(now)
    )
    registry.register_accounts(accounts=[new], by=actor, as_of=now)
    agent, case_id = Actor("account_agent", "agent", subject=firm), new_id("case")
    cases.open_case(case_id=case_id, item_id=ASKING.item, subject_id=firm, by=agent, as_of=now)
    cases.answer(case_id=case_id, answers={"share": 1, "begun_on": "2026-01-01"}, by=agent, as_of=now)
    cases.submit(case_id=case_id, undertakings=["honest"], waives_undo=True, by=agent, as_of=now)
    cases.advance_due(by=Actor("system", "system"), as_of=now)
    words = {"name": "专户", "office": "statistics", "region": "990100", "year": 2026}
    funds.open_line(line="theirs/line", total_fen=1_000_000, by=actor, as_of=now, **words)
    dictionary = catalogue.root().dictionary
    registry.build_snapshot(kind=SubjectKind.ORGANISATION, dictionary=dictionary, as_of=now, by=actor)
    run = entitlements.screen(by=actor, as_of=now)
    offices.load_offices(
        offices=[offices.NewOffice("east", "990102", "甲区局", "register", "East")], by=actor, as_of=now
    )
    staff = {role: open_account(login_name=f"east-{role}", as_of=now) for role in OFFICER_ROLES}
    for role, who in staff.items():
        offices.appoint(account_id=who, office_id="east", role=role, by=actor, as_of=now)
    ledger.seal(as_of=now)
    told = [fact.id for about in (case_id, firm, "theirs/line") for fact in log.entries_about(about)]
    ids = {"case": case_id, "firm": firm, "beside": beside.id, "line": "theirs/line", "run": run, "account": account}
    return {**ids, "entries": told, "staff": staff, "stranger": place.stranger, "now": now, "owner": place.owner}


def routes(patterns: list[Any], space: str) -> Iterator[tuple[str, URLPattern]]:
    """Each named route of a face."""
    for entry in patterns:
        if isinstance(entry, URLPattern) and entry.name:
            yield f"{space}:{entry.name}", entry


def addresses(world: dict[str, Any]) -> Iterator[str]:
    """Every address of the desk and the portal, with each of the second tenant's ids where an id stands."""
    found = {
        entry.namespace: entry.url_patterns for entry in get_resolver().url_patterns if hasattr(entry, "namespace")
    }
    every = [*routes(found["desk"], "desk"), *routes(found["portal"], "portal")]
    ids = [world["case"], world["firm"], world["beside"], world["line"], *world["entries"][:1]]
    for name, route in every:
        wanted = list(route.pattern.converters)
        if wanted[:2] == ["region", "slug"]:
            filled = {"region": "east", "slug": "asking", "item": "pay", "part": "check"}
            yield reverse(name, kwargs={key: filled.get(key, "asking") for key in wanted})
        elif wanted == ["on"]:
            yield reverse(name, kwargs={"on": local_date(world["now"])})
        elif wanted:
            for one in ids if len(wanted) == 1 else [ids[0]]:
                if "/" not in one or wanted == ["line_id"]:
                    yield reverse(name, kwargs=dict.fromkeys(wanted, one))
        else:
            yield reverse(name)


def entered(account: str = "") -> Client:
    client = Client(raise_request_exception=True)
    if account:
        client.force_login(Account.objects.get(pk=account))
    return client


def body(answer: Any) -> str:
    return (
        b"".join(answer.streaming_content).decode("utf-8", "replace")
        if answer.streaming
        else answer.content.decode("utf-8", "replace")
    )


def test_no_role_of_another_office_and_no_stranger_reads_a_canary(world: dict[str, Any]) -> None:
    leaks, opened = [], 0
    every = sorted(set(addresses(world)))
    for name, account in (*world["staff"].items(), ("stranger", world["stranger"]), ("anybody", "")):
        client = entered(account)
        for path in every:
            answer = client.get(path)
            opened += 1
            assert answer.status_code < 500, (name, path)
            is_open = world["line"] in path and answer.status_code == 200
            if is_open or CANARY in body(answer):
                leaks.append((name, path, answer.status_code))
    assert leaks == []
    assert opened >= 11 * 80


def test_the_canary_is_there_for_whom_it_belongs_to(world: dict[str, Any], actor: Actor) -> None:
    own = open_account(login_name="theirs", as_of=world["now"])
    for role in ("reviewer", "maker"):
        offices.appoint(account_id=own, office_id="statistics", role=role, by=actor, as_of=world["now"])
    client = entered(own)
    for path in ("/desk/", f"/desk/cases/{world['case']}/"):
        assert CANARY in body(client.get(path)), path
    assert client.get(f"/desk/funds/lines/{world['line']}/").status_code == 200


def test_no_call_of_the_api_tells_a_stranger_or_another_owner(world: dict[str, Any]) -> None:
    contract = entered().get("/api/v1/openapi.json").json()
    leaks, open_ones = [], set()
    ids = [world["case"], world["firm"], world["beside"], *world["entries"][:2]]
    called = 0
    for account in ("", world["stranger"], world["owner"], *world["staff"].values()):
        client = entered(account)
        for path, operations in contract["paths"].items():
            if "get" not in operations:
                continue
            for one in ids if "{" in path else ids[:1]:
                answer = client.get(re.sub(r"\{[^}]*\}", one, path), {"subject": one})
                called += 1
                if CANARY in body(answer):
                    leaks.append((account, path))
                if not account and answer.status_code not in (401, 403):
                    open_ones |= {*operations["get"]["tags"]}
    assert leaks == []
    assert called >= 11 * 20
    assert open_ones <= OPEN_CALLS | {"service"}


def test_a_route_says_for_whom_it_is(world: dict[str, Any]) -> None:
    """A new route of the desk names its duties; one of the portal that asks for no log-in is declared here."""
    found = {
        entry.namespace: entry.url_patterns for entry in get_resolver().url_patterns if hasattr(entry, "namespace")
    }
    client = entered()
    for path in set(addresses(world)):
        name = client.get(path).wsgi_request.resolver_match
        answer = client.get(path)
        is_open = answer.status_code not in (302, 403, 405)
        if name.namespace == "desk":
            assert not is_open, path
        elif is_open:
            assert name.url_name in ANYBODY, path
    names = {entry.name for entry in found["portal"] if isinstance(entry, URLPattern)}
    assert names >= ANYBODY
    assert all(entry.name for entry in desk.urlpatterns)
