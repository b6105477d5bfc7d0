"""Every route that has a place in its path: never a broken page, never another file, never another site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.hostile.addresses import PLACES
from tests.hostile.sending import timed
from tests.unit.surfaces.api.conftest import Caller, Place
from zhida.domain.values import Actor
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.offices import actions as offices
from zhida.kernel.offices.models import Role

_LEAKED = re.compile(rb"root:[x*]:0:0|SQLite format 3|\[extensions\]|Traceback \(most recent")
_PLACE = re.compile(r"<[^>]+>|\(\?P<[^>]+>[^)]*\)")


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
