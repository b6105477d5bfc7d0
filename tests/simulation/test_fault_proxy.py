"""Twelve wrongs on the wire, and a thirteenth in its encryption, to each call of the client: doubt is told as doubt.

Nothing is paid twice, a payment whose fate is not known is UNKNOWN and never failed, no call holds its caller up, and
once the wire is well again everything comes to its end.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta

import pytest

from tests.audit import audit_books
from tests.hanging import HUNG_S
from tests.simulation import paying
from tests.simulation.proxy import REACHED, FaultProxy, Wrong
from zhida.adapters.treasury.client import HttpTreasury
from zhida.domain.errors import OutsideError, RetryableOutside
from zhida.domain.postings import State
from zhida.domain.values import local_date
from zhida.kernel.funds import actions, sending
from zhida.kernel.funds.models import Disbursement
from zhida.kernel.outbox.pump import pump

WRONGS = [wrong for wrong in Wrong if wrong is not Wrong.NONE]
TIMEOUT_S = 0.5
QUIET_DAY = date(2020, 1, 1)


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    """A simulated treasury in a process of its own; its address."""
    home = tmp_path_factory.mktemp("bank")
    command = [sys.executable, "-m", "zhida.adapters.treasury.simulator", "--port", "0", "--home", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture
def wire(bank):
    """The proxy before it, and a client that speaks through it."""
    with FaultProxy(bank) as proxy:
        client = HttpTreasury(proxy.address, timeout_s=TIMEOUT_S)
        assert client.deduplicates
        yield proxy, client
        client.close()


def fetched(client, day):
    """The day's movements. A connection kept from a broken exchange may be reset late: then it is asked for again."""
    for _ in range(5):
        try:
            return client.statement(day)
        except RetryableOutside:
            time.sleep(TIMEOUT_S)
    return client.statement(day)


@pytest.mark.parametrize("wrong", WRONGS)
def test_a_payment_survives_what_happens_to_its_order_and_to_the_question_after_it(db, wire, now, wrong):
    proxy, client = wire
    paying.open_line(now)
    system = paying.sign_release(now)
    (first,) = paying.instructed(system, now, 100)
    handler = sending.instruct_handler(treasury=lambda: client, payees=lambda: paying.OpenPayees(), by=paying.TREASURY)
    proxy.wrong = wrong
    began, before = time.monotonic(), proxy.passed
    for minutes in range(2):  # the order, then the question after it
        pump({actions.INSTRUCT: handler}, as_of=now + timedelta(minutes=minutes))
        assert Disbursement.objects.get().state == State.UNKNOWN
        assert audit_books() == ()
    assert time.monotonic() - began < HUNG_S
    assert (proxy.passed > before) == (wrong in REACHED)
    proxy.wrong = Wrong.NONE
    pump({actions.INSTRUCT: handler}, as_of=now + timedelta(minutes=10))
    row = Disbursement.objects.get()
    assert row.state == State.SETTLED
    paid = Counter(line.reference for line in fetched(client, local_date(now)))
    assert paid[row.reference] == 1
    assert audit_books() == ()
    assert row.id == first


@pytest.mark.parametrize("wrong", WRONGS)
def test_the_other_calls_say_that_they_do_not_know(bank, wrong):
    with FaultProxy(bank) as proxy:
        client = HttpTreasury(proxy.address, timeout_s=TIMEOUT_S)
        proxy.wrong = wrong
        began = time.monotonic()
        is_of_a_payment = wrong in {Wrong.WRONG_REFERENCE, Wrong.WRONG_AMOUNT}
        if not is_of_a_payment:
            with pytest.raises(OutsideError):
                _ = client.deduplicates
            with pytest.raises(OutsideError):
                client.statement(QUIET_DAY)
        told = []
        try:
            told = client.ask(["R1"])
        except RetryableOutside:
            told = []
        assert all(answer.word != "paid" for answer in told)
        assert time.monotonic() - began < HUNG_S
        client.close()


def test_a_treasury_whose_encryption_is_broken_is_not_reached(bank):
    client = HttpTreasury(bank.replace("http://", "https://"), timeout_s=TIMEOUT_S)
    with pytest.raises(RetryableOutside, match="not_sent"):
        client.ask(["R1"])
    client.close()
