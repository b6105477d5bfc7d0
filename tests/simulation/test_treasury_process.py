"""The whole way against a treasury that is a process of its own: over HTTP, with faults, and 1,500 payments in bulk."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.audit import audit_books
from tests.simulation import paying
from zhida.adapters.treasury.client import HttpTreasury
from zhida.domain.postings import FindingKind, State
from zhida.domain.values import Scope, local_date, new_id
from zhida.kernel.funds import actions, queries, sending
from zhida.kernel.funds.models import Disbursement
from zhida.kernel.outbox.models import Message
from zhida.kernel.outbox.pump import pump

ALL = Scope.system("simulation")
LATE_S = 0.2


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., HttpTreasury]]:
    """Starts simulators with more arguments, gives clients of them, and ends both."""
    running: list[tuple[subprocess.Popen[str], HttpTreasury]] = []

    def start_one(*more: str) -> HttpTreasury:
        command = [sys.executable, "-m", "zhida.adapters.treasury.simulator", "--port", "0", "--home", str(tmp_path)]
        process = subprocess.Popen([*command, *more], stdout=subprocess.PIPE, text=True)
        client = HttpTreasury(process.stdout.readline().strip(), timeout_s=30)
        running.append((process, client))
        return client

    yield start_one
    for process, client in running:
        client.close()
        process.terminate()
        process.wait()
        process.stdout.close()


def pump_all(treasury: HttpTreasury, now: datetime) -> int:
    """Runs the outbox, hour by hour, until nothing waits; how many runs that took."""
    handler = sending.instruct_handler(
        treasury=lambda: treasury, payees=lambda: paying.OpenPayees(), by=paying.TREASURY
    )
    for hours in range(60):
        pump({actions.INSTRUCT: handler}, as_of=now + timedelta(hours=hours))
        if not Message.objects.filter(state="waiting").exists():
            return hours + 1
    return 0


@pytest.mark.django_db(transaction=True)
def test_fifteen_hundred_are_paid_at_once_and_reconciled(start, now):
    treasury = start()
    paying.open_line(now, total_fen=10_000_000)
    system = paying.sign_release(now, cap_fen=10_000_000)
    paying.instructed(system, now, *range(1, 1501))
    assert pump_all(treasury, now) == 1
    standing = queries.standing(paying.LINE, scope=ALL)
    assert (standing.paid, standing.in_flight, standing.committed) == (1500 * 1501 // 2, 0, 0)
    report = actions.reconcile(
        reconciliation_id=new_id("reconcile"),
        day=local_date(now),
        lines=treasury.statement(local_date(now)),
        by=paying.OPERATOR,
        as_of=now,
    )
    assert (report.lines, report.counts) == (1500, {FindingKind.MATCHED: 1500})
    assert audit_books() == ()


def test_with_faults_over_http_each_is_paid_once(db, start, now):
    treasury = start("--faults", "11", "--fault-rate", "0.6", "--stall", "0.1", "--late", str(LATE_S))
    paying.open_line(now)
    system = paying.sign_release(now)
    for size in (1, 2, 3, 5, 8, 13):
        paying.instructed(system, now, *[100] * size)
    hours = pump_all(treasury, now)
    assert set(Disbursement.objects.values_list("state", flat=True)) == {State.SETTLED}
    days = {local_date(now + timedelta(hours=hour)) for hour in range(hours)}  # a late try pays on the day after
    time.sleep(LATE_S)  # until then a statement leaves out what came late, though an asker is told of it
    references = [line.reference for day in days for line in treasury.statement(day)]
    assert len(references) == len(set(references)) == 32
    assert audit_books() == ()
