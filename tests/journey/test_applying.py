"""Applying: one thing a page, kept as it is typed, on any device; what is known is not asked; five pages at most."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

DEMAND = "/my/claim/yunze/enterprise-demand/demand/"
REBATE = "/my/claim/mingzhou/research-rebate/rebate/"
MOST_PAGES = 5


def test_an_application_is_five_pages_and_names_what_is_missing(visit: Callable[..., Page], places: dict) -> None:
    page = visit("firm")
    fresh = next(one for one in places["mine"]["firm"]["subjects"] if one != places["half"])
    page.goto(f"{DEMAND}?as={fresh}")
    pages = 1
    page.click("main .btn--act")
    page.click("main form .btn--act")
    assert page.title().startswith("错误：")
    assert page.evaluate("document.activeElement.id") == "errors"
    page.locator("#errors a").first.click()
    assert page.evaluate("document.activeElement.matches('input, select, textarea, legend')")
    while "/check/" not in page.url:
        pages += 1
        if page.locator("main form input[type=radio]").count():
            page.locator("main form input[type=radio]").first.check()
        else:
            page.locator("main form textarea").fill("门前的路坏了")
        page.click("main form .btn--act")
    pages += 1
    assert pages <= MOST_PAGES
    page.locator("main input[type=checkbox]").first.check()
    page.locator("main form .btn--act").dblclick()
    page.wait_for_url(lambda address: "/my/cases/case_" in address)
    assert "已提交" in page.get_by_role("heading", level=1).inner_text()
    page.goto("/my/cases/")
    assert page.get_by_role("link", name="提出诉求").count() == 1


def test_a_closed_browser_loses_one_field_at_most(visit: Callable[..., Page], places: dict) -> None:
    page = visit("firm")
    page.goto(f"{REBATE}?as={places['claimant']}")
    page.goto(f"{REBATE}fill/f.other_public_funding_fen/")
    page.locator("main form input[type=text]").fill("12000")
    expect(page.locator("[data-kept]")).to_contain_text("已存好", timeout=5_000)
    page.context.close()
    other = visit("firm", width=390)
    other.goto(f"{REBATE}?as={places['claimant']}")
    assert "已填" in other.locator(".tasks").inner_text()
    other.goto(f"{REBATE}fill/f.other_public_funding_fen/")
    assert other.locator("main form input[type=text]").input_value() == "12000"


def test_it_is_filled_in_without_script(visit: Callable[..., Page], places: dict) -> None:
    page = visit("firm", java_script_enabled=False)
    page.goto(f"{REBATE}fill/f.other_public_funding_fen/?as={places['claimant']}")
    page.locator("main form input[type=text]").fill("0")
    page.click("main form .btn--act")
    paper = {"name": "报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    page.set_input_files("main form input[type=file]", paper)
    page.click("main form .btn--act")
    assert "/check/" in page.url
    assert "报告.pdf" in page.inner_text("main")
    page.locator(".facts--answers a").first.click()
    page.click("main form .btn--act")
    assert "/check/" in page.url


def test_what_is_given_back_is_mended_from_one_list(visit: Callable[..., Page], places: dict) -> None:
    page = visit("holder")
    page.goto(f"/my/cases/{places['given_back']}/")
    page.get_by_role("link", name="去补正").click()
    assert "请写明是哪条路、哪一段。" in page.inner_text("main")
    words = page.locator("main textarea").first
    assert words.input_value() == "门前的路什么时候修好"
    words.fill("城东路口到河边一段")
    page.click("main form .btn--act")
    assert f"/my/cases/{places['given_back']}/" in page.url
    assert "请您补正" not in page.get_by_role("heading", level=1).inner_text()


def test_cards_open_without_a_network_where_their_holder_wished_it(visit: Callable[..., Page], places: dict) -> None:
    page = visit("holder")
    page.goto(f"/my/cards/?as={places['licensed']}")
    page.goto("/my/cards/")
    keep, drop = page.locator("[data-offline-keep]"), page.locator("[data-offline-drop]")
    expect(keep).to_be_visible()
    page.context.set_offline(True)
    page.goto("/my/cards/")
    assert "现在没有网" in page.inner_text("main")
    page.context.set_offline(False)
    page.goto("/my/cards/")
    keep.click()
    expect(drop).to_be_visible()
    page.context.set_offline(True)
    page.goto("/my/cards/")
    assert page.locator("main svg.qr").count() >= 1
    page.context.set_offline(False)
    page.goto("/my/cards/")
    drop.click()
    expect(keep).to_be_visible()
    page.context.set_offline(True)
    page.goto("/my/cards/")
    assert "现在没有网" in page.inner_text("main")
