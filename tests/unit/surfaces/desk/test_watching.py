"""The supervisor's pages: each number leads to a list of as many, late means late, and urging reaches the office."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from tests.unit.kernel.cases.conftest import FIRST, SECOND, firms, in_review, published
from zhida.config import wiring
from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.process import Outcome
from zhida.domain.values import Actor, Scope, SubjectKind, local_date, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.cases import actions as cases
from zhida.kernel.cases import queries
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import actions as entitlements
from zhida.kernel.entitlements.telling import item_words
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.notices import actions as notices
from zhida.kernel.notices.records import Addressee
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions as registry
from zhida.services.inspection import urging
from zhida.surfaces.desk.presenters import watched

__all__ = ["firms", "in_review", "published"]

ALL = Scope.system("test")
LATER = timedelta(days=20)
REPORT = "/desk/supervision/report.pdf"
LINK = re.compile(r'href="(/desk/supervision/list/[^"]*)"[^>]*>(?:<span>[^<]*</span><span>)?([\d,]+)<')


class Still:
    """A clock that stands."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """Always the same."""
        return self.instant


@pytest.fixture
def world(
    firms: list[str], in_review: Callable[..., list[str]], actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """Six firms matched and told; four claims, one decided; twenty days later."""
    dictionary = catalogue.root().dictionary
    registry.build_snapshot(kind=SubjectKind.ORGANISATION, dictionary=dictionary, as_of=now, by=actor)
    entitlements.screen(by=actor, as_of=now)
    pack = catalogue.item(FIRST.item, as_of=now).pack
    told = [Addressee(firm) for firm in firms[:5]]
    notices.send_batch(
        batch_id=new_id("outreach"), item_id=FIRST.item, template="newly_entitled", occasion="2026",
        item_words=item_words(pack, FIRST.item), addressees=told, by=actor, as_of=now,
    )  # fmt: skip
    opened = [*in_review(FIRST.item, firms[:3]), *in_review(SECOND.item, firms[:1])]
    staff = {}
    for role, office in (("supervisor", "statistics"), ("auditor", "statistics"), ("reviewer", "statistics")):
        staff[role] = open_account(login_name=role, as_of=now)
        offices.appoint(account_id=staff[role], office_id=office, role=role, by=actor, as_of=now)
    reviewer = Actor(staff["reviewer"], "reviewer", office="statistics")
    cases.rule(case_id=opened[0], requirement="honest", is_met=False, reason="不实", by=reviewer, as_of=now)
    cases.finish_step(case_id=opened[0], position=0, finding="failed", by=reviewer, as_of=now)
    cases.decide(case_id=opened[0], outcome=Outcome.REFUSED, reason="不实", by=reviewer, as_of=now)
    monkeypatch.setattr(wiring, "clock", lambda: Still(now + LATER))
    return {"cases": opened, "staff": staff, "as_of": now + LATER}


def logged_in(world: dict[str, Any], role: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=world["staff"][role]))
    return client


def numbers(client: Client, path: str) -> Iterator[tuple[str, int]]:
    """Every link of the page to a list, with the number it stands on."""
    answer = client.get(path)
    assert answer.status_code == 200
    for href, number in LINK.findall(answer.content.decode()):
        yield unescape(href), int(number.replace(",", ""))


@pytest.mark.parametrize("per_page", [50, 1])
def test_every_number_leads_to_a_list_of_as_many(
    world: dict[str, Any], now: datetime, per_page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched, "PER_PAGE", per_page)
    client = logged_in(world, "supervisor")
    for path in ("/desk/supervision/", "/desk/supervision/?place=990102", f"/desk/supervision/?item={FIRST.item}"):
        found = set(numbers(client, path))
        for href, number in found:
            page = client.get(href).context["page"]
            assert page.total == number, href
            lines = list(page.lines)
            while page.page.after:
                page = client.get(page.page.after).context["page"]
                lines += page.lines
            assert len(lines) == number, href
        stages = {href.partition("stage=")[2].partition("&")[0] for href, _ in found}
        assert {"told", "claimed", "decided", "late", "running"} <= stages
    late = queries.at_stage("late", scope=ALL, today=local_date(world["as_of"]))
    assert {case.id for case in late} == set(world["cases"][1:])
    assert [case.id for case in late[1:]] == [
        case.id for case in queries.at_stage("late", scope=ALL, today=local_date(world["as_of"]), after=late[0].id)
    ]
    assert queries.at_stage("late", scope=ALL, today=local_date(now)) == ()
    for asked in (
        "stage=%00",
        "place=own-",
        "place=zz&office=%27&item=%00",
        "stage=paid&page=999999",
        "after=%00x",
        "stage=matched&after=x~y&page=2",
        "stage=open&after=x&page=3",
    ):
        for path in ("/desk/supervision/", "/desk/supervision/list/", "/desk/supervision/report.pdf"):
            assert client.get(f"{path}?{asked}").status_code == 200
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(client.get(f"{REPORT}").content)).pages)
    for words in ("督查报告", "从匹配到兑现", "谁超期", "每个事项", "超期 3 件"):
        assert words in text


def test_urging_is_a_fact_that_the_office_answers_once(world: dict[str, Any]) -> None:
    client, path = logged_in(world, "supervisor"), "/desk/supervision/list/?stage=late"
    late, as_of = world["cases"][1], world["as_of"]
    sent = {"act": "urge", "case": [late], "urge-reason": "已过承诺的日子"}
    assert logged_in(world, "auditor").post(path, sent).status_code == 403
    assert [client.post(path, sent).status_code for _ in range(2)] == [302, 302]
    facts = [fact for fact in ledger.entries_about(late) if fact.kind == "case.urged"]
    assert [fact.fields["reason"] for fact in facts] == ["已过承诺的日子"]
    (urged,) = urging.urges_waiting(["statistics"])
    office = logged_in(world, "reviewer")
    assert "已过承诺的日子" in office.get("/desk/").content.decode()
    answer = f"/desk/urges/{urged.id}/answer/"
    assert office.post(answer, {"answer": "今天办结", "office": "statistics"}).status_code == 302
    assert "今天办结" in client.get(path).content.decode()
    assert urging.urged_by_office(["statistics"]) == {"statistics": (1, 1)}
    reviewer = Actor(world["staff"]["reviewer"], "reviewer", office="statistics")
    with pytest.raises(ConflictError):
        urging.answer(urge_id=urged.id, words="再答", by=reviewer, as_of=as_of)
    by = Actor(world["staff"]["auditor"], "supervisor", office="statistics")
    with pytest.raises(AccessError):
        urging.urge(case_ids=world["cases"][2:], reason="快", scope=ALL, by=by, as_of=as_of)
    above = Actor(world["staff"]["supervisor"], "supervisor", office="statistics")
    assert urging.urge(case_ids=world["cases"], reason="快", scope=ALL, by=above, as_of=as_of) == 2
    (second, _) = urging.urges_waiting(["statistics"])
    other = Actor(reviewer.account, "reviewer", office="register")
    with pytest.raises(AccessError):
        urging.answer(urge_id=second.id, words="在办", by=other, as_of=as_of)
