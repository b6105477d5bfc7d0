"""Seeded runs of paying through a treasury that loses, delays, repeats and lies, with a program killed at any step.

Whatever the seed: no disbursement is paid twice, none is lost, and the books balance after every step. A failing seed
replays alone: `ZHIDA_SEEDS=17 pytest tests/simulation/test_treasury_faults.py`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from tests.simulation import paying
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.adapters.treasury.simulator.faults import Fault, Faults
from zhida.domain.errors import RetryableOutside
from zhida.domain.postings import FindingKind, Proposal, State
from zhida.domain.values import Actor, Scope, local_date, new_id
from zhida.kernel.funds import actions, queries, sending
from zhida.kernel.funds.audit import audit_books
from zhida.kernel.funds.models import Disbursement, Finding
from zhida.kernel.outbox.models import Message
from zhida.kernel.outbox.pump import pump

SEEDS = [int(seed) for seed in os.environ.get("ZHIDA_SEEDS", "").split(",") if seed] or range(12)
ALL = Scope.system("simulation")
FINAL = {State.SETTLED, State.VOIDED, State.RETURNED}


class Killed(BaseException):
    """The program dies here: nothing that has not been committed remains."""


class Run:
    """One world: a treasury with its faults, a clock, and a program that is killed where the seed says."""

    def __init__(self, seed: int, home: Path, now: datetime, *, deduplicates: bool) -> None:
        self.chance = Random(seed)
        self.now = now
        self.book = TreasuryBook(
            home / f"treasury-{seed}.sqlite3", deduplicates=deduplicates, clock=lambda: self.now.timestamp()
        )
        self.treasury = paying.BookTreasury(
            self.book, Faults(seed, rate=0.4), late_s=self.chance.choice([30, 900, 7200]), cut=self.perhaps_die
        )
        self.payees = paying.OpenPayees()
        self.kill_rate = 0.0
        self.kills = 0
        self.system: Actor | None = None

    def perhaps_die(self) -> None:
        """A place where the program may be killed: around each exchange and each statement that writes."""
        if self.chance.random() < self.kill_rate:
            self.kills += 1
            raise Killed

    @contextmanager
    def deadly(self, rate: float) -> Iterator[None]:
        """While inside, each writing statement and each exchange may be the last."""

        def execute(run, sql, params, many, context):
            if sql.startswith(("INSERT", "UPDATE", "DELETE")):
                self.perhaps_die()
            return run(sql, params, many, context)

        self.kill_rate = rate
        try:
            with connection.execute_wrapper(execute):
                yield
        except Killed:
            pass
        finally:
            self.kill_rate = 0.0

    def pump(self) -> None:
        """One run of the outbox, which may die anywhere; then the lease of what it held has ended."""
        handler = sending.instruct_handler(
            treasury=lambda: self.treasury, payees=lambda: self.payees, by=paying.TREASURY
        )
        with self.deadly(0.03):
            pump({actions.INSTRUCT: handler}, as_of=self.now)
        self.check()

    def check(self) -> None:
        """What must hold after every step."""
        assert audit_books() == ()
        if self.book.deduplicates:
            assert max(self.paid_times().values(), default=0) <= 1

    def paid_times(self) -> Counter[str]:
        """How often the treasury has moved money for each reference, seen by now or not."""
        rows = self.book._database.execute(
            "SELECT p.reference FROM movement m JOIN payment p ON p.number = m.payment WHERE m.word = 'paid'"
        ).fetchall()
        return Counter(row["reference"] for row in rows)

    def wait(self, hours: float) -> None:
        """The clock goes on."""
        self.now += timedelta(hours=hours)


@pytest.fixture
def world(db: None, tmp_path: Path, now: datetime) -> Iterator:
    """Makes runs, and closes their treasuries."""
    runs: list[Run] = []

    def make(seed: int, *, deduplicates: bool = True) -> Run:
        runs.append(Run(seed, tmp_path, now, deduplicates=deduplicates))
        paying.open_line(now)
        runs[-1].system = paying.sign_release(now)
        return runs[-1]

    yield make
    for run in runs:
        run.book.close()


def instruct_some(run: Run) -> None:
    """A few payments under way, some to accounts that are closed, in actions that may be killed too."""
    new = [
        paying.new_disbursement(run.chance.randint(1, 5_000), chance=run.chance)
        for _ in range(run.chance.randint(1, 12))
    ]
    for each in new:
        if run.chance.random() < 0.1:
            run.payees.tails[each.account_ref] = "0000"
    with run.deadly(0.01):
        actions.reserve_many(line=paying.LINE, disbursements=new, by=run.system, as_of=run.now)
        actions.instruct_many(disbursement_ids=[each.disbursement_id for each in new], by=run.system, as_of=run.now)
    run.check()


@pytest.mark.parametrize("seed", SEEDS)
def test_with_a_treasury_that_deduplicates_everything_ends_and_nothing_is_paid_twice(world, seed):
    run = world(seed)
    for _ in range(4):
        instruct_some(run)
        for _ in range(3):
            run.pump()
            run.wait(0.1)
    for _ in range(60):
        if not Message.objects.filter(state="waiting").exists():
            break
        run.wait(3)
        run.pump()
    sent = Disbursement.objects.exclude(state=State.RESERVED)
    assert {row.state for row in sent} <= FINAL, f"seed {seed}"
    paid = {row.reference for row in sent if row.state == State.SETTLED}
    assert run.paid_times() == dict.fromkeys(paid, 1), f"seed {seed}"


@pytest.mark.parametrize("seed", SEEDS)
def test_with_one_that_does_not_we_never_send_twice_and_the_statement_ends_it(world, seed):
    run = world(seed, deduplicates=False)
    for _ in range(3):
        instruct_some(run)
        for _ in range(3):
            run.pump()
            run.wait(0.5)
    assert max(run.paid_times().values(), default=0) <= 1, f"seed {seed}"
    assert not Disbursement.objects.filter(sent_times__gt=1).exists()
    first_day = local_date(run.now)
    run.treasury.faults = Faults()
    for _ in range(15):
        run.wait(7)
        run.pump()
    close_the_day(run, first_day)
    assert {row.state for row in Disbursement.objects.exclude(state=State.RESERVED)} <= FINAL, f"seed {seed}"
    paid = {row.reference for row in Disbursement.objects.filter(state=State.SETTLED)}
    assert run.paid_times() == dict.fromkeys(paid, 1), f"seed {seed}"


def close_the_day(run: Run, day) -> None:
    """A person reconciles the day, approves each proposal, and the books hold after each."""
    report = actions.reconcile(
        reconciliation_id=new_id("reconcile"),
        day=day,
        lines=run.treasury.statement(day),
        by=paying.OPERATOR,
        as_of=run.now,
    )
    odd = {FindingKind.EXTRA, FindingKind.DUPLICATE, FindingKind.WRONG_ACCOUNT}
    assert not odd & set(report.counts)
    for finding in queries.findings():
        if finding.proposal is not Proposal.NONE:
            actions.apply_finding(finding_id=finding.id, note="close of day", by=paying.CHECKER, as_of=run.now)
            run.check()


def test_the_faults_and_the_kills_do_happen(world):
    run = world(3)

    def kinds() -> int:
        return sum(1 for fault, times in run.treasury.faults.drawn.items() if times and fault is not Fault.NONE)

    for _ in range(120):
        instruct_some(run)
        run.pump()
        run.wait(0.2)
        if run.kills > 2 and kinds() > 3:
            return
    raise AssertionError(f"{run.kills} kills, {kinds()} kinds of fault in 120 rounds")


def test_a_lie_about_the_amount_is_found_and_the_truth_still_settles(world, now):
    run = world(1)
    run.treasury.faults = Faults()
    (first,) = paying.instructed(run.system, now, 100)

    class Liar(Faults):
        def draw(self, key, *, is_paying):
            return Fault.WRONG_AMOUNT if is_paying else Fault.NONE

    run.treasury.faults = Liar()
    with pytest.raises(RetryableOutside):
        sending.send([first], treasury=run.treasury, payees=run.payees, by=paying.TREASURY, as_of=now)
    assert Finding.objects.get().kind == FindingKind.WRONG_AMOUNT
    sending.send([first], treasury=run.treasury, payees=run.payees, by=paying.TREASURY, as_of=now)
    assert queries.disbursement(first, scope=ALL).state is State.SETTLED
