"""The simulated treasury by itself: strict orders, books that survive, faults that replay, a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import httpx
import pytest

from zhida.adapters.treasury.simulator.book import MalformedOrder, TreasuryBook
from zhida.adapters.treasury.simulator.faults import Fault, Faults

ORDER = {
    "reference": "P1",
    "account": "6222021234561234",
    "name": "某公司",
    "amount_fen": 100,
    "purpose": "补贴",
    "requested_on": "2026-03-03",
}


@pytest.mark.parametrize(
    "change",
    [
        {"amount_fen": 0},
        {"amount_fen": -5},
        {"amount_fen": 1.5},
        {"amount_fen": True},
        {"amount_fen": "100"},
        {"reference": ""},
        {"account": None},
        {"requested_on": "2026-02-30"},
        {"extra": "field"},
    ],
)
def test_a_malformed_order_takes_nothing(tmp_path, change):
    book = TreasuryBook(tmp_path / "t.sqlite3")
    with pytest.raises(MalformedOrder):
        book.take([ORDER, {**ORDER, "reference": "P2", **change}])
    assert book.statement("2026-03-03")["count"] == 0
    book.close()


def test_books_survive_a_restart(tmp_path):
    book = TreasuryBook(tmp_path / "t.sqlite3")
    (first,) = book.take([ORDER])
    book.close()
    again = TreasuryBook(tmp_path / "t.sqlite3")
    assert again.take([ORDER]) == [first]
    assert again.statement("2026-03-03")["total_fen"] == 100
    again.close()


def test_a_payment_is_returned_once(tmp_path):
    book = TreasuryBook(tmp_path / "t.sqlite3")
    book.take([ORDER])
    for _ in range(2):
        (answer,) = book.send_back("P1", "name_differs", "2026-03-05")
    assert (answer["word"], answer["reason"]) == ("returned", "name_differs")
    assert book.statement("2026-03-05")["total_fen"] == -100
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
        answers = httpx.post(f"{address}/payments", content=json.dumps({"payments": [ORDER]}), trust_env=False).json()
        assert answers["answers"][0]["word"] == "paid"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
    book = TreasuryBook(tmp_path / "treasury.sqlite3")
    assert book.statement("2026-03-03")["count"] == 1
    book.close()


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("/payments", b"{", 400),
        ("/payments", b"[]", 400),
        ("/payments", b'{"payments": []}', 400),
        ("/payments", b'{"payments": [{"reference": "P1"}]}', 400),
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
