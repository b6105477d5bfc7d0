"""`zhida funds`: a day is reconciled three ways and closed by two persons; what waits is listed; a button stops it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.simulation import paying
from zhida.adapters.treasury.messages import statement_message
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.config import wiring
from zhida.domain.values import local_date
from zhida.kernel.funds import sending
from zhida.kernel.ports import clock
from zhida.surfaces.cli import funds
from zhida.surfaces.cli.main import zhida

MADE_AT = datetime(2026, 3, 4, tzinfo=UTC)


class OneChannel:
    """Only the treasury of this test."""

    names = ("",)

    def __init__(self, treasury: paying.BookTreasury) -> None:
        self._treasury = treasury

    def channel_of(self, line: str) -> str:
        return ""

    def treasury(self, channel: str) -> paying.BookTreasury:
        return self._treasury


@pytest.fixture
def treasury(db, tmp_path: Path, monkeypatch) -> paying.BookTreasury:
    """Three payments of today, made and settled; the commands find the database as it is."""
    book = TreasuryBook(tmp_path / "treasury.sqlite3")
    treasury = paying.BookTreasury(book)
    monkeypatch.setattr(wiring, "channels", lambda: OneChannel(treasury))
    monkeypatch.setattr(funds, "set_up", lambda home: None)
    now = clock().now()
    paying.open_line(now)
    ids = paying.instructed(paying.sign_release(datetime(2026, 3, 3, tzinfo=UTC)), NOW, 100, 200, 300)
    sending.send(ids, treasury=treasury, payees=paying.OpenPayees(), by=paying.TREASURY, as_of=NOW)
    yield treasury
    book.close()


NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)
DAY = local_date(NOW)


def run(*arguments: str, code: int = 0) -> dict:
    result = CliRunner().invoke(zhida, ["funds", *arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return json.loads(result.output)


def test_a_clean_day_is_reconciled_and_closed_by_two(treasury, monkeypatch):
    assert run("reconcile", "--day", str(DAY))["findings"] == {"matched": 3}
    monkeypatch.setattr(funds.getpass, "getuser", lambda: "first")
    first = run("close-day", str(DAY))
    assert (first["is_closed"], first["paid_fen"], first["in_flight"]) == (False, 600, [])
    monkeypatch.setattr(funds.getpass, "getuser", lambda: "second")
    assert run("close-day", str(DAY), "--sign", first["digest"])["is_closed"] is True


def test_a_file_with_a_difference_exits_with_one(treasury, tmp_path):
    statement = treasury.book.statement(DAY)
    short = type(statement)(DAY, 0, -500, statement.lines[1:])
    path = tmp_path / "statement.xml"
    path.write_bytes(statement_message(short, account="1", made_at=MADE_AT))
    assert run("reconcile", str(path), code=1)["findings"] == {"matched": 2, "missing": 1}


def test_what_is_in_flight_is_listed_with_what_stops_it(treasury):
    assert run("unknowns") == {"unknowns": []}
    result = CliRunner().invoke(zhida, ["funds", "stop", "all", "--reason", "drill"], catch_exceptions=False)
    stop_id = result.output.strip()
    now = clock().now()
    release = paying.sign_release(NOW, cap_fen=100)
    (held,) = paying.instructed(release, NOW, 50)
    with pytest.raises(Exception, match="no_final_answer"):
        sending.send([held], treasury=treasury, payees=paying.OpenPayees(), by=paying.TREASURY, as_of=now)
    (row,) = run("unknowns")["unknowns"]
    assert (row["state"], row["amount_fen"]) == ("instructed", 50)
    CliRunner().invoke(zhida, ["funds", "resume", stop_id, "--reason", "over"], catch_exceptions=False)
    sending.send([held], treasury=treasury, payees=paying.OpenPayees(), by=paying.TREASURY, as_of=now)
    assert run("unknowns") == {"unknowns": []}


def test_a_statement_or_a_day_is_asked_for(treasury):
    result = CliRunner().invoke(zhida, ["funds", "reconcile"])
    assert result.exit_code == 2
