"""The simulated treasury by itself: books that survive, faults that replay, a process of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import httpx
import pytest

from zhida.adapters.treasury.messages import payment_message
from zhida.adapters.treasury.simulator.book import ReferenceReused, TreasuryBook
from zhida.adapters.treasury.simulator.faults import Fault, Faults
from zhida.kernel.funds.ports import Payee, PaymentOrder

DAY = date(2026, 3, 3)
ORDER = PaymentOrder("P1", Payee("某公司", "6222021234561234"), 100, "补贴", DAY)
MADE_AT = datetime(2026, 3, 3, tzinfo=UTC)


def written(*orders: PaymentOrder) -> bytes:
    return payment_message(orders, debtor=Payee("直达", "1"), made_at=MADE_AT)


def test_books_survive_a_restart(tmp_path):
    book = TreasuryBook(tmp_path / "t.sqlite3")
    (first,) = book.take([ORDER])
    book.close()
    again = TreasuryBook(tmp_path / "t.sqlite3")
    assert again.take([ORDER]) == [first]
    assert again.statement(DAY).closing_fen == -100
    again.close()


def test_a_reused_reference_takes_nothing_of_its_request(tmp_path):
    book = TreasuryBook(tmp_path / "t.sqlite3")
    book.take([ORDER])
    with pytest.raises(ReferenceReused):
        book.take([replace(ORDER, reference="P2"), replace(ORDER, amount_fen=101)])
    assert [line.reference for line in book.statement(DAY).lines] == ["P1"]
    book.close()


def test_a_payment_is_returned_once_and_balances_go_on(tmp_path):
    book = TreasuryBook(tmp_path / "t.sqlite3")
    book.take([ORDER, replace(ORDER, reference="P2", amount_fen=7)])
    for _ in range(2):
        (answer,) = book.send_back("P1", "name_differs", "2026-03-05")
    assert (answer["word"], answer["reason"]) == ("returned", "name_differs")
    back = book.statement(date(2026, 3, 5))
    assert (back.opening_fen, back.closing_fen, len(back.lines)) == (-107, -7, 1)
    assert book.send_back("P9", "unknown", "2026-03-05")[0]["word"] == "absent"
    book.close()


def test_faults_replay_from_their_seed():
    def drawn(seed: int) -> list[Fault]:
        faults = Faults(seed, rate=0.5)
        return [faults.draw(f"P{number % 20}", is_paying=True) for number in range(200)]

    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)
    assert set(drawn(7)) == set(Fault)
    assert Faults().draw("P1", is_paying=True) is Fault.NONE


def test_it_runs_as_a_process_of_its_own(tmp_path):
    command = [sys.executable, "-m", "zhida.adapters.treasury.simulator", "--port", "0", "--home", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        address = process.stdout.readline().strip()
        answers = httpx.post(f"{address}/payments", content=written(ORDER), trust_env=False).json()
        assert answers["answers"][0]["word"] == "paid"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
    book = TreasuryBook(tmp_path / "treasury.sqlite3")
    assert len(book.statement(DAY).lines) == 1
    book.close()


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("/payments", b"{}", 400),
        ("/payments", b"<Document/>", 400),
        ("/payments/query", b"{", 400),
        ("/payments/query", b'{"references": []}', 400),
        ("/payments/query", b'{"references": [1]}', 400),
        ("/returns", b'{"reference": "P1", "reason": "r", "on": "never"}', 400),
        ("/elsewhere", b"{}", 400),
    ],
)
def test_a_malformed_request_is_told_so(serve, path, content, status):
    assert httpx.post(serve().address + path, content=content, trust_env=False).status_code == status


def test_a_malformed_day_is_told_so(serve):
    assert httpx.get(serve().address + "/statements/today", trust_env=False).status_code == 400
    assert httpx.get(serve().address + "/nothing", trust_env=False).status_code == 404
