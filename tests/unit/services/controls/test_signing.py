"""Limits of signing, transfers between lines, set-off, and the close of a day: so many persons, and books that hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

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
from zhida.services.controls import closing, limits, offsetting, recovering, rotating, transfers

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
    set_limit(now, duty="releaser", up_to_fen=99)
    with pytest.raises(AccessError, match="above_limit"):
        release(now, reserve(now, new_disbursement(100)))
    release(now, reserve(now, new_disbursement(99)))
    set_limit(now, duty="releaser", up_to_fen=100, line=LINE)
    release(now, reserve(now, new_disbursement(100)))
    set_limit(now, duty="maker", up_to_fen=99, by=OPERATOR)
    with pytest.raises(AccessError, match="above_limit"):
        release(now, reserve(now, new_disbursement(100)))
    set_limit(now, duty="maker", up_to_fen=None, by=OPERATOR)
    assert [(each.line, each.duty, each.up_to_fen) for each in limits.limits_in_force()] == [
        ("", "releaser", 99),
        (LINE, "releaser", 100),
    ]
    release(now, reserve(now, new_disbursement(100)))


def set_limit(now, *, by=MAKER, **given):
    change = {"change_id": new_id("limit"), "as_of": now}
    limits.propose_limit(by=by, reason="三级授权", **given, **change)
    limits.confirm_limit(by=CHECKER, **change)


def test_nobody_sets_a_limit_alone_or_their_own(system, now):
    change = {"change_id": new_id("limit"), "as_of": now}
    given = {"duty": "releaser", "up_to_fen": 99, "reason": "三级授权", "as_of": now}
    with pytest.raises(AccessError, match="wrong_duty"):
        limits.propose_limit(change_id=new_id("limit"), by=RELEASER, **given)
    limits.propose_limit(**change | given, by=MAKER)
    with pytest.raises(ConflictError, match="limit_proposed"):
        limits.propose_limit(change_id=new_id("limit"), by=MAKER, **given)
    for by, code in ((RELEASER, "wrong_duty"), (replace(MAKER, duty="checker"), "same_person")):
        with pytest.raises(AccessError, match=code):
            limits.confirm_limit(by=by, **change)
    assert (limits.limits_in_force(), len(limits.limit_changes())) == ((), 1)
    limits.withdraw_limit(by=MAKER, **change)
    with pytest.raises(ConflictError, match="no_such_proposal"):
        limits.confirm_limit(by=CHECKER, **change)
    kinds = [fact.kind for fact in ledger.entries_about("funds")]
    assert kinds == ["funds.limit_proposed", "funds.limit_withdrawn"]


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
    open_line(now, line=OTHER, total_fen=2)
    move = {"transfer_id": new_id("transfer"), "as_of": now}
    given = {"source": OTHER, "target": LINE, "reason": "调剂", "by": MAKER}
    with pytest.raises(ConflictError, match="line_holds_too_little"):
        transfers.prepare_transfer(amount_fen=3, **given, **move)
    transfers.prepare_transfer(amount_fen=2, **given, **move)
    transfers.check_transfer(by=CHECKER, **move)
    reserve(now, new_disbursement(1), line=OTHER)
    with pytest.raises(ConflictError, match="line_holds_too_little"):
        transfers.release_transfer(by=RELEASER, **move)
    assert queries.standing(LINE, scope=ALL).total == 1_000_000
    transfers.withdraw_transfer(by=CHECKER, **move)
    with pytest.raises(ConflictError, match="no_such_transfer"):
        transfers.release_transfer(by=RELEASER, **move)
    assert [each.waits_for for each in transfers.transfers(scope=ALL, is_open=False)] == [""]


def test_new_money_and_money_given_back_take_three_signatures_too(system, now):
    for source, target, left in (("", LINE, 1_000_700), (LINE, "", 1_000_000)):
        move = {"transfer_id": new_id("transfer"), "as_of": now}
        given = {"source": source, "target": target, "amount_fen": 700, "reason": "追加预算〔2026〕8号"}
        transfers.prepare_transfer(by=MAKER, **given, **move)
        transfers.check_transfer(by=CHECKER, **move)
        transfers.release_transfer(by=RELEASER, **move)
        assert queries.standing(LINE, scope=ALL).total == left
    with pytest.raises(ConflictError, match="malformed_transfer"):
        transfers.prepare_transfer(
            transfer_id=new_id("transfer"), source="", target="", amount_fen=1, reason="x", by=MAKER, as_of=now
        )


def test_a_frozen_line_and_another_year_give_and_take_no_transfer(system, now):
    open_line(now, line=OTHER, total_fen=2)
    actions.open_line(
        line="jobs/old", name="n", office="office-jobs", region="990100", year=2025, total_fen=9, by=OPERATOR, as_of=now
    )
    given = {"target": LINE, "amount_fen": 1, "reason": "调剂", "by": MAKER, "as_of": now}
    with pytest.raises(ConflictError, match="transfer_between_years"):
        transfers.prepare_transfer(transfer_id=new_id("transfer"), source="jobs/old", **given)
    actions.freeze_line(line=LINE, reason="audit", by=OPERATOR, as_of=now)
    with pytest.raises(ConflictError, match="line_frozen"):
        transfers.prepare_transfer(transfer_id=new_id("transfer"), source=OTHER, **given)


@pytest.mark.parametrize(("owed", "taken", "sent"), [(400, 300, 700), (1_000, 1_000, 0)])
def test_a_debt_is_taken_out_of_a_payment_as_new_entries(system, treasury, now, owed, taken, sent):
    (debt,) = instructed(system, now, owed)
    pay([debt], treasury, now)
    payee = queries.disbursement(debt, scope=ALL).subject_id
    (due,) = reserve(now, replace(new_disbursement(1_000), subject_id=payee))
    set_off_id = new_id("setoff")
    given = {"set_off_id": set_off_id, "payment": due, "debt": debt, "by": MAKER, "as_of": now}
    with pytest.raises(ConflictError, match="cannot_set_off"):  # nobody ordered that it comes back
        offsetting.prepare_set_off(amount_fen=taken, **given)
    order(now, debt, owed)
    with pytest.raises(ConflictError, match="cannot_set_off"):
        offsetting.prepare_set_off(amount_fen=owed + 1, **given)
    offsetting.prepare_set_off(amount_fen=taken, **given)
    with pytest.raises(AccessError, match="same_person"):
        offsetting.confirm_set_off(set_off_id=set_off_id, by=replace(MAKER, duty="checker"), as_of=now)
    assert [each.waits_for for each in offsetting.set_offs(scope=ALL)] == ["checker"]
    parts = offsetting.confirm_set_off(set_off_id=set_off_id, by=CHECKER, as_of=now)
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
    kinds = [fact.kind for fact in ledger.entries_about(set_off_id)]
    assert kinds == ["funds.set_off_prepared", "funds.set_off", "funds.set_off_settled"]
    assert [each.open_fen for each in recovering.debts(scope=ALL, is_open=False)] == [owed - taken]


def order(now, disbursement_id, amount_fen):
    debt = {"debt_id": new_id("debt"), "as_of": now}
    given = {"disbursement_id": disbursement_id, "amount_fen": amount_fen, "basis": "办法第十二条"}
    recovering.order_recovery(by=MAKER, **given, **debt)
    recovering.confirm_recovery(by=CHECKER, **debt)


def test_a_debt_is_what_two_persons_order_on_a_basis(system, treasury, now):
    (paid, flying) = instructed(system, now, 400, 100)
    pay([paid], treasury, now)
    debt = {"debt_id": new_id("debt"), "as_of": now}
    given = {"disbursement_id": paid, "amount_fen": 300, "basis": "办法第十二条", "obligation": "stay"}
    for wrong in ({"amount_fen": 401}, {"amount_fen": 0}, {"basis": ""}, {"disbursement_id": flying}):
        with pytest.raises(ConflictError, match=r"cannot_recover|order_without_basis"):
            recovering.order_recovery(**given | debt | wrong, by=MAKER)
    recovering.order_recovery(**given | debt, by=MAKER)
    with pytest.raises(ConflictError, match="recovery_ordered"):
        recovering.order_recovery(**given | debt | {"debt_id": new_id("debt")}, by=MAKER)
    assert recovering.owed_fen(paid) == 0
    with pytest.raises(AccessError, match="same_person"):
        recovering.confirm_recovery(by=replace(MAKER, duty="checker"), **debt)
    recovering.confirm_recovery(by=CHECKER, **debt)
    assert recovering.owed_fen(paid) == 300
    actions.recover(
        recovery_id=new_id("recovery"), disbursement_id=paid, amount_fen=300, reason="退款", by=CHECKER, as_of=now
    )
    assert (recovering.owed_fen(paid), recovering.debts(scope=ALL)) == (0, ())


def test_one_debt_is_not_taken_out_of_two_payments(system, treasury, now):
    (debt,) = instructed(system, now, 400)
    pay([debt], treasury, now)
    order(now, debt, 300)
    payee = queries.disbursement(debt, scope=ALL).subject_id
    dues = reserve(now, *(replace(new_disbursement(1_000), subject_id=payee) for _ in range(2)))
    made = [new_id("setoff") for _ in dues]
    for set_off_id, due in zip(made, dues, strict=True):
        given = {"set_off_id": set_off_id, "payment": due, "debt": debt, "amount_fen": 200}
        offsetting.prepare_set_off(by=MAKER, as_of=now, **given)
    offsetting.confirm_set_off(set_off_id=made[0], by=CHECKER, as_of=now)
    with pytest.raises(ConflictError, match="cannot_set_off"):
        offsetting.confirm_set_off(set_off_id=made[1], by=CHECKER, as_of=now)
    offsetting.withdraw_set_off(set_off_id=made[1], by=MAKER, as_of=now)
    assert [each.id for each in offsetting.set_offs(scope=ALL)] == [made[0]]


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


def test_a_person_signs_in_a_day_up_to_the_limit_of_the_day(system, now):
    now += timedelta(days=1)  # what was signed today is the release that the system acts under
    set_day_limit(now, "releaser", 250, per=limits.DAY)
    set_day_limit(now, "releaser", 1_000, per=limits.SIGNATURE)
    first, second, third = (reserve(now, new_disbursement(amount)) for amount in (200, 100, 50))
    release(now, first)
    with pytest.raises(AccessError, match="above_day_limit"):
        release(now, second)
    release(now, third)
    colleague = replace(RELEASER, account=new_id("account"))
    (batch,) = queries.batches(scope=ALL)
    actions.release_batch(batch_id=batch.id, digest=batch.digest, by=colleague, as_of=now)
    tomorrow = reserve(now, new_disbursement(250))
    release(now + timedelta(days=1), tomorrow)


def test_a_line_of_its_own_limit_of_the_day_counts_by_itself(system, now):
    now += timedelta(days=1)  # what was signed today is the release that the system acts under
    open_line(now, line=OTHER)
    set_day_limit(now, "releaser", 100, per=limits.DAY)
    set_day_limit(now, "releaser", 500, per=limits.DAY, line=OTHER)
    release(now, reserve(now, new_disbursement(500), line=OTHER))
    release(now, reserve(now, new_disbursement(100)))
    with pytest.raises(AccessError, match="above_day_limit"):
        release(now, reserve(now, new_disbursement(1), line=OTHER))
    set_day_limit(now, "releaser", None, per=limits.DAY, line=OTHER)
    with pytest.raises(AccessError, match="above_day_limit"):
        release(now, reserve(now, new_disbursement(1), line=OTHER))
    assert {(each.line, each.per, each.up_to_fen) for each in limits.limits_in_force()} == {("", "day", 100)}


def set_day_limit(now, duty, up_to_fen, *, per, line=""):
    change_id = new_id("limit")
    limits.propose_limit(
        change_id=change_id, duty=duty, up_to_fen=up_to_fen, reason="r", by=OPERATOR, as_of=now, line=line, per=per
    )
    limits.confirm_limit(change_id=change_id, by=CHECKER, as_of=now)


@pytest.mark.parametrize("rotate", [lambda by, at: rotating.rotate_log_key(signature="", by=by, as_of=at),
                                    lambda by, at: rotating.rotate_issuer_key(by=by, as_of=at)])  # fmt: skip
def test_a_key_never_changes_unseen(db, now, rotate):
    new = rotate(OPERATOR, now)
    begun, rotated = (fact for key in (rotating.LOG, rotating.ISSUER) for fact in ledger.entries_about(key))
    assert (begun.kind, rotated.kind) == ("ledger.key_rotation_begun", "ledger.key_rotated")
    assert rotated.fields["to"] == new
    assert new != rotated.fields.get("from") == begun.fields.get("from")
    assert rotated.fields["by"]
