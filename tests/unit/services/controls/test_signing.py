"""Limits of signing, transfers between lines, set-off, and the close of a day: so many persons, and books that hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.simulation.paying import (
    CHECKER,
    LINE,
    MAKER,
    OPERATOR,
    RELEASER,
    TREASURY,
    OpenPayees,
    instructed,
    new_disbursement,
    open_line,
)
from zhida.domain.errors import AccessError, ConflictError, RetryableOutside
from zhida.domain.postings import State
from zhida.domain.values import Scope, new_id
from zhida.kernel.funds import actions, queries, sending
from zhida.kernel.ledger import queries as ledger
from zhida.services.controls import closing, limits, offsetting, transfers

ALL = Scope.system("test")
DAY = date(2026, 3, 3)
OTHER = "jobs/other-2026"


def pay(ids, treasury, now):
    return sending.send(ids, treasury=treasury, payees=OpenPayees(), by=TREASURY, as_of=now)


def reserve(now, *new, line=LINE):
    actions.reserve_many(line=line, disbursements=new, by=OPERATOR, as_of=now)
    return [each.disbursement_id for each in new]


def release(now, ids):
    batch_id = new_id("batch")
    digest = actions.prepare_batch(batch_id=batch_id, disbursement_ids=ids, by=MAKER, as_of=now)
    actions.check_batch(batch_id=batch_id, digest=digest, by=CHECKER, as_of=now)
    actions.release_batch(batch_id=batch_id, digest=digest, by=RELEASER, as_of=now)


def test_a_duty_signs_up_to_its_limit(system, now):
    limits.set_limit(duty="releaser", up_to_fen=99, by=OPERATOR, as_of=now)
    with pytest.raises(AccessError, match="above_limit"):
        release(now, reserve(now, new_disbursement(100)))
    release(now, reserve(now, new_disbursement(99)))
    limits.set_limit(duty="releaser", up_to_fen=100, line=LINE, by=OPERATOR, as_of=now)
    release(now, reserve(now, new_disbursement(100)))


def test_money_moves_between_lines_under_three_signatures(system, now):
    open_line(now, line=OTHER, total_fen=0 + 1)
    transfer_id = new_id("transfer")
    move = {"transfer_id": transfer_id, "as_of": now}
    transfers.prepare_transfer(source=LINE, target=OTHER, amount_fen=500, reason="调剂", by=MAKER, **move)
    with pytest.raises(ConflictError, match="signed_out_of_order"):
        transfers.release_transfer(by=RELEASER, **move)
    with pytest.raises(AccessError, match="same_person"):
        transfers.check_transfer(by=replace(MAKER, duty="checker"), **move)
    transfers.check_transfer(by=CHECKER, **move)
    with pytest.raises(AccessError, match="same_person"):
        transfers.release_transfer(by=replace(CHECKER, duty="releaser"), **move)
    transfers.release_transfer(by=RELEASER, **move)
    assert queries.standing(LINE, scope=ALL).total == 1_000_000 - 500
    assert queries.standing(OTHER, scope=ALL).available == 501
    with pytest.raises(ConflictError, match="no_such_transfer"):
        transfers.release_transfer(by=RELEASER, **move)
    assert [fact.kind for fact in ledger.entries_about(transfer_id)][-1] == "funds.transferred"


def test_a_transfer_of_more_than_there_is_moves_nothing(system, now):
    open_line(now, line=OTHER, total_fen=1)
    move = {"transfer_id": new_id("transfer"), "as_of": now}
    transfers.prepare_transfer(source=OTHER, target=LINE, amount_fen=2, reason="调剂", by=MAKER, **move)
    transfers.check_transfer(by=CHECKER, **move)
    with pytest.raises(ConflictError, match="line_holds_too_little"):
        transfers.release_transfer(by=RELEASER, **move)
    assert queries.standing(LINE, scope=ALL).total == 1_000_000


@pytest.mark.parametrize(("owed", "taken", "sent"), [(400, 300, 700), (1_000, 1_000, 0)])
def test_a_debt_is_taken_out_of_a_payment_as_new_entries(system, treasury, now, owed, taken, sent):
    (debt,) = instructed(system, now, owed)
    pay([debt], treasury, now)
    payee = queries.disbursement(debt, scope=ALL).subject_id
    (due,) = reserve(now, replace(new_disbursement(1_000), subject_id=payee))
    set_off_id = new_id("setoff")
    with pytest.raises(AccessError):
        offsetting.set_off(set_off_id=set_off_id, payment=due, debt=debt, amount_fen=taken, by=MAKER, as_of=now)
    with pytest.raises(ConflictError, match="cannot_set_off"):
        offsetting.set_off(set_off_id=set_off_id, payment=due, debt=debt, amount_fen=owed + 1, by=CHECKER, as_of=now)
    parts = offsetting.set_off(set_off_id=set_off_id, payment=due, debt=debt, amount_fen=taken, by=CHECKER, as_of=now)
    with pytest.raises(ConflictError, match="set_off_not_released"):
        offsetting.settle_set_off(set_off_id=set_off_id, by=CHECKER, as_of=now)
    release(now, [each for each in (parts.rest, parts.part) if each])
    with pytest.raises(RetryableOutside):  # the part has no account, so that nothing of it can be sent
        sending.send([parts.part], treasury=treasury, payees=NoAccount(), by=TREASURY, as_of=now)
    offsetting.settle_set_off(set_off_id=set_off_id, by=CHECKER, as_of=now)
    if parts.rest:
        pay([parts.rest], treasury, now)
    assert bool(parts.rest) is bool(sent)
    assert queries.disbursement(debt, scope=ALL).recovered_fen == taken
    paid = [line.amount_fen for line in treasury.statement(DAY)]
    assert sum(paid) == owed + sent
    line = queries.standing(LINE, scope=ALL)
    assert (line.paid, line.returned) == (owed + 1_000, taken)
    assert queries.disbursement(due, scope=ALL).state is State.VOIDED
    assert [fact.kind for fact in ledger.entries_about(set_off_id)] == ["funds.set_off", "funds.set_off_settled"]


class NoAccount(OpenPayees):
    """Opens no account."""

    def payees(self, account_refs):
        return {}


def reconcile(now, lines):
    actions.reconcile(reconciliation_id=new_id("reconcile"), day=DAY, lines=lines, by=OPERATOR, as_of=now)


def test_a_day_is_closed_by_two_persons_over_one_digest(system, treasury, now):
    pay(instructed(system, now, 100, 200), treasury, now)
    close = {"close_id": new_id("close"), "as_of": now}
    with pytest.raises(ConflictError, match="not_reconciled"):
        closing.prepare_close(day=DAY, by=MAKER, **close)
    reconcile(now, treasury.statement(DAY))
    digest = closing.prepare_close(day=DAY, by=MAKER, **close)
    with pytest.raises(AccessError, match="same_person"):
        closing.check_close(digest=digest, by=replace(MAKER, duty="checker"), **close)
    with pytest.raises(ConflictError, match="day_changed"):
        closing.check_close(digest="0" * 64, by=CHECKER, **close)
    closing.check_close(digest=digest, by=CHECKER, **close)
    assert closing.is_closed(DAY)
    assert closing.day_balance(DAY).is_clean
    with pytest.raises(ConflictError, match="day_closed"):
        reconcile(now, treasury.statement(DAY))
    prepared, closed = ledger.entries_about(close["close_id"])
    assert (closed.kind, closed.fields["paid_fen"], closed.fields["digest"]) == ("funds.day_closed", 300, digest)
    assert prepared.kind == "funds.day_prepared"


def test_what_has_not_come_to_zero_is_named_with_its_age(system, treasury, now):
    pay(instructed(system, now, 100), treasury, now)
    waiting = instructed(system, now, 40)
    lines = treasury.statement(DAY)
    reconcile(now, [replace(lines[0], amount_fen=101)])
    balance = closing.day_balance(DAY)
    assert (balance.is_clean, balance.in_flight_fen, balance.unexplained_fen) == (False, 40, 101)
    reference = queries.disbursement(waiting[0], scope=ALL).reference
    assert [(item.name, item.reference, item.age_days) for item in balance.in_flight] == [("instructed", reference, 0)]
    assert [item.name for item in balance.unexplained] == ["wrong_amount"]


def test_a_day_that_moved_since_the_first_signature_is_signed_anew(system, treasury, now):
    reconcile(now, treasury.statement(DAY))
    close = {"close_id": new_id("close"), "as_of": now}
    digest = closing.prepare_close(day=DAY, by=MAKER, **close)
    instructed(system, now, 40)
    with pytest.raises(ConflictError, match="day_changed"):
        closing.check_close(digest=digest, by=CHECKER, **close)
