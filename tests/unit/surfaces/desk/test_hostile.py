"""What a hostile or a hasty hand sends to the money and audit pages: a clear answer, once, and never a broken page."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.unit.surfaces.desk.conftest import BATCH, LINE, Desk
from tests.unit.surfaces.desk.test_money import ALL, SYSTEM, page
from zhida.adapters.treasury.messages import Statement, statement_message
from zhida.domain.postings import StatementLine, Word
from zhida.domain.values import local_date, new_id
from zhida.kernel.funds import actions, queries
from zhida.surfaces.desk.views import reconciling

MONEY_PAGES = (
    "/desk/funds/",
    f"/desk/funds/lines/{LINE}/",
    "/desk/funds/batches/",
    "/desk/funds/unknowns/",
    "/desk/funds/returns/",
    "/desk/funds/stops/",
    "/desk/reconciliation/",
)
AUDIT_PAGES = ("/desk/ledger/", "/desk/ledger/facts.csv", "/desk/ledger/verify/", "/desk/ledger/sampling/")
NASTY = {
    "before": "\x00' OR 1=1",
    "q": "x" * 5_000,
    "kind": "-1",
    "who": "\u202e\x00",
    "office": "%",
    "since": "0001-01-01",
    "until": "9999-12-31",
    "seed": "\x00²",
    "n": "²",
}
IDS = ("x", "-1", "x" * 3_000, "%00", "..", "２０２６-01-01", "9999-12-31")


@pytest.mark.parametrize("path", MONEY_PAGES)
def test_a_money_page_answers_whatever_is_asked(desk: Desk, line: str, path: str) -> None:
    assert desk("maker").get(path, NASTY).status_code == 200


@pytest.mark.parametrize("path", AUDIT_PAGES)
@pytest.mark.parametrize("n", ["²", "-1", "0", "9" * 5_000, "１２"])
def test_an_audit_page_answers_whatever_is_asked(desk: Desk, line: str, path: str, n: str) -> None:
    assert desk("auditor").get(path, {**NASTY, "n": n}).status_code == 200
    assert desk("auditor").get(path, {"since": "2026-01-01", "until": "2026-12-31", "n": n}).status_code == 200


@pytest.mark.parametrize("given", IDS)
@pytest.mark.parametrize(
    "path",
    ["funds/lines", "funds/batches", "funds/releases", "funds/payments", "reconciliation/findings", "reconciliation"],
)
def test_what_is_not_there_is_said_in_the_desk_s_own_frame(desk: Desk, line: str, path: str, given: str) -> None:
    answer = desk("maker").get(f"/desk/{path}/{given}/")
    assert answer.status_code in (200, 301, 403, 404)
    if answer.status_code == 403:
        assert "工作台" in answer.content.decode()


def test_the_same_recovery_sent_twice_counts_once(desk: Desk, silent: list[str], now: datetime) -> None:
    actions.settle(disbursement_id=silent[0], booked_on=local_date(now), by=SYSTEM, as_of=now)
    path = f"/desk/funds/payments/{silent[0]}/"
    token = page(desk("checker"), path).split('name="token" value="')[1].split('"')[0]
    sent = {"act": "recover", "recover-reason": "多付", "recovered": "10", "token": token}
    for _ in range(2):
        assert desk("checker").post(path, sent).status_code == 302
    assert queries.disbursement(silent[0], scope=ALL).recovered_fen == 1_000
    assert desk("checker").post(path, {**sent, "token": "' OR 1=1"}).status_code == 302
    assert queries.disbursement(silent[0], scope=ALL).recovered_fen == 2_000


def test_the_same_draft_sent_twice_is_one_release(desk: Desk, line: str, now: datetime) -> None:
    path, maker = f"/desk/funds/lines/{LINE}/", desk("maker")
    token = page(maker, path).split('name="token" value="')[1].split('"')[0]
    sent = {"cap": "100", "start": "2026-01-01", "end": "2026-12-31", "token": token}
    places = {maker.post(path, sent)["Location"] for _ in range(2)}
    assert len(places) == 1
    assert len(queries.releases(LINE, as_of=now)) == 1
    assert "2026-01-01 至 2026-12-31" in page(maker, places.pop())
    assert maker.post(path, {**sent, "end": "9999-12-31"}).status_code == 200


def test_a_batch_is_made_once_and_a_second_press_says_why_not(desk: Desk, waiting: list[str]) -> None:
    maker, path = desk("maker"), "/desk/funds/batches/prepare/"
    assert maker.post(path, {"line": LINE}).status_code == 302
    again = maker.post(path, {"line": LINE}, headers={"Referer": f"http://testserver/desk/funds/lines/{LINE}/"})
    assert "可能刚刚编过一批" in page(maker, again["Location"])
    assert len(queries.batches(scope=ALL)) == 1


def test_a_reason_with_a_nul_in_an_upload_is_only_its_words(desk: Desk, line: str) -> None:
    path = f"/desk/funds/lines/{LINE}/"
    body = b'--b\r\nContent-Disposition: form-data; name="act"\r\n\r\nfreeze\r\n'
    body += b'--b\r\nContent-Disposition: form-data; name="freeze-reason"\r\n\r\nodd\x00ly\r\n--b--\r\n'
    answer = desk("maker").post(path, body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 302
    assert queries.standing(LINE, scope=ALL).frozen_reason == "oddly"


def upload(desk: Desk, body: bytes) -> str:
    answer = desk("maker").post("/desk/reconciliation/", {"by": "file", "file": SimpleUploadedFile("day.xml", body)})
    assert answer.status_code == 200
    return answer.content.decode()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 100 + b'"><!ENTITY c "' + b"&b;" * 100 + b'">]>'


@pytest.mark.parametrize(
    "body",
    [b"%PDF-1.4", b"\x00\xff\xfe", b"<a>" * 50_000, ENTITY + b"<Document>&x;</Document>", LAUGHS + b"<d>&c;</d>"],
    ids=["pdf", "binary", "deep", "entity", "laughs"],
)
def test_a_file_that_is_no_statement_is_refused_in_words(desk: Desk, line: str, body: bytes) -> None:
    shown = upload(desk, body)
    assert "这不是读得懂的对账单" in shown
    assert "root:" not in shown
    assert not queries.findings()


def test_a_file_that_is_too_large_is_refused_unread(desk: Desk, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "LARGEST", 1_000)
    assert "不超过 32 MB" in upload(desk, b"<" * 1_001)


def test_a_statement_of_tomorrow_or_with_endless_names_is_refused(desk: Desk, line: str, now: datetime) -> None:
    today = local_date(now)
    later = Statement(today.replace(year=today.year + 1), 0, 0, ())
    assert "还没有到" in upload(desk, statement_message(later, account="1", made_at=now))
    long = StatementLine("T" * 65, "R" * 65, Word.PAID, 100, "0018", today)
    body = statement_message(Statement(today, 100, 0, (long,)), account="1", made_at=now)
    assert "这不是读得懂的对账单" in upload(desk, body)


def test_an_unknown_batch_and_a_wrong_role_are_told_apart(desk: Desk, silent: list[str]) -> None:
    assert desk("maker").get(f"/desk/funds/batches/{new_id('batch')}/").status_code == 404
    sent = {"act": "dissolve", "dissolve-reason": "x"}
    answer = desk("auditor").post(f"/desk/funds/batches/{BATCH}/", sent)
    assert answer.status_code == 403
    assert "不由您做" in answer.content.decode()
