"""Paying stops while facts stand unsealed for too long, says why, and goes on by itself once they are sealed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.simulation.paying import TREASURY, instructed
from zhida.domain.errors import RetryableOutside
from zhida.domain.postings import State
from zhida.domain.values import Scope
from zhida.kernel.funds import queries, sending
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.ledger.queries import sealing_lag

ALL = Scope.system("test")


def test_paying_waits_until_the_log_is_sealed(system, treasury, payees, now, settings):
    settings.ZHIDA_SEALING_LAG = 60
    ids = instructed(system, now, 100)
    later = now + timedelta(minutes=61)
    assert sealing_lag(later) == timedelta(minutes=61)

    def send():
        return sending.send(ids, treasury=treasury, payees=payees, by=TREASURY, as_of=later)

    with pytest.raises(RetryableOutside, match=r"sealing_lags.*unsealed for 1:01:00"):
        send()
    assert treasury.calls == 0
    ledger.sequence(as_of=later)
    with pytest.raises(RetryableOutside, match="sealing_lags"):
        send()
    ledger.seal(as_of=later)
    assert sealing_lag(later) == timedelta()
    send()
    assert queries.disbursement(ids[0], scope=ALL).state == State.SETTLED


def test_nought_never_stops(system, treasury, payees, now, settings):
    settings.ZHIDA_SEALING_LAG = 0
    ids = instructed(system, now, 100)
    sending.send(ids, treasury=treasury, payees=payees, by=TREASURY, as_of=now + timedelta(days=3))
    assert treasury.calls == 1
