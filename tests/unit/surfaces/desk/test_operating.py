"""What was given up is shown with its age, its error and who mends it; another try needs a reason and leaves a fact."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.unit.surfaces.desk.conftest import OFFICE, Desk
from tests.unit.surfaces.desk.test_money import do, page
from zhida.domain.errors import FinalOutside
from zhida.domain.values import Actor, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import actions as offices
from zhida.kernel.outbox import actions, queries
from zhida.kernel.outbox.models import Message

PATH = "/desk/operations/"


@pytest.fixture
def operator(line: str, actor: Actor, now: datetime) -> Client:
    """An operator of the office, logged in."""
    account = open_account(login_name="operator", as_of=now)
    offices.appoint(account_id=account, office_id=OFFICE, role="operator", by=actor, as_of=now)
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    return client


@pytest.fixture
def stuck(line: str, now: datetime) -> str:
    """A message that was parked three hours after it was queued."""
    began = now - timedelta(hours=3)
    with transaction.atomic():
        given = actions.enqueue(kind="notices.deliver", key=new_id("notice"), payload={"messages": []}, as_of=began)
    said = str(FinalOutside("gate_refused", "the gate knows no such sender", "ask the gate"))
    Message.objects.filter(pk=given).update(state=Message.State.PARKED, attempts=10, error=said)
    return given


def test_what_is_stuck_says_since_when_why_and_who_mends_it(operator: Client, stuck: str) -> None:
    shown = page(operator, PATH)
    for words in ("送出通知", "排上已有3 小时，试过 10 次", "gate_refused", "短信或消息通道的人"):
        assert words in shown


def test_another_try_needs_a_reason_and_leaves_a_fact(operator: Client, stuck: str) -> None:
    act = f"retry-{stuck}"
    assert do(operator, PATH, act, " ") == 200
    assert len(queries.parked()) == 1
    assert do(operator, PATH, act, "通道换了签名") == 302
    assert queries.parked() == ()
    (fact,) = ledger.entries_about(stuck)
    assert (fact.kind, fact.fields["reason"]) == ("outbox.retried", "通道换了签名")
    assert do(operator, PATH, act, "再一次") == 403


@pytest.mark.parametrize("role", ["maker", "auditor"])
def test_nobody_else_tries_again(desk: Desk, stuck: str, role: str, settings: Any) -> None:
    assert do(desk(role), PATH, f"retry-{stuck}", "x") == 403
    assert len(queries.parked()) == 1
