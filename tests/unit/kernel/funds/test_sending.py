"""Sending and hearing back: one payment each, whatever is lost, repeated or said late; and who is told."""

from __future__ import annotations

import contextlib
import json
from datetime import timedelta

import pytest

from tests.simulation.paying import LINE, OPERATOR, TREASURY, instructed, new_disbursement
from zhida.adapters.treasury.simulator.faults import Fault, Faults
from zhida.domain.errors import FinalOutside, RetryableOutside
from zhida.domain.postings import FindingKind, State, Word
from zhida.domain.values import Scope, local_date
from zhida.kernel.funds import actions, queries, sending
from zhida.kernel.funds.ports import Answer
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.outbox.models import Message
from zhida.kernel.outbox.pump import pump

ALL = Scope.system("test")


class Fixed(Faults):
    """The given faults of paying requests in turn, then none; asking never fails."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.waiting = list(faults)

    def draw(self, key: str, *, is_paying: bool) -> Fault:
        return self.waiting.pop(0) if is_paying and self.waiting else Fault.NONE


def send(ids, treasury, payees, now, **more):
    return sending.send(ids, treasury=treasury, payees=payees, by=TREASURY, as_of=now, **more)


def states(ids):
    return [queries.disbursement(each, scope=ALL).state for each in ids]


def paid_times(treasury, now):
    return [line.reference for line in treasury.statement(local_date(now))]


def test_the_pump_sends_and_settles(system, treasury, payees, now):
    ids = instructed(system, now, 100, 200, 300)
    handler = sending.instruct_handler(treasury=lambda: treasury, payees=lambda: payees, by=TREASURY)
    report = pump({"funds.instruct": handler}, as_of=now)
    assert report.done == 1
    assert states(ids) == [State.SETTLED] * 3
    record = queries.disbursement(ids[0], scope=ALL)
    assert (record.booked_on, record.account_tail) == (local_date(now), "1234")
    assert record.treasury_reference
    facts = [fact.kind for fact in ledger.entries_about(ids[0])]
    assert facts == ["funds.reserved", "funds.instructed", "funds.settled"]


def test_outcomes_name_the_grants(system, treasury, payees, now):
    ids = instructed(system, now, 100, 200)
    outcomes = send(ids, treasury, payees, now)
    assert [(each.state, each.has_moved, each.amount_fen) for each in outcomes] == [
        (State.SETTLED, True, 100),
        (State.SETTLED, True, 200),
    ]
    assert {each.grant_id for each in outcomes} == {queries.disbursement(each, scope=ALL).grant_id for each in ids}
    assert send(ids, treasury, payees, now) == ()


def test_an_action_above_can_wrap_the_recording(system, treasury, payees, now):
    heard = []

    def record(*, answers, by, as_of):
        outcomes = actions.record_answers(answers=answers, by=by, as_of=as_of)
        heard.extend(outcomes)
        return outcomes

    ids = instructed(system, now, 100)
    send(ids, treasury, payees, now, record=record)
    assert [each.disbursement_id for each in heard] == ids


@pytest.mark.parametrize(
    "fault",
    [
        Fault.LOST_REQUEST,
        Fault.LOST_REPLY,
        Fault.STALLED,
        Fault.GARBAGE,
        Fault.WRONG_AMOUNT,
        Fault.PARTIAL,
        Fault.TWICE,
    ],
)
def test_every_fault_ends_in_one_payment(system, treasury, payees, now, fault):
    treasury.faults = Fixed(fault)
    ids = instructed(system, now, 100, 200)
    for _ in range(3):
        try:
            send(ids, treasury, payees, now)
            break
        except RetryableOutside:
            continue
    assert states(ids) == [State.SETTLED] * 2
    assert len(paid_times(treasury, now)) == 2


def test_between_the_call_and_the_record_the_state_is_unknown(system, treasury, payees, now):
    treasury.faults = Fixed(Fault.LOST_REPLY)
    ids = instructed(system, now, 100)
    with pytest.raises(RetryableOutside):
        send(ids, treasury, payees, now)
    assert states(ids) == [State.UNKNOWN]
    outcomes = sending.ask_after_open(treasury=treasury, by=TREASURY, as_of=now)
    assert [each.state for each in outcomes] == [State.SETTLED]
    assert treasury.calls == 1


def test_absence_is_no_proof_where_the_treasury_does_not_deduplicate(system, treasury, payees, now):
    treasury.book.deduplicates = False
    treasury.faults = Fixed(Fault.LOST_REQUEST)
    ids = instructed(system, now, 100)
    for _ in range(3):
        with pytest.raises(RetryableOutside):
            send(ids, treasury, payees, now)
    assert treasury.calls == 1
    assert states(ids) == [State.UNKNOWN]


def test_a_refused_account_frees_the_money(system, treasury, payees, now):
    new = new_disbursement(700)
    payees.tails[new.account_ref] = "0000"
    actions.reserve_many(line=LINE, disbursements=[new], by=system, as_of=now)
    actions.instruct_many(disbursement_ids=[new.disbursement_id], by=system, as_of=now)
    (outcome,) = send([new.disbursement_id], treasury, payees, now)
    assert (outcome.state, outcome.reason) == (State.VOIDED, "account_closed")
    assert queries.standing(LINE, scope=ALL).available == 1_000_000
    send([new.disbursement_id], treasury, payees, now)
    assert paid_times(treasury, now) == []


def test_a_held_payee_and_a_frozen_line_are_not_sent(system, treasury, payees, now):
    ids = instructed(system, now, 100)
    payees.held = {queries.disbursement(ids[0], scope=ALL).account_ref}
    with pytest.raises(RetryableOutside):
        send(ids, treasury, payees, now)
    payees.held = set()
    actions.freeze_line(line=LINE, reason="audit", by=OPERATOR, as_of=now)
    with pytest.raises(RetryableOutside):
        send(ids, treasury, payees, now)
    assert (states(ids), treasury.calls) == ([State.INSTRUCTED], 0)
    actions.thaw_line(line=LINE, reason="audit over", by=OPERATOR, as_of=now)
    assert send(ids, treasury, payees, now)[0].state is State.SETTLED


def test_a_line_thawed_twice_in_one_instant_sends_what_waited_each_time(system, now):
    waiting: list[str] = []
    for fen in (100, 200):
        waiting += instructed(system, now, fen)
        actions.freeze_line(line=LINE, reason="audit", by=OPERATOR, as_of=now)
        actions.thaw_line(line=LINE, reason="audit over", by=OPERATOR, as_of=now)
    told = [set(json.loads(one.payload)["disbursements"]) for one in Message.objects.filter(key__startswith="thaw_")]
    assert sorted(map(len, told)) == [1, 2]
    assert set(waiting) in told


def test_a_payment_that_came_back_can_be_made_anew(system, treasury, payees, now):
    new = new_disbursement(700)
    actions.reserve_many(line=LINE, disbursements=[new], by=system, as_of=now)
    actions.instruct_many(disbursement_ids=[new.disbursement_id], by=system, as_of=now)
    send([new.disbursement_id], treasury, payees, now)
    later = now + timedelta(days=2)
    treasury.book.send_back(new.disbursement_id.removeprefix("disbursement_"), "name_differs", "2026-03-05")
    outcome = actions.return_(
        disbursement_id=new.disbursement_id,
        reason="name_differs",
        booked_on=local_date(later),
        by=OPERATOR,
        as_of=later,
    )
    assert outcome.state is State.RETURNED
    found = queries.standing(LINE, scope=ALL)
    assert (found.available, found.paid, found.returned) == (1_000_000, 700, 700)
    fresh = new_disbursement(700)
    anew = type(new)(fresh.disbursement_id, new.grant_id, new.subject_id, 700, fresh.account_ref, new.purpose)
    actions.reserve_many(line=LINE, disbursements=[anew], by=system, as_of=later)
    actions.instruct_many(disbursement_ids=[anew.disbursement_id], by=system, as_of=later)
    assert send([anew.disbursement_id], treasury, payees, later)[0].state is State.SETTLED


def test_news_against_an_end_moves_nothing_and_is_found_once(system, now):
    (first,) = instructed(system, now, 100)
    actions.void(disbursement_id=first, reason="stopped", by=OPERATOR, as_of=now)
    reference = queries.disbursement(first, scope=ALL).reference
    paid = Answer(reference, Word.PAID, 100, "T1", "", local_date(now))
    for _ in range(2):
        (outcome,) = actions.record_answers(answers=[paid], by=TREASURY, as_of=now)
        assert (outcome.state, outcome.attention) == (State.VOIDED, "contradicts_end")
    (finding,) = queries.findings()
    assert (finding.kind, finding.disbursement_id, finding.stated_fen) == (FindingKind.CONTRADICTION, first, 100)


def test_another_amount_moves_nothing_and_is_found(system, now):
    (first,) = instructed(system, now, 100)
    reference = queries.disbursement(first, scope=ALL).reference
    said = Answer(reference, Word.PAID, 1_000, "T1", "", local_date(now))
    (outcome,) = actions.record_answers(answers=[said], by=TREASURY, as_of=now)
    assert (outcome.has_moved, outcome.attention) == (False, "wrong_amount")
    (finding,) = queries.findings()
    assert (finding.stated_fen, finding.expected_fen) == (1_000, 100)


def test_unknown_references_are_left_to_the_statement(system, now):
    stray = Answer("NOT-OURS", Word.PAID, 100, "T1", "", local_date(now))
    assert actions.record_answers(answers=[stray], by=TREASURY, as_of=now) == ()
    (first,) = instructed(system, now, 100)
    reference = queries.disbursement(first, scope=ALL).reference
    assert queries.ids_of(["NOT-OURS", reference]) == {reference: first}


def test_a_malformed_message_is_parked(system, treasury, payees, now):
    handler = sending.instruct_handler(treasury=lambda: treasury, payees=lambda: payees, by=TREASURY)
    with pytest.raises(FinalOutside):
        handler({"disbursements": "all"}, now)


def test_fifteen_hundred_go_out_in_messages_of_three_hundred(system, treasury, payees, now):
    instructed(system, now, *[10] * 1500)
    assert Message.objects.count() == 5
    handler = sending.instruct_handler(treasury=lambda: treasury, payees=lambda: payees, by=TREASURY)
    assert pump({"funds.instruct": handler}, as_of=now).done == 5
    assert queries.standing(LINE, scope=ALL).paid == 15_000
    assert len(paid_times(treasury, now)) == len(set(paid_times(treasury, now))) == 1500


def test_what_was_marked_is_not_marked_again_for_one_that_does_not_deduplicate(system, payees, now):
    (first,) = instructed(system, now, 100)
    opened = payees.payees([queries.disbursement(first, scope=ALL).account_ref])
    marking = {"disbursement_ids": [first], "payees": opened, "by": TREASURY, "as_of": now}
    assert len(actions.mark_sent(deduplicates=False, **marking)) == 1
    assert actions.mark_sent(deduplicates=False, **marking) == ()
    assert len(actions.mark_sent(deduplicates=True, **marking)) == 1


def test_a_repeat_on_another_day_is_the_same_order(system, treasury, payees, now):
    treasury.faults = Fixed(Fault.LATE, Fault.LATE)
    ids = instructed(system, now, 100)
    for days in (0, 1, 2):
        with contextlib.suppress(RetryableOutside):
            send(ids, treasury, payees, now + timedelta(days=days))
    assert states(ids) == [State.SETTLED]
    assert queries.disbursement(ids[0], scope=ALL).requested_on == local_date(now)
