"""Every route that has a place in its path, and public pages with hostile queries and heads: never a broken page,
never another file, never another site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.hostile.addresses import BODIES, HEADS, KINDS, PLACES, QUERIES
from tests.hostile.sending import timed
from tests.unit.surfaces.api.conftest import ASKING, Caller, Place
from zhida.domain.values import Actor
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.offices import actions as offices
from zhida.kernel.offices.models import Role

_LEAKED = re.compile(rb"root:[x*]:0:0|SQLite format 3|\[extensions\]|Traceback \(most recent")
_PLACE = re.compile(r"<[^>]+>|\(\?P<[^>]+>[^)]*\)")
PAGES = (
    "/",
    "/policies/",
    "/policies/search/",
    f"/policies/{ASKING.id}/",
    f"/items/{ASKING.item}/",
    "/compare/",
    "/calendar/",
    "/calendar.ics",
    "/calculator/",
    "/calculator/result/",
    "/publicity/",
    "/figures/",
    "/verify/",
    "/feedback/",
    "/display/",
    "/account/login/",
    "/api/v1/items",
    "/api/v1/policies",
    "/api/v1/search",
    "/log/checkpoint",
)


def patterns(entries: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """The written form of every address that has a place in it."""
    for entry in entries:
        written = before + str(entry.pattern).lstrip("^").rstrip("$").replace("\\Z", "")
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, written)
        elif _PLACE.search(written):
            yield written


def wrong_with(answer: object) -> list[str]:
    """What an answer gives away, or where it leads that is not here."""
    wrong = []
    if not answer.streaming and _LEAKED.search(answer.content):
        wrong.append("it shows a file or a program's inside")
    if re.match(r"(?:https?:)?//(?!testserver)|javascript:", answer.headers.get("Location", "")):
        wrong.append(f"it leads to {answer.headers['Location']}")
    if "owned" in answer.cookies or "\r" in str(answer.headers.items()):
        wrong.append("it sets a head that was sent")
    return wrong


@pytest.fixture
def officer(place: Place, actor: Actor, now: datetime) -> Client:
    """Somebody in every role of the office that owns all."""
    clients = Client()
    account = open_account(login_name="all", as_of=now)
    for role in Role.values:
        if role not in ("person", "agent", "maker", "checker", "releaser"):
            offices.appoint(account_id=account, office_id="statistics", role=role, by=actor, as_of=now)
    clients.force_login(Account.objects.get(pk=account))
    return clients


def test_no_place_in_a_path_reaches_further(owner: Caller, officer: Client) -> None:
    found = {}
    for written in sorted(set(patterns(get_resolver().url_patterns))):
        client = officer if written.startswith("desk/") else owner.client
        for case, place in PLACES.items():
            path = "/" + _PLACE.sub(place, written)
            answer, wrong = timed(client.get, path)
            wrong = [one for one in wrong if "guessed" not in one or answer.status_code == 200]
            if wrong := wrong + wrong_with(answer):
                found[written, case] = wrong
    assert found == {}


def test_no_query_breaks_a_page(place: Place) -> None:
    """Each query to every third page, each page a third of them; the first answer of a process is not timed."""
    assert Client().get("/").status_code == 200
    found = {}
    for turn, path in enumerate(PAGES):
        for case, query in list(QUERIES.items())[turn % 3 :: 3]:
            answer, wrong = timed(Client().get, path, QUERY_STRING=query)
            if wrong := wrong + wrong_with(answer):
                found[path, case] = wrong
            if b"<script>alert(1)" in (b"" if answer.streaming else answer.content):
                found[path, case] = ["it runs what was sent"]
    assert found == {}


def test_no_head_breaks_a_page(place: Place) -> None:
    assert Client().get("/").status_code == 200
    found = {}
    for path in ("/", "/policies/", "/api/v1/items", "/my/", "/desk/", "/account/login/"):
        for case, heads in HEADS.items():
            answer, wrong = timed(Client().get, path, headers=heads)
            if wrong := [one for one in wrong if answer.status_code != 400] + wrong_with(answer):
                found[path, case] = wrong
            if b"evil.example" in (b"" if answer.streaming else answer.content):
                found[path, case] = ["it names the other host"]
    assert found == {}


def test_no_form_leads_to_another_site(place: Place) -> None:
    for elsewhere in (
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/%0d%0aX:1",
    ):
        for path in ("/language/setlang/", "/display/", "/account/login/"):
            sent = {"next": elsewhere, "language": "en", "login": "owner", "password": "x"}
            answer, wrong = timed(Client().post, path, sent)
            assert not wrong + wrong_with(answer), (path, elsewhere)


def test_no_body_breaks_the_api(owner: Caller, place: Place, case: str) -> None:
    """Each body to every third call, each call a third of them."""
    contract = owner.get("/openapi.json").json
    assert contract["paths"]
    found = {}
    for turn, path in enumerate(path for path, calls in contract["paths"].items() if "post" in calls):
        filled = path.replace("{case_id}", case).replace("{subject_id}", place.firm).replace("{requirement}", "proof")
        headers = {"X-CSRFToken": owner.token}
        sent = [(name, body, "application/json") for name, body in BODIES.items()]
        sent += [(name, b'{"item":"x"}', kind) for name, kind in KINDS.items()]
        for name, body, kind in sent[turn % 3 :: 3]:
            answer, wrong = timed(owner.client.generic, "POST", filled, body, kind, headers=headers)
            if wrong := wrong + wrong_with(answer):
                found[path, name] = wrong
    assert found == {}
