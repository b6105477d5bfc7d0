"""Whoever moves money types the password again where that was too long ago, and nothing else a second time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from tests.unit.surfaces.desk.conftest import BATCH, OFFICE
from zhida.domain.values import Actor, Scope
from zhida.kernel.accounts.models import Account
from zhida.kernel.funds import actions, queries
from zhida.services.controls.lifting import Kept, waiting_lifting
from zhida.services.controls.stops import StopKind, press_stop

PATH = f"/desk/funds/batches/{BATCH}/"
ALL = Scope.system("test")
PASSWORD = "once more, please"


@pytest.fixture
def signing(waiting: list[str], staff: dict[str, str], now: datetime, settings: Any) -> dict[str, str]:
    """What the checker posts to sign a batch that the maker made."""
    settings.ZHIDA_STEP_UP = 15
    maker = Actor(staff["maker"], "maker", office=OFFICE)
    digest = actions.prepare_batch(batch_id=BATCH, disbursement_ids=waiting, by=maker, as_of=now)
    return {"seen": "1", "digest": digest}


@pytest.fixture
def came_in(staff: dict[str, str]) -> Callable[[float], Client]:
    """The checker, who logged in by the form so many minutes ago."""

    def enter(minutes_ago: float) -> Client:
        account = Account.objects.get(pk=staff["checker"])
        account.set_password(PASSWORD)
        account.save()
        client = Client()
        assert client.post("/account/login/", {"login": "checker", "password": PASSWORD}).status_code == 302
        session = client.session
        (record,) = session[AUTHENTICATION_METHODS_SESSION_KEY]
        record["at"] = time.time() - minutes_ago * 60
        session.save()
        return client

    return enter


def is_checked() -> bool:
    return queries.batches(scope=ALL)[0].checker is not None


def test_who_came_in_lately_signs(came_in: Callable[[float], Client], signing: dict[str, str]) -> None:
    assert came_in(14).post(PATH, signing)["Location"] == PATH
    assert is_checked()


def test_the_password_is_asked_for_and_the_act_then_done(
    came_in: Callable[[float], Client], signing: dict[str, str]
) -> None:
    client = came_in(16)
    asked = client.post(PATH, signing)["Location"]
    assert asked == f"/account/reauthenticate/?next={quote(PATH, safe='')}"
    assert not is_checked()
    assert client.post(asked, {"password": "something else"}).status_code == 200
    assert not is_checked()
    assert client.post(asked, {"password": PASSWORD}).status_code == 302
    assert is_checked()


def test_looking_and_stopping_ask_for_nothing(came_in: Callable[[float], Client], signing: dict[str, str]) -> None:
    client = came_in(600)
    assert client.get(PATH).status_code == 200
    stop = {"act": "stop-all", "stop-all-reason": "at once"}
    assert "reauthenticate" not in client.post("/desk/funds/stops/", stop).headers.get("Location", "")


def test_letting_go_on_asks_for_the_password(
    came_in: Callable[[float], Client], signing: dict[str, str], staff: dict[str, str], now: datetime
) -> None:
    client = came_in(600)
    maker = Actor(staff["maker"], "maker", office=OFFICE)
    press_stop(stop_id="stop_one", kind=StopKind.ALL, key="", reason="drill", by=maker, as_of=now)
    asked = client.post("/desk/funds/stops/", {"act": "propose-stop_one", "propose-stop_one-reason": "over"})
    assert "reauthenticate" in asked["Location"]
    assert waiting_lifting(Kept.STOP, "stop_one") is None
