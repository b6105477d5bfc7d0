"""ISO 20022 messages: valid against the published schemas, read back as written, refused where not as agreed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.adapters.treasury.schemas import assert_valid
from zhida.adapters.treasury.messages import (
    Statement,
    Unreadable,
    orders_of,
    payment_message,
    statement_message,
    statement_of,
)
from zhida.domain.postings import StatementLine, Word
from zhida.kernel.funds.ports import Payee, PaymentOrder

DAY, NEXT = date(2026, 3, 3), date(2026, 3, 4)
MADE_AT = datetime(2026, 3, 3, 2, tzinfo=UTC)
DEBTOR = Payee("某某区财政局", "310000001")


def order(reference: str = "P1", amount_fen: int = 5_688_750, day: date = DAY, name: str = "某公司") -> PaymentOrder:
    return PaymentOrder(reference, Payee(name, "6222021234561234"), amount_fen, "稳岗返还", day)


def line(number: int = 1, word: Word = Word.PAID, amount_fen: int = 100) -> StatementLine:
    return StatementLine(f"M{number}", f"P{number}", word, amount_fen, "1234", DAY)


def written(*orders: PaymentOrder) -> bytes:
    return payment_message(orders, debtor=DEBTOR, made_at=MADE_AT)


def stated(*lines: StatementLine, opening_fen: int = 0) -> bytes:
    net = sum(each.amount_fen if each.word is Word.RETURNED else -each.amount_fen for each in lines)
    return statement_message(
        Statement(DAY, opening_fen, opening_fen + net, tuple(lines)), account="0001", made_at=MADE_AT
    )


def test_a_payment_message_is_valid_pain_001():
    message = written(order(), order("P2", 1, NEXT), order("P3", name="阿依古丽·买买提"))
    assert_valid(message, "pain.001.001.09")
    assert b">56887.50<" in message


def test_a_statement_is_valid_camt_053():
    message = stated(line(), line(2, Word.RETURNED, 30), opening_fen=-500)
    assert_valid(message, "camt.053.001.08")


def test_orders_are_read_back_as_they_were_written():
    orders = (order(), order("P3", 1), order("P2", 100, NEXT))
    assert orders_of(written(*orders)) == orders


def test_a_statement_is_read_back_as_it_was_written():
    lines = (line(), line(2, Word.RETURNED, 30), line(3, Word.PAID, 7))
    assert statement_of(stated(*lines, opening_fen=-500)) == Statement(DAY, -500, -577, lines)


@given(st.integers(min_value=1, max_value=10**15 - 1))
def test_every_amount_survives_to_the_fen(amount_fen):
    assert orders_of(written(order(amount_fen=amount_fen)))[0].amount_fen == amount_fen


@given(st.text(min_size=1, max_size=200))
def test_no_name_breaks_a_message(name):
    (read,) = orders_of(written(order(name=name)))
    assert read.reference == "P1"
    assert 1 <= len(read.payee.name) <= 140


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"56887.50</InstdAmt>", b"56887.505</InstdAmt>"),
        (b"56887.50</InstdAmt>", b"56887.51</InstdAmt>"),
        (b"56887.50</InstdAmt>", b"-56887.50</InstdAmt>"),
        (b"56887.50</InstdAmt>", b"NaN</InstdAmt>"),
        (b"56887.50</InstdAmt>", b"1E+999999</InstdAmt>"),
        (b"56887.50", b"0.00"),
        (b'Ccy="CNY"', b'Ccy="EUR"'),
        (
            b"<NbOfTxs>1</NbOfTxs><CtrlSum>56887.50</CtrlSum><InitgPty>",
            b"<NbOfTxs>2</NbOfTxs><CtrlSum>56887.50</CtrlSum><InitgPty>",
        ),
        (b"<Dt>2026-03-03</Dt>", b"<Dt>tomorrow</Dt>"),
        (b"<EndToEndId>P1</EndToEndId>", b"<EndToEndId/>"),
        (b"<EndToEndId>P1</EndToEndId>", b"<EndToEndId>P1</EndToEndId><EndToEndId>P2</EndToEndId>"),
        (b"pain.001.001.09", b"pain.001.001.03"),
        (b"<Document", b"<!DOCTYPE Document [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><Document"),
        (b"</Document>", b""),
    ],
)
def test_a_payment_message_that_is_not_as_agreed_is_refused(old, new):
    message = written(order())
    assert old in message
    with pytest.raises(Unreadable):
        orders_of(message.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<CdtDbtInd>DBIT</CdtDbtInd><Sts>", b"<CdtDbtInd>CRDT</CdtDbtInd><Sts>"),
        (b"<CdtDbtInd>DBIT</CdtDbtInd><Sts>", b"<CdtDbtInd>NONE</CdtDbtInd><Sts>"),
        (b"<NbOfNtries>1<", b"<NbOfNtries>2<"),
        (b"<Cd>OPBD</Cd>", b"<Cd>PRCD</Cd>"),
        (b"<Cd>OPBD</Cd>", b"<Cd>CLBD</Cd>"),
        (b"<Stmt>", b"<Stmt/><Stmt>"),
    ],
)
def test_a_statement_that_is_not_as_agreed_is_refused(old, new):
    message = stated(line())
    assert old in message
    with pytest.raises(Unreadable):
        statement_of(message.replace(old, new))
