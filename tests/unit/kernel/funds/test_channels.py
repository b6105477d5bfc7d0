"""A payment goes over its line's channel, is asked after over the one it was sent by, and reconciled with that bank."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.simulation.paying import LINE, OPERATOR, TREASURY, BookTreasury, OpenPayees, instructed
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.adapters.treasury.simulator.faults import Fault, Faults
from zhida.config import wiring
from zhida.domain.errors import InvariantBroken, RetryableOutside
from zhida.domain.postings import FindingKind, State
from zhida.domain.values import Scope, new_id
from zhida.kernel.funds import actions, queries, sending

ALL = Scope.system("test")
DAY = date(2026, 3, 3)


class Silent(Faults):
    """Takes everything and answers nothing, until it is told to speak."""

    def __init__(self) -> None:
        super().__init__()
        self.is_silent = True

    def draw(self, key: str, *, is_paying: bool) -> Fault:
        return Fault.LOST_REPLY if self.is_silent and is_paying else Fault.NONE


class Banks:
    """Two banks; `of` says which pays the line now."""

    names = ("", "rural")

    def __init__(self, folder: Path) -> None:
        self.of = "rural"
        self.books = [TreasuryBook(folder / f"{name}.sqlite3", deduplicates=False) for name in ("a", "b")]
        self.ports = {name: BookTreasury(book) for name, book in zip(self.names, self.books, strict=True)}

    def channel_of(self, line: str) -> str:
        assert line == LINE
        return self.of

    def treasury(self, channel: str) -> BookTreasury:
        return self.ports[channel]


@pytest.fixture
def banks(tmp_path, monkeypatch):
    found = Banks(tmp_path)
    monkeypatch.setattr(wiring, "channels", lambda: found)
    yield found
    for book in found.books:
        book.close()


def handle(ids, now):
    sending.instruct_handler(payees=OpenPayees, by=TREASURY)({"disbursements": ids}, now)


def test_an_unknown_is_asked_after_at_the_bank_it_went_to(system, banks, now):
    ids = instructed(system, now, 100)
    banks.ports["rural"].faults = Silent()
    with pytest.raises(RetryableOutside):
        handle(ids, now)
    banks.of = ""
    banks.ports["rural"].faults.is_silent = False
    handle(ids, now)
    assert (banks.ports[""].calls, banks.ports["rural"].calls) == (0, 1)
    assert queries.disbursement(ids[0], scope=ALL).state is State.SETTLED


def test_nothing_that_was_sent_is_sent_over_another_channel(system, banks, now):
    ids = instructed(system, now, 100)
    payees = OpenPayees().payees({queries.disbursement(ids[0], scope=ALL).account_ref})
    mark = {"disbursement_ids": ids, "payees": payees, "deduplicates": True, "by": TREASURY, "as_of": now}
    actions.mark_sent(channel="rural", **mark)
    with pytest.raises(InvariantBroken, match="wrong_channel"):
        actions.mark_sent(channel="", **mark)


def test_each_bank_is_reconciled_by_itself(system, banks, now):
    handle(instructed(system, now, 100), now)
    banks.of = ""
    handle(instructed(system, now, 200), now)
    for channel, amount_fen in (("", 200), ("rural", 100)):
        report = actions.reconcile(
            reconciliation_id=new_id("reconcile"),
            day=DAY,
            lines=banks.ports[channel].statement(DAY),
            listed=banks.ports[channel].ask(actions.due_references(DAY, channel)),
            channel=channel,
            by=OPERATOR,
            as_of=now,
        )
        assert (report.net_fen, report.counts) == (amount_fen, {FindingKind.MATCHED: 1})
