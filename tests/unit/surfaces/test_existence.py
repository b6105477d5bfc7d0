"""Nobody learns that something exists which they may not see: what is another's answers as what is not there does.

Every address with an id in it is opened and posted to by each role it is for, by a stranger and by anybody, once with
an id of the second tenant's and once with a fresh one: status, head and body agree, and about as much is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse
from ulid import ULID

from tests.simulation import paying
from tests.unit.surfaces.api.conftest import ASKING, place, published
from tests.unit.surfaces.test_isolation import OFFICER_ROLES, body, entered, routes, world
from zhida.domain.values import Actor, Span, local_date, new_id
from zhida.kernel.cases.models import Evidence, Objection
from zhida.kernel.funds import actions as funds
from zhida.kernel.funds.models import Finding
from zhida.kernel.registry.models import Dispute, Subject
from zhida.services.authoring.models import Draft
from zhida.services.consents.models import Consent
from zhida.services.feedback.models import Feedback
from zhida.services.inspection.models import Urge
from zhida.services.outreach.models import Round
from zhida.services.simulation.models import Simulation
from zhida.services.vouching.models import Client, Permission
from zhida.services.worklists.models import HeldBatch

__all__ = ["place", "published", "world"]

OF_EVERYBODY = {
    "portal:receipt", "portal:receipt_file", "portal:receipt_paper",
    "desk:proof",
}  # fmt: skip
"""Routes whose ids stand in what anybody may read: a receipt proves a fact without telling it."""

BY_ADDRESS = {"portal:ticket", "portal:ticket_picture"}
"""Whoever holds the address of a message may open it: it was written without a log-in, and its id is drawn."""

WHOLE_INSTALLATION = re.compile(
    r"desk:(draft|simulation|answer_feedback|remark|rules|(new_)?(entry|table|parameter)|giving|claiming|quota|stacking|take_out|launch)"
)
"""Where an operator sees what every office has."""

LEEWAY = 2
"""Questions to the database that one of the two may ask more: where a record is found, whose it is."""

_MASKED = (
    re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'),
    re.compile(r'nonce="[^"]*"'),
    re.compile(r'name="token" value="[^"]*"'),
)
CASES = "/api/v1/cases"
_CHANGING = {"Set-Cookie", "Content-Security-Policy", "Content-Length", "Server-Timing", "X-Request-Id", "Date"}


@pytest.fixture
def theirs(world: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """One of each thing that has an id, of the second tenant's; by what routes call it."""
    now, case, firm, line = world["now"], world["case"], world["firm"], world["line"]
    today = local_date(now)
    maker = Actor(new_id("account"), "maker", office="statistics")
    new = [replace(paying.new_disbursement(fen), subject_id=firm) for fen in (300, 200)]
    funds.reserve_many(line=line, disbursements=new, by=Actor("system", "system"), as_of=now)
    payment = new[0].disbursement_id
    batch, release = new_id("batch"), new_id("release")
    funds.prepare_batch(batch_id=batch, disbursement_ids=[payment], by=maker, as_of=now)
    valid = Span(today, today + timedelta(days=30))
    funds.prepare_release(release_id=release, line=line, cap_fen=5, valid=valid, by=maker, as_of=now)
    told = {"office": "statistics", "made_at": now}
    evidence = Evidence.objects.create(
        id=new_id("evidence"), case_id=case, requirement="honest", name="x.pdf", media_type="application/pdf",
        sha256="0" * 64, body=b"x", attached_at=now, attached_by="x",
    )  # fmt: skip
    objection = Objection.objects.create(id=new_id("objection"), case_id=case, words="x", raised_at=now)
    dispute = Dispute.objects.create(
        id=new_id("dispute"), subject=Subject.objects.get(pk=firm), fact_key="staff", office="statistics", reason="x",
        account="x", raised_at=now,
    )  # fmt: skip
    urge = Urge.objects.create(
        id=new_id("urge"), case_id=case, office="statistics", reason="x", urged_by="x", urged_at=now, urged_on=today
    )
    draft = Draft.objects.create(
        id=new_id("draft"), pack=ASKING.id, office="statistics", title="x", begun_by="x", begun_at=now, changed_by="x",
        changed_at=now,
    )  # fmt: skip
    simulation = Simulation.objects.create(
        id=new_id("simulation"), office="statistics", items=[], inputs={}, files={}, outcome={}, digest="0" * 64,
        entry_id=new_id("entry"), ran_by="x", ran_at=now,
    )  # fmt: skip
    round_ = Round.objects.create(
        id=new_id("round"), item=ASKING.item, place="990100", kind="visit", purpose="x", worker="x", entitled=1,
        unclaimed=1, made_by="x", **told,
    )  # fmt: skip
    feedback = Feedback.objects.create(
        id=new_id("feedback"), page="/", kind="wrong", words="x", office="statistics", received_at=now, due_on=today
    )
    consent = Consent.objects.create(
        id=new_id("consent"), subject=firm, receiver="x", purpose="x", attributes=["staff"], given_at=now,
        given_by="x", from_on=today, until_on=today + timedelta(days=9),
    )  # fmt: skip
    client = Client.objects.create(
        id="x", title_zh="x", title_en="x", office="statistics", redirects=[], scopes=[], salt="x", added_at=now
    )
    permission = Permission.objects.create(
        id=new_id("permission"), client=client, account="x", asked=[], scopes=[], given_at=now
    )
    together = HeldBatch.objects.create(
        id=new_id("together"), account="x", item=ASKING.item, position=0, versions={case: 1}, **told
    )
    finding = Finding.objects.create(
        id=new_id("finding"), day=today, kind="missing", disbursement_id=payment, reference="x"
    )
    rows = (evidence, objection, dispute, urge, draft, simulation, feedback, consent, permission, finding)
    named = {f"{type(row).__name__.lower()}_id": row.pk for row in rows}
    more = {"case_id": case, "payment_id": payment, "release_id": release, "round_id": round_.pk, "line_id": line}
    return {**world, "ids": {**named, **more, "entry_id": world["entries"][0]}, "batch": batch, "held": together.pk}


