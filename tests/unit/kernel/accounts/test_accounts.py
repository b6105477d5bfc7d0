"""Accounts are opened, found and closed; and a person logs in by the login name."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from zhida.domain.errors import ConflictError
from zhida.kernel.accounts import actions, queries
from zhida.kernel.accounts.models import Account

pytestmark = pytest.mark.django_db

WORD = "a-long-pass-phrase-9"


def test_an_account_is_found_by_login_name(now: datetime) -> None:
    account_id = actions.open_account(login_name="wang", display_name="王", is_demo=True, as_of=now)
    record = queries.account_named("wang")
    assert record is not None
    assert (record.id, record.name, record.locale) == (account_id, "王", "zh-hans")
    assert queries.demo_accounts() == (record,)
    assert queries.names_of({account_id, "account_none"}) == {account_id: "王"}
    assert queries.account_named("nobody") is None


def test_a_login_name_is_taken_once_and_never_empty(now: datetime) -> None:
    actions.open_account(login_name="wang", as_of=now)
    for name in ("wang", ""):
        with pytest.raises(ConflictError, match="login_name_taken"):
            actions.open_account(login_name=name, as_of=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(login_name="")


def test_only_what_was_opened_is_closed() -> None:
    with pytest.raises(ConflictError, match="no_such_account"):
        actions.close_account(account_id="account_none")


def _log_in(client: Client) -> bool:
    client.post("/account/login/", {"login": "wang", "password": WORD})
    return "_auth_user_id" in client.session


def test_log_in_by_login_name(client: Client, now: datetime) -> None:
    account_id = actions.open_account(login_name="wang", password=WORD, as_of=now)
    assert _log_in(client)
    assert client.session["_auth_user_id"] == account_id


def test_no_log_in_without_a_password_or_to_a_closed_account(client: Client, now: datetime) -> None:
    account_id = actions.open_account(login_name="wang", as_of=now)
    assert not _log_in(client)
    Account.objects.get(pk=account_id).delete()
    actions.close_account(account_id=actions.open_account(login_name="wang", password=WORD, as_of=now))
    assert not _log_in(client)


def test_a_person_signs_up(client: Client) -> None:
    client.post("/account/signup/", {"username": "zhao", "password1": WORD, "password2": WORD})
    record = queries.account_named("zhao")
    assert record is not None
    assert client.session["_auth_user_id"] == record.id
