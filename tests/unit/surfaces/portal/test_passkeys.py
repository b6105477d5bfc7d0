"""Passkeys at the server: what is taken, what is refused, and that one stands for a password where money moves."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from tests.unit.surfaces.api.conftest import Place
from tests.unit.surfaces.portal.device import Device
from zhida.kernel.accounts.models import Account

PASSWORD = "only once, please"
ADD, LIST, LOGIN = "/account/2fa/webauthn/add/", "/account/2fa/webauthn/", "/account/2fa/webauthn/login/"
MONEY = "/my/account/"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def owner(place: Place) -> Client:
    """The first firm's agent, who has just typed the password."""
    account = Account.objects.get(pk=place.owner)
    account.set_password(PASSWORD)
    account.save()
    client = anybody()
    assert client.post("/account/login/", {"login": account.login_name, "password": PASSWORD}).status_code == 302
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def device(owner: Client) -> Device:
    """A device whose key the owner has added."""
    added = Device()
    assert add(owner, added).status_code == 302
    return added


def anybody() -> Client:
    return Client(headers={"host": "localhost"})


def options_on(page: bytes, name: str) -> dict[str, Any]:
    found = re.search(r'<script id="js_data" type="application/json">(.+?)</script>', page.decode())
    assert found
    return json.loads(found[1])[name]


def add(client: Client, device: Device, **changed: Any) -> Any:
    credential = device.register(options_on(client.get(ADD).content, "creation_options"))
    said = {"name": "手机", "passwordless": "on", "credential": json.dumps({**credential, **changed})}
    return client.post(ADD, said)


def log_in(device: Device, client: Client | None = None) -> Client:
    client = client or anybody()
    asked = client.get(LOGIN, headers={"accept": "application/json"}).json()["request_options"]
    client.post(LOGIN, {"credential": json.dumps(device.answer(asked))})
    return client


def is_in(client: Client) -> bool:
    return client.get("/my/").status_code == 200


def test_a_key_opens_the_account_alone(device: Device) -> None:
    assert is_in(log_in(device))


def test_its_name_and_use_are_listed(owner: Client, device: Device) -> None:
    log_in(device)
    text = owner.get(LIST).content.decode()
    assert "手机" in text
    assert "能直接登录" in text
    assert "上次用" in text


def test_a_key_of_another_site_is_not_taken(owner: Client) -> None:
    assert add(owner, Device("https://zhida.example.org")).status_code == 200
    assert not Authenticator.objects.exists()


def test_what_is_no_answer_of_a_device_is_not_taken(owner: Client) -> None:
    for credential in ("", "{}", "[]", '{"id": 1}', '{"response": {}}', "null", '"x"'):
        assert owner.post(ADD, {"name": "手机", "credential": credential}).status_code == 200
        assert anybody().post(LOGIN, {"credential": credential}).status_code == 302
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("part", ["clientDataJSON", "attestationObject"])
def test_a_damaged_answer_is_refused_in_words(owner: Client, part: str) -> None:
    for cut in range(0, 120, 13):
        answer = Device().register(options_on(owner.get(ADD).content, "creation_options"))
        answer["response"][part] = answer["response"][part][:cut]
        assert owner.post(ADD, {"name": "手机", "credential": json.dumps(answer)}).status_code == 200
    assert not Authenticator.objects.exists()


def test_an_answer_counts_once(device: Device) -> None:
    client = anybody()
    asked = client.get(LOGIN, headers={"accept": "application/json"}).json()["request_options"]
    said = {"credential": json.dumps(device.answer(asked))}
    client.post(LOGIN, said)
    assert is_in(client)
    client.post("/account/logout/")
    client.post(LOGIN, said)
    assert not is_in(client)


def test_an_answer_to_another_question_is_refused(device: Device) -> None:
    first, second = anybody(), anybody()
    asked = first.get(LOGIN, headers={"accept": "application/json"}).json()["request_options"]
    second.get(LOGIN, headers={"accept": "application/json"})
    second.post(LOGIN, {"credential": json.dumps(device.answer(asked))})
    assert not is_in(second)


def test_a_key_nobody_added_opens_nothing_whoever_it_names(device: Device) -> None:
    stranger = Device()
    stranger.handle = device.handle
    assert not is_in(log_in(stranger))
    stranger.id = device.id
    assert not is_in(log_in(stranger))


def test_a_key_that_was_removed_opens_nothing(owner: Client, device: Device) -> None:
    held = Authenticator.objects.get(type="webauthn")
    assert owner.post(f"{LIST}keys/{held.pk}/remove/").status_code == 302
    assert not Authenticator.objects.exists()
    assert not is_in(log_in(device))


def test_nobody_touches_the_key_of_another(place: Place, device: Device) -> None:
    other = Account.objects.get(pk=place.stranger)
    other.set_password(PASSWORD)
    other.save()
    client = anybody()
    client.post("/account/login/", {"login": other.login_name, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    held = Authenticator.objects.get(type="webauthn")
    for act in ("remove", "edit"):
        assert client.post(f"{LIST}keys/{held.pk}/{act}/", {"name": "mine"}).status_code == 404
    assert "手机" not in client.get(LIST).content.decode()


def test_adding_asks_who_is_there(device: Device) -> None:
    client = log_in(device)
    assert "/reauthenticate/" in client.get(ADD)["Location"]


def test_a_key_stands_for_the_password_where_money_moves(device: Device, settings: Any) -> None:
    settings.ZHIDA_STEP_UP = 15
    client = log_in(device)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] = time.time() - 16 * 60
    session.save()
    asked = client.post(MONEY, {"bank": "示范银行", "number": "6222021234567890124"})["Location"]
    assert "/reauthenticate/" in asked
    by_key = asked.replace("/account/reauthenticate/", "/account/2fa/webauthn/reauthenticate/")
    options = options_on(client.get(by_key).content, "request_options")
    client.post(by_key, {"credential": json.dumps(Device().answer(options))})
    assert "0124" not in client.get(MONEY).content.decode()
    options = options_on(client.get(by_key).content, "request_options")
    assert client.post(by_key, {"credential": json.dumps(device.answer(options))}).status_code == 302
    assert "0124" in client.get(MONEY).content.decode()
