"""长辈版, contrast, theme and language: chosen by an address or a link, kept for the whole site, undone at once."""

from collections.abc import Callable

from playwright.sync_api import Page

SMALLEST = """Math.min(...[...document.querySelectorAll('main *')]
  .filter(e => e.offsetParent && !e.closest('.vh, svg'))
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .map(e => parseFloat(getComputedStyle(e).fontSize)))"""


def test_the_large_view_is_kept_for_the_whole_site_and_left_by_one_press(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/?mode=elder")
    page.click("main .acts a >> nth=0")
    assert page.get_attribute("html", "data-mode") == "elder"
    assert page.evaluate(SMALLEST) >= 20
    page.get_by_role("link", name="标准版").click()
    page.goto("/calculator/")
    assert page.get_attribute("html", "data-mode") is None


def test_every_choice_stands_on_one_page_and_can_be_reset(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/display/")
    page.get_by_role("link", name="高对比，每个字至少 7:1").click()
    page.get_by_role("link", name="深色").click()
    page.goto("/help/")
    assert page.get_attribute("html", "data-contrast") == "high"
    assert page.get_attribute("html", "data-theme") == "dark"
    page.goto("/display/")
    page.get_by_role("link", name="全部恢复").click()
    assert page.get_attribute("html", "data-contrast") is None


def test_english_is_one_press_away_and_says_so(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="English").click()
    assert page.get_attribute("html", "lang") == "en"
    assert page.get_by_role("heading", level=1).inner_text() == "See what you are entitled to"


def test_the_first_stop_is_the_main_text_and_the_six_areas_are_landmarks(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/policies/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for role in ("banner", "search", "main", "complementary", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    page.keyboard.press("Control+Alt+Digit5")
    assert page.evaluate("!!document.activeElement.closest('aside')")


def test_reading_searching_and_working_out_need_no_script(visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False)
    page.goto("/")
    page.fill("#q", "津贴")
    page.click("main .search button[type=submit]")
    assert "高龄津贴" in page.inner_text("main")
    page.goto("/calculator/result/?audience=person")
    page.click("main form button")
    assert page.get_by_role("heading", level=1).count() == 1


LOW = """height => [...document.querySelectorAll('.btn, .tap, .masthead a, .choice')]
  .filter(e => e.offsetParent && e.getBoundingClientRect().height < height - 0.5)
  .map(e => e.textContent.trim())"""


def test_what_is_pressed_is_large_enough(visit: Callable[..., Page]) -> None:
    page = visit(width=390)
    for mode, height in (("standard", 44), ("elder", 60)):
        for path in ("/", "/policies/", "/calculator/", "/verify/"):
            page.goto(f"{path}?mode={mode}")
            assert page.evaluate(LOW, height) == [], (mode, path)
