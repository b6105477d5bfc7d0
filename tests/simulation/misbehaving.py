"""One seeded world: a bank that loses, delays, repeats and lies, several workers on one fake clock, one scheduler.

Workers take turns where the seed says, and where it says so one works in the middle of another's call to the bank, on
a clock that may have gone on past the other's lease. Old answers come again in any order, forged ones between them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from django.db import connection, transaction

from tests.audit import audit_books
from tests.simulation import paying
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.adapters.treasury.simulator.faults import Faults
from zhida.domain.errors import RetryableOutside
from zhida.domain.postings import Proposal, State, Word
from zhida.domain.values import Actor, local_date, new_id
from zhida.kernel.funds import actions, sending
from zhida.kernel.funds.models import Disbursement, Finding
from zhida.kernel.funds.ports import Answer
from zhida.kernel.outbox.models import Message
from zhida.kernel.outbox.pump import pump

FINAL = {State.SETTLED, State.VOIDED, State.RETURNED}
LATE_S = (0, 30, 900, 7_200, 86_400)
_MOST_WITHIN = 2


class Killed(BaseException):
    """The program dies here: nothing that has not been committed remains."""


class Wrong(AssertionError):
    """What the seed has shown; its text begins with the seed."""


class World:
    """Some payments of one budget line, and all that can happen to them."""

    def __init__(self, seed: int, now: datetime, *, deduplicates: bool, home: Path = Path(":memory:")) -> None:
        self.seed, self.now, self.deduplicates = seed, now, deduplicates
        self.chance = Random(f"{seed}|{deduplicates}")
        self.line = f"jobs/seed-{seed}-{int(deduplicates)}"
        path = home if str(home) == ":memory:" else home / f"treasury-{seed}-{int(deduplicates)}.sqlite3"
        self.book = TreasuryBook(path, deduplicates=deduplicates, clock=lambda: self.bank_now().timestamp())
        self.faults = Faults(seed, rate=0.5)
        self.treasury = paying.BookTreasury(self.book, self.faults, late_s=self.chance.choice(LATE_S), cut=self.cut)
        self.payees = paying.OpenPayees()
        self.heard: list[Answer] = []
        self.kill_rate, self.kills, self.within, self.forged = 0.0, 0, 0, 0
        self.checked_at: tuple[int, int] | None = None
        paying.open_line(now, line=self.line)
        self.system = paying.sign_release(now, line=self.line)
        self.handler = sending.instruct_handler(
            treasury=lambda: self.treasury, payees=lambda: self.payees, by=paying.TREASURY, record=self.record
        )

    def bank_now(self) -> datetime:
        """What the bank's clock says: the same as ours."""
        return self.now

    def record(self, *, answers, by: Actor, as_of: datetime):
        """Keeps what the bank said, so that it can come again, and records it."""
        given = list(answers)
        self.heard += given
        return actions.record_answers(answers=given, by=by, as_of=as_of)

    def cut(self) -> None:
        """A place outside any transaction: time may pass, another worker may work, the program may die."""
        if self.chance.random() < 0.15:
            self.now += timedelta(seconds=self.chance.choice([1, 30, 61, 600]))
        if self.within < _MOST_WITHIN and self.chance.random() < 0.2:
            self.within += 1
            try:
                self.turn()
            finally:
                self.within -= 1
        self.perhaps_die()

    def perhaps_die(self) -> None:
        """The program may be killed here."""
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

        before, self.kill_rate = self.kill_rate, rate
        try:
            with connection.execute_wrapper(execute):
                yield
        except Killed:
            pass
        finally:
            self.kill_rate = before

    def turn(self) -> None:
        """One worker's turn: messages pumped, or the bank asked after what is open; it may die anywhere."""
        with self.deadly(0.03):
            if self.chance.random() < 0.8:
                pump({actions.INSTRUCT: self.handler}, as_of=self.now)
            else:
                self.ask()
        self.check()

    def ask(self) -> None:
        """Asks after everything open, as the clock's job does."""
        try:
            sending.ask_after_open(treasury=self.treasury, by=paying.TREASURY, as_of=self.now, record=self.record)
        except RetryableOutside:
            return

    def repeat(self) -> None:
        """Old answers come again in another order, with forged ones between: other amounts, references of nobody."""
        again = self.chance.sample(self.heard, min(len(self.heard), self.chance.randint(0, 6)))
        for answer in list(again):
            if self.chance.random() < 0.3:
                self.forged += 1
                again.append(Answer(answer.reference, Word.PAID, answer.amount_fen + 1, "FORGED"))
                again.append(Answer(f"{answer.reference[:-1]}?", Word.PAID, answer.amount_fen, "FORGED"))
        for answer in again:
            actions.record_answers(answers=[answer], by=paying.TREASURY, as_of=self.now)
        self.check()

    def instruct_some(self) -> None:
        """A few payments under way, some to accounts that are closed, in actions that may be killed too."""
        some = range(self.chance.randint(1, 6))
        new = [paying.new_disbursement(self.chance.randint(1, 5_000), chance=self.chance) for _ in some]
        for each in new:
            if self.chance.random() < 0.1:
                self.payees.tails[each.account_ref] = "0000"
        ids = [each.disbursement_id for each in new]
        with self.deadly(0.01), transaction.atomic():
            actions.reserve_many(line=self.line, disbursements=new, by=self.system, as_of=self.now)
            actions.instruct_many(disbursement_ids=ids, by=self.system, as_of=self.now)
        self.check()

    @property
    def rows(self):
        """This world's payments that have been sent off."""
        return Disbursement.objects.filter(line_id=self.line)

    def paid_times(self) -> Counter[str]:
        """How often the bank has moved money for each reference, seen by now or not."""
        rows = self.book._database.execute(
            "SELECT p.reference FROM movement m JOIN payment p ON p.number = m.payment WHERE m.word = 'paid'"
        ).fetchall()
        return Counter(row["reference"] for row in rows)

    def check(self) -> None:
        """What must hold after every step, unless no row was written since it was seen to. Raises Wrong."""
        written = self._written()
        if written and written == self.checked_at:
            return
        if found := audit_books(self.line):
            raise Wrong(f"seed {self.seed}: {found}")
        if max(self.paid_times().values(), default=0) > 1:
            raise Wrong(f"seed {self.seed}: paid twice")
        if not self.deduplicates and self.rows.filter(sent_times__gt=1).exists():
            raise Wrong(f"seed {self.seed}: sent again to a bank that does not de-duplicate")
        self.checked_at = written

    def _written(self) -> tuple[int, int] | None:
        """How many rows were ever written here and at the bank, kept or not; None where the database does not count."""
        if connection.vendor != "sqlite" or connection.connection is None:
            return None
        return connection.connection.total_changes, self.book._database.total_changes

    def check_end(self) -> None:
        """All final, and the bank has paid exactly what the books say. Raises Wrong."""
        states = set(self.rows.values_list("state", flat=True))
        if not states <= FINAL:
            raise Wrong(f"seed {self.seed}: {states} at the end")
        settled = self.rows.filter(state=State.SETTLED).values_list("reference", flat=True)
        if self.paid_times() != dict.fromkeys(settled, 1):
            raise Wrong(f"seed {self.seed}: the bank paid {self.paid_times()}, settled are {list(settled)}")

    def waits(self) -> bool:
        """Whether a message is still to be carried out."""
        return Message.objects.filter(state=Message.State.WAITING).exists()

    def close_days(self, first: datetime) -> None:
        """A person reconciles each day and approves what is proposed; the books hold after each."""
        day, last = local_date(first), local_date(self.now)
        while day <= last:
            lines = self.treasury.statement(day)
            number = new_id("reconcile")
            actions.reconcile(reconciliation_id=number, day=day, lines=lines, by=paying.OPERATOR, as_of=self.now)
            for finding in Finding.objects.filter(resolution="", day=day, disbursement__line_id=self.line):
                if finding.proposal != Proposal.NONE:
                    actions.apply_finding(finding_id=finding.id, note="close", by=paying.CHECKER, as_of=self.now)
                    self.check()
            day += timedelta(days=1)


def play(seed: int, now: datetime, *, deduplicates: bool, kind: type[World] = World) -> World:
    """One seed from its beginning to its end. Raises Wrong where anything was paid twice, lost, or sent again."""
    world = kind(seed, now, deduplicates=deduplicates)
    try:
        for _ in range(world.chance.randint(1, 2)):
            world.instruct_some()
            for _ in range(world.chance.randint(1, 4)):
                world.turn()
                world.repeat()
                world.now += timedelta(seconds=world.chance.choice([1, 50, 600, 20_000]))
        world.treasury.faults = Faults()
        for _ in range(30):
            if not world.waits() and not world.rows.filter(state=State.UNKNOWN).exists():
                break
            world.now += timedelta(hours=7)
            world.turn()
            if not deduplicates and world.now - now > timedelta(hours=100):
                world.close_days(now)
                world.rows.filter(state=State.UNKNOWN).exists() or Message.objects.all().delete()
        world.repeat()
        world.check_end()
    finally:
        world.book.close()
    return world
