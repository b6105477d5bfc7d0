"""A receipt is downloaded, verified by anybody, and found out when one character of it is changed."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page


def test_a_receipt_is_genuine_until_one_character_changes(
    visit: Callable[..., Page], places: dict, tmp_path: Path
) -> None:
    owner = next(login for login, mine in places["mine"].items() if places["owned"] in mine["cases"])
    page = visit(owner)
    page.goto(f"/receipts/{places['entries'][1]}/")
    assert page.locator("svg.qr").get_attribute("aria-label")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载证明").click()
    file = tmp_path / "receipt.json"
    download.value.save_as(file)
    stranger = visit()
    stranger.goto("/verify/")
    stranger.set_input_files("#file", file)
    stranger.click("main form .btn--act")
    assert stranger.get_by_role("heading", level=1).inner_text() == "回执是真的"
    altered = file.read_text("utf-8").replace("case.", "cage.", 1)
    stranger.goto("/verify/")
    stranger.fill("#paste", altered)
    stranger.click("main form .btn--act")
    assert stranger.get_by_role("heading", level=1).inner_text() == "这份回执不可信"


def test_a_scanned_code_shows_no_more_than_that_it_is_there(visit: Callable[..., Page], places: dict) -> None:
    page = visit()
    page.goto(f"/verify/?code={places['entries'][0]}")
    assert page.get_by_role("heading", level=1).inner_text() == "回执是真的"
    assert places["owned"]["id"] not in page.inner_text("main")
