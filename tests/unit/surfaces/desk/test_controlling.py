"""Limits, transfers, recoveries and set-offs on the desk: one proposes, another agrees, each says what it changes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.conf import Settings
from django.test import Client

from tests.simulation import paying
from tests.unit.surfaces.api.conftest import Place
from tests.unit.surfaces.desk.conftest import LINE, OFFICE, Desk
from tests.unit.surfaces.desk.test_money import ALL, SYSTEM, batch, do, page
from zhida.config import wiring
from zhida.domain.postings import State
from zhida.domain.values import Actor, local_date
from zhida.kernel.funds import actions, queries, sending
from zhida.kernel.funds.ports import Payee, PaymentOrder
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.outbox.pump import pump
from zhida.services.controls.limits import limits_in_force
from zhida.services.controls.obligations import Owed
from zhida.services.controls.offsetting import set_offs
from zhida.services.controls.recall_sending import recall_handler
from zhida.services.controls.recalling import RECALL
from zhida.services.controls.recovering import debts
from zhida.services.controls.transfers import transfers
from zhida.surfaces.desk.presenters import obligations
from zhida.surfaces.look.language import Text

LIMITS, TRANSFERS, RECOVERIES = "/desk/funds/limits/", "/desk/funds/transfers/", "/desk/funds/recoveries/"
RECALLS = "/desk/funds/recalls/"
OTHER = "jobs/skills-2026"


def offered(client: Client, path: str, verb: str) -> str:
    """The act of this verb that the page offers; empty where it offers none."""
    found = re.search(rf'name="act" value="({verb}-[^"]+)"', page(client, path))
    return found.group(1) if found else ""


def propose(client: Client, **given: str) -> str:
    """A POST of the proposal form, with the token it carried; the page that follows."""
    path = given.pop("path")
    token = page(client, path).split('name="act" value="propose"')[1].split('name="token" value="')[1].split('"')[0]
    sent = {"act": "propose", "propose-reason": "三级授权", "token": token, **given}
    return client.post(path, sent, follow=True).content.decode()


def test_a_limit_is_proposed_by_one_and_confirmed_by_another(desk: Desk, waiting: list[str]) -> None:
    path, maker = batch(desk), desk("maker")
    digest = queries.batches(scope=ALL)[0].digest
    assert "请从列出的里面选一个" in propose(maker, path=LIMITS, duty="maker", line="", per="signature", up_to="100")
    assert "请只写数字" in propose(maker, path=LIMITS, duty="checker", line=LINE, per="signature", up_to="一百")
    assert "已提出" in propose(maker, path=LIMITS, duty="checker", line=LINE, per="signature", up_to="499.99")
    assert "等第二人确认" in propose(maker, path=LIMITS, duty="checker", line=LINE, per="signature", up_to="1")
    shown = page(desk("auditor"), LIMITS)
    for words in ("不限", "499.99 元", "1 批等这项职责签的，会签不下去", "?q=entry_"):
        assert words in shown
    assert not offered(maker, LIMITS, "confirm")
    assert not offered(desk("checker"), LIMITS, "confirm")
    confirm = offered(desk("releaser"), LIMITS, "confirm")
    assert do(maker, LIMITS, confirm) == 403
    assert do(desk("releaser"), LIMITS, confirm) == 302
    assert [(one.line, one.duty, one.up_to_fen) for one in limits_in_force()] == [(LINE, "checker", 49_999)]
    refused = desk("checker").post(path, {"seen": "1", "digest": digest})
    assert refused.status_code == 403
    assert "签字限额" in refused.content.decode()
    propose(maker, path=LIMITS, duty="checker", line=LINE, per="signature", up_to="")
    assert do(maker, LIMITS, offered(maker, LIMITS, "withdraw")) == 302
    assert "撤回了" in page(maker, LIMITS)


@pytest.fixture
def other(line: str, actor: Actor, now: datetime) -> str:
    """A second line of the office, of 100 yuan."""
    words = {"name": "技能补贴", "office": OFFICE, "region": "990102", "year": 2026}
    actions.open_line(line=OTHER, total_fen=10_000, by=actor, as_of=now, **words)
    return OTHER


def test_a_transfer_shows_both_lines_before_and_after_and_moves_on_the_third_hand(desk: Desk, other: str) -> None:
    maker, given = desk("maker"), {"path": TRANSFERS, "source": LINE, "target": OTHER}
    assert "要选另一条预算" in propose(maker, path=TRANSFERS, source=LINE, target=LINE, amount="1")
    assert "要大于 0" in propose(maker, **given, amount="0")
    assert "要大于 0" in propose(maker, **given, amount="-5")
    assert "可用不够" in propose(maker, **given, amount="10000.01")
    assert "已提出" in propose(maker, **given, amount="250")
    shown = page(desk("checker"), TRANSFERS)
    for words in ("10,000.00", "9,750.00", "100.00", "350.00", "划转后"):
        assert words in shown
    assert shown.count("结平") == 4
    assert not offered(desk("releaser"), TRANSFERS, "sign")
    assert not offered(maker, TRANSFERS, "sign")
    for role in ("checker", "releaser"):
        sign = offered(desk(role), TRANSFERS, "sign")
        assert do(desk(role), TRANSFERS, sign) == 302
        assert do(desk(role), TRANSFERS, sign) == 403
    assert [queries.standing(each, scope=ALL).total for each in (LINE, OTHER)] == [975_000, 35_000]
    assert "已划转" in page(desk("auditor"), TRANSFERS)


def test_new_money_comes_in_under_three_hands_too(desk: Desk, line: str) -> None:
    maker = desk("maker")
    assert "要选另一条预算" in propose(maker, path=TRANSFERS, source="*", target="*", amount="1")
    assert "从预算之外到稳岗返还" in propose(maker, path=TRANSFERS, source="*", target=LINE, amount="1")
    for role in ("checker", "releaser"):
        assert do(desk(role), TRANSFERS, offered(desk(role), TRANSFERS, "sign")) == 302
    assert queries.standing(LINE, scope=ALL).total == 1_000_100


def test_the_same_proposal_sent_twice_is_one_transfer(desk: Desk, other: str) -> None:
    maker = desk("maker")
    token = page(maker, TRANSFERS).split('name="token" value="')[1].split('"')[0]
    sent = {"source": LINE, "target": OTHER, "amount": "1", "token": token}
    for _ in range(2):
        assert do(maker, TRANSFERS, "propose", **sent) == 302
    assert len(transfers(scope=ALL)) == 1


@pytest.fixture
def owing(desk: Desk, silent: list[str], place: Place, line: str, now: datetime) -> tuple[str, str]:
    """A payment that arrived and is to come back, and a later one of the same payee that nobody signed."""
    actions.settle(disbursement_id=silent[0], booked_on=local_date(now), by=SYSTEM, as_of=now)
    later = replace(paying.new_disbursement(20_000), subject_id=place.firm)
    actions.reserve_many(line=line, disbursements=[later], by=SYSTEM, as_of=now)
    return silent[0], later.disbursement_id


def pay_page(payment: str) -> str:
    return f"/desk/funds/payments/{payment}/"


def test_what_two_persons_order_back_is_taken_out_of_a_later_payment(desk: Desk, owing: tuple[str, str]) -> None:
    paid, later = owing
    maker, checker = desk("maker"), desk("checker")
    assert 'value="offset"' not in page(maker, pay_page(later))
    assert do(maker, pay_page(paid), "order", "条例第 9 条", owed="300.01") == 200
    assert do(maker, pay_page(paid), "order", "条例第 9 条", owed="120") == 302
    assert 'value="order"' not in page(maker, pay_page(paid))
    confirm = offered(checker, RECOVERIES, "confirm")
    assert not offered(maker, RECOVERIES, "confirm")
    assert do(checker, RECOVERIES, confirm) == 302
    assert "120.00 元还没有追回" in page(desk("auditor"), RECOVERIES)
    assert do(maker, pay_page(later), "offset", debt=paid, taken="120.01") == 200
    assert do(maker, pay_page(later), "offset", debt=later, taken="50") == 200
    assert do(maker, pay_page(later), "offset", debt=paid, taken="50") == 302
    shown = page(checker, RECOVERIES)
    assert "150.00 元" in shown
    assert "250.00 元在收款人处" in shown
    assert do(checker, RECOVERIES, offered(checker, RECOVERIES, "confirm")) == 302
    (taken,) = set_offs(scope=ALL)
    assert queries.disbursement(taken.rest, scope=ALL).amount_fen == 15_000
    assert "留作抵扣，不付出" in page(maker, pay_page(taken.part))
    assert queries.disbursement(later, scope=ALL).state is State.VOIDED
    assert not offered(checker, RECOVERIES, "settle")


def test_a_set_off_ends_once_its_part_is_released(desk: Desk, owing: tuple[str, str]) -> None:
    paid, later = owing
    for client, path, act, more in (
        ("maker", pay_page(paid), "order", {"owed": "120"}),
        ("checker", RECOVERIES, "confirm", {}),
        ("maker", pay_page(later), "offset", {"debt": paid, "taken": "120"}),
        ("checker", RECOVERIES, "confirm", {}),
    ):
        name = act if act in ("order", "offset") else offered(desk(client), path, act)
        assert do(desk(client), path, name, **more) == 302
    path = batch(desk)
    digest = queries.batches(scope=ALL)[0].digest
    for role in ("checker", "releaser"):
        assert desk(role).post(path, {"seen": "1", "digest": digest}).status_code == 302
    assert do(desk("releaser"), RECOVERIES, offered(desk("releaser"), RECOVERIES, "settle")) == 302
    assert queries.disbursement(paid, scope=ALL).recovered_fen == 12_000
    assert debts(scope=ALL) == ()
    shown = page(desk("auditor"), RECOVERIES)
    assert "没有要追回的" in shown
    assert "已入账" in shown


def test_payments_are_found_by_number_line_and_state(desk: Desk, waiting: list[str]) -> None:
    maker, one = desk("maker"), queries.disbursement(waiting[0], scope=ALL)
    path = "/desk/funds/payments/"
    assert "2 笔付款" in page(maker, path)
    assert "1 笔付款" in page(maker, f"{path}?q={one.reference.lower()}")
    assert "2 笔付款" in page(maker, f"{path}?line={LINE}&state=reserved")
    assert "没有这样的付款" in page(maker, f"{path}?state=settled")
    assert "没有这样的付款" in page(maker, f"{path}?number=nobody")


class Later:
    """A clock that stands some hours on."""

    def __init__(self, now: datetime, hours: int) -> None:
        self.at = now + timedelta(hours=hours)

    def now(self) -> datetime:
        return self.at


@pytest.mark.parametrize(("hours", "words"), [(3, "停过 4 小时"), (5, "付款暂停送出")])
def test_sealing_that_lags_is_told_with_what_to_do(
    desk: Desk,
    line: str,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    hours: int,
    words: str,
) -> None:
    settings.ZHIDA_SEALING_LAG = 240
    ledger.sequence(as_of=now)
    ledger.seal(as_of=now)
    actions.freeze_line(line=LINE, reason="有人举报", by=Actor("maker", "maker", office=OFFICE), as_of=now)
    monkeypatch.setattr(wiring, "clock", lambda: Later(now, hours))
    for role, path in (("maker", "/desk/funds/"), ("auditor", "/desk/ledger/verify/"), ("auditor", "/desk/ledger/")):
        shown = page(desk(role), path)
        assert words in shown
        assert "请管理员看后台进程" in shown
    ledger.sequence(as_of=now)
    ledger.seal(as_of=now)
    assert "请管理员看后台进程" not in page(desk("maker"), "/desk/funds/")


@pytest.fixture
def settled(silent: list[str], bank: paying.BookTreasury, now: datetime) -> list[str]:
    """The two payments, paid."""
    rows = [queries.disbursement(each, scope=ALL) for each in silent]
    payee = Payee("某公司", "62220200001234")
    bank.book.take([PaymentOrder(one.reference, payee, one.amount_fen, "p", local_date(now)) for one in rows])
    sending.ask_after_open(treasury=bank, by=SYSTEM, as_of=now)
    assert {queries.disbursement(each, scope=ALL).state for each in silent} == {State.SETTLED}
    return silent


def test_a_recall_is_asked_by_two_and_brings_the_money_back(
    desk: Desk, settled: list[str], bank: paying.BookTreasury, now: datetime
) -> None:
    path, maker = f"/desk/funds/payments/{settled[0]}/", desk("maker")
    token = page(maker, path).split('name="act" value="recall"')[1].split('name="token" value="')[1].split('"')[0]
    sent = {"act": "recall", "recall-reason": "付了两次", "recall_reason": "", "token": token}
    assert "请从列出的里面选一个" in maker.post(path, sent).content.decode()
    long = maker.post(path, {**sent, "recall_reason": "DUPL", "recall-reason": "长" * 106}).content.decode()
    assert "不超过 105 字" in long
    assert maker.post(path, {**sent, "recall_reason": "DUPL"}).status_code == 302
    assert 'value="recall"' not in page(maker, path)
    assert 'value="order"' not in page(maker, path)
    assert not offered(maker, RECALLS, "confirm")
    confirm = offered(desk("checker"), RECALLS, "confirm")
    assert do(maker, RECALLS, confirm) == 403
    assert do(desk("checker"), RECALLS, confirm) == 302
    assert "就要送出" in page(desk("auditor"), RECALLS)
    assert pump({RECALL: recall_handler(by=SYSTEM)}, as_of=now).done == 1
    shown = page(desk("auditor"), RECALLS)
    for words in ("没有要银行退回的", "钱已退回", "请银行退回，"):
        assert words in shown
    assert "银行答应退回" in page(maker, path)
    assert queries.disbursement(settled[0], scope=ALL).state is State.RETURNED


def test_a_recall_is_taken_back_before_the_bank_was_asked(desk: Desk, settled: list[str]) -> None:
    path, maker = f"/desk/funds/payments/{settled[0]}/", desk("maker")
    token = page(maker, path).split('name="act" value="recall"')[1].split('name="token" value="')[1].split('"')[0]
    maker.post(path, {"act": "recall", "recall-reason": "x", "recall_reason": "CUST", "token": token})
    assert do(maker, RECALLS, offered(maker, RECALLS, "withdraw")) == 302
    assert "撤回了" in page(maker, RECALLS)
    assert 'value="recall"' in page(maker, path)


def test_the_page_of_obligations_is_there_without_any(desk: Desk, settled: list[str]) -> None:
    assert "没有付款后的义务" in page(desk("maker"), "/desk/funds/obligations/")


def test_many_obligations_are_listed_page_by_page(
    desk: Desk, settled: list[str], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken first, then what ends first; each once, and a page beyond the last is the last."""
    paid = queries.disbursement(settled[0], scope=ALL)
    first = local_date(now)
    debt = SimpleNamespace(withdrawn_at=None, waits_for="checker")
    owed = [
        Owed(paid.id, f"R{n:03}", paid.subject_id, paid.line, "revision", "item", f"n{n}", "repay", (), 100,
             first + timedelta(days=n), debt if n == 119 else None)
        for n in range(120)
    ]  # fmt: skip
    monkeypatch.setattr(obligations, "obligations", lambda **_: tuple(owed))
    monkeypatch.setattr(obligations, "obligation_words", lambda revision, name: name)
    monkeypatch.setattr(obligations.catalogue, "revision", lambda _: None)
    monkeypatch.setattr(obligations.catalogue, "item_of", lambda *_: None)
    monkeypatch.setattr(obligations, "title_of", lambda *_: Text("事项"))
    maker, found = desk("maker"), []
    for number in ("1", "2", "3", "3" * 5_000, "x"):
        told = page(maker, f"/desk/funds/obligations/?page={number}")
        found.append(re.findall(r"R\d{3}(?=</span>)", told))
    assert found[0][:2] == ["R119", "R000"]
    assert [len(one) for one in found] == [50, 50, 20, 20, 50]
    assert sorted(found[0] + found[1] + found[2]) == [f"R{n:03}" for n in range(120)]
