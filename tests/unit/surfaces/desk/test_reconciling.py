"""Reconciling on the desk: fetched or uploaded, compared, and closed by a second person with a note."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.simulation import paying
from tests.unit.surfaces.desk.conftest import Desk
from tests.unit.surfaces.desk.test_money import ALL, SYSTEM, do, page, state_of
from zhida.adapters.treasury.messages import Statement, statement_message
from zhida.domain.postings import State, StatementLine, Word
from zhida.domain.values import local_date, new_id
from zhida.kernel.funds import actions, queries

PATH = "/desk/reconciliation/"


def said(payment: str, day: date, **changes: object) -> StatementLine:
    one = queries.disbursement(payment, scope=ALL)
    line = StatementLine(f"T{one.reference[-8:]}", one.reference, Word.PAID, one.amount_fen, one.account_tail, day)
    return replace(line, **changes)


def compared(lines: list[StatementLine], now: datetime) -> list[str]:
    """The addresses of the findings that wait, by reference."""
    day = local_date(now)
    actions.reconcile(reconciliation_id=new_id("reconcile"), day=day, lines=lines, by=SYSTEM, as_of=now)
    return [f"{PATH}findings/{one.id}/" for one in queries.findings()]


def test_a_day_is_fetched_and_what_it_pays_is_applied_by_a_second_person(
    desk: Desk, silent: list[str], bank: paying.BookTreasury, now: datetime
) -> None:
    (path, _) = compared([said(silent[0], local_date(now))], now)
    assert "记为已付" in page(desk("checker"), path)
    assert "<textarea" not in page(desk("maker"), path)
    assert do(desk("maker"), path, "apply") == 403
    assert do(desk("checker"), path, "apply", "") == 200
    assert do(desk("checker"), path, "apply") == 302
    assert state_of(silent[0]) is State.SETTLED
    assert do(desk("checker"), path, "apply") == 403


def test_what_proposes_nothing_is_dismissed_with_a_note(desk: Desk, silent: list[str], now: datetime) -> None:
    line = said(silent[0], local_date(now), amount_fen=1)
    path = next(path for path in compared([line], now) if "金额不符" in page(desk("checker"), path))
    assert do(desk("checker"), path, "apply") == 403
    assert do(desk("releaser"), path, "dismiss", "银行更正单第 3 号") == 302
    assert "银行更正单第 3 号" in page(desk("releaser"), path)
    assert state_of(silent[0]) is State.UNKNOWN


def fetch(client: Client, day: str) -> tuple[int, str]:
    answer = client.post(PATH, {"by": "bank", "day": day})
    return answer.status_code, answer.content.decode()


def test_a_statement_is_fetched_or_the_page_says_why_not(
    desk: Desk, silent: list[str], now: datetime, bank: paying.BookTreasury, monkeypatch: pytest.MonkeyPatch
) -> None:
    today, maker = local_date(now), desk("maker")
    assert "写成" in fetch(maker, "三月")[1]
    assert "还没有到" in fetch(maker, (today + timedelta(1)).isoformat())[1]
    assert fetch(maker, today.isoformat())[0] == 302
    assert "2 条待处理" in page(maker, f"{PATH}{today.isoformat()}/")
    assert fetch(desk("auditor"), today.isoformat())[0] == 403


def upload(client: Client, body: bytes) -> tuple[int, str]:
    file = SimpleUploadedFile("day.xml", body)
    answer = client.post(PATH, {"by": "file", "file": file})
    return answer.status_code, answer.content.decode()


def test_a_statement_is_uploaded_and_one_that_does_not_add_up_is_refused(
    desk: Desk, silent: list[str], now: datetime
) -> None:
    day = local_date(now)
    lines = tuple(said(payment, day) for payment in silent)
    whole = statement_message(Statement(day, 100_000, 50_000, lines), account="1", made_at=now)
    maker = desk("maker")
    for broken in (b"", b"<xml/>", whole.replace(b"300.00", b"300.01", 1)):
        status, shown = upload(maker, broken)
        assert (status, "error" in shown) == (200, True)
    assert upload(maker, whole)[0] == 302
    assert len(queries.findings()) == 2
