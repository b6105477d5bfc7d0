"""Logging in by an identity service: an account on first sight, mandates on its word, and again where money moves."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.core.cache import cache
from django.test import Client

from tests.unit.adapters.identity.issuer import CLIENT, ISSUER, SECRET, Issuer
from tests.unit.surfaces.api.conftest import Place, Still
from zhida.adapters.identity import OidcIdentities
from zhida.adapters.identity.settings import Trusted
from zhida.config import wiring
from zhida.domain.values import Actor, SubjectKind, new_id
from zhida.kernel.accounts.models import Account
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry import actions as registry
from zhida.services.identities.ports import Provider

CODE = "91990102MA00000006"
MONEY = "/my/account/"
TITLES = {"zh": "省统一身份认证", "en": "Provincial identity"}


@pytest.fixture
def issuer(place: Place, monkeypatch: pytest.MonkeyPatch) -> Issuer:
    """A service that the installation trusts."""
    cache.clear()
    issuer = Issuer(name="林一", uscc=CODE)
    trusted = Trusted(
        Provider("province", TITLES), ISSUER, CLIENT, SECRET, "openid", {"name": "name", "credit_code": "uscc"}
    )
    client = OidcIdentities([trusted], transport=issuer.transport)
    monkeypatch.setattr(wiring, "identities", lambda: client)
    return issuer


@pytest.fixture
def firm(place: Place, actor: Actor, now: datetime) -> str:
    """A firm that the registry knows by its credit code."""
    subject = registry.NewSubject(new_id("subject"), SubjectKind.ORGANISATION, "三号厂", "990102", credit_code=CODE)
    registry.register_subject(subject=subject, by=actor, as_of=now)
    return subject.id


def come(issuer: Issuer, client: Client, path: str = "/enter/province/") -> Any:
    answer = issuer.log_in(client.get(path)["Location"])
    return client.get("/enter/province/back/", answer)


def account_in(client: Client) -> str:
    return client.session.get("_auth_user_id", "")


def test_the_page_offers_the_service_in_both_languages(issuer: Issuer) -> None:
    page = Client().get("/account/login/?next=/my/cases/").content.decode()
    assert "用省统一身份认证登录" in page
    assert 'href="/enter/province/?next=/my/cases/"' in page
    assert "Sign in with Provincial identity" in Client().get("/account/login/?lang=en", follow=True).content.decode()


def test_somebody_new_gets_an_account_that_acts_for_whom_the_service_names(
    issuer: Issuer, firm: str, now: datetime
) -> None:
    client = Client()
    assert come(issuer, client)["Location"] == "/my/"
    account = account_in(client)
    assert offices.mandates_of(account, now) == {firm}
    assert not Account.objects.get(pk=account).has_usable_password()
    assert "林一" in client.get("/my/").content.decode()
    again = Client()
    come(issuer, again)
    assert account_in(again) == account
    assert [fact.kind for fact in ledger.entries_about(account)].count("accounts.identity_linked") == 1


def test_whom_the_service_names_no_longer_is_acted_for_no_longer(
    issuer: Issuer, firm: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    come(issuer, client)
    later = now + timedelta(days=3)
    monkeypatch.setattr(wiring, "clock", lambda: Still(later))
    issuer.claims["uscc"] = None
    come(issuer, Client())
    assert offices.mandates_of(account_in(client), later) == set()


def test_a_mandate_from_elsewhere_stays(issuer: Issuer, firm: str, place: Place, actor: Actor, now: datetime) -> None:
    from zhida.kernel.offices.actions import give_mandate

    client = Client()
    come(issuer, client)
    account = account_in(client)
    give_mandate(account_id=account, subject_id=place.other, source="register", by=actor, as_of=now)
    issuer.claims["uscc"] = "91990102MA00000099"
    come(issuer, client)
    assert place.other in offices.mandates_of(account, now + timedelta(days=1))


def test_an_answer_is_taken_once_and_only_by_who_asked(issuer: Issuer) -> None:
    client, other = Client(), Client()
    answer = issuer.log_in(client.get("/enter/province/")["Location"])
    other.get("/enter/province/")
    assert other.get("/enter/province/back/", answer)["Location"] == "/account/login/"
    assert not account_in(other)
    client.get("/enter/province/back/", answer)
    assert account_in(client)
    client.post("/account/logout/")
    client.get("/enter/province/back/", answer)
    assert not account_in(client)


@pytest.mark.parametrize(
    "answer", [{}, {"error": "access_denied"}, {"code": "x", "state": "\x00"}, {"state": "x" * 9999}]
)
def test_what_proves_nothing_lets_nobody_in(issuer: Issuer, answer: dict[str, str]) -> None:
    client = Client()
    client.get("/enter/province/")
    assert "没有证明您是谁" in client.get("/enter/province/back/", answer, follow=True).content.decode()
    assert not account_in(client)


def test_one_goes_back_to_pages_of_this_site_only(issuer: Issuer) -> None:
    assert come(issuer, Client(), "/enter/province/?next=/my/cases/")["Location"] == "/my/cases/"
    assert come(issuer, Client(), "/enter/province/?next=https://evil.example.org/")["Location"] == "/my/"


def test_a_service_that_does_not_answer_is_told_in_words(issuer: Issuer) -> None:
    issuer.is_down = True
    assert "联系不上" in Client().get("/enter/province/", follow=True).content.decode()
    assert "联系不上" in Client().get("/enter/county/", follow=True).content.decode()


def test_who_was_closed_stays_out(issuer: Issuer) -> None:
    client = Client()
    come(issuer, client)
    Account.objects.filter(pk=account_in(client)).update(is_active=False)
    late = Client()
    come(issuer, late)
    assert not account_in(late)


@pytest.fixture
def stale(issuer: Issuer, firm: str, settings: Any) -> Client:
    """Somebody who came in by the service too long ago to move money."""
    settings.ZHIDA_STEP_UP = 15
    client = Client()
    come(issuer, client)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] = time.time() - 16 * 60
    session.save()
    return client


def asked_again(client: Client) -> str:
    return client.post(MONEY, {"bank": "示范银行", "number": "6222021234567890124"})["Location"]


def test_the_service_is_asked_again_where_money_moves(issuer: Issuer, stale: Client) -> None:
    there = asked_again(stale)
    assert there.startswith("/enter/province/again/")
    address = stale.get(there)["Location"]
    asked = dict(parse_qsl(urlsplit(address).query))
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    assert "0124" not in stale.get(MONEY).content.decode()
    stale.get("/enter/province/back/", issuer.log_in(address))
    assert "0124" in stale.get(MONEY).content.decode()


@pytest.mark.parametrize("spoil", [{"sub": "person-2"}, {"auth_time": None}, {"auth_time": int(time.time()) - 3600}])
def test_another_person_or_an_old_proof_moves_nothing(issuer: Issuer, stale: Client, spoil: dict[str, Any]) -> None:
    address = stale.get(asked_again(stale))["Location"]
    issuer.spoil = spoil
    stale.get("/enter/province/back/", issuer.log_in(address))
    assert "0124" not in stale.get(MONEY).content.decode()


def test_nobody_is_asked_again_who_is_not_in(issuer: Issuer) -> None:
    assert Client().get("/enter/province/again/")["Location"].startswith("/account/login/")
