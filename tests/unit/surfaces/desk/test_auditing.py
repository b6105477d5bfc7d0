"""The auditor's pages: facts found by who, where and when, each with a proof; the log checked; decisions run again."""

from __future__ import annotations

import json
import re
from datetime import datetime
from html import unescape

import pytest
from django.test import Client

from tests.unit.surfaces.desk.conftest import LINE, OFFICE, Desk
from tests.unit.surfaces.desk.test_money import do, page
from zhida.domain.proofs import verify_receipt
from zhida.domain.values import safe_cell
from zhida.kernel.ledger import actions, queries
from zhida.kernel.ledger import search as ledger_search
from zhida.kernel.ledger.ports import log_key
from zhida.surfaces.desk.presenters import auditing

LEDGER = "/desk/ledger/"


@pytest.fixture
def frozen(desk: Desk, line: str, now: datetime) -> str:
    """A line frozen by the checker, under a signed head; the fact of it."""
    assert do(desk("checker"), f"/desk/funds/lines/{line}/", "freeze", "=1+1 有人举报") == 302
    actions.sequence(as_of=now)
    actions.seal(as_of=now)
    return queries.entries_of_kind("funds.line_frozen")[0].id


def rows(client: Client, **asked: str) -> int:
    answer = client.get(LEDGER, asked)
    assert answer.status_code == 200
    return answer.content.decode().count('<tr><td class="r" data-k="位置">')


def test_facts_are_found_by_who_where_and_when(desk: Desk, frozen: str, staff: dict[str, str]) -> None:
    auditor = desk("auditor")
    assert rows(auditor, kind="funds.line_frozen") == 1
    assert rows(auditor, kind="funds.line_frozen", who="checker", office=OFFICE) == 1
    assert rows(auditor, kind="funds.line_frozen", who=staff["checker"]) == 1
    assert rows(auditor, kind="funds.line_frozen", who="maker") == 0
    assert rows(auditor, kind="funds.line_frozen", office="register") == 0
    assert rows(auditor, q=LINE) == 2
    assert rows(auditor, q=frozen) == 1
    assert rows(auditor, q=LINE, since="2026-03-03", until="2026-03-03") == 2
    assert rows(auditor, q=LINE, until="2026-03-02") == 0
    assert rows(auditor) == 0
    assert "没有这个登录名" in auditor.get(LEDGER, {"who": "nobody"}).content.decode()
    assert "写成" in auditor.get(LEDGER, {"since": "昨天"}).content.decode()


def test_each_line_has_a_proof_that_holds_outside(desk: Desk, frozen: str) -> None:
    auditor = desk("auditor")
    assert f"{LEDGER}proofs/{frozen}.json" in page(auditor, f"{LEDGER}?kind=funds.line_frozen")
    body = auditor.get(f"{LEDGER}proofs/{frozen}.json").content
    found = verify_receipt(body, trusted_keys=log_key().verifiers())
    assert found.ok
    assert found.receipt is not None
    assert found.receipt.sealed.id == frozen
    assert auditor.get(f"{LEDGER}checkpoint").content.decode() == queries.newest_checkpoint()


def test_the_table_file_holds_no_formula(desk: Desk, frozen: str) -> None:
    body = desk("auditor").get(f"{LEDGER}facts.csv", {"kind": "funds.line_frozen"}).content.decode("utf-8-sig")
    assert body.count("\r\n") == 2
    assert "reason==1+1 有人举报" in body
    for start in ("=", "+", "-", "@", "\t", "＝", "＠"):
        assert safe_cell(f"{start}1") == f"'{start}1"
    assert safe_cell(-1) == -1


def test_the_log_is_checked_and_a_receipt_judged(desk: Desk, frozen: str) -> None:
    auditor, path = desk("auditor"), f"{LEDGER}verify/"
    assert "还没有见证" in page(auditor, path)
    body = queries.receipt(frozen)
    assert "凭证是真的" in auditor.post(path, {"what": "receipt", "paste": body.decode()}).content.decode()
    told = json.loads(body)
    told["position"] += 1
    broken = json.dumps(told, ensure_ascii=False)
    assert "这份凭证不可信" in auditor.post(path, {"what": "receipt", "paste": broken}).content.decode()
    assert "请上传凭证文件" in auditor.post(path, {"what": "receipt"}).content.decode()


def test_only_the_auditor_comes_in(desk: Desk, frozen: str) -> None:
    for path in ("", "facts.csv", f"proofs/{frozen}.json", "checkpoint", "verify/", "sampling/"):
        assert desk("releaser").get(f"{LEDGER}{path}").status_code == 403
        assert desk("auditor").get(f"{LEDGER}{path}").status_code == 200


def test_a_search_that_no_index_answers_says_how_far_it_looked(
    desk: Desk, frozen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_search, "LOOKED_AT", 1)
    auditor = desk("auditor")
    shown = page(auditor, f"{LEDGER}?who=checker")
    for _ in range(queries.standing().entries):
        if frozen in shown:
            break
        (further,) = re.findall(r'没有索引[^<]*</span><a class="tap" href="([^"]+)"', shown)
        shown = page(auditor, unescape(further))
    assert f"proofs/{frozen}.json" in shown
    assert "没有索引" not in page(auditor, f"{LEDGER}?kind=funds.line_frozen")
    monkeypatch.setattr(auditing, "MOST_LOOKS", 1)
    assert "没有索引" in auditor.get(f"{LEDGER}facts.csv", {"office": "register"}).content.decode("utf-8-sig")


def test_the_second_verifier_is_handed_out_with_its_command(desk: Desk, frozen: str) -> None:
    shown = page(desk("auditor"), f"{LEDGER}verify/")
    assert "verify_receipt.py" in shown
    for key in log_key().verifiers():
        assert f'--key "{key}"' in unescape(shown)