def pairs(world: dict[str, Any]) -> Iterator[tuple[str, URLPattern, str, str]]:
    """Each route with an id in it: its name, itself, the address of the second tenant's and one of nothing."""
    found = {one.namespace: one.url_patterns for one in get_resolver().url_patterns if hasattr(one, "namespace")}
    words = {"region": "east", "slug": "asking", "item": "pay", "part": "check", "kind": "requirements", "name": "pay"}
    for name, route in [*routes(found["desk"], "desk"), *routes(found["portal"], "portal")]:
        wanted = set(route.pattern.converters)
        real = {key: value for key, value in world["ids"].items() if key in wanted}
        if "batch_id" in wanted:
            real["batch_id"] = world["held"] if name == "desk:held" else world["batch"]
        if not real or name in OF_EVERYBODY | BY_ADDRESS:
            continue
        rest = {key: words.get(key, "x") for key in wanted - {*real}}
        nothing = {key: another(value) for key, value in real.items()}
        yield name, route, reverse(name, kwargs={**rest, **real}), reverse(name, kwargs={**rest, **nothing})


def another(given: str) -> str:
    """An id of the same kind, under which there is nothing."""
    prefix, mark, _ = given.rpartition("_")
    return f"{prefix}{mark}{ULID()}" if mark else f"{given}-not"


