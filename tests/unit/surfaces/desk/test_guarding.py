"""Who has a hand in money needs a second factor, and a desk that was left alone is logged out."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from tests.unit.surfaces.desk.conftest import LINE, Desk
from tests.unit.surfaces.desk.test_money import ALL, do, page
from zhida.domain.values import Actor
from zhida.kernel.accounts.models import Account
from zhida.kernel.funds import queries
from zhida.kernel.offices import actions as offices

PATH = f"/desk/funds/lines/{LINE}/"


@pytest.mark.parametrize("role", ["maker", "checker", "releaser"])
def test_without_a_second_factor_money_is_neither_seen_nor_moved(
    desk: Desk, staff: dict[str, str], role: str, settings: Any
) -> None:
    settings.ZHIDA_SECOND_FACTOR = True
    client = desk(role)
    shown = client.get(PATH)
    assert shown.status_code == 403
    assert "/account/2fa/" in shown.content.decode()
    assert do(client, PATH, "freeze") == 403
    assert queries.standing(LINE, scope=ALL).frozen_reason == ""
    assert client.get("/account/2fa/").status_code == 200
    TOTP.activate(Account.objects.get(pk=staff[role]), generate_totp_secret())
    assert do(client, PATH, "freeze") == 302
    assert queries.standing(LINE, scope=ALL).frozen_reason == "核实过"
    Authenticator.objects.all().delete()
    assert do(client, PATH, f"propose-{LINE}") == 403


def test_an_operator_needs_one_and_an_auditor_does_not(
    desk: Desk, staff: dict[str, str], actor: Actor, now: datetime, settings: Any
) -> None:
    settings.ZHIDA_SECOND_FACTOR = True
    assert "没有要求第二重验证" not in page(desk("auditor"), PATH)
    offices.appoint(account_id=staff["auditor"], office_id="statistics", role="operator", by=actor, as_of=now)
    assert desk("auditor").get("/desk/people/").status_code == 403


def test_where_none_is_demanded_the_page_says_so(desk: Desk) -> None:
    assert "没有要求第二重验证" in page(desk("maker"), PATH)
    assert "没有要求第二重验证" not in page(desk("auditor"), PATH)


def left_alone(client: Client, seconds: float) -> None:
    session = client.session
    session["desk_seen_at"] = time.time() - seconds
    session.save()


def test_a_desk_left_alone_is_logged_out(desk: Desk, settings: Any) -> None:
    settings.ZHIDA_DESK_IDLE = 30
    client = desk("maker")
    page(client, PATH)
    left_alone(client, 29 * 60)
    page(client, PATH)
    assert time.time() - client.session["desk_seen_at"] < 60
    left_alone(client, 31 * 60)
    assert do(client, PATH, "freeze") == 302
    assert queries.standing(LINE, scope=ALL).frozen_reason == ""
    answer = client.get(PATH)
    assert answer["Location"].startswith("/account/login/?next=/desk/funds/lines/")
    assert "30 分钟没有动作" in client.get(answer["Location"]).content.decode()


def test_no_limit_no_end(desk: Desk, settings: Any) -> None:
    settings.ZHIDA_DESK_IDLE = 0
    client = desk("maker")
    left_alone(client, 24 * 3600)
    page(client, PATH)
