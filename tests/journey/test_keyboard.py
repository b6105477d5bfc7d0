"""What people come for, done with keys alone; the focus is looked at on every stop, and nothing traps it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journey.keys import Keys

REFUND = "/my/claim/mingzhou/job-retention-refund/refund/"
DEMAND = "/my/claim/yunze/enterprise-demand/demand/"
REBATE = "/my/claim/mingzhou/research-rebate/rebate/"
PAPER = {"name": "报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}


def find(keys: Keys, places: dict) -> None:
    """A policy by its initials, and what it pays."""
    keys.open("/")
    keys.write("政策、事项、文号或企业名称", "wengang")
    keys.enter()
    keys.see("查到 1 件政策")
    keys.press("稳岗返还", "a")
    keys.see("算给您看")


def calculate(keys: Keys, places: dict) -> None:
    """What a person may have, from the first page on."""
    keys.open("/")
    keys.press("算一算")
    keys.press("为一个人算")
    keys.press("接着算")
    keys.see("可享")


def apply(keys: Keys, places: dict) -> None:
    """An application from its list to its receipt, then where it stands."""
    keys.open(f"{DEMAND}?as={places['typed']}")
    keys.press("开始填")
    keys.tick("")
    keys.press("存好，下一步")
    keys.write("请", "门前的路坏了")
    keys.press("存好，下一步")
    keys.tick("")
    keys.press("提交申报")
    keys.see("已提交")
    keys.open("/my/")
    keys.press("我的办件")
    keys.press("提出诉求")
    keys.see("已提交")


def upload(keys: Keys, places: dict) -> None:
    """A paper chosen and kept."""
    keys.open(f"{REBATE}fill/accounts_apart/?as={places['typed']}")
    keys.hand_in("选一份文件", PAPER)
    keys.press("存好，下一步")
    keys.open(REBATE)
    keys.see("已填")


def confirm_and_undo(keys: Keys, places: dict) -> None:
    """One tap, and one to take it back."""
    keys.open(f"{REFUND}?as={places['typed']}")
    keys.press("确认领取", "button")
    keys.see("已确认领取")
    keys.press("撤回", "button")
    keys.see("已撤回")


def appeal(keys: Keys, places: dict) -> None:
    """A second look at a refusal."""
    keys.open(f"/my/cases/{places['refused']}/")
    keys.press("请人重新看")
    keys.tick("")
    keys.write("", "毕业证是本人的，请再看一遍")
    keys.press("提交", "button")
    keys.see("已经交给部门重新看")


def review(keys: Keys, places: dict) -> None:
    """A case opened from the worklist and decided."""
    keys.open("/desk/")
    keys.reach("", "a")
    keys.open(f"/desk/cases/{places['asked']}/")
    keys.tick("通过")
    keys.write("理由", "核对无误")
    keys.press("提交", "button")
    keys.see("已办：通过")


def release(keys: Keys, places: dict) -> None:
    """A batch that two have signed, released by the third."""
    keys.open(f"/desk/funds/batches/{places['troubles']['to_release']}/")
    keys.tick("我已看过")
    keys.press("放行", "button")
    keys.see("已放行")


WAYS: list[tuple[Callable[[Keys, dict], None], str]] = [
    (find, ""),
    (calculate, ""),
    (apply, "typist"),
    (upload, "typist"),
    (confirm_and_undo, "typist"),
    (appeal, "holder"),
    (review, "reviewer"),
    (release, "releaser"),
]


@pytest.mark.parametrize(("way", "login"), WAYS, ids=[way.__name__ for way, _ in WAYS])
def test_it_is_done_with_keys_alone(
    visit: Callable[..., Page], places: dict, way: Callable[[Keys, dict], None], login: str
) -> None:
    way(Keys(visit(login)), places)
