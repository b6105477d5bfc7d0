"""Officers: a decision with a reason, an objection answered, and money that leaves only under three hands."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from zhida.domain.proofs import verify_receipt


def test_an_officer_decides_with_a_reason(visit: Callable[..., Page], places: dict) -> None:
    page = visit("reviewer")
    page.goto("/desk/")
    page.locator("tbody a").first.click()
    case = page.url
    page.get_by_role("button", name="提交").click()
    assert "请先选一个决定" in page.inner_text("main")
    page.locator(".decide label").first.click()
    page.locator(".decide #reason").fill("核对无误")
    page.get_by_role("button", name="提交").click()
    assert "已办：通过" in page.inner_text("main")
    page.goto(case)
    assert "核对无误" in page.inner_text("main")


def test_money_leaves_under_three_hands(visit: Callable[..., Page], places: dict) -> None:
    line = places["ready"][0]
    maker = visit("maker")
    maker.goto(f"/desk/funds/lines/{line}/")
    maker.get_by_role("button", name="编成一批，送复核").click()
    batch = maker.url
    assert maker.locator(".hands .mine").count() == 1
    for role in ("checker", "releaser"):
        page = visit(role)
        page.goto(batch)
        page.click("main form .btn--act")
        assert "请先看过合计和明细" in page.inner_text("main")
        page.locator("input[name=seen]").check()
        page.click("main form .btn--act")
        assert "已签" in page.inner_text("main")
    maker.goto(batch)
    assert "已放行" in maker.get_by_role("heading", level=1).inner_text()
    assert maker.locator(".hands time").count() == 3


def test_anybody_objects_and_the_office_answers(visit: Callable[..., Page], places: dict) -> None:
    notice = places["notice"][0]
    page = visit()
    page.goto("/publicity/")
    page.locator(f"a[href='/publicity/{notice}/']").click()
    page.click("main form .btn--act")
    assert page.evaluate("document.activeElement.id") == "errors"
    page.fill("#reason", "这家企业已经停业")
    page.click("main form .btn--act")
    assert "异议已收到" in page.inner_text("main")
    officer = visit("reviewer")
    officer.goto("/desk/publicity/")
    assert "这家企业已经停业" in officer.inner_text("main")
    officer.locator("textarea").first.fill("现场核实，正常经营")
    officer.locator("main form .btn--act").click()
    assert "现场核实，正常经营" in officer.inner_text("main")


def test_the_auditor_reads_the_whole_log_and_takes_a_proof_away(visit: Callable[..., Page], places: dict) -> None:
    page = visit("auditor")
    page.goto("/desk/ledger/verify/")
    page.get_by_role("button", name="从头核对一遍").click()
    assert "账本完好" in page.get_by_role("heading", level=1).inner_text()
    page.goto("/desk/ledger/")
    page.fill("#q", places["closed"])
    page.locator("main form .btn--act").click()
    assert page.locator("tbody tr").count() >= 5
    with page.expect_download() as coming:
        page.locator("tbody tr a[href*='/proofs/']").last.click()
    body = Path(coming.value.path()).read_bytes()
    assert verify_receipt(body).ok


def test_decisions_drawn_by_a_seed_come_out_the_same(visit: Callable[..., Page], places: dict) -> None:
    page = visit("auditor")
    page.goto("/desk/ledger/sampling/")
    page.fill("#seed", "journey")
    page.fill("#n", "8")
    page.locator("main form .btn--act").click()
    assert "8 件重算，一字不差" in page.get_by_role("heading", level=1).inner_text()


def test_what_came_back_is_mended_by_one_and_paid_again_by_another(visit: Callable[..., Page], places: dict) -> None:
    returned = f"/desk/funds/payments/{places['troubles']['returned']}/"
    maker, checker = visit("maker"), visit("checker")
    maker.goto("/desk/funds/returns/")
    assert maker.locator(f"a[href='{returned}']").count() == 1
    maker.goto(returned)
    maker.fill("#bank", "明州银行")
    maker.fill("#number", "6222 0212 3456 7890 124")
    maker.fill("#mend-reason", "收款人书面确认")
    maker.get_by_role("button", name="换成这个账户").click()
    assert "账户已换" in maker.inner_text("main")
    checker.goto(returned)
    assert "尾号 0124" in checker.inner_text("main")
    checker.fill("#again-reason", "账户已核实")
    checker.get_by_role("button", name="再付一次").click()
    assert "已重新占用预算" in checker.inner_text("main")
    checker.goto("/desk/funds/returns/")
    assert "已重付" in checker.locator("tr", has=checker.locator(f"a[href='{returned}']")).inner_text()


def test_every_number_of_the_supervisor_opens_a_list_of_as_many(visit: Callable[..., Page], places: dict) -> None:
    page = visit("supervisor")
    page.goto("/desk/supervision/")
    links = page.locator("main a[href*='/supervision/list/']").all()
    told = {one.get_attribute("href"): int(re.sub(r"\D", "", one.inner_text().split("：")[0])) for one in links}
    assert {"issued", "matched", "told", "claimed"} <= {href.partition("stage=")[2].partition("&")[0] for href in told}
    for href, number in list(told.items())[::7]:
        page.goto(href)
        heading = page.get_by_role("heading", level=1).inner_text()
        assert int(re.sub(r"\D", "", heading)) == number, href


def test_a_worker_opens_one_name_for_a_purpose_and_notes_what_came_of_it(
    visit: Callable[..., Page], places: dict
) -> None:
    page = visit("gridworker")
    page.goto(f"/desk/visits/{places['visited'][1]}/")
    first = page.locator(".visits > li").first
    masked = first.locator("h2").inner_text()
    first.get_by_role("button", name=re.compile("打开姓名")).click()
    opened = page.locator(".visits > li").first.locator("h2").inner_text()
    assert "＊" in masked or masked == opened
    assert "＊" not in opened
    page.locator(".visits > li").first.get_by_role("button", name=re.compile("记下")).click()
    assert "已记下" in page.inner_text("main")
    assert opened not in page.inner_text("main") or masked == opened
