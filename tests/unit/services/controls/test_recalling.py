"""Recalls: two persons ask a bank for a payment back; whatever it says, money comes back once at most."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.audit import audit_books
from tests.simulation.paying import CHECKER, MAKER, OPERATOR, TREASURY, BookTreasury, OpenPayees, instructed
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.adapters.treasury.simulator.faults import Faults
from zhida.config import wiring
from zhida.domain.errors import AccessError, ConflictError, FinalOutside, RetryableOutside
from zhida.domain.postings import RecallAnswer, RecallReason, RecallState, RecallWord, State, Word
from zhida.domain.values import Actor, Scope, new_id
from zhida.kernel.funds import actions, queries, sending
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.outbox.models import Message
from zhida.kernel.outbox.pump import pump
from zhida.services.controls import recalling, recovering
from zhida.services.controls.models import Recall
from zhida.services.controls.recall_sending import listen, recall_handler

ALL = Scope.system("test")
DAY = timedelta(days=1)


class OneBank:
    """Every line is paid by the one treasury of the test."""

    names = ("",)

    def __init__(self, treasury):
        self.port = treasury

    def channel_of(self, line):
        return ""

    def treasury(self, channel):
        return self.port


@pytest.fixture
def bank(treasury, monkeypatch):
    monkeypatch.setattr(wiring, "channels", lambda: OneBank(treasury))
    return treasury


def paid(system, treasury, now, *, tail="1234", amount_fen=100):
    (payment,) = instructed(system, now, amount_fen)
    account = queries.disbursement(payment, scope=ALL).account_ref
    payees = OpenPayees(tails={account: tail})
    sending.send([payment], treasury=treasury, payees=payees, by=TREASURY, as_of=now)
    assert queries.disbursement(payment, scope=ALL).state is State.SETTLED
    return payment


def order(payment, now, **more):
    recall_id = new_id("recall")
    given = {"reason": RecallReason.DUPLICATE, "basis": "付了两次", "by": MAKER, **more}
    recalling.order_recall(recall_id=recall_id, disbursement_id=payment, as_of=now, **given)
    return recall_id


def ordered(payment, now):
    recall_id = order(payment, now)
    recalling.confirm_recall(recall_id=recall_id, by=CHECKER, as_of=now)
    return recall_id


def carry_out(now):
    return pump({recalling.RECALL: recall_handler(by=TREASURY)}, as_of=now)


def standing(recall_id):
    return next(each for each in recalling.recalls(scope=ALL, is_open=False) if each.id == recall_id)


def state_of(payment):
    return queries.disbursement(payment, scope=ALL).state


def test_an_accepted_recall_brings_the_money_back_once(system, bank, now):
    payment = paid(system, bank, now)
    recall_id = ordered(payment, now)
    assert state_of(payment) is State.SETTLED
    assert carry_out(now).done == 1
    assert (standing(recall_id).state, state_of(payment)) == (RecallState.RETURNED, State.RETURNED)
    kinds = [fact.kind for fact in ledger.entries_about(payment)]
    told = ["funds.recall_ordered", "funds.recall_confirmed", "funds.recall_sent", "funds.recall_accepted"]
    assert kinds[-6:] == [*told, "funds.returned", "funds.recall_returned"]
    for _ in range(2):
        listen(by=TREASURY, as_of=now)
        assert carry_out(now + DAY).handled == 0
    assert len(bank.book.movements([queries.disbursement(payment, scope=ALL).reference])) == 2
    assert recalling.recalls(scope=ALL) == ()


def test_two_persons_ask_and_nobody_else(system, bank, now):
    payment = paid(system, bank, now)
    for by in (CHECKER, OPERATOR):
        with pytest.raises(AccessError, match="wrong_duty"):
            order(payment, now, by=by)
    recall_id = order(payment, now)
    with pytest.raises(ConflictError, match="recall_ordered"):
        order(payment, now)
    with pytest.raises(AccessError, match="same_person"):
        recalling.confirm_recall(recall_id=recall_id, by=Actor(MAKER.account, "checker"), as_of=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recall.objects.filter(pk=recall_id).update(checker=MAKER.account)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recall.objects.filter(pk=recall_id).update(sent_times=1, sent_at=now)
    assert carry_out(now).handled == 0
    recalling.withdraw_recall(recall_id=recall_id, by=CHECKER, as_of=now)
    with pytest.raises(ConflictError, match="recall_out_of_order"):
        recalling.confirm_recall(recall_id=recall_id, by=CHECKER, as_of=now)
    assert standing(order(payment, now)).waits_for == "checker"


@pytest.mark.parametrize("basis", ["", "长" * 106])
def test_a_recall_says_why_in_what_a_message_holds(system, bank, now, basis):
    payment = paid(system, bank, now)
    with pytest.raises(ConflictError, match="order_without_basis"):
        order(payment, now, basis=basis)


def test_what_was_never_sent_or_came_back_is_not_recalled(system, bank, now):
    (waiting,) = instructed(system, now, 100)
    with pytest.raises(ConflictError, match="cannot_recall"):
        order(waiting, now)
    payment = paid(system, bank, now)
    actions.recover(
        recovery_id=new_id("posting"), disbursement_id=payment, amount_fen=1, reason="x", by=CHECKER, as_of=now
    )
    with pytest.raises(ConflictError, match="cannot_recall"):
        order(payment, now)
    with pytest.raises(ConflictError, match="no_such_recall"):
        recalling.confirm_recall(recall_id=new_id("recall"), by=CHECKER, as_of=now)


def test_money_is_asked_back_one_way_only(system, bank, now):
    payment, other = paid(system, bank, now), paid(system, bank, now)
    recall_id = order(payment, now)
    owed = {"amount_fen": 100, "basis": "a7", "by": MAKER, "as_of": now}
    with pytest.raises(ConflictError, match="recall_ordered"):
        recovering.order_recovery(debt_id=new_id("debt"), disbursement_id=payment, **owed)
    debt_id = new_id("debt")
    recovering.order_recovery(debt_id=debt_id, disbursement_id=other, **owed)
    with pytest.raises(ConflictError, match="recovery_ordered"):
        order(other, now)
    recovering.withdraw_recovery(debt_id=debt_id, by=MAKER, as_of=now)
    order(other, now)
    recalling.withdraw_recall(recall_id=recall_id, by=MAKER, as_of=now)
    recovering.order_recovery(debt_id=new_id("debt"), disbursement_id=payment, **owed)


def test_a_refused_recall_leaves_the_payment_and_the_way_to_its_payee(system, bank, now):
    payment = paid(system, bank, now, tail="8888")
    recall_id = ordered(payment, now)
    assert carry_out(now).done == 1
    found = standing(recall_id)
    assert (found.state, found.told, state_of(payment)) == (RecallState.REFUSED, "payee_refuses", State.SETTLED)
    recovering.order_recovery(
        debt_id=new_id("debt"), disbursement_id=payment, amount_fen=100, basis="a7", by=MAKER, as_of=now
    )


def test_a_slow_bank_is_waited_for_and_asked_not_told_again(system, bank, now):
    bank.late_s = 3600.0
    payment = paid(system, bank, now, tail="7777")
    recall_id = ordered(payment, now)
    assert carry_out(now).retried == 1
    assert carry_out(now + timedelta(minutes=1)).retried == 1
    assert (standing(recall_id).state, Recall.objects.get().sent_times) == (RecallState.UNKNOWN, 1)
    later = bank.book.now() + 3601
    bank.book._clock = lambda: later
    assert carry_out(now + timedelta(minutes=5)).done == 1
    assert (standing(recall_id).state, state_of(payment)) == (RecallState.RETURNED, State.RETURNED)


class Mute(BookTreasury):
    """A bank that takes everything and never says a word of recalls; what it knows of payments it tells."""

    def recall(self, requests):
        super().recall(requests)
        return ()

    def ask_recalls(self, recall_ids):
        return ()


def test_a_return_without_an_answer_ends_its_recall(system, treasury, now, monkeypatch):
    mute = Mute(treasury.book)
    monkeypatch.setattr(wiring, "channels", lambda: OneBank(mute))
    payment = paid(system, mute, now)
    recall_id = ordered(payment, now)
    assert carry_out(now).done == 1
    assert (standing(recall_id).state, state_of(payment)) == (RecallState.RETURNED, State.RETURNED)


def test_silence_lapses_and_a_late_return_is_not_lost(system, treasury, now, monkeypatch):
    mute = Mute(treasury.book, late_s=3600.0)
    monkeypatch.setattr(wiring, "channels", lambda: OneBank(mute))
    payment = paid(system, mute, now, tail="7777")
    recall_id = ordered(payment, now)
    carry_out(now)
    listen(by=TREASURY, as_of=now + 14 * DAY)
    assert standing(recall_id).state is RecallState.UNKNOWN
    listen(by=TREASURY, as_of=now + 15 * DAY)
    assert standing(recall_id).state is RecallState.LAPSED
    assert carry_out(now + 15 * DAY).done == 1
    recovering.order_recovery(
        debt_id=new_id("debt"), disbursement_id=payment, amount_fen=100, basis="a7", by=MAKER, as_of=now
    )
    reference = queries.disbursement(payment, scope=ALL).reference
    mute.book.send_back(reference, "recalled", now.date().isoformat())
    listen(by=TREASURY, as_of=now + 30 * DAY)
    assert (standing(recall_id).state, state_of(payment)) == (RecallState.RETURNED, State.RETURNED)


def test_a_bank_that_takes_no_recalls_is_asked_by_letter(system, treasury, now, monkeypatch):
    class Plain:
        deduplicates, ask, instruct = True, treasury.ask, treasury.instruct

    payment = paid(system, treasury, now)
    monkeypatch.setattr(wiring, "channels", lambda: OneBank(Plain()))
    recall_id = ordered(payment, now)
    assert carry_out(now).parked == 1
    assert "no_recalls" in Message.objects.get(kind=recalling.RECALL).error
    assert standing(recall_id).state is RecallState.ORDERED
    with pytest.raises(FinalOutside):
        recall_handler(by=TREASURY)({"recall": recall_id}, now)


@pytest.mark.parametrize("order_of_news", [(0, 1), (1, 0)])
def test_contradicting_answers_end_the_same_in_any_order(system, bank, now, order_of_news):
    payment = paid(system, bank, now)
    recall_id = ordered(payment, now)
    recalling.mark_sent(recall_id=recall_id, deduplicates=False, by=TREASURY, as_of=now)
    answers = [RecallAnswer(recall_id, RecallWord.ACCEPTED), RecallAnswer(recall_id, RecallWord.REFUSED, "no")]
    for at in (*order_of_news, *order_of_news):
        recalling.record_recalls(answers=[answers[at]], by=TREASURY, as_of=now)
    assert (standing(recall_id).state, state_of(payment)) == (RecallState.REFUSED, State.SETTLED)


def test_an_answer_to_what_was_never_sent_changes_nothing(system, bank, now):
    recall_id = ordered(paid(system, bank, now), now)
    before = ledger.standing().entries
    for told in (recall_id, new_id("recall")):
        recalling.record_recalls(answers=[RecallAnswer(told, RecallWord.ACCEPTED)], by=TREASURY, as_of=now)
    assert ledger.standing().entries == before
    assert standing(recall_id).state is RecallState.ORDERED


class Killed(BaseException):
    """The program ends here; nothing of it catches this."""


@pytest.mark.parametrize("deduplicates", [True, False])
@pytest.mark.parametrize("at", range(1, 9))
def test_cut_off_at_any_exchange_the_money_comes_back_once(system, tmp_path, now, monkeypatch, at, deduplicates):
    bank = BookTreasury(TreasuryBook(tmp_path / "cut.sqlite3", deduplicates=deduplicates))
    monkeypatch.setattr(wiring, "channels", lambda: OneBank(bank))
    payment = paid(system, bank, now)
    recall_id, left = ordered(payment, now), [at]

    def cut():
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    bank.cut = cut
    for minute in range(4):
        try:
            carry_out(now + timedelta(minutes=minute))
            listen(by=TREASURY, as_of=now + timedelta(minutes=minute))
        except (Killed, RetryableOutside):
            continue
    reference = queries.disbursement(payment, scope=ALL).reference
    assert [line.word for line in bank.book.movements([reference])].count(Word.RETURNED) <= 1
    known = bank.book.ask([reference])[0]["word"] == "returned"
    assert known is (state_of(payment) is State.RETURNED)
    assert (standing(recall_id).state is RecallState.RETURNED) is known
    if deduplicates:
        assert known
    bank.book.close()


@pytest.mark.parametrize("deduplicates", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_over_a_line_full_of_faults_books_and_bank_agree(system, tmp_path, now, monkeypatch, seed, deduplicates):
    book = TreasuryBook(tmp_path / "faulty.sqlite3", deduplicates=deduplicates)
    calm = BookTreasury(book)
    payments = [paid(system, calm, now, tail=tail) for tail in ("1234", "8888", "1234")]
    monkeypatch.setattr(wiring, "channels", lambda: OneBank(BookTreasury(book, Faults(seed, rate=0.7))))
    asked = [ordered(payment, now) for payment in payments]
    for minute in range(12):
        carry_out(now + minute * timedelta(hours=7))
    monkeypatch.setattr(wiring, "channels", lambda: OneBank(calm))
    listen(by=TREASURY, as_of=now + 14 * DAY)
    for payment, recall_id in zip(payments, asked, strict=True):
        row = queries.disbursement(payment, scope=ALL)
        moved = [line.word for line in book.movements([row.reference])]
        assert moved.count(Word.RETURNED) == (1 if row.state is State.RETURNED else 0)
        assert (standing(recall_id).state is RecallState.RETURNED) is (row.state is State.RETURNED)
    assert state_of(payments[1]) is State.SETTLED
    assert audit_books() == ()
    book.close()
