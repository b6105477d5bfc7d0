"""Somebody who was never here looks up, compares, keeps a date, says what is wrong: no log-in, no script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page


@pytest.fixture
def reader(visit: Callable[..., Page]) -> Page:
    """Anybody's window; its browser runs no script."""
    page = visit(java_script_enabled=False)
    page.goto("/")
    return page


def test_a_policy_is_found_and_its_amount_known_with_one_input(reader: Page) -> None:
    reader.fill("#q", "wengang")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**/policies/**")
    assert "查到 1 件政策" in reader.inner_text("h1")
    assert reader.locator(".hits mark").first.inner_text() == "稳岗"
    reader.click(".hits__items a")
    assert "稳岗返还" in reader.inner_text("h1")
    assert "算给您看" in reader.inner_text("main")
    assert reader.locator(".equation").count() == 1


def test_an_address_reproduces_a_result(reader: Page) -> None:
    reader.goto("/policies/?q=奖励")
    reader.locator("nav .facet a", has_text="市级").first.click()
    first = reader.inner_text("main")
    reader.goto(reader.url)
    assert reader.inner_text("main") == first
    assert "已选" in first
    reader.goto("/policies/?level=city&document=notice")
    reader.locator("main .things a").first.click()
    assert reader.locator(".hits > li").count() >= 1


def test_two_places_stand_side_by_side_on_a_phone(visit: Callable[..., Page]) -> None:
    page = visit(width=390)
    page.goto("/compare/")
    page.click("main .things a")
    assert "处不同" in page.inner_text("h1")
    text = page.inner_text("table")
    assert "明州省" in text
    assert "云泽市" in text


def test_a_date_goes_into_ones_own_calendar(reader: Page) -> None:
    reader.goto("/calendar/")
    assert reader.locator(".datelist li").count() > 0
    href = reader.get_by_role("link", name="下载日历文件").get_attribute("href")
    answer = reader.request.get(f"{reader.url.split('/calendar')[0]}{href}")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text().count("BEGIN:VEVENT") == reader.locator(".datelist li").count()


def test_every_chart_has_its_table(reader: Page) -> None:
    reader.goto("/figures/")
    assert reader.locator(".tiles rect").count() > 1
    shown = {one.strip() for one in reader.locator(".tiles text").all_text_contents()}
    tables = "".join(reader.locator("table").all_text_contents())
    assert shown
    assert all(one in tables for one in shown)
    assert reader.locator("table").count() >= 4


def test_feedback_shows_what_it_keeps_before_it_is_sent(reader: Page) -> None:
    reader.goto("/publicity/")
    reader.click("aside >> text=意见反馈")
    reader.click("main form .btn--act")
    assert reader.title().startswith("错误：")
    reader.fill("#words", "第二行的名字错了，我的电话 13800138000")
    reader.click("main form .btn--act")
    assert "138＊＊＊＊＊＊00" in reader.inner_text("main")
    assert "13800138000" not in reader.content()
    reader.click("main form .btn--act")
    assert "已经收到" in reader.inner_text("h1")
    assert "/publicity/" in reader.inner_text("main")


def test_the_first_visit_is_met_in_the_browsers_language(visit: Callable[..., Page]) -> None:
    page = visit(locale="en-GB")
    page.goto("/policies/")
    assert page.get_attribute("html", "lang") == "en"
    page.goto("/?lang=zh")
    page.goto("/policies/")
    assert page.get_attribute("html", "lang") == "zh-CN"
