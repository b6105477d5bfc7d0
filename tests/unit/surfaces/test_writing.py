"""Nobody changes what is another's: each button of every page, pressed by everybody to whom it is not offered.

The buttons are read from the pages as those who may press them see them; the same is then posted by every other role of
the same office, by every role at another office, and by anybody. Nothing may be written, and no answer to anybody
elsewhere may hold a canary of the owner's.
What is written by those who may leaves a fact in the ledger in the same request, with few exceptions, named here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.db import connection, transaction

from tests.simulation import paying
from tests.unit.surfaces.api.conftest import ASKING, place, published
from tests.unit.surfaces.forms import Form, forms_of
from tests.unit.surfaces.test_isolation import CANARY, OFFICER_ROLES, addresses, body, entered, world
from zhida.domain.values import Actor, Span, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.funds import actions as funds
from zhida.kernel.offices import actions as offices
from zhida.services.controls import limits, stops, transfers

__all__ = ["place", "published", "world"]

COUNTED = {f"figures_{name}": "counted from facts by whoever looks first after them; nothing was done"
           for name in ("circle", "circleoffice", "face", "part", "row", "tally")}  # fmt: skip
WITHOUT_A_FACT = {
    **COUNTED,
    "django_session": "who is logged in, not what was done",
    "drafts_draftfield": "typed and not handed in; nobody else sees it, and it is forgotten after a while",
    "worklists_filter": "how one officer sorts their own list",
}
"""Tables that a request may write without a fact in the ledger, each with its reason."""

ALONE, REST = ("maker", "checker", "releaser", "auditor", "reviewer", "operator"), "the rest"
"""The roles that have an account each; one account holds all the others."""

OF_EVERYBODY = {"/desk/funds/stops/", "/desk/funds/limits/", "/desk/interests/"}
"""Pages of what belongs to no office: a bank is stopped, a duty limited, for all; one declares for oneself."""

_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
_PASSED_BY = ("/account/", "/language/", "/display/")


@contextmanager
def written() -> Iterator[list[str]]:
    """The tables that are written meanwhile, in order."""
    tables: list[str] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := _WRITES.match(sql):
            tables.append(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield tables


@pytest.fixture
def busy(world: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """The owner's office at work: something to sign, to lift, to confirm; one account for each of its roles."""
    now, line = world["now"], world["line"]
    own = {name: open_account(login_name=f"own-{name}", as_of=now) for name in (*ALONE, REST)}
    every = open_account(login_name="east-all", as_of=now)
    for role in OFFICER_ROLES:
        who = own[role if role in ALONE else REST]
        offices.appoint(account_id=who, office_id="statistics", role=role, by=actor, as_of=now)
        if role not in ("checker", "releaser"):  # nobody holds two of the three
            offices.appoint(account_id=every, office_id="east", role=role, by=actor, as_of=now)
    elsewhere = {"checker": world["staff"]["checker"], "releaser": world["staff"]["releaser"], "the others": every}
    maker = Actor(own["maker"], "maker", office="statistics")
    new = [replace(paying.new_disbursement(fen), subject_id=world["firm"]) for fen in (300, 200, 100)]
    funds.reserve_many(line=line, disbursements=new, by=Actor("system", "system"), as_of=now)
    ids = [one.disbursement_id for one in new]
    batch = new_id("batch")
    funds.prepare_batch(batch_id=batch, disbursement_ids=ids[:2], by=maker, as_of=now)
    release = new_id("release")
    valid = Span(date(2026, 1, 1), date(2026, 12, 31))
    funds.prepare_release(release_id=release, line=line, cap_fen=500, valid=valid, by=maker, as_of=now)
    words = {"name": "另一条", "office": "statistics", "region": "990100", "year": 2026}
    funds.open_line(line="theirs/frozen", total_fen=1_000, by=actor, as_of=now, **words)
    funds.freeze_line(line="theirs/frozen", reason="查", by=actor, as_of=now)
    stops.press_stop(stop_id=new_id("stop"), kind=stops.StopKind.CHANNEL, key="x", reason="查", by=maker, as_of=now)
    limits.propose_limit(
        change_id=new_id("limit"), duty="releaser", up_to_fen=1, reason="查", line=line, by=maker, as_of=now
    )
    transfers.prepare_transfer(
        transfer_id=new_id("transfer"), source=line, target="", amount_fen=5, reason="查", by=maker, as_of=now
    )
    paths = {f"/desk/funds/payments/{ids[0]}/", f"/desk/funds/batches/{batch}/", f"/desk/funds/releases/{release}/"}
    paths |= {"/desk/funds/lines/theirs/frozen/", *addresses(world)}
    others = {f"{name} elsewhere": who for name, who in elsewhere.items()}
    return {**world, "own": own, "others": others, "every": every, "paths": sorted(paths)}


