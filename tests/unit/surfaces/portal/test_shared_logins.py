"""Nobody locks others out of a demonstration's log-in, and everybody else may keep a key."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.conf import Settings
from django.test import Client
from django.urls import reverse

from tests.unit.surfaces.api.conftest import Place
from zhida.kernel.accounts.models import Account
from zhida.surfaces.portal.shared_logins import LOCKING

PASSWORD = "only once, please"


@pytest.fixture
def shared(place: Place, settings: Settings) -> Client:
    """Somebody at an account of the demonstration, who has just typed its password."""
    settings.ZHIDA_DEMO = True
    account = Account.objects.get(pk=place.owner)
    account.is_demo = True
    account.set_password(PASSWORD)
    account.save()
    client = Client()
    assert client.post("/account/login/", {"login": account.login_name, "password": PASSWORD}).status_code == 302
    return client


@pytest.mark.parametrize("name", sorted(LOCKING))
def test_a_shared_login_is_locked_by_nobody(shared: Client, name: str) -> None:
    sent = {"code": "1", "oldpassword": PASSWORD, "password1": "another one, now", "password2": "another one, now"}
    for answer in (shared.get(reverse(name), follow=True), shared.post(reverse(name), sent, follow=True)):
        page = answer.content.decode()
        assert answer.redirect_chain == [(reverse("mfa_index"), 302)]
        assert page.count("演示用的公用账号") == 1
    assert not Authenticator.objects.exists()
    assert Client().post("/account/login/", {"login": "owner", "password": PASSWORD}).status_code == 302


def test_its_page_offers_nothing_that_locks(shared: Client) -> None:
    page = shared.get(reverse("mfa_index")).content.decode()
    assert "演示用的公用账号" in page
    for name in LOCKING:
        assert reverse(name) not in page


def test_an_account_of_somebody_keeps_a_key(shared: Client, settings: Settings, place: Place) -> None:
    Account.objects.filter(pk=place.owner).update(is_demo=False)
    page = shared.get(reverse("mfa_index")).content.decode()
    assert "演示用的公用账号" not in page
    assert reverse("mfa_add_webauthn") in page
    assert shared.get(reverse("account_change_password")).status_code == 200
