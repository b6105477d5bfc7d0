"""An office answers who said that a fact is wrong: the answer is in force, and in the inbox, or neither."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from tests.unit.surfaces.api.conftest import Place, place, published
from zhida.domain.values import Actor, Scope, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.notices import actions as notices
from zhida.kernel.notices import queries as inboxes
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions as registry
from zhida.kernel.registry.disputes import dispute, disputes_of

__all__ = ["place", "published"]


def client_of(account: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    return client


@pytest.fixture
def raised(place: Place, now: datetime) -> str:
    """The first firm says that its number of staff is wrong."""
    dispute_id, by = new_id("dispute"), Actor(place.owner, "agent", subject=place.firm)
    registry.dispute_fact(
        dispute_id=dispute_id, subject_id=place.firm, key="staff", held="12", reason="漏了三人", by=by, as_of=now
    )
    return dispute_id


@pytest.fixture
def desk(raised: str, actor: Actor, now: datetime) -> Client:
    """A reviewer of the office that owns the fact, logged in."""
    clerk = open_account(login_name="clerk", as_of=now)
    offices.appoint(account_id=clerk, office_id=dispute(raised).office, role="reviewer", by=actor, as_of=now)
    return client_of(clerk)


def settle(desk: Client, raised: str, **typed: str) -> int:
    return desk.post(f"/desk/facts/{raised}/answer/", typed).status_code


def told(place: Place, now: datetime) -> list[tuple[str, str]]:
    """Titles and bodies in the firm's inbox, Chinese first."""
    found = inboxes.inbox(scope=Scope.own(frozenset({place.firm}), "own"), as_of=now, account_id=place.owner)
    return [(one.words.title(lang), one.words.body(lang)) for one in found for lang in ("zh", "en")]


def test_the_answer_comes_into_the_inbox_in_both_languages(
    desk: Client, raised: str, place: Place, now: datetime
) -> None:
    assert settle(desk, raised, outcome="upheld", answer="参保名单上是 12 人") == 302
    (title, body), (title_en, body_en) = told(place, now)
    assert "staff" not in title + body
    for words in ("已维持", "参保名单上是 12 人"):
        assert words in body
    assert "Kept" in body_en
    assert title_en.startswith("Answered")
    page = client_of(place.owner).get("/my/inbox/").content.decode()
    assert title in page
    assert 'href="/my/facts/"' in page


def test_where_it_cannot_be_told_it_is_not_answered(
    desk: Client, raised: str, place: Place, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("cut")

    monkeypatch.setattr(notices, "send", fail)
    with pytest.raises(RuntimeError, match="cut"):
        settle(desk, raised, outcome="suspended", answer="数据来源在重报")
    assert disputes_of(place.firm, scope=Scope.system("test"))["staff"].is_open
    assert told(place, now) == []