def buttons(busy: dict[str, Any]) -> dict[tuple[str, str], dict[str, Form]]:
    """Each button of the desk, and to whom it is offered; elsewhere only on the pages of everybody."""
    found: dict[tuple[str, str], dict[str, Form]] = defaultdict(dict)
    for role, account in (busy["own"] | busy["others"]).items():
        client = entered(account)
        for path in OF_EVERYBODY if role in busy["others"] else [one for one in busy["paths"] if "/desk/" in one]:
            answer = client.get(path)
            if answer.status_code == 200 and "html" in answer["Content-Type"]:
                for form in forms_of(path, body(answer)):
                    if not form.action.startswith(_PASSED_BY):
                        found[form.button][role] = form
    return found


def test_each_button_works_for_those_it_is_offered_to_and_for_nobody_else(busy: dict[str, Any]) -> None:
    found = buttons(busy)
    assert len(found) >= 20, sorted(found)
    wrong, pressed = pressed_by_others(busy, found)
    assert not wrong, "\n".join(map(str, wrong))
    assert pressed >= 200
    silent, facts = pressed_by_those_who_may(busy, found)
    assert not silent, "\n".join(map(str, silent))
    assert facts >= 15


def pressed_by_others(busy: dict[str, Any], found: dict[tuple[str, str], dict[str, Form]]) -> tuple[list[Any], int]:
    """What was written by whom it is not for, and how many buttons were pressed."""
    wrong, pressed = [], 0
    for (path, act), offered in found.items():
        form = next(iter(offered.values()))
        everybody = {**busy["own"], **busy["others"], "anybody": ""}
        others = {name: who for name, who in everybody.items() if name not in offered}
        for name, account in others.items():
            client = entered(account)
            with written() as tables:
                answer = client.post(path, form.body)
            pressed += 1
            tells = name not in busy["own"] and CANARY in body(answer)
            if answer.status_code >= 500 or tells or {*tables} - {"django_session", *COUNTED}:
                wrong.append((name, path, act, answer.status_code, tells, sorted({*tables})))
    return wrong, pressed


def pressed_by_those_who_may(
    busy: dict[str, Any], found: dict[tuple[str, str], dict[str, Form]]
) -> tuple[list[Any], int]:
    """What was written without a fact, and how many presses left one; each is undone before the next."""
    silent, facts = [], 0
    for (path, act), offered in found.items():
        for role, form in offered.items():
            client = entered((busy["own"] | busy["others"])[role])
            with transaction.atomic(), written() as tables:
                answer = client.post(path, form.body)
                transaction.set_rollback(True)
            changed = {*tables} - {*WITHOUT_A_FACT}
            facts += "ledger_entry" in changed
            if answer.status_code >= 500 or (changed and "ledger_entry" not in changed):
                silent.append((role, path, act, answer.status_code, sorted(changed)))
    return silent, facts


def test_every_address_refuses_what_a_stranger_sends(busy: dict[str, Any]) -> None:
    sent = {"act": "freeze", "reason": "x", "token": "x", "message": "x", "duty": "x", "confirm": "1"}
    wrong = []
    for path in (path for path in busy["paths"] if not path.startswith(_PASSED_BY)):
        anybody = () if path.startswith("/desk/") else (("anybody", ""),)
        for name, account in (("every role elsewhere", busy["every"]), *anybody):
            client = entered(account)
            with written() as tables:
                answer = client.post(path, sent)
            owned = {*tables} - {"django_session"} - {*WITHOUT_A_FACT}
            if answer.status_code >= 500 or owned or CANARY in body(answer):
                wrong.append((name, path, answer.status_code, sorted(owned)))
    assert wrong == []


def test_no_call_of_the_api_writes_for_a_stranger(busy: dict[str, Any]) -> None:
    contract, wrong, called = entered().get("/api/v1/openapi.json").json(), [], 0
    bodies = ({}, {"item": ASKING.item, "subject": busy["firm"]})
    for path, operations in contract["paths"].items():
        for one in (busy["case"], busy["firm"]) if "{" in path else ("",):
            for account in ("", busy["stranger"], busy["owner"], busy["every"]):
                for verb, sent in product({*operations} & {"post", "put", "patch", "delete"}, bodies):
                    call = getattr(entered(account), verb)
                    with written() as tables:
                        answer = call(re.sub(r"\{[^}]*\}", one, path), sent, content_type="application/json")
                    called += 1
                    if answer.status_code >= 500 or CANARY in body(answer) or {*tables} - {"django_session"}:
                        wrong.append((account, verb, path, answer.status_code, sorted({*tables})))
    assert wrong == []
    assert called >= 80
