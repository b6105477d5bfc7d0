"""Recalls on the wire: written as the published schemas ask, read back, refused where odd, answered by a bank."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.unit.adapters.treasury.schemas import assert_valid
from zhida.adapters.treasury.files import FileTreasury
from zhida.adapters.treasury.messages import (
    Unreadable,
    recall_message,
    recalls_of,
    resolution_message,
    resolution_of,
)
from zhida.adapters.treasury.simulator.anomalies import Anomalies
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.adapters.treasury.simulator.faults import Faults
from zhida.adapters.treasury.simulator.folder import FolderBank
from zhida.adapters.treasury.simulator.recalls import RecallBook
from zhida.domain.errors import RetryableOutside
from zhida.domain.postings import RecallAnswer, RecallReason, RecallRequest, RecallWord, Word
from zhida.kernel.funds.ports import Payee, PaymentOrder

DAY = date(2026, 3, 3)
AT = datetime(2026, 3, 4, 2, tzinfo=UTC)
DEBTOR = Payee("某区财政局", "310000001")
ACCEPTED, REFUSED, PENDING = RecallWord.ACCEPTED, RecallWord.REFUSED, RecallWord.PENDING
ANSWERS = (
    RecallAnswer("recall_1", ACCEPTED),
    RecallAnswer("recall_2", REFUSED, "payee_refuses"),
    RecallAnswer("recall_3", PENDING),
)

# Valid under the schema that ISO 20022 publishes: checked when this was written, and again where the schema is at hand.
WRITTEN = """<?xml version='1.0' encoding='UTF-8'?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.056.001.12"><FIToFIPmtCxlReq>\
<Assgnmt><Id>M1</Id><Assgnr><Pty><Nm>某区财政局</Nm></Pty></Assgnr>\
<Assgne><Agt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></Agt></Assgne>\
<CreDtTm>2026-03-04T02:00:00Z</CreDtTm></Assgnmt><CtrlData><NbOfTxs>1</NbOfTxs></CtrlData>\
<Undrlyg><TxInf><CxlId>recall_1</CxlId>\
<Case><Id>recall_1</Id><Cretr><Pty><Nm>某区财政局</Nm></Pty></Cretr></Case>\
<OrgnlEndToEndId>P1</OrgnlEndToEndId><OrgnlIntrBkSttlmAmt Ccy="CNY">300.00</OrgnlIntrBkSttlmAmt>\
<OrgnlIntrBkSttlmDt>2026-03-03</OrgnlIntrBkSttlmDt>\
<CxlRsnInf><Rsn><Cd>DUPL</Cd></Rsn><AddtlInf>付了两次</AddtlInf></CxlRsnInf></TxInf></Undrlyg>\
</FIToFIPmtCxlReq></Document>"""


def order(reference: str = "P1", tail: str = "1234", amount_fen: int = 30_000) -> PaymentOrder:
    return PaymentOrder(reference, Payee("某公司", f"62220200{tail}"), amount_fen, "稳岗返还", DAY)


def asked(recall_id: str = "recall_1", reference: str = "P1", amount_fen: int = 30_000) -> RecallRequest:
    return RecallRequest(recall_id, reference, amount_fen, DAY, RecallReason.DUPLICATE, "付了两次", AT)


def told(*answers: RecallAnswer) -> bytes:
    return resolution_message(answers, message_id="R1", made_at=AT, sender="银行")


def test_a_recall_is_written_as_camt_056_and_read_back():
    message = recall_message([asked()], sender=DEBTOR.name, message_id="M1")
    assert message.decode() == WRITTEN
    assert_valid(message, "camt.056.001.12")
    assert recalls_of(message) == (asked(),)


def test_answers_are_camt_029_and_read_back_from_the_older_one_too():
    assert_valid(told(*ANSWERS), "camt.029.001.14")
    assert resolution_of(told(*ANSWERS)) == ANSWERS
    assert resolution_of(told(*ANSWERS).replace(b"camt.029.001.14", b"camt.029.001.09")) == ANSWERS
    assert resolution_of(told()) == ()


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b"<NbOfTxs>1<", b"<NbOfTxs>2<"),
        (b"DUPL", b"XXXX"),
        (b'Ccy="CNY"', b'Ccy="USD"'),
        (b"2026-03-04T02:00:00Z", b"yesterday"),
        (b"<CxlId>recall_1</CxlId>", b""),
        (b"camt.056.001.12", b"camt.056.001.99"),
    ],
)
def test_an_odd_recall_is_unreadable(was, now):
    message = recall_message([asked()], sender=DEBTOR.name, message_id="M1")
    assert was in message
    with pytest.raises(Unreadable):
        recalls_of(message.replace(was, now))


@pytest.mark.parametrize(("was", "now"), [(b"ACCR", b"XXXX"), (b"<Id>recall_1</Id>", b"<Id></Id>")])
def test_an_odd_answer_is_unreadable(was, now):
    with pytest.raises(Unreadable):
        resolution_of(told(*ANSWERS).replace(was, now))


