"""The worker goes on whatever fails, stops paying where a promise is broken, and gives what was parked another try."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db import transaction

from tests.unit.kernel.ledger.conftest import write as write
from zhida.domain.errors import AccessError, ConflictError, FinalOutside, InvariantBroken
from zhida.domain.values import Actor, new_id
from zhida.kernel.ledger import actions, publishing, queries
from zhida.kernel.ledger.ports import tiles
from zhida.kernel.outbox import actions as outbox
from zhida.kernel.outbox.ports import Handler
from zhida.kernel.outbox.pump import pump
from zhida.kernel.outbox.queries import parked
from zhida.services.controls.parking import retry_parked
from zhida.services.controls.stops import StopKind, stops_in_force
from zhida.surfaces.cli import worker
from zhida.surfaces.cli.groundwork.rounds import Task, run_round


@pytest.mark.django_db
def test_a_full_disk_does_not_end_the_worker(
    write: Callable[[int], list[str]],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(worker._asked, "witnesses", worker._LONG_AGO)
    write(3)
    actions.sequence(as_of=now)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        worker._seal(now)
    assert "log_not_written" in caplog.text
    assert tiles().read("checkpoint") is None
    worker._seal(now + timedelta(minutes=2))
    assert tiles().read("checkpoint") is not None


class Ticks:
    """A clock of seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.django_db
def test_a_task_that_fails_is_put_off_for_longer_each_time_and_keeps_no_other(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    ticks, done, wrong = Ticks(), list[datetime](), [KeyError("a row"), KeyError("again")]

    def fails(_: datetime) -> int:
        if wrong:
            raise wrong.pop(0)
        return 1

    def works(at: datetime) -> int:
        done.append(at)
        return 1

    tasks = (Task("first", fails, ticks), Task("second", works, ticks))
    assert run_round(tasks, now) == 1
    assert "first failed, time 1, and is tried again in 5 s" in caplog.text
    assert run_round(tasks, now) == 1
    assert len(wrong) == 1
    ticks.now += 5
    assert run_round(tasks, now) == 1
    assert "time 2, and is tried again in 10 s" in caplog.text
    ticks.now += 9.9
    assert run_round(tasks, now) == 1
    ticks.now += 0.1
    assert run_round(tasks, now) == 2
    assert "first goes on, after 2 failures" in caplog.text
    assert len(done) == 5


@pytest.mark.django_db
def test_pauses_have_an_end(now: datetime) -> None:
    ticks = Ticks()

    def fails(_: datetime) -> int:
        raise RuntimeError("always")

    task = Task("it", fails, ticks)
    for _ in range(30):
        ticks.now = max(ticks.now, task.rests_until)
        task.run(now)
    assert task.rests_until - ticks.now == 600


@pytest.mark.django_db
def test_a_log_that_was_rolled_back_stops_paying_and_not_the_worker(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rolled_back() -> int:
        raise InvariantBroken("log_rolled_back", "the log's files hold 7 entries, the database 3")

    monkeypatch.setattr(publishing, "publish", rolled_back)
    monkeypatch.setitem(worker._asked, "witnesses", worker._LONG_AGO)
    tasks = (Task("sealing the log", worker._seal, Ticks()), Task("facts", worker._sequence))
    run_round(tasks, now)
    (stop,) = stops_in_force()
    assert (stop.kind, stop.key) == (StopKind.ALL, "")
    assert "log_rolled_back" in stop.reason
    run_round((Task("sealing the log", worker._seal, Ticks()),), now + timedelta(minutes=2))
    assert len(stops_in_force()) == 1


@pytest.mark.django_db
def test_what_was_parked_is_tried_again_by_a_person_who_says_why(now: datetime, actor: Actor) -> None:
    with transaction.atomic():
        message_id = outbox.enqueue(kind="test.kind", key="k", payload={}, as_of=now)
    handler: dict[str, Handler] = {"test.kind": _refuses}
    assert pump(handler, as_of=now).parked == 1
    (given_up,) = parked()
    assert given_up.error == "no_way: never"
    operator = Actor(new_id("account"), "operator")
    with pytest.raises(AccessError, match="wrong_duty"):
        retry_parked(message_id=message_id, reason="mended", by=Actor("x", "applicant"), as_of=now)
    with pytest.raises(ConflictError, match="retried_without_reason"):
        retry_parked(message_id=message_id, reason="", by=operator, as_of=now)
    retry_parked(message_id=message_id, reason="mended", by=operator, as_of=now)
    assert parked() == ()
    assert [fact.kind for fact in queries.entries_about(message_id)] == ["outbox.retried"]
    with pytest.raises(ConflictError, match="message_not_parked"):
        retry_parked(message_id=message_id, reason="mended", by=operator, as_of=now)


def _refuses(_: object, __: datetime) -> None:
    raise FinalOutside("no_way", "never\x00")


@pytest.mark.django_db
def test_the_commands_list_and_retry_what_was_parked(now: datetime) -> None:
    with transaction.atomic():
        message_id = outbox.enqueue(kind="test.kind", key="k", payload={}, as_of=now)
    pump({"test.kind": _refuses}, as_of=now)
    shell = CliRunner()
    assert message_id in shell.invoke(worker.command, ["parked"]).output
    assert shell.invoke(worker.command, ["retry", "--reason", "mended"]).exit_code == 2
    assert shell.invoke(worker.command, ["retry", "--all", "--reason", "mended"]).output == f"{message_id}\n"
    assert shell.invoke(worker.command, ["parked"]).output == "nothing is parked\n"