def told(client: Any, path: str, verb: str, ids: Iterator[str] | set[str]) -> tuple[int, dict[str, str], str, int]:
    """All that an answer tells, with the ids of the address itself taken out."""
    sent = {"act": "x", "reason": "x", "answer": "x", "choice": "x", "is_met": "1", "outcome": "upheld", "version": "1"}
    client.cookies.pop("messages", None)
    kind = {"content_type": "application/json"} if path.startswith("/api/") else {}
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path) if verb == "get" else client.post(path, sent, **kind)
    text = body(answer)
    head = {name: value for name, value in answer.headers.items() if name not in _CHANGING}
    for pattern in _MASKED:
        text = pattern.sub("", text)
    for one in sorted(ids, key=len, reverse=True):
        text = text.replace(one, "ID")
        head = {name: value.replace(one, "ID") for name, value in head.items()}
    cookies = str(answer.cookies.get("messages", ""))
    return answer.status_code, head, text + cookies.split("; ")[0], len(asked)


def ids_in(path: str) -> set[str]:
    return {*re.findall(r"[a-z]+_[0-9A-Z]{26}", path), *re.findall(r"theirs/line(?:-not)?", path)}


def differing(name: str, client: Any, real: str, nothing: str) -> Iterator[tuple[Any, ...]]:
    """Where the two answers differ; asked twice, since a first answer reads what the next ones have at hand."""
    for verb in ("get", "post"):
        for _ in range(2):
            first, second = (told(client, path, verb, ids_in(path)) for path in (real, nothing))
            if first[:3] == second[:3] and abs(first[3] - second[3]) <= LEEWAY:
                break
        else:
            parts = zip(("status", "head", "body", "asked"), first, second, strict=True)
            what = [part for part, one, other in parts if one != other]
            yield name, verb, real, (first[0], first[3]), (second[0], second[3]), what
        if first[0] >= 500:
            yield name, verb, real, first[0]


def test_what_is_anothers_answers_as_what_is_not_there(theirs: dict[str, Any]) -> None:
    people = {**theirs["staff"], "stranger": theirs["stranger"], "anybody": ""}
    clients = {name: entered(account) for name, account in people.items()}
    wrong, compared = [], 0
    for route_name, route, real, nothing in pairs(theirs):
        duties = {*getattr(route.callback, "duties", OFFICER_ROLES[:1])}
        duties -= {"operator"} if WHOLE_INSTALLATION.match(route_name) else set()
        for name in (*sorted(duties), "stranger", "anybody"):
            wrong += differing(name, clients[name], real, nothing)
            compared += 1
    assert not wrong, "\n".join(map(str, wrong))
    assert compared >= 120


def test_no_call_of_the_api_tells_that_something_is_there(theirs: dict[str, Any]) -> None:
    contract, wrong, compared = entered().get("/api/v1/openapi.json").json(), [], 0
    real = {"case_id": theirs["case"], "subject_id": theirs["firm"], "entry_id": theirs["entries"][0]}
    clients = [entered(account) for account in ("", theirs["stranger"], theirs["owner"], theirs["staff"]["reviewer"])]
    for path in contract["paths"]:
        named = [key for key in re.findall(r"\{(\w+)\}", path) if key in real]
        for key in named:
            rest = re.sub(r"\{(?!" + key + r")\w+\}", "x", path)
            one, other = (rest.replace("{" + key + "}", value) for value in (real[key], another(real[key])))
            for client in clients:
                wrong += differing(path, client, one, other)
                compared += 1
    assert not wrong, "\n".join(map(str, wrong))
    assert compared >= 30


def test_a_form_where_json_is_asked_for_is_no_failure(theirs: dict[str, Any]) -> None:
    answer = entered(theirs["owner"]).post(CASES, {"item": ASKING.item})
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_request")


@pytest.mark.parametrize("asked", ["case", "subject"])
def test_no_question_of_the_api_tells_whose_it_is(theirs: dict[str, Any], asked: str) -> None:
    """What is named in a body or a query instead of the address."""
    client = entered(theirs["stranger"])
    firm, nobody = theirs["firm"], new_id("subject")
    told = []
    for one in (firm, nobody):
        if asked == "case":
            answer = client.post(CASES, {"item": ASKING.item, "subject": one}, content_type="application/json")
        else:
            answer = client.get(CASES, {"subject": one})
        told.append((answer.status_code, answer.content.decode().replace(one, "ID")))
    assert told[0] == told[1]
