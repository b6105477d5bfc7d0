"""Searching by address: facets narrow and count, an address reproduces a result, nothing found leads on."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from zhida.domain.values import Actor
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.documents import PublishedDocuments
from zhida.kernel.ports import clock
from zhida.kernel.search.actions import rebuild
from zhida.surfaces.cli.groundwork.publishing import publish_folder
from zhida.surfaces.portal.presenters import dates, searching
from zhida.surfaces.portal.presenters.comparing import comparison, measures

PACKS = Path(__file__).parents[4] / "packs"
SOME = [
    "mingzhou/age-allowance",
    "mingzhou/job-retention-refund",
    "mingzhou/living-support",
    "mingzhou/platform-award",
    "yunze/platform-award",
]
pytestmark = pytest.mark.django_db


@pytest.fixture
def now(settings: object, tmp_path: Path) -> datetime:
    """Some of the packs that ship, published and indexed."""
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    as_of = clock().now()
    list(publish_folder(PACKS, SOME, by=Actor("shell:test", "operator"), as_of=as_of))
    rebuild(source=PublishedDocuments(), as_of=as_of)
    return as_of


def found(as_of: datetime, **query: str) -> list[str]:
    page = searching.policy_list(query, as_of)
    return [hit.href.removeprefix("/policies/").strip("/") for hit in page.hits]


def facet(as_of: datetime, group: str, **query: str) -> dict[str, int]:
    page = searching.policy_list(query, as_of)
    return {str(one.label): one.count or 0 for each in page.groups if each.name == group for one in each.facets}


def test_every_way_of_asking_finds(now: datetime) -> None:
    for text in ("稳岗", "wengang", "wgfh", "稳刚返还", "明人社规〔2026〕8号", "人社规 2026 8", "Job retention"):
        assert "mingzhou/job-retention-refund" in found(now, q=text), text
    assert found(now, number="明人社规[2026]8号") == ["mingzhou/job-retention-refund"]
    assert "mingzhou/age-allowance" in found(now, q="老人补贴")
    assert found(now, q="明州省创新平台奖励办法")[0] == "mingzhou/platform-award"


def test_facets_narrow_and_tell_beforehand_how_many_they_leave(now: datetime) -> None:
    everything = found(now)
    assert len(everything) == len(catalogue.policies(as_of=now))
    for group, name in (("层级", "level"), ("发文机关", "issuer"), ("文种", "document"), ("对象", "audience")):
        counts = facet(now, group)
        assert sum(counts.values()) >= len(everything) or len(counts) == searching.SHOWN, group
        page = searching.policy_list({}, now)
        for one in next(each for each in page.groups if each.name == group).facets:
            query = dict(pair.split("=", 1) for pair in one.query.removeprefix("?").split("&"))
            assert [*query] == [name]
    assert set(found(now, level="city")) == {one for one in everything if one.startswith("yunze/")}
    assert found(now, level="city", document="details") == ["yunze/platform-award"]
    assert found(now, **{"from": "2025", "to": "2025"}) == ["mingzhou/living-support"]


def test_the_newest_stand_first_where_nothing_was_asked(now: datetime) -> None:
    issued = {one.pack_id: one.issued_on for one in catalogue.policies(as_of=now)}
    days = [issued[one] for one in found(now)]
    assert days == sorted(days, reverse=True)


def test_pages_and_strange_addresses(now: datetime) -> None:
    for query in ({"page": "99"}, {"page": "x"}, {"page": "٣"}, {"from": "²"}, {"level": "moon"}, {"sort": "deadline"}):
        page = searching.policy_list(query, now)
        assert page.total == (0 if "level" in query else len(catalogue.policies(as_of=now))), query
    assert Client().get("/policies/?q=%00&from=9&page=-1&topic=/&issuer=%F0%9F%98%80").status_code == 200


def test_nothing_found_tells_which_choice_to_give_up(now: datetime) -> None:
    page = searching.policy_list({"level": "city", "document": "notice"}, now)
    assert not page.total
    assert [(str(way.label), way.query, way.count) for way in page.instead] == [
        ("不限“市级”", "?document=notice", 1),
        ("不限“通知”", "?level=city", 1),
    ]
    assert "放宽一样" in Client().get("/policies/?level=city&document=notice").content.decode()


def test_the_advanced_form_keeps_what_was_asked(now: datetime) -> None:
    html = Client().get("/policies/search/?q=补贴&level=city&from=2024").content.decode()
    assert 'value="补贴"' in html
    assert re.search(r'<option value="city" selected>', html)
    assert 'value="2024"' in html


def test_places_stand_side_by_side(now: datetime) -> None:
    (line,) = measures(now)
    assert (str(line.name), line.count) == ("创新平台奖励", 2)
    page = comparison("innovation-platform-award", (), now)
    assert page is not None
    rows = {aspect.name: [str(words) for words, _ in aspect.cells] for aspect in page.aspects}
    assert rows["给多少：国家级"] == ["3,000,000.00 元", "2,500,000.00 元"]
    assert rows["给多少：市级"] == ["不给", "500,000.00 元"]
    assert rows["怎么领"] == ["申报", "免申即享"]
    assert {aspect.name for aspect in page.aspects if aspect.differs} >= {"给多少", "怎么领", "承诺"}
    assert not next(aspect for aspect in page.aspects if aspect.name == "对象").differs
    assert comparison("nothing", (), now) is None
    assert Client().get("/compare/nothing/").status_code == 404


def test_the_calendar_holds_what_closes(now: datetime) -> None:
    ahead = dates.dates_ahead({}, now)
    assert [one.on for one in ahead] == sorted(one.on for one in ahead)
    cards = {card.item_id: card for card in catalogue.item_cards(as_of=now)}
    for one in ahead:
        assert one.key.partition("#")[0] in cards
    firms = dates.dates_ahead({"audience": "organisation"}, now)
    assert {cards[one.key.partition("#")[0]].audience for one in firms} == {"organisation"}
    own = Client().get("/calendar.ics?item=mingzhou/job-retention-refund/refund")
    assert own["Content-Type"].startswith("text/calendar")
    assert own.content.count(b"BEGIN:VEVENT") == len(
        dates.dates_ahead({"item": "mingzhou/job-retention-refund/refund"}, now)
    )