class Clock:
    """Seconds since 1970 that a test moves."""

    def __init__(self) -> None:
        self.now = 1_772_600_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def book(tmp_path, clock):
    made = TreasuryBook(tmp_path / "book.sqlite3", clock=clock)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("tail", "amount_fen", "answer"),
    [
        ("1234", 30_000, (ACCEPTED, "")),
        ("8888", 30_000, (REFUSED, "payee_refuses")),
        ("0000", 30_000, (REFUSED, "nothing_to_give_back")),
        ("9999", 30_000, (REFUSED, "nothing_to_give_back")),
        ("1234", 29_999, (REFUSED, "no_such_payment")),
    ],
)
def test_the_bank_gives_back_what_it_can_and_says_why_not(book, tail, amount_fen, answer):
    book.take([order(tail=tail)])
    recalls = RecallBook(book)
    assert recalls.take([asked(amount_fen=amount_fen)]) == (RecallAnswer("recall_1", *answer),)
    returned = [line for line in book.movements(["P1"]) if line.word is Word.RETURNED and line.reason == "recalled"]
    assert len(returned) == (1 if answer[0] is ACCEPTED else 0)


def test_a_bank_that_de_duplicates_answers_the_same_again(book):
    book.take([order()])
    recalls = RecallBook(book)
    assert recalls.take([asked()]) == recalls.take([asked()]) == recalls.ask(["recall_1", "recall_2"])
    assert len(book.movements(["P1"])) == 2


def test_a_bank_that_does_not_gives_back_once_all_the_same(tmp_path):
    book = TreasuryBook(tmp_path / "loose.sqlite3", deduplicates=False)
    book.take([order()])
    recalls = RecallBook(book)
    assert recalls.take([asked()])[0].word is ACCEPTED
    assert recalls.take([asked()])[0].word is REFUSED
    assert len(book.movements(["P1"])) == 2
    book.close()


def test_a_slow_account_gives_back_later(book, clock):
    book.take([order(tail="7777")])
    recalls = RecallBook(book, late_s=60)
    assert recalls.take([asked()])[0].word is PENDING
    clock.now += 59
    assert recalls.ask(["recall_1"])[0].word is PENDING
    assert len(book.movements(["P1"])) == 1
    clock.now += 1
    assert recalls.ask(["recall_1"])[0].word is ACCEPTED
    assert recalls.ask(["recall_1"])[0].word is ACCEPTED
    assert len(book.movements(["P1"])) == 2


def test_over_http_a_recall_is_asked_answered_and_asked_after(serve, connect):
    client = connect(serve())
    client.instruct([order()])
    assert client.ask_recalls(["recall_1"]) == ()
    assert client.recall([asked()]) == (RecallAnswer("recall_1", ACCEPTED),)
    assert client.ask_recalls(["recall_1"]) == (RecallAnswer("recall_1", ACCEPTED),)
    assert client.ask(["P1"])[0].word is Word.RETURNED
    assert client.recall([]) == client.ask_recalls([]) == ()


@pytest.mark.parametrize("seed", range(6))
def test_over_a_faulty_line_a_recall_is_never_taken_twice(serve, connect, seed):
    server = serve(faults=Faults(seed, rate=0.9))
    server.book.take([order()])
    client, word = connect(server), None
    while word is None:
        try:
            answers = client.recall([asked()])
        except RetryableOutside:
            continue
        word = answers[0].word if answers else None
    assert word is ACCEPTED
    assert len(server.book.movements(["P1"])) == 2
    assert server.faults.drawn


@pytest.fixture
def folder(tmp_path, book):
    bank = FolderBank(tmp_path / "bank", book, Faults(), Anomalies())
    channel = FileTreasury(tmp_path / "bank", debtor=DEBTOR, deduplicates=False)
    yield channel, bank
    channel.close()


def test_over_files_a_recall_is_written_once_and_its_answer_read(folder, tmp_path):
    channel, bank = folder
    channel.instruct([order()])
    bank.look()
    assert channel.recall([asked()]) == (RecallAnswer("recall_1", PENDING),)
    channel.recall([asked()])
    assert [path.name for path in (tmp_path / "bank" / "out").iterdir()] == ["camt056-recall_1.xml"]
    bank.look()
    channel.recall([asked()])
    assert list((tmp_path / "bank" / "out").iterdir()) == []
    assert channel.ask_recalls(["recall_1", "recall_9"]) == (RecallAnswer("recall_1", ACCEPTED),)
    assert channel.ask(["P1"])[0].word is Word.RETURNED


def test_over_files_a_slow_answer_comes_with_a_later_look(folder, clock):
    channel, bank = folder
    channel.instruct([order(tail="7777")])
    bank.look()
    channel.recall([asked()])
    bank.look()
    assert channel.ask_recalls(["recall_1"])[0].word is PENDING
    clock.now += timedelta(seconds=3).total_seconds()
    bank.look()
    assert channel.ask_recalls(["recall_1"])[0].word is ACCEPTED
    assert channel.ask(["P1"])[0].word is Word.RETURNED


def test_a_recall_noted_before_a_crash_gets_its_name_at_the_next_look(folder, tmp_path, monkeypatch):
    channel, _ = folder
    with monkeypatch.context() as patch:
        patch.setattr("zhida.adapters.treasury.files.channel._publish", lambda path: None)
        channel.recall([asked()])
    assert [path.suffix for path in (tmp_path / "bank" / "out").iterdir()] == [".part"]
    channel.ask_recalls(["recall_1"])
    assert [path.name for path in (tmp_path / "bank" / "out").iterdir()] == ["camt056-recall_1.xml"]
