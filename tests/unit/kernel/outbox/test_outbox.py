"""Messages are enqueued once, carried out at least once, put back, parked, and come back from a pump that died."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from zhida.domain.errors import ConflictError, FinalOutside, InvariantBroken, RetryableOutside, StillWaiting
from zhida.domain.proofs import Json
from zhida.kernel.outbox import actions, queries
from zhida.kernel.outbox.pump import LEASE, TRIES, PumpReport, pump

pytestmark = pytest.mark.django_db


class Recorder:
    """A handler that remembers what it was given and fails as told, once for each error."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.seen: list[Json] = []

    def __call__(self, payload: Json, as_of: datetime) -> None:
        """Takes the message, then raises the next error, if one is left."""
        assert connection.in_atomic_block is False or connection.atomic_blocks[-1]._from_testcase
        self.seen.append(payload)
        if self.errors:
            raise self.errors.pop(0)


def put(key: str, as_of: datetime, **more: object) -> str:
    with transaction.atomic():
        return actions.enqueue(kind="funds.instruct", key=key, payload={"id": key}, as_of=as_of, **more)


def test_a_message_is_carried_out_once(now: datetime) -> None:
    put("a", now)
    handler = Recorder()
    assert pump({"funds.instruct": handler}, as_of=now) == PumpReport(done=1)
    assert pump({"funds.instruct": handler}, as_of=now + timedelta(days=9)) == PumpReport()
    assert handler.seen == [{"id": "a"}]


def test_the_same_key_again_adds_nothing_even_when_done(now: datetime) -> None:
    first = put("a", now)
    pump({"funds.instruct": Recorder()}, as_of=now)
    assert put("a", now) == first
    assert queries.standing(now).waiting == 0
    with pytest.raises(ConflictError, match="message_key_reused"), transaction.atomic():
        actions.enqueue(kind="funds.instruct", key="a", payload={"id": "b"}, as_of=now)


@pytest.mark.django_db(transaction=True)
def test_a_message_outside_a_transaction_is_refused(now: datetime) -> None:
    with pytest.raises(InvariantBroken, match="message_outside_transaction"):
        actions.enqueue(kind="funds.instruct", key="a", payload={}, as_of=now)


@pytest.mark.django_db(transaction=True)
def test_the_pump_refuses_to_run_inside_a_transaction(now: datetime) -> None:
    put("a", now)
    with pytest.raises(RuntimeError), transaction.atomic():
        pump({"funds.instruct": Recorder()}, as_of=now)


def test_a_message_waits_for_its_time_and_for_its_handler(now: datetime) -> None:
    put("a", now, not_before=now + timedelta(hours=1))
    assert pump({"funds.instruct": Recorder()}, as_of=now).handled == 0
    assert pump({"notices.send": Recorder()}, as_of=now + timedelta(hours=1)).handled == 0
    assert pump({"funds.instruct": Recorder()}, as_of=now + timedelta(hours=1)).done == 1


def test_a_failed_try_is_repeated_with_growing_pauses(now: datetime) -> None:
    put("a", now)
    handler = Recorder(RetryableOutside("timeout", "no answer"), ValueError("a bug of ours"))
    assert pump({"funds.instruct": handler}, as_of=now).retried == 1
    assert pump({"funds.instruct": handler}, as_of=now + timedelta(seconds=14)).handled == 0
    assert pump({"funds.instruct": handler}, as_of=now + timedelta(seconds=15)).retried == 1
    waiting = queries.message("funds.instruct", "a")
    assert waiting is not None
    assert (waiting.attempts, waiting.error) == (2, "a bug of ours")
    assert waiting.not_before == now + timedelta(seconds=45)
    assert pump({"funds.instruct": handler}, as_of=now + timedelta(seconds=45)).done == 1


def test_one_bad_message_does_not_hold_up_the_others(now: datetime) -> None:
    for key in "abc":
        put(key, now)
    handler = Recorder(RetryableOutside("timeout", "no answer"))
    assert pump({"funds.instruct": handler}, as_of=now) == PumpReport(done=2, retried=1)


def test_a_final_refusal_is_parked_until_a_person_retries(now: datetime) -> None:
    message_id = put("a", now)
    assert pump({"funds.instruct": Recorder(FinalOutside("closed", "account closed"))}, as_of=now).parked == 1
    (parked,) = queries.parked()
    assert (parked.id, parked.error) == (message_id, "closed: account closed")
    actions.retry(message_id=message_id, as_of=now)
    assert pump({"funds.instruct": Recorder()}, as_of=now).done == 1
    with pytest.raises(ConflictError, match="message_not_parked"):
        actions.retry(message_id=message_id, as_of=now)


def test_after_its_last_try_a_message_is_parked(now: datetime) -> None:
    put("a", now)
    handler = Recorder(*[RetryableOutside("timeout", "no answer")] * TRIES)
    reports = [pump({"funds.instruct": handler}, as_of=now + timedelta(days=day)) for day in range(TRIES)]
    assert [report.parked for report in reports] == [0] * (TRIES - 1) + [1]


def test_what_still_waits_is_never_given_up(now: datetime) -> None:
    put("a", now)
    handler = Recorder(*[StillWaiting("held", "a stop")] * 60)
    reports = [pump({"funds.instruct": handler}, as_of=now + timedelta(days=day)) for day in range(60)]
    assert [(report.retried, report.parked) for report in reports] == [(1, 0)] * 60
    assert pump({"funds.instruct": handler}, as_of=now + timedelta(days=60)).done == 1


def test_a_killed_pump_gives_its_messages_back_when_the_lease_ends(now: datetime) -> None:
    put("a", now)
    with pytest.raises(KeyboardInterrupt):
        pump({"funds.instruct": Recorder(KeyboardInterrupt())}, as_of=now)
    assert pump({"funds.instruct": Recorder()}, as_of=now + LEASE - timedelta(seconds=1)).handled == 0
    assert pump({"funds.instruct": Recorder()}, as_of=now + LEASE).done == 1


def test_a_pump_that_lost_its_lease_settles_nothing(now: datetime) -> None:
    put("a", now)
    inner = Recorder(FinalOutside("closed", "account closed"))

    def slow(payload: Json, as_of: datetime) -> None:
        pump({"funds.instruct": inner}, as_of=now + LEASE)

    pump({"funds.instruct": slow}, as_of=now)
    assert queries.standing(now).parked == 1


def test_standing_tells_how_long_the_oldest_due_message_waits(now: datetime) -> None:
    put("a", now - timedelta(hours=2))
    put("b", now, not_before=now + timedelta(hours=1))
    standing = queries.standing(now)
    assert (standing.waiting, standing.oldest_due) == (2, now - timedelta(hours=2))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_pumps_never_hold_the_same_message(now: datetime) -> None:
    for number in range(60):
        put(str(number), now)
    handler = Recorder()

    def run(_: int) -> int:
        try:
            return sum(pump({"funds.instruct": handler}, as_of=now, limit=5).done for _ in range(12))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(run, range(3))) == 60
    assert len(handler.seen) == 60
