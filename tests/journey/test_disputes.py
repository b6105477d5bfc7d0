"""A firm says that a fact is wrong, the office that owns it corrects it, the firm reads the answer; without script."""

from collections.abc import Callable

from playwright.sync_api import Page


def test_a_wrong_fact_is_corrected(visit: Callable[..., Page], places: dict) -> None:
    firm = visit("firm", java_script_enabled=False)
    firm.goto("/my/")
    firm.get_by_role("link", name="我们掌握的情况").click()
    assert firm.get_by_role("heading", level=1).inner_text() == "我们掌握的情况"
    firm.locator(".facts > div", has_text="组织形式").get_by_role("link").click()
    firm.get_by_role("button", name="请部门核对").click()
    assert "请写明哪里不对" in firm.inner_text("main")
    firm.fill("#claimed", "社会团体")
    firm.fill("#reason", "去年已经改登记")
    firm.get_by_role("button", name="请部门核对").click()
    assert "等明州省市场监督管理局答复" in firm.inner_text("main")
    firm.locator(".facts > div", has_text="组织形式").get_by_role("link").click()
    assert firm.get_by_role("button", name="请部门核对").count() == 0

    officer = visit("reviewer", java_script_enabled=False)
    officer.goto("/desk/facts/")
    waiting = officer.locator("section", has_text="去年已经改登记")
    waiting.get_by_label("更正", exact=True).check()
    waiting.get_by_role("button").click()
    assert "请写答复" in officer.inner_text("main")
    assert "请从列出的里面选一个" in officer.inner_text("main")
    officer.locator("select").select_option(label="社会团体")
    officer.locator("textarea").fill("已按登记簿更正")
    officer.locator("main form .btn--act").click()
    assert "已按登记簿更正" in officer.inner_text("main")

    firm.goto("/my/facts/")
    line = firm.locator(".facts > div", has_text="组织形式")
    assert "社会团体" in line.inner_text()
    assert "已更正" in line.inner_text()
