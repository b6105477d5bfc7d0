"""A forgotten password is set by a named operator, with a reason; the rules hold, and whoever was logged in is out."""

from __future__ import annotations

from datetime import datetime

import pytest
from click.testing import CliRunner
from django.contrib.auth import get_user_model
from django.test import Client

from tests.unit.surfaces.api.conftest import Place, place, published
from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Actor
from zhida.kernel.accounts.actions import close_account, open_account
from zhida.kernel.ledger import queries as log
from zhida.kernel.offices import actions as offices
from zhida.services.identities.passwords import set_password
from zhida.surfaces.cli.office import command

__all__ = ["place", "published"]
GOOD = "qing-tian-2026"
SEEN = "窗口核对身份证"


@pytest.fixture
def operator(place: Place, actor: Actor, now: datetime) -> str:
    """An operator's account; two windows are logged in as the firm's agent, one as somebody else."""
    account = open_account(login_name="qin", as_of=now)
    offices.appoint(account_id=account, office_id="statistics", role="operator", by=actor, as_of=now)
    return account


def window(account: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(pk=account))
    return client


def is_logged_in(client: Client) -> bool:
    return client.get("/my/").status_code == 200


def test_the_holder_logs_in_anew_and_nobody_else_is_disturbed(place: Place, operator: str, now: datetime) -> None:
    own, other = [window(place.owner), window(place.owner)], window(place.viewer)
    assert all(map(is_logged_in, [*own, other]))
    ended = set_password(account_id=place.owner, password=GOOD, operator=operator, reason=SEEN, as_of=now)
    assert ended == 2
    assert [is_logged_in(one) for one in [*own, other]] == [False, False, True]
    assert get_user_model().objects.get(pk=place.owner).check_password(GOOD)
    (fact,) = [one for one in log.entries_about(place.owner) if one.kind == "accounts.password_set"]
    assert (fact.fields["reason"], fact.fields["sessions_ended"]) == (SEEN, 2)
    assert operator in str(fact)
    assert GOOD not in str(fact)


@pytest.mark.parametrize("password", ["", "short-1", "password123", "QIN-QIN-qin"])
def test_a_password_that_breaks_a_rule_changes_nothing(
    place: Place, operator: str, actor: Actor, now: datetime, password: str
) -> None:
    holder = open_account(login_name="qin-qin-qin", password=GOOD, as_of=now)
    with pytest.raises(ConflictError, match="password_refused"):
        set_password(account_id=holder, password=password, operator=operator, reason=SEEN, as_of=now)
    assert get_user_model().objects.get(pk=holder).check_password(GOOD)
    assert "accounts.password_set" not in {one.kind for one in log.entries_about(holder)}


def test_only_another_operator_with_a_reason_sets_one(place: Place, operator: str, now: datetime) -> None:
    for account, who, reason, wrong in (
        (place.owner, place.viewer, SEEN, "not_operator"),
        (operator, operator, SEEN, "own_password"),
        (place.owner, operator, " ", "password_reason_missing"),
    ):
        with pytest.raises((AccessError, ConflictError), match=wrong):
            set_password(account_id=account, password=GOOD, operator=who, reason=reason, as_of=now)
    close_account(account_id=place.owner)
    with pytest.raises(ConflictError, match="account_closed"):
        set_password(account_id=place.owner, password=GOOD, operator=operator, reason=SEEN, as_of=now)


def test_the_command_reads_a_line_and_takes_no_password_as_an_argument(place: Place, operator: str) -> None:
    name = get_user_model().objects.get(pk=place.owner).login_name
    asked = ["set-password", name, "--by", "qin", "--reason", SEEN]
    told = CliRunner().invoke(command, asked, input=f"{GOOD}\nmore\n", catch_exceptions=False)
    assert told.output.splitlines() == [
        f"已给 {name} 设新密码，退出了 0 处登录；通行密钥和第二道验证没有动",
        f"{name} has a new password, 0 sessions ended; passkeys and second factors stay",
    ]
    assert get_user_model().objects.get(pk=place.owner).check_password(GOOD)
    assert CliRunner().invoke(command, [*asked, GOOD]).exit_code == 2
