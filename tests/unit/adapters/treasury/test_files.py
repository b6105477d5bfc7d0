"""The file channel: a batch leaves once, an answer is taken once, and what was cut off is finished."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.unit.adapters.treasury.schemas import assert_valid
from zhida.adapters.treasury.files import FileTreasury, channel
from zhida.adapters.treasury.files.digests import digest_of_orders
from zhida.adapters.treasury.messages import Report, report_message
from zhida.adapters.treasury.simulator.anomalies import Anomalies
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.adapters.treasury.simulator.faults import Fault, Faults
from zhida.adapters.treasury.simulator.folder import FolderBank
from zhida.domain.errors import FinalOutside, RetryableOutside
from zhida.domain.postings import Word
from zhida.kernel.funds.ports import Payee, PaymentOrder

DAY = date(2026, 3, 3)
MADE_AT = datetime(2026, 3, 3, 2, tzinfo=UTC)


def order(number: int = 1, tail: str = "1234", amount_fen: int = 100) -> PaymentOrder:
    return PaymentOrder(f"P{number}", Payee("某公司", f"622202123456{tail}"), amount_fen, "补贴", DAY)


@pytest.fixture
def treasury(tmp_path: Path) -> Iterator[FileTreasury]:
    opened = FileTreasury(tmp_path, debtor=Payee("直达", "1"), deduplicates=False, clock=lambda: MADE_AT)
    yield opened
    opened.close()


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[FolderBank]:
    book = TreasuryBook(tmp_path / "bank.sqlite3", deduplicates=False)
    yield FolderBank(tmp_path, book, Faults(), Anomalies())
    book.close()


class Always(Faults):
    """One fault, always."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault

    def draw(self, key: str, *, is_paying: bool) -> Fault:
        return self.fault


def files(tmp_path: Path, folder: str) -> list[str]:
    return sorted(path.name for path in (tmp_path / folder).iterdir())


def words(treasury: FileTreasury, *references: str) -> list[Word]:
    return [answer.word for answer in treasury.ask(references)]


def test_a_batch_goes_out_and_its_answers_come_back(tmp_path, treasury, bank):
    orders = [order(1), order(2, "0000"), order(3, "9999")]
    assert {answer.word for answer in treasury.instruct(orders)} == {Word.PENDING}
    (name,) = files(tmp_path, "out")
    assert name == f"pain001-20260303-{digest_of_orders(orders)[:32]}.xml"
    assert_valid((tmp_path / "out" / name).read_bytes(), "pain.001.001.09")
    assert bank.look() == 1
    for path in (tmp_path / "in").iterdir():
        kinds = {"pain002": "pain.002.001.12", "camt053": "camt.053.001.08", "camt054": "camt.054.001.08"}
        assert_valid(path.read_bytes(), kinds[path.name[:7]])
    assert words(treasury, "P1", "P2", "P3", "P4") == [Word.PAID, Word.REFUSED, Word.RETURNED, Word.ABSENT]
    assert [line.reference for line in treasury.statement(DAY)] == ["P1", "P3"]
    assert files(tmp_path, "in") == []


def test_an_order_is_written_once_for_ever(tmp_path, treasury):
    treasury.instruct([order(1), order(2)])
    (name,) = files(tmp_path, "out")
    (tmp_path / "out" / name).unlink()  # the bank fetched it
    assert {answer.word for answer in treasury.instruct([order(2), order(1)])} == {Word.PENDING}
    assert files(tmp_path, "out") == []
    treasury.instruct([order(1), order(3)])
    (name,) = files(tmp_path, "out")
    assert b"P3" in (tmp_path / "out" / name).read_bytes()
    assert b"P1<" not in (tmp_path / "out" / name).read_bytes()


def test_a_reference_is_never_written_for_another_payment(treasury):
    treasury.instruct([order()])
    with pytest.raises(FinalOutside, match="reference_reused"):
        treasury.instruct([order(amount_fen=101)])


