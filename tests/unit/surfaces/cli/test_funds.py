"""`zhida funds`: a day is reconciled three ways and closed by two persons; what waits is listed; a button stops it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.simulation import paying
from zhida.adapters.treasury.messages import statement_message
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.config import wiring
from zhida.domain.errors import AccessError
from zhida.domain.postings import State
from zhida.domain.values import Scope, local_date, new_id
from zhida.kernel.funds import actions, sending
from zhida.kernel.funds import queries as funds
from zhida.kernel.ports import clock
from zhida.services.controls.holds import hold
from zhida.services.controls.lists import Objection
from zhida.services.controls.stops import stops_in_force
from zhida.surfaces.cli.groundwork import money
from zhida.surfaces.cli.main import zhida

ALL = Scope.system("test")
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
    monkeypatch.setattr(money, "set_up", lambda home: None)
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
    monkeypatch.setattr(money.getpass, "getuser", lambda: "first")
    first = run("close-day", str(DAY))
    assert (first["is_closed"], first["paid_fen"], first["in_flight"]) == (False, 600, [])
    monkeypatch.setattr(money.getpass, "getuser", lambda: "second")
    assert run("close-day", str(DAY), "--sign", first["digest"])["is_closed"] is True


def test_a_file_with_a_difference_exits_with_one(treasury, tmp_path):
    statement = treasury.book.statement(DAY)
    short = type(statement)(DAY, 0, -500, statement.lines[1:])
    path = tmp_path / "statement.xml"
    path.write_bytes(statement_message(short, account="1", made_at=MADE_AT))
    assert run("reconcile", str(path), code=1)["findings"] == {"matched": 2, "missing": 1}


def test_what_is_in_flight_is_listed_with_what_stops_it(treasury, said):
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
    said("wang", "resume", stop_id, "--reason", "over")
    assert stops_in_force(), "one person alone lifts nothing"
    said("zhao", "resume", stop_id, "--confirm")
    sending.send([held], treasury=treasury, payees=paying.OpenPayees(), by=paying.TREASURY, as_of=now)
    assert run("unknowns") == {"unknowns": []}


def test_a_statement_or_a_day_is_asked_for(treasury):
    result = CliRunner().invoke(zhida, ["funds", "reconcile"])
    assert result.exit_code == 2


@pytest.fixture
def said(treasury, monkeypatch):
    """Gives a command to a user of the machine, and what it printed."""

    def say(user: str, *arguments: str) -> str:
        monkeypatch.setattr(money.getpass, "getuser", lambda: user)
        return CliRunner().invoke(zhida, ["funds", *arguments], catch_exceptions=False).output.strip()

    return say


def test_money_moves_between_lines_by_three_users_of_the_machine(said):
    paying.open_line(NOW, line="jobs/other-2026", total_fen=100)
    transfer = said("lin", "transfer", "prepare", paying.LINE, "jobs/other-2026", "1,000.50", "--reason", "调剂")
    with pytest.raises(AccessError, match="same_person"):
        said("lin", "transfer", "check", transfer)
    said("wang", "transfer", "check", transfer)
    (waiting,) = run("transfer", "list")["transfers"]
    assert (waiting["id"], waiting["waits_for"], waiting["amount_fen"]) == (transfer, "releaser", 100_050)
    with pytest.raises(AccessError, match="same_person"):
        said("wang", "transfer", "release", transfer)
    said("zhao", "transfer", "release", transfer)
    assert funds.standing("jobs/other-2026", scope=ALL).total == 100_150
    new = said("lin", "transfer", "prepare", "-", paying.LINE, "7", "--reason", "追加预算〔2026〕8号")
    said("lin", "withdraw", new)
    assert run("transfer", "list") == {"transfers": []}
    assert {row["id"] for row in run("transfer", "list", "--all")["transfers"]} == {new, transfer}


def test_a_limit_counts_once_a_second_user_confirms_it(said):
    change = said("lin", "limit", "propose", "releaser", "0.99", "--reason", "三级授权")
    with pytest.raises(AccessError, match="same_person"):
        said("lin", "limit", "confirm", change)
    said("wang", "limit", "confirm", change)
    assert [(row["duty"], row["up_to_fen"]) for row in run("limit", "list")["limits"]] == [("releaser", 99)]
    assert "up_to=0.99" in said("wang", "limit", "list")


def test_a_debt_is_ordered_by_two_and_taken_out_of_a_payment_by_two(said):
    debt = next(each for each in funds.disbursements(scope=ALL, states=[State.SETTLED]) if each.amount_fen == 300)
    due = replace(paying.new_disbursement(1_000), subject_id=debt.subject_id)
    actions.reserve_many(line=paying.LINE, disbursements=[due], by=paying.OPERATOR, as_of=NOW)
    order = said("lin", "recovery", "order", debt.id, "3.00", "--basis", "办法第十二条")
    said("wang", "recovery", "confirm", order)
    taken = said("lin", "set-off", "prepare", due.disbursement_id, debt.id, "3.00")
    said("wang", "set-off", "confirm", taken)
    (row,) = run("set-off", "list")["set-offs"]
    batch = {"batch_id": new_id("batch"), "as_of": NOW}
    parts = [row["rest"], row["part"]]
    digest = actions.prepare_batch(disbursement_ids=parts, by=paying.MAKER, **batch)
    actions.check_batch(digest=digest, by=paying.CHECKER, **batch)
    actions.release_batch(digest=digest, by=paying.RELEASER, **batch)
    said("wang", "set-off", "settle", taken)
    assert run("recovery", "list") == {"recoveries": []}
    assert funds.disbursement(debt.id, scope=ALL).recovered_fen == 300


def test_a_line_is_frozen_and_a_hold_lifted_with_a_word_each(said):
    said("lin", "freeze", paying.LINE, "--reason", "audit")
    assert funds.standing(paying.LINE, scope=ALL).frozen_reason == "audit"
    said("wang", "thaw", paying.LINE, "--reason", "over")
    assert funds.standing(paying.LINE, scope=ALL).frozen_reason == "audit"
    said("zhao", "thaw", paying.LINE, "--confirm")
    assert funds.standing(paying.LINE, scope=ALL).frozen_reason == ""
    (one, *_) = funds.disbursements(scope=ALL)
    hold([Objection(one.id, "listed", "death")], as_of=NOW)
    (row,) = run("holds")["holds"]
    said("wang", "lift", row["id"], "--note", "the register was mistaken")
    assert len(run("holds")["holds"]) == 1
    said("zhao", "lift", row["id"], "--confirm")
    assert run("holds") == {"holds": []}
