"""One recall from its order to the return of the money, killed at every single boundary, and started until idle.

Boundaries are those of `test_treasury_kills`: before and after each writing statement and each exchange with the bank.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from tests.audit import audit_books
from tests.simulation import paying
from tests.simulation.test_treasury_kills import Boundaries, Killed
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.config import wiring
from zhida.domain.errors import OutsideError
from zhida.domain.postings import RecallReason, RecallState, State, Word
from zhida.domain.values import Actor, Scope, new_id
from zhida.kernel.funds import queries, sending
from zhida.kernel.ledger.models import Entry
from zhida.kernel.outbox.models import Message
from zhida.kernel.outbox.pump import pump
from zhida.services.controls import recalling
from zhida.services.controls.models import Recall
from zhida.services.controls.recall_sending import listen, recall_handler

ALL = Scope.system("test")


def ask_back(payment: str, as_of: datetime) -> None:
    """The whole way, as programs and persons do it that may have done parts of it before something died."""
    row = Recall.objects.filter(disbursement=payment).first()
    if row is None:
        given = {"reason": RecallReason.MISTAKEN, "basis": "不该付", "by": paying.MAKER, "as_of": as_of}
        recalling.order_recall(recall_id=new_id("recall"), disbursement_id=payment, **given)
        row = Recall.objects.get(disbursement=payment)
    if row.state == RecallState.PROPOSED:
        recalling.confirm_recall(recall_id=row.pk, by=paying.CHECKER, as_of=as_of)
    pump({recalling.RECALL: recall_handler(by=paying.TREASURY)}, as_of=as_of)
    listen(by=paying.TREASURY, as_of=as_of)


def settled(system: Actor, treasury: paying.BookTreasury, now: datetime) -> str:
    (payment,) = paying.instructed(system, now, 100)
    sending.send([payment], treasury=treasury, payees=paying.OpenPayees(), by=paying.TREASURY, as_of=now)
    return payment


@pytest.mark.parametrize("deduplicates", [True, False])
def test_killed_at_each_boundary_the_money_comes_back_once_or_not_yet(
    db: None, tmp_path: Path, now: datetime, deduplicates: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    paying.open_line(now)
    system, killed_at = paying.sign_release(now), 0
    for deadly in count(1):
        boundaries = Boundaries(deadly)
        treasury = paying.BookTreasury(TreasuryBook(tmp_path / f"{deadly}.sqlite3", deduplicates=deduplicates))
        bank = paying.OneBank(treasury)
        monkeypatch.setattr(wiring, "channels", lambda bank=bank: bank)
        payment = settled(system, treasury, now)
        treasury.cut = boundaries.cross
        with boundaries.watched():
            for tries in range(4):
                try:
                    ask_back(payment, now + timedelta(hours=tries))
                except (Killed, OutsideError):
                    assert audit_books() == ()
        if boundaries.passed < deadly:
            treasury.book.close()
            break
        killed_at = deadly
        _expect_one_end(payment, treasury, deadly, deduplicates=deduplicates)
        treasury.book.close()
    assert killed_at > 30


def _expect_one_end(payment: str, treasury: paying.BookTreasury, deadly: int, *, deduplicates: bool) -> None:
    row, recall = queries.disbursement(payment, scope=ALL), Recall.objects.get(disbursement=payment)
    back = [line for line in treasury.book.movements([row.reference]) if line.word is Word.RETURNED]
    assert len(back) <= 1, f"killed at {deadly}: given back twice"
    if deduplicates or back:
        assert (row.state, recall.state) == (State.RETURNED, RecallState.RETURNED), f"killed at {deadly}"
        assert len(back) == 1
    else:
        assert (row.state, recall.state) == (State.SETTLED, RecallState.UNKNOWN), f"killed at {deadly}"
        Message.objects.all().delete()
    facts = Counter(Entry.objects.filter(about=payment).values_list("kind", flat=True))
    most = {"funds.recall_sent": 2 if deduplicates else 1}
    assert all(times <= most.get(kind, 1) for kind, times in facts.items()), f"killed at {deadly}: {facts}"
    assert audit_books() == ()
