"""A long group of answers or dates comes page by page: each is shown once, only those shown are put into words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.unit.surfaces.portal.test_kept_pages import LATER, folder, publish
from zhida.domain.values import local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.ports import clock
from zhida.surfaces.portal import answering
from zhida.surfaces.portal.presenters import calculator, dates, paging

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
AUDIENCE = {"audience": "organisation"}


def titles(html: str, place: str) -> list[str]:
    """The items of one group of a result, as it is printed."""
    group = html.partition(f'aria-labelledby="{place}"')[2].partition("</section>")[0]
    return re.findall(r'href="(/items/[^"#]+)"', group)


def test_a_group_of_answers_comes_page_by_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = calculator.result(AUDIENCE, clock().now())
    every = [entry.href for entry in whole.possible.shown]
    assert len(every) == whole.possible.count > 2
    monkeypatch.setattr(paging, "AT_ONCE", 2)
    worded: list[str] = []
    entry_of = calculator.entry_of
    monkeypatch.setattr(calculator, "entry_of", lambda one, *rest: worded.append(one.item.id) or entry_of(one, *rest))
    address, found = "/calculator/result/?audience=organisation", []
    while address:
        worded.clear()
        html = Client().get(address).content.decode()
        assert f"{whole.possible.count} 项" in html
        found += [href for href in titles(html, "near") if href not in found]
        assert len(worded) <= 2 * len(calculator.PLACES)
        after = re.search(r'rel="next" href="([^"]*near=[^"]*)#near"', html)
        address = "/calculator/result/" + after[1].replace("&amp;", "&") if after else ""
    assert found == every


@pytest.mark.parametrize("written", ["0", "-1", "x", "9" * 5000, "²", ""])
def test_any_page_asked_for_is_one_that_is_there(written: str) -> None:
    shown, page = paging.page_of(range(50), "yes", {"yes": written, "f.staff": "3"}, 20)
    assert list(shown) == list(range(50))[(page.number - 1) * 20 : page.number * 20]
    assert 1 <= page.number <= page.count == 3
    assert all("f.staff=3" in link for link in (page.before, page.after) if link)


def test_a_calendar_of_many_dates_shows_them_month_by_month(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(LATER, folder / "later")
    now = clock().now()
    every = dates.dates_ahead({}, now)
    assert dates.calendar_page({}, now, "x").only is None
    assert every
    monkeypatch.setattr(dates, "MANY", 0)
    first = dates.calendar_page({}, now, "x")
    assert first.only == local_date(now).replace(day=1)
    found = []
    for way in first.groups[-1][1]:
        month = way.query.partition("month=")[2]
        for number in range(1, 1 + dates.calendar_page({"month": month}, now, "x").page.count):
            page = dates.calendar_page({"month": month, "dates": str(number)}, now, "x")
            found += [one for each in page.months for one in each.dates]
    assert found == list(every)
    assert "month" not in first.subscribe
    assert Client().get("/calendar/?month=1999-13").status_code == 200


def test_items_are_kept_while_the_catalogue_stands_and_no_longer(folder: Path) -> None:
    now = clock().now()
    known = "mingzhou/job-retention-refund/refund"
    assert [one.item.id for one in answering.in_force({known, "mingzhou/nothing/x"}, now)] == [known]
    with CaptureQueriesContext(connection) as asked:
        answering.in_force({known}, now)
    assert len(asked) == 1
    publish(LATER, folder / "later")
    later = {card.item_id for card in catalogue.item_cards(as_of=clock().now(), pack_id=LATER[0])}
    assert {one.item.id for one in answering.in_force(later, clock().now())} == later != set()


def test_a_calendar_file_of_many_dates_holds_the_nearest(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every = dates.dates_ahead({}, clock().now())
    whole = Client().get("/calendar.ics").content.decode()
    assert whole.count("BEGIN:VEVENT") == len(every) >= 1
    assert "X-WR-CALDESC:今天起 366 天内的日期" in whole
    monkeypatch.setattr(dates, "MOST_IN_FILE", 0)
    few = Client().get("/calendar.ics").content.decode()
    assert "BEGIN:VEVENT" not in few
    assert "X-WR-CALDESC:今天起 31 天内的日期" in few
