"""The worklist: filters that count what they show, batches held and released, and nobody decides their own case."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.unit.kernel.cases.conftest import FIRST, SECOND, firms, in_review, published
from tests.unit.surfaces.desk.test_watching import Still
from zhida.config import wiring
from zhida.domain.values import Actor, Scope
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.cases import actions, queries
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import actions as offices
from zhida.services.worklists import batches
from zhida.services.worklists.filters import filters_of
from zhida.surfaces.desk.presenters import worklist

__all__ = ["firms", "in_review", "published"]

ALL = Scope.system("test")
FACET = re.compile(r'<a href="(\?[^"]*)"[^>]*>[^<]*<span class="vh">，</span><span class="count">(\d+)</span>')


@pytest.fixture
def world(
    firms: list[str], in_review: Callable[..., list[str]], actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """Five claims that wait for a reviewer, who acts for the last of the firms."""
    monkeypatch.setattr(wiring, "clock", lambda: Still(now))
    opened = in_review(FIRST.item, firms[:5])
    account = open_account(login_name="reviewer", as_of=now)
    offices.appoint(account_id=account, office_id="statistics", role="reviewer", by=actor, as_of=now)
    offices.give_mandate(account_id=account, subject_id=firms[4], source="register", by=actor, as_of=now)
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    return {"cases": opened, "client": client, "account": account, "firms": firms, "now": now}


def test_a_filter_counts_what_it_shows_and_is_kept(world: dict[str, Any]) -> None:
    client = world["client"]
    found = FACET.findall(client.get("/desk/").content.decode())
    assert len(found) >= 2
    for href, count in found:
        assert client.get(f"/desk/{unescape(href)}").context["page"].total == int(count)
    query = f"item={FIRST.item}"
    assert client.post("/desk/filters/", {"name": "我的", "query": query}).status_code == 302
    ((name, kept),) = filters_of(world["account"])
    assert name == "我的"
    assert client.get(f"/desk/?{kept}").context["page"].total == 4, "not the one they stand aside from"
    client.post("/desk/filters/", {"name": "我的", "act": "forget"})
    assert filters_of(world["account"]) == ()


def test_nobody_decides_their_own_case_and_the_next_one_follows(world: dict[str, Any]) -> None:
    client, own = world["client"], world["cases"][4]
    answer = client.get(f"/desk/cases/{own}/")
    assert answer.status_code == 403
    assert "回避" in answer.content.decode()
    assert client.post(f"/desk/cases/{own}/act/", {"act": "pass", "version": "1"}).status_code == 403
    first = world["cases"][0]
    assert f"/desk/cases/{first}/next/" in client.get(f"/desk/cases/{first}/").content.decode()
    assert client.get(f"/desk/cases/{first}/next/")["Location"] == f"/desk/cases/{world['cases'][1]}/"
    client.post(f"/desk/cases/{first}/rule/", {"requirement": "honest", "is_met": "1"})
    version = client.get(f"/desk/cases/{first}/").context["page"].version
    sent = {"act": "pass", "version": version, "next": "1"}
    assert client.post(f"/desk/cases/{first}/act/", sent)["Location"] == f"/desk/cases/{first}/next/"


def test_a_batch_is_looked_at_held_and_released(world: dict[str, Any]) -> None:
    client, path = world["client"], "/desk/together/"
    asked = {"item": FIRST.item, "position": "0", "office": "statistics"}
    page = client.get(path, asked).context["page"]
    assert [line.exception for line in page.exceptions] == ["与您或您申报的人有关，要回避"]
    assert len(page.lines) == 4
    chosen = [f"{line.id}@{line.version}" for line in page.lines]
    sent = {**asked, "batch": page.id, "case": chosen}
    assert "请先打开" in client.post(path, sent).content.decode()
    sent["seen"] = [line.id for line in page.lines if line.is_sample]
    held = client.post(path, sent)["Location"]
    waiting = {case.id for case, _ in queries.worklist(office="statistics", scope=ALL)}
    assert waiting == set(world["cases"])
    assert client.post(held, {"act": "undo"}).status_code == 302
    assert "已撤回" in client.get(held).content.decode()
    page = client.get(path, asked).context["page"]
    sent |= {"batch": page.id, "seen": [line.id for line in page.lines if line.is_sample]}
    held = client.post(path, sent)["Location"]
    assert client.post(held, {"act": "release"}).status_code == 302
    assert client.post(held, {"act": "release"}).status_code == 302
    actions.advance_due(by=Actor("system", "system"), as_of=world["now"])
    done = {case.id for case, step in queries.worklist(office="statistics", scope=ALL) if step is None}
    assert done == set(world["cases"][:4])
    kinds = [fact.kind for fact in ledger.entries_about(world["cases"][0])]
    assert kinds.count("case.step_finished") == 1
    assert [fact.kind for fact in ledger.entries_about(page.id)] == ["cases.batch_held", "cases.batch_released"]
    asked["position"] = "-1"
    page = client.get(path, asked).context["page"]
    assert {line.id for line in page.lines} == done
    assert page.total_fen > 0


def test_what_is_held_goes_through_however_many_cases_come_before_it(
    world: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    by = Actor(world["account"], "reviewer", office="statistics")
    asked = {"scope": ALL, "by": by, "as_of": world["now"]}
    found = [one.case for one in batches.candidates(FIRST.item, 0, "statistics", **asked) if not one.exception]
    chosen = {case.id: case.version for case in found[-2:]}
    batches.hold(batch_id="batch_1", item=FIRST.item, position=0, chosen=chosen, **asked)
    monkeypatch.setattr(batches, "LARGEST", 2)
    assert batches.release(batch_id="batch_1", **asked) == (2, 0)


def test_many_lines_and_many_released_ask_no_more_than_few(
    firms: list[str], in_review: Callable[..., list[str]], world: dict[str, Any]
) -> None:
    def asked() -> tuple[int, ...]:
        pages = []
        for path in ("/desk/", "/desk/?q=公司", f"/desk/cases/{world['cases'][0]}/"):
            world["client"].get(path)
            with CaptureQueriesContext(connection) as page:
                assert world["client"].get(path).status_code == 200
            pages.append(len(page))
        by = Actor(world["account"], "reviewer", office="statistics")
        found = batches.candidates(FIRST.item, 0, "statistics", scope=ALL, by=by, as_of=world["now"])
        fit = [one for one in found if not one.exception]
        with CaptureQueriesContext(connection) as reviews:
            assert len(batches._reviews(fit, ALL)) == len(fit)
        return *pages, len(reviews)

    few = asked()
    in_review(FIRST.item, firms[5:])
    in_review(SECOND.item, firms)
    assert asked() == few


def test_whoever_is_looked_up_is_shown_with_where_their_case_stands(world: dict[str, Any]) -> None:
    client, case = world["client"], world["cases"][0]
    actions.withdraw(case_id=case, by=Actor("account_agent", "agent", subject=world["firms"][0]), as_of=world["now"])
    (line,) = client.get("/desk/", {"q": case}).context["page"].lines
    assert (line.href, line.step, line.why) == (f"/desk/cases/{case}/", "已撤回", "")
    assert client.get("/desk/", {"q": case, "step": "closed"}).context["page"].total == 1
    assert client.get("/desk/", {"q": case, "step": "review"}).context["page"].total == 0


def test_more_than_are_read_at_once_are_not_told_as_all(world: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Five wait, of which four are theirs to see; with room for four, nobody is told that these are all."""
    assert "4 件等您办" in world["client"].get("/desk/").content.decode()
    monkeypatch.setattr(worklist, "MOST", 4)
    assert "件以上等您办" in world["client"].get("/desk/").content.decode()
