"""A firm finds what it may have, confirms with one tap, takes it back, follows it."""

from collections.abc import Callable

from playwright.sync_api import Page

REFUND = "/my/claim/mingzhou/job-retention-refund/refund/"


def test_one_tap_confirms_and_one_tap_takes_it_back(visit: Callable[..., Page], places: dict) -> None:
    page = visit("firm")
    page.goto(f"/my/?as={places['claimant']}")
    assert "您可享" in page.get_by_role("heading", level=1).inner_text()
    page.locator("main .things .btn--act").click()
    title = page.get_by_role("heading", level=1).inner_text()
    assert "请您确认领取" in title
    assert page.locator(".facts > div").count() >= 3
    assert page.locator("input[type=text]").count() == 0
    page.click(".btn--act")
    assert "已确认领取" in page.get_by_role("heading", level=1).inner_text()
    assert "前可以撤回" in page.inner_text("main")
    page.get_by_role("button", name="撤回").click()
    assert "已撤回" in page.get_by_role("heading", level=1).inner_text()


def test_the_calculator_asks_three_things_and_says_why(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/calculator/result/?audience=organisation")
    fields = page.locator(".asks__fields > *")
    assert 1 <= fields.count() <= 3
    first = page.locator(".asks__fields").inner_text()
    page.get_by_role("button", name="接着算").click()
    assert page.locator(".asks__fields").inner_text() != first


def test_a_firm_is_found_by_its_name_and_only_public_facts_are_used(visit: Callable[..., Page], places: dict) -> None:
    page = visit()
    page.goto(f"/calculator/?firm={places['mine']['firm']['codes'][0]}")
    assert "/calculator/result/" in page.url
    used = page.locator(".facts dt").all_inner_texts()
    assert not [name for name in used if "失业保险费" in name or "裁员率" in name]


def test_a_person_sees_only_their_own(visit: Callable[..., Page], places: dict) -> None:
    page = visit("person")
    other = places["mine"]["firm"]["cases"][0]["id"]
    assert page.goto(f"/my/cases/{other}/").status == 403
    assert page.goto("/desk/funds/").status == 403
