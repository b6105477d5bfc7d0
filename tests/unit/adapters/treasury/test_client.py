"""The HTTP client and the simulated treasury together: what is answered, and what every broken reply is told as."""

from __future__ import annotations

from datetime import UTC, date, datetime

import httpx
import pytest

from zhida.adapters.treasury.client import HttpTreasury
from zhida.adapters.treasury.messages import Statement, statement_message
from zhida.adapters.treasury.simulator.faults import Fault, Faults
from zhida.domain.errors import FinalOutside, RetryableOutside
from zhida.domain.postings import Word
from zhida.kernel.funds.ports import Payee, PaymentOrder

DAY = date(2026, 3, 3)


def order(reference: str = "P1", amount_fen: int = 12_345, account: str = "6222021234561234") -> PaymentOrder:
    return PaymentOrder(reference, Payee("某公司", account), amount_fen, "稳岗返还", DAY)


class OneFault(Faults):
    """The same fault for every request that pays, none for the others."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault

    def draw(self, key: str, *, is_paying: bool) -> Fault:
        return self.fault if is_paying else Fault.NONE


def test_a_payment_is_made_asked_and_stated(serve, connect):
    treasury = connect(serve())
    (answer,) = treasury.instruct([order()])
    assert (answer.word, answer.amount_fen, answer.booked_on) == (Word.PAID, 12_345, DAY)
    assert treasury.ask(["P1"]) == (answer,)
    (line,) = treasury.statement(DAY)
    assert (line.reference, line.word, line.amount_fen, line.account_tail) == ("P1", Word.PAID, 12_345, "1234")
    assert treasury.statement(date(2026, 3, 4)) == ()


def test_a_reference_is_paid_once(serve, connect):
    treasury = connect(serve())
    assert treasury.deduplicates
    assert treasury.instruct([order(), order("P2")])[0] == treasury.instruct([order()])[0]
    assert [line.reference for line in treasury.statement(DAY)] == ["P1", "P2"]


def test_a_reference_with_another_order_is_refused_whole(serve, connect):
    treasury = connect(serve())
    treasury.instruct([order()])
    with pytest.raises(FinalOutside, match="reference_reused"):
        treasury.instruct([order("P2"), order(amount_fen=1)])
    assert [line.reference for line in treasury.statement(DAY)] == ["P1"]


def test_a_treasury_that_does_not_deduplicate_pays_again(serve, connect):
    treasury = connect(serve(deduplicates=False))
    treasury.instruct([order()])
    treasury.instruct([order()])
    assert not treasury.deduplicates
    assert len(treasury.statement(DAY)) == 2


def test_a_closed_account_is_refused(serve, connect):
    treasury = connect(serve())
    (answer,) = treasury.instruct([order(account="6222021234560000")])
    assert (answer.word, answer.reason) == (Word.REFUSED, "account_closed")
    assert treasury.statement(DAY) == ()


def test_a_payment_comes_back_the_next_day(serve, connect):
    treasury = connect(serve())
    (answer,) = treasury.instruct([order(account="6222021234569999")])
    assert answer.word is Word.PAID
    assert [line.word for line in treasury.statement(DAY)] == [Word.PAID]
    assert [(line.word, line.amount_fen) for line in treasury.statement(date(2026, 3, 4))] == [(Word.RETURNED, 12_345)]
    assert treasury.ask(["P1"])[0].word is Word.RETURNED


@pytest.mark.parametrize(
    ("fault", "is_taken"),
    [
        (Fault.LOST_REQUEST, False),
        (Fault.LOST_REPLY, True),
        (Fault.ERROR_AFTER, True),
        (Fault.GARBAGE, True),
    ],
)
def test_every_broken_reply_is_a_doubt(serve, connect, fault, is_taken):
    server = serve(faults=OneFault(fault))
    treasury = connect(server)
    with pytest.raises(RetryableOutside) as raised:
        treasury.instruct([order()])
    assert raised.value.code == "no_answer"
    assert treasury.ask(["P1"])[0].word is (Word.PAID if is_taken else Word.ABSENT)


def test_a_reply_that_stalls_is_given_up(serve, connect):
    server = serve(faults=OneFault(Fault.STALLED))
    with pytest.raises(RetryableOutside, match="ReadTimeout"):
        connect(server, timeout_s=0.2).instruct([order()])
    answers = connect(server).ask(["P1"])
    while answers[0].word is Word.ABSENT:  # a busy machine may take the request only after we gave up
        answers = connect(server).ask(["P1"])
    assert answers[0].word is Word.PAID


def test_a_late_payment_is_absent_until_it_appears(serve, connect):
    moment = [1000.0]
    treasury = connect(serve(faults=OneFault(Fault.LATE), clock=lambda: moment[0]))
    with pytest.raises(RetryableOutside):
        treasury.instruct([order()])
    assert treasury.ask(["P1"])[0].word is Word.ABSENT
    assert treasury.statement(DAY) == ()
    moment[0] += 60
    assert treasury.ask(["P1"])[0].word is Word.PAID
    assert len(treasury.statement(DAY)) == 1


def test_answers_said_twice_or_left_out_are_told_as_they_are(serve, connect):
    orders = [order("P1"), order("P2")]
    assert len(connect(serve(faults=OneFault(Fault.TWICE))).instruct(orders)) == 2
    assert [a.reference for a in connect(serve(faults=OneFault(Fault.PARTIAL))).instruct(orders)] == ["P2"]
    lying = connect(serve(faults=OneFault(Fault.WRONG_AMOUNT)))
    assert [answer.amount_fen for answer in lying.instruct(orders)] == [12_346, 12_346]


def test_nothing_is_sent_where_nobody_listens():
    treasury = HttpTreasury("http://127.0.0.1:9", timeout_s=0.3)
    with pytest.raises(RetryableOutside) as raised:
        treasury.instruct([order()])
    assert raised.value.code == "not_sent"
    treasury.close()


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"answers": [{"reference": "P1"}]},
        {
            "answers": [
                {"reference": "P1", "word": "paid", "amount_fen": 12_345.0, "treasury_reference": "", "reason": ""}
            ]
        },
        {"answers": "P1"},
    ],
)
def test_a_reply_of_another_shape_is_a_doubt(body):
    treasury = HttpTreasury("http://treasury", transport=httpx.MockTransport(lambda _: httpx.Response(200, json=body)))
    with pytest.raises(RetryableOutside):
        treasury.instruct([order()])
    treasury.close()


def test_a_redirect_is_not_followed():
    replies = httpx.MockTransport(lambda _: httpx.Response(302, headers={"Location": "http://elsewhere/"}))
    treasury = HttpTreasury("http://treasury", transport=replies)
    with pytest.raises(RetryableOutside, match="302"):
        treasury.ask(["P1"])
    treasury.close()


@pytest.mark.parametrize("day", [DAY, date(2026, 3, 4)])
def test_a_broken_or_another_statement_is_no_statement(day):
    statement = Statement(date(2026, 3, 4), 0, 5 if day == date(2026, 3, 4) else 0, ())
    message = statement_message(statement, account="1", made_at=datetime(2026, 3, 4, tzinfo=UTC))
    replies = httpx.MockTransport(lambda _: httpx.Response(200, content=message))
    treasury = HttpTreasury("http://treasury", transport=replies)
    with pytest.raises(RetryableOutside, match="broken_statement"):
        treasury.statement(day)
    treasury.close()


def test_an_account_number_does_not_show_in_a_representation():
    assert "6222" not in repr(order())


def test_fifteen_hundred_payments_in_five_messages(serve, connect):
    treasury = connect(serve())
    for start in range(0, 1500, 300):
        treasury.instruct([order(f"P{number}") for number in range(start, start + 300)])
    assert len(treasury.statement(DAY)) == 1500
