"""A case is rated once, a bad grade is answered; a decision is looked at again once, and both can be followed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.unit.surfaces.api.conftest import ASKING, Place
from zhida.domain.values import Actor, new_id
from zhida.kernel.accounts.models import Account
from zhida.kernel.cases.models import Case
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.feedback import desk, rating
from zhida.services.feedback.desk import Kind


@pytest.fixture
def refused(place: Place, now: datetime) -> str:
    """A case of the first firm that was refused an hour ago."""
    published = catalogue.item(ASKING.item, as_of=now)
    row = Case(id=new_id("case"), item=ASKING.item, claim="applied", revision_id=published.revision_id,
               subject_id=place.firm, region="990102", office="statistics", state="closed",
               outcome="refused")  # fmt: skip
    row.opened_at = row.submitted_at = now - timedelta(days=2)
    row.decided_at = row.closed_at = now - timedelta(hours=1)
    row.save()
    return row.id


def test_a_bad_grade_is_answered_where_it_was_given(signed_in: Client, refused: str, now: datetime) -> None:
    page = f"/my/cases/{refused}/"
    assert "去评价" in signed_in.get(page).content.decode()
    assert "请选一个等级" in signed_in.post(f"{page}rate/", {"grade": "9"}).content.decode()
    sent = {"grade": "1", "aspect": ["speed", "x"], "words": "等了两个月，电话 13800138000"}
    assert signed_in.post(f"{page}rate/", sent)["Location"] == page
    shown = signed_in.get(page).content.decode()
    assert "您的评价：非常不满意" in shown
    assert "前回复您怎么改" in shown
    (message,) = desk.messages_at(["statistics"], is_open=True)
    assert message.kind is Kind.RATING
    assert "13800138000" not in message.words
    desk.answer(feedback_id=message.id, words="加了人手", by=Actor("officer", "reviewer"), as_of=now)
    assert "加了人手" in signed_in.get(page).content.decode()
    assert signed_in.post(f"{page}rate/", {"grade": "5"})["Location"] == page
    given = rating.rating_of(refused)
    assert given is not None
    assert (given.grade, given.aspects) == (1, ("speed",))


def test_a_good_grade_asks_nobody(signed_in: Client, refused: str) -> None:
    signed_in.post(f"/my/cases/{refused}/rate/", {"grade": "5"})
    assert desk.messages_at(None, is_open=True) == ()
    assert rating.averages() == {}


def test_a_decision_is_looked_at_again_once(signed_in: Client, refused: str, now: datetime) -> None:
    page = f"/my/cases/{refused}/"
    assert "错误：" in signed_in.post(f"{page}appeal/", {"ground": "facts", "words": " "}).content.decode()
    for _ in range(2):
        assert signed_in.post(f"{page}appeal/", {"ground": "facts", "words": "少算两人"})["Location"] == page
    (message,) = desk.messages_at(["statistics"], is_open=True)
    assert (message.kind, message.words) == (Kind.REVIEW, "用的数据不对。少算两人")
    assert message.due_on > desk.offices.calendar().add_working_days(now.date(), 8)
    assert "部门正在重新看" in signed_in.get(page).content.decode()


def test_a_case_of_others_is_neither_rated_nor_asked_about(place: Place, refused: str) -> None:
    for account in (place.viewer, place.stranger):
        client = Client()
        client.force_login(Account.objects.get(pk=account))
        for act in ("rate", "appeal"):
            sent = {"grade": "1", "words": "x"}
            assert client.post(f"/my/cases/{refused}/{act}/", sent).status_code == 403
    assert desk.messages_at(None, is_open=True) == ()
