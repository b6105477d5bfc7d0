"""Logging in, and asking for a new password, answer alike whether or not somebody has that name."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.hashers import BasePasswordHasher, get_hasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from ulid import ULID

from zhida.domain.values import new_id
from zhida.kernel.accounts.actions import close_account, open_account

PASSWORD = "once more, please"
_CHANGING = {"Set-Cookie", "Expires", "Content-Security-Policy", "Content-Length", "Server-Timing"}


@pytest.fixture
def names(db: None, now: datetime) -> dict[str, str]:
    """Somebody with a password, without one, gone, and nobody; no failure of another test counts against them."""
    cache.clear()
    open_account(login_name="zq-one", password=PASSWORD, as_of=now)
    open_account(login_name="zq-two", password=None, as_of=now)
    gone = open_account(login_name="zq-three", password=PASSWORD, as_of=now)
    close_account(account_id=gone)
    told("/account/login/", {"login": "zq-five", "password": "x"}, "zq-five")  # what a process keeps is asked for once
    return {"known": "zq-one", "without": "zq-two", "gone": "zq-three", "nobody": "zq-four"}


def told(path: str, sent: dict[str, str], name: str) -> tuple[Any, ...]:
    client = Client()
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(path, sent)
    head = {key: value for key, value in answer.headers.items() if key not in _CHANGING}
    text = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", answer.content.decode()).replace(name, "NAME")
    verbs = [one["sql"].split()[0] for one in asked]
    return answer.status_code, head, text, verbs


@pytest.mark.parametrize("kind", ["without", "gone", "nobody"])
def test_a_wrong_password_tells_nothing_of_the_name(names: dict[str, str], kind: str) -> None:
    known = told("/account/login/", {"login": names["known"], "password": "wrong, all of it"}, names["known"])
    other = told("/account/login/", {"login": names[kind], "password": "wrong, all of it"}, names[kind])
    assert known[0] == 200
    assert known == other


def test_a_wrong_password_is_hashed_as_often_for_a_name_that_nobody_has(
    names: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes long is the hash: as many for either, so that the time tells nothing."""
    hasher: type[BasePasswordHasher] = type(get_hasher())
    counted: list[str] = []
    plain = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda *given, **named: counted.append("x") or plain(*given, **named))
    found = {}
    for kind, name in names.items():
        counted.clear()
        Client().post("/account/login/", {"login": name, "password": "wrong, all of it"})
        found[kind] = len(counted)
    assert found == dict.fromkeys(names, 1)


def test_asking_for_a_new_password_tells_nothing(names: dict[str, str]) -> None:
    asked = {kind: told("/account/password/reset/", {"email": f"{name}@x.cn"}, name) for kind, name in names.items()}
    assert all(one == asked["nobody"] for one in asked.values())


def test_ids_do_not_follow_from_one_another() -> None:
    """Those of one millisecond go upward, by steps that are drawn anew each time."""
    ids = [ULID.from_str(new_id("case").removeprefix("case_")) for _ in range(2_000)]
    assert ids == sorted(ids)
    steps = [int(after) - int(before) for before, after in pairwise(ids) if after.milliseconds == before.milliseconds]
    assert len(steps) > 100
    assert len(set(steps)) == len(steps)
    assert sum(step < 2**40 for step in steps) <= 1
