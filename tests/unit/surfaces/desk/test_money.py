"""The money pages: sums that close, acts with a reason, and nobody doing what another duty is for."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.simulation import paying
from tests.unit.surfaces.desk.conftest import BATCH, LINE, OFFICE, Desk
from zhida.domain.postings import State
from zhida.domain.values import Actor, Scope, local_date, new_id
from zhida.kernel.funds import actions, queries
from zhida.kernel.ledger import queries as ledger
from zhida.services.controls.lifting import Kept, waiting_lifting

ALL = Scope.system("test")
SYSTEM = Actor("system", "system")


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def do(client: Client, path: str, act: str, reason: str = "核实过", **more: str) -> int:
    return client.post(path, {"act": act, f"{act}-reason": reason, **more}).status_code


def state_of(payment: str) -> State:
    return queries.disbursement(payment, scope=ALL).state


def test_a_line_shows_its_sum_and_every_movement(desk: Desk, waiting: list[str]) -> None:
    shown = page(desk("maker"), f"/desk/funds/lines/{LINE}/")
    for figure in ("10,000.00", "9,500.00", "500.00", "拨入指标", "占用"):
        assert figure in shown
    assert shown.count("结平") == 1
    assert len(re.findall(r"<tr><td data-k=\"时间\"", shown)) == 3


@pytest.mark.parametrize("role", ["maker", "checker", "releaser"])
def test_anybody_freezes_with_a_reason_and_two_persons_thaw(desk: Desk, role: str, line: str) -> None:
    path = f"/desk/funds/lines/{line}/"
    refused = desk(role).post(path, {"act": "freeze", "freeze-reason": " "})
    assert "请写明理由" in refused.content.decode()
    assert queries.standing(line, scope=ALL).frozen_reason == ""
    assert do(desk(role), path, "freeze", "账户被冒用") == 302
    assert queries.standing(line, scope=ALL).frozen_reason == "账户被冒用"
    assert do(desk(role), path, f"propose-{line}", "查清了", token=new_id("lifting")) == 302
    assert queries.standing(line, scope=ALL).frozen_reason == "账户被冒用"
    waiting = waiting_lifting(Kept.LINE, line)
    assert waiting is not None
    assert do(desk(role), path, f"confirm-{waiting.id}") == 403
    other = "checker" if role == "releaser" else "releaser"
    assert "理由：查清了" in page(desk(other), path)
    assert do(desk(other), path, f"confirm-{waiting.id}") == 302
    assert queries.standing(line, scope=ALL).frozen_reason == ""


def test_a_thawing_is_taken_back(desk: Desk, line: str) -> None:
    path = f"/desk/funds/lines/{line}/"
    do(desk("maker"), path, "freeze", "账户被冒用")
    do(desk("maker"), path, f"propose-{line}", "查清了", token=new_id("lifting"))
    waiting = waiting_lifting(Kept.LINE, line)
    assert waiting is not None
    assert do(desk("checker"), path, f"withdraw-{waiting.id}") == 302
    assert waiting_lifting(Kept.LINE, line) is None
    assert queries.standing(line, scope=ALL).frozen_reason == "账户被冒用"


def test_the_auditor_reads_and_does_nothing(desk: Desk, silent: list[str]) -> None:
    for path in (f"/desk/funds/lines/{LINE}/", f"/desk/funds/batches/{BATCH}/", f"/desk/funds/payments/{silent[0]}/"):
        assert "<textarea" not in page(desk("auditor"), path)
        for act in ("freeze", "dissolve", "ask", "release"):
            assert do(desk("auditor"), path, act) == 403


def batch(desk: Desk) -> str:
    answer = desk("maker").post("/desk/funds/batches/prepare/", {"line": LINE})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_signature_says_what_was_seen_and_a_batch_is_taken_apart_before_the_last(
    desk: Desk, waiting: list[str]
) -> None:
    path = batch(desk)
    digest = queries.batches(scope=ALL)[0].digest
    assert desk("checker").post(path, {"seen": "1", "digest": digest}).status_code == 302
    shown = page(desk("releaser"), path)
    assert shown.count(f"签的是 2 笔，500.00 元，指纹 {digest[:8]}") == 2
    assert desk("maker").post(path, {"seen": "1", "digest": digest}).status_code == 403
    assert do(desk("maker"), path, "dissolve") == 302
    assert "已拆散" in page(desk("releaser"), path)
    assert desk("releaser").post(path, {"seen": "1", "digest": digest}).status_code == 403
    assert {state_of(payment) for payment in waiting} == {State.RESERVED}
    assert ledger.entries_of_kind("funds.batch_dissolved")[0].fields["reason"] == "核实过"


def test_a_released_batch_is_not_taken_apart(desk: Desk, silent: list[str]) -> None:
    assert do(desk("releaser"), f"/desk/funds/batches/{BATCH}/", "dissolve") == 403
    assert "已放行" in page(desk("releaser"), "/desk/funds/batches/")


def test_a_standing_release_is_revoked_once(desk: Desk, line: str, now: datetime) -> None:
    release = paying.sign_release(now, line=line).standing_release
    path = f"/desk/funds/releases/{release}/"
    assert do(desk("checker"), path, "revoke") == 302
    assert queries.release_in_force(line, as_of=now) is None
    assert do(desk("checker"), path, "revoke") == 403
    assert "已撤销的授权" in page(desk("checker"), path)


def test_an_unknown_is_asked_after_and_never_resent_to_a_bank_that_pays_twice(
    desk: Desk, silent: list[str], bank: paying.BookTreasury
) -> None:
    bank.book.deduplicates = False
    path = f"/desk/funds/payments/{silent[0]}/"
    assert "2 笔结果未知" in page(desk("checker"), "/desk/funds/unknowns/")
    assert "不能重发" in page(desk("checker"), path)
    assert do(desk("checker"), path, "send") == 403
    assert do(desk("checker"), path, "ask") == 302
    assert state_of(silent[0]) is State.UNKNOWN
    assert "查无此笔，不等于没付" in page(desk("checker"), "/desk/funds/unknowns/")
    assert bank.calls == 0


def test_where_the_bank_does_not_answer_nothing_is_resent(desk: Desk, silent: list[str]) -> None:
    path = f"/desk/funds/payments/{silent[0]}/"
    assert do(desk("checker"), path, "ask") == 302
    assert do(desk("checker"), path, "send") == 403
    assert state_of(silent[0]) is State.UNKNOWN


def test_what_the_statement_lacks_is_released_by_a_second_person(
    desk: Desk, silent: list[str], bank: paying.BookTreasury, now: datetime
) -> None:
    path = f"/desk/funds/payments/{silent[0]}/"
    assert do(desk("checker"), path, "release") == 403
    actions.reconcile(reconciliation_id=new_id("reconcile"), day=local_date(now), lines=[], by=SYSTEM, as_of=now)
    assert do(desk("maker"), path, "release") == 403
    assert do(desk("checker"), path, "release", "") == 200
    assert do(desk("checker"), path, "release") == 302
    assert state_of(silent[0]) is State.VOIDED


def test_a_recovery_takes_no_more_than_was_paid(desk: Desk, silent: list[str], now: datetime, line: str) -> None:
    actions.settle(disbursement_id=silent[0], booked_on=local_date(now), by=SYSTEM, as_of=now)
    path, checker = f"/desk/funds/payments/{silent[0]}/", desk("checker")
    assert do(desk("maker"), path, "recover", recovered="1") == 403
    assert do(checker, path, "recover", recovered="300.01") == 200
    assert do(checker, path, "recover", recovered="一百") == 200
    assert do(checker, path, "recover", recovered="100.00") == 302
    found = queries.standing(line, scope=ALL)
    assert (found.paid, found.returned) == (30_000, 10_000)
    assert "还可以追回 200.00 元" in page(checker, path)


def test_a_line_of_another_office_is_not_shown(desk: Desk, actor: Actor, now: datetime) -> None:
    words = {"name": "别处的", "office": "elsewhere", "region": "990102", "year": 2026}
    actions.open_line(line="other/line", total_fen=100, by=actor, as_of=now - timedelta(1), **words)
    assert "别处的" not in page(desk("maker"), "/desk/funds/")
    assert desk("maker").get("/desk/funds/lines/other/line/").status_code == 403
    assert OFFICE != "elsewhere"
