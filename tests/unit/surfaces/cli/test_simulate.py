"""`zhida simulate treasury`: a process that anyone starts, over HTTP and over files, with statements that are wrong."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from zhida.adapters.treasury.client import HttpTreasury
from zhida.adapters.treasury.files import FileTreasury
from zhida.domain.postings import Word
from zhida.kernel.funds.ports import Payee, PaymentOrder
from zhida.surfaces.cli.main import zhida

DAY = date(2026, 3, 3)
ORDERS = [PaymentOrder(f"P{number}", Payee("某公司", "6222021234561234"), 100, "补贴", DAY) for number in range(30)]
START = "from zhida.surfaces.cli.main import main; main()"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Starts the command with more arguments; its address."""
    running: list[subprocess.Popen[str]] = []

    def start_one(*more: str) -> str:
        command = [sys.executable, "-c", START, "simulate", "treasury", "--port", "0", "--home", str(tmp_path / "bank")]
        process = subprocess.Popen([*command, *more], stdout=subprocess.PIPE, text=True)
        running.append(process)
        return process.stdout.readline().strip()

    yield start_one
    for process in running:
        process.terminate()
        assert process.wait(timeout=20) == 0
        process.stdout.close()


def test_it_pays_over_http_and_over_files_out_of_one_book(tmp_path, start):
    client = HttpTreasury(start("--files", str(tmp_path / "files"), "--no-deduplication"), timeout_s=30)
    assert client.deduplicates is False
    client.instruct(ORDERS[:10])
    files = FileTreasury(tmp_path / "files", debtor=Payee("直达", "1"), deduplicates=False)
    files.instruct(ORDERS[10:])
    until = time.monotonic() + 120
    while files.ask([ORDERS[-1].reference])[0].word is not Word.PAID and time.monotonic() < until:
        time.sleep(0.05)
    assert {answer.word for answer in files.ask([order.reference for order in ORDERS[10:]])} == {Word.PAID}
    assert len(client.statement(DAY)) == len(ORDERS)
    client.close()
    files.close()


def test_its_statements_are_as_wrong_as_asked(start):
    client = HttpTreasury(start("--anomaly", "missing", "--anomaly-rate", "1", "--callbacks", ""), timeout_s=30)
    client.instruct(ORDERS)
    assert client.statement(DAY) == ()
    client.close()


def test_callbacks_need_a_secret():
    result = CliRunner().invoke(zhida, ["simulate", "treasury", "--callbacks", "http://127.0.0.1:1/"])
    assert result.exit_code == 2
    assert "secret-file" in result.output
