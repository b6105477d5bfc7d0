"""Many at once for the last unit: a line, a cap and a grant each give exactly what they hold, on either database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connections

from tests.audit import audit_books
from tests.simulation import paying
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.domain.errors import ConflictError, RetryableOutside
from zhida.domain.values import Scope, local_date
from zhida.kernel.funds import actions, queries, sending

WORKERS = 8
ALL = Scope.system("test")

pytestmark = pytest.mark.django_db(transaction=True)


def race(acts: list[Callable[[], object]]) -> list[str]:
    """Runs all at the same moment, each with its own connection; gives what each came to: `done` or a code."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        gate.wait()
        try:
            act()
        except (ConflictError, RetryableOutside) as error:
            return error.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_the_last_unit_of_a_line_is_given_once(now: datetime) -> None:
    paying.open_line(now, total_fen=3)
    outcomes = race([lambda: paying.reserved(paying.OPERATOR, now, 1) for _ in range(WORKERS)])
    assert sorted(outcomes) == ["done"] * 3 + ["over_committed"] * (WORKERS - 3)
    assert queries.standing(paying.LINE, scope=ALL).available == 0
    assert audit_books() == ()


def test_the_last_unit_of_a_cap_is_given_once(now: datetime) -> None:
    paying.open_line(now)
    system = paying.sign_release(now, cap_fen=2)
    outcomes = race([lambda: paying.reserved(system, now, 1) for _ in range(WORKERS)])
    assert sorted(outcomes) == ["done"] * 2 + ["release_exhausted"] * (WORKERS - 2)
    assert audit_books() == ()


def test_a_grant_is_reserved_once(now: datetime) -> None:
    paying.open_line(now)
    first = paying.new_disbursement(5)
    rivals = [paying.new_disbursement(5) for _ in range(WORKERS)]
    claims = [
        type(first)(rival.disbursement_id, first.grant_id, first.subject_id, 5, first.account_ref, "p")
        for rival in rivals
    ]

    def reserve(claim):
        return lambda: actions.reserve_many(line=paying.LINE, disbursements=[claim], by=paying.OPERATOR, as_of=now)

    outcomes = race([reserve(claim) for claim in claims])
    assert sorted(outcomes) == ["already_reserved"] * (WORKERS - 1) + ["done"]
    assert queries.standing(paying.LINE, scope=ALL).committed == 5


@pytest.mark.parametrize("deduplicates", [True, False])
def test_two_senders_of_one_message_pay_once(now: datetime, tmp_path: Path, deduplicates: bool) -> None:
    paying.open_line(now)
    system = paying.sign_release(now)
    ids = paying.instructed(system, now, *[7] * 20)
    book = TreasuryBook(tmp_path / "treasury.sqlite3", deduplicates=deduplicates)
    treasury = paying.BookTreasury(book)

    def send() -> None:
        sending.send(ids, treasury=treasury, payees=paying.OpenPayees(), by=paying.TREASURY, as_of=now)

    race([send] * 4)
    if any(each.booked_on is None for each in queries.disbursements(scope=ALL)):
        send()
    assert len(treasury.statement(local_date(now))) == 20
    assert queries.standing(paying.LINE, scope=ALL).paid == 140
    assert audit_books() == ()
    book.close()


def test_voiding_and_sending_at_once_end_in_one_of_both(now: datetime, tmp_path: Path) -> None:
    paying.open_line(now)
    system = paying.sign_release(now)
    book = TreasuryBook(tmp_path / "treasury.sqlite3")
    treasury = paying.BookTreasury(book)
    ids = paying.instructed(system, now, *[3] * 4)

    def send(each):
        return lambda: sending.send(
            [each], treasury=treasury, payees=paying.OpenPayees(), by=paying.TREASURY, as_of=now
        )

    def void(each):
        return lambda: actions.void(disbursement_id=each, reason="stop", by=paying.OPERATOR, as_of=now)

    race([act(each) for each in ids for act in (send, void)])
    standing = queries.standing(paying.LINE, scope=ALL)
    assert standing.paid == sum(line.amount_fen for line in treasury.statement(local_date(now)))
    assert standing.paid + standing.available == 1_000_000
    assert audit_books() == ()
    book.close()