def test_a_disguised_repeat_is_the_same(tmp_path, treasury):
    treasury.instruct([order()])
    disguised = replace(order(), payee=Payee("\ufeff某公司 ", "６２２２０２１２３４５６１２３４"))
    treasury.instruct([disguised])
    assert len(files(tmp_path, "out")) == 1
    assert digest_of_orders([order(1), order(2)]) == digest_of_orders([order(2), order(1)])
    assert digest_of_orders([order(1)]) != digest_of_orders([order(1, amount_fen=99)])


def test_a_file_is_taken_once_by_its_content(tmp_path, treasury):
    treasury.instruct([order()])
    said = treasury.ask(["P1"])[0]
    report = report_message(Report("R1", "M1", False, "", (said,)), made_at=MADE_AT)
    (tmp_path / "in" / "a.xml").write_bytes(report)
    (tmp_path / "in" / "b.xml").write_bytes(b"\xef\xbb\xbf" + report.replace(b"><", b">\n  <"))
    (tmp_path / "in" / ".c.xml.part").write_bytes(report[:100])
    treasury.ask(["P1"])
    assert len(files(tmp_path, "taken")) == 1
    assert files(tmp_path, "in") == [".c.xml.part"]


def test_what_cannot_be_read_is_put_aside_with_the_reason(tmp_path, treasury):
    (tmp_path / "in" / "odd.xml").write_bytes(b"\x00<Document")
    bomb = (
        b'<!DOCTYPE d [<!ENTITY a "b">]><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.12">&a;</Document>'
    )
    (tmp_path / "in" / "bomb.xml").write_bytes(bomb)
    assert words(treasury, "P1") == [Word.ABSENT]
    assert files(tmp_path, "refused") == ["bomb.xml", "bomb.xml.txt", "odd.xml", "odd.xml.txt"]


def test_a_file_refused_whole_refuses_each_of_its_payments(tmp_path, treasury):
    treasury.instruct([order(1), order(2)])
    number = files(tmp_path, "out")[0][-36:-4]
    report = report_message(Report("R1", number, True, "duplicate_file", ()), made_at=MADE_AT)
    (tmp_path / "in" / "report.xml").write_bytes(report)
    assert {(each.word, each.reason) for each in treasury.ask(["P1", "P2"])} == {(Word.REFUSED, "duplicate_file")}


@pytest.mark.parametrize("is_noted", [True, False])
def test_a_crash_before_the_name_is_given_writes_no_second_file(tmp_path, treasury, monkeypatch, is_noted):
    """Cut off after the file is noted, it is published later; cut off before, it is as if nobody had asked."""
    monkeypatch.setattr(channel, "_publish" if is_noted else "os", None)
    with pytest.raises((TypeError, AttributeError)):
        treasury.instruct([order()])
    monkeypatch.undo()
    assert words(treasury, "P1") == ([Word.PENDING] if is_noted else [Word.ABSENT])
    treasury.instruct([order()])
    assert [name.endswith(".xml") for name in files(tmp_path, "out")] == [True]


@pytest.mark.parametrize(
    ("fault", "word"),
    [(Fault.LOST_REPLY, Word.PENDING), (Fault.TWICE, Word.PAID), (Fault.GARBAGE, Word.PENDING)],
)
def test_a_bank_that_misbehaves_leaves_the_statement(tmp_path, treasury, bank, fault, word):
    bank._faults = Always(fault)
    treasury.instruct([order()])
    bank.look()
    assert words(treasury, "P1") == [word]
    assert [line.reference for line in treasury.statement(DAY)] == ["P1"]


def test_a_day_without_a_statement_is_waited_for(treasury):
    with pytest.raises(RetryableOutside, match="no_statement"):
        treasury.statement(DAY)


def test_a_folder_that_is_away_has_sent_nothing(tmp_path, treasury):
    treasury.instruct([order(1)])
    (tmp_path / "out").rename(tmp_path / "elsewhere")
    with pytest.raises(RetryableOutside, match="not_sent"):
        treasury.instruct([order(2)])
    (tmp_path / "elsewhere").rename(tmp_path / "out")
    assert words(treasury, "P2") == [Word.ABSENT]
