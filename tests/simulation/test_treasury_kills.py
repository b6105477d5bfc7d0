"""One payment from reserving to settling, killed at every single boundary in turn, and started again until idle.

A boundary is before and after each writing statement and each exchange with the treasury; before a COMMIT is after the
transaction's last statement, after a COMMIT is before the next statement or exchange.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from django.db import connection

from tests.audit import audit_books
from tests.simulation import paying
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.domain.errors import ConflictError
from zhida.domain.postings import State
from zhida.domain.values import Actor, local_date
from zhida.kernel.funds import actions, sending
from zhida.kernel.funds.models import Disbursement
from zhida.kernel.funds.records import NewDisbursement
from zhida.kernel.ledger.models import Entry
from zhida.kernel.outbox.models import Message
from zhida.kernel.outbox.pump import pump


class Killed(BaseException):
    """The program dies here."""


class Boundaries:
    """Counts boundaries, and kills at the one that is asked for."""

    def __init__(self, deadly: int) -> None:
        self.passed = 0
        self.deadly = deadly

    def cross(self) -> None:
        """One boundary."""
        self.passed += 1
        if self.passed == self.deadly:
            raise Killed

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While inside, writing statements are boundaries."""

        def execute(run: Callable, sql: str, params: object, many: bool, context: object) -> object:
            if not sql.startswith(("INSERT", "UPDATE", "DELETE")):
                return run(sql, params, many, context)
            self.cross()
            result = run(sql, params, many, context)
            self.cross()
            return result

        with connection.execute_wrapper(execute):
            yield


def pay(new: NewDisbursement, system: Actor, treasury: paying.BookTreasury, as_of: datetime) -> None:
    """The whole way, as a program does it that may have done parts of it before it died."""
    row = Disbursement.objects.filter(pk=new.disbursement_id).first()
    if row is None:
        actions.reserve_many(line=paying.LINE, disbursements=[new], by=system, as_of=as_of)
        row = Disbursement.objects.get(pk=new.disbursement_id)
    if row.state == State.RESERVED:
        actions.instruct_many(disbursement_ids=[new.disbursement_id], by=system, as_of=as_of)
    handler = sending.instruct_handler(
        treasury=lambda: treasury, payees=lambda: paying.OpenPayees(), by=paying.TREASURY
    )
    pump({actions.INSTRUCT: handler}, as_of=as_of)


def run_until_idle(
    deadly: int, home: Path, system: Actor, now: datetime, *, deduplicates: bool
) -> tuple[Boundaries, NewDisbursement, paying.BookTreasury]:
    """One payment with one death, the books audited right after it, then starts again until nothing waits."""
    boundaries = Boundaries(deadly)
    book = TreasuryBook(home / f"{deadly}.sqlite3", deduplicates=deduplicates)
    treasury = paying.BookTreasury(book, cut=boundaries.cross)
    new = paying.new_disbursement(100)
    with boundaries.watched():
        for tries in range(8):
            try:
                pay(new, system, treasury, now + timedelta(hours=tries))
            except Killed:
                assert audit_books() == ()
            if tries and not Message.objects.filter(state="waiting").exists():
                break
    return boundaries, new, treasury


@pytest.mark.parametrize("deduplicates", [True, False])
def test_killed_at_each_boundary_it_is_paid_at_most_once_and_the_books_hold(db, tmp_path, now, deduplicates):
    paying.open_line(now)
    system = paying.sign_release(now)
    killed_at = 0
    for deadly in count(1):
        boundaries, new, treasury = run_until_idle(deadly, tmp_path, system, now, deduplicates=deduplicates)
        if boundaries.passed < deadly:
            treasury.book.close()
            break
        killed_at = deadly
        row = Disbursement.objects.get(pk=new.disbursement_id)
        paid = [line.reference for line in treasury.statement(local_date(now))]
        assert paid.count(row.reference) <= 1, f"killed at {deadly}: paid twice"
        if deduplicates or paid:
            assert row.state == State.SETTLED, f"killed at {deadly}: {row.state}"
            assert paid == [row.reference]
        else:
            assert row.state == State.UNKNOWN, f"killed at {deadly}: {row.state}"
            Message.objects.all().delete()
        facts = Counter(Entry.objects.filter(about=row.id).values_list("kind", flat=True))
        assert set(facts.values()) == {1}, f"killed at {deadly}: {facts}"
        assert audit_books() == ()
        treasury.book.close()
    assert killed_at > 40


def test_the_same_reservation_after_a_death_is_refused_not_repeated(db, now):
    paying.open_line(now)
    system = paying.sign_release(now)
    new = paying.new_disbursement(100)
    actions.reserve_many(line=paying.LINE, disbursements=[new], by=system, as_of=now)
    with pytest.raises(ConflictError):
        actions.reserve_many(line=paying.LINE, disbursements=[new], by=system, as_of=now)
    assert audit_books() == ()
