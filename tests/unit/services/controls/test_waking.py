"""Held is not failed: what a stop, a frozen line or a hold keeps back waits for as long as it takes, and is woken."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from tests.simulation.paying import LINE, OPERATOR, TREASURY, BookTreasury, OpenPayees, instructed
from tests.unit.services.controls.letting_go import let_go
from zhida.domain.postings import State
from zhida.domain.values import Scope, new_id
from zhida.kernel.funds import actions, queries, sending
from zhida.kernel.outbox.pump import TRIES, PumpReport, pump
from zhida.services.controls import holds
from zhida.services.controls.lifting import Kept
from zhida.services.controls.lists import Objection
from zhida.services.controls.stops import StopKind, press_stop

ALL = Scope.system("test")
HOUR = timedelta(hours=1)


def handlers(treasury: BookTreasury):
    handle = sending.instruct_handler(payees=OpenPayees, by=TREASURY, treasury=lambda: treasury)
    return {actions.INSTRUCT: handle}


def state(disbursement_id: str) -> State:
    return queries.disbursement(disbursement_id, scope=ALL).state


def stopped(now, ids):
    stop_id = new_id("stop")
    press_stop(stop_id=stop_id, kind=StopKind.ALL, key="", reason="drill", by=OPERATOR, as_of=now)
    return lambda at: let_go(Kept.STOP, stop_id, at)


def frozen(now, ids):
    actions.freeze_line(line=LINE, reason="audit", by=OPERATOR, as_of=now)
    return lambda at: actions.thaw_line(line=LINE, reason="over", by=OPERATOR, as_of=at)


def held(now, ids):
    holds.hold([Objection(each, "listed", "death") for each in ids], as_of=now)
    found = [row.id for row in holds.holds_open()]

    def lift(at):
        for each in found:
            let_go(Kept.HOLD, each, at)

    return lift


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keep_back", [stopped, frozen, held])
def test_what_was_kept_back_waits_unparked_and_is_sent_once_let_go(system, treasury, now, keep_back):
    ids = instructed(system, now, 100, 200)
    let_go = keep_back(now, ids)
    at = now
    for _ in range(TRIES + 2):
        assert pump(handlers(treasury), as_of=at) == PumpReport(retried=1)
        at += 7 * HOUR
    assert (treasury.calls, {state(each) for each in ids}) == (0, {State.INSTRUCTED})
    at -= 6 * HOUR + timedelta(minutes=59)  # one minute after the last try: its message sleeps for hours yet
    let_go(at)
    assert pump(handlers(treasury), as_of=at).parked == 0
    assert {state(each) for each in ids} == {State.SETTLED}
    assert pump(handlers(treasury), as_of=at + 7 * HOUR).retried == 0


@pytest.mark.django_db(transaction=True)
def test_a_line_that_is_thawed_wakes_its_own_payments_only(system, treasury, now):
    (mine,) = instructed(system, now, 100)
    actions.freeze_line(line=LINE, reason="audit", by=OPERATOR, as_of=now)
    holds.hold([Objection(mine, "listed", "death")], as_of=now)
    actions.thaw_line(line=LINE, reason="over", by=OPERATOR, as_of=now)
    pump(handlers(treasury), as_of=now)
    assert (treasury.calls, state(mine)) == (0, State.INSTRUCTED)


@pytest.mark.django_db(transaction=True)
def test_a_stop_pressed_while_the_pump_runs_lets_nothing_more_go(system, treasury, now):
    """The stop is another connection's; it waits for no pump and no pump asks it later than its next message."""
    ids = [instructed(system, now, 10)[0] for _ in range(30)]
    is_seventh, is_pressed = threading.Event(), threading.Event()

    def cut():
        if treasury.calls == 7 and not is_seventh.is_set():
            is_seventh.set()
            assert is_pressed.wait(60)

    treasury.cut = cut
    failures: list[BaseException] = []

    def run():
        try:
            pump(handlers(treasury), as_of=now)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    running = threading.Thread(target=run)
    running.start()
    assert is_seventh.wait(60)
    let_go = stopped(now, ids)
    is_pressed.set()
    running.join(60)
    assert (failures, treasury.calls) == ([], 7)  # the seventh was on its way; of the 23 after it none left
    states = [state(each) for each in ids]
    assert (states.count(State.SETTLED), states.count(State.INSTRUCTED)) == (7, 23)
    treasury.cut = lambda: None
    let_go(now)
    pump(handlers(treasury), as_of=now)
    assert {state(each) for each in ids} == {State.SETTLED}
