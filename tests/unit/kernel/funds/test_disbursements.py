"""Reserving, instructing, cancelling and recovering: what is allowed, what is refused, what is written."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from tests.simulation.paying import LINE, OPERATOR, instructed, new_disbursement, open_line, reserved, sign_release
from zhida.domain.errors import AccessError, ConflictError, InvariantBroken
from zhida.domain.postings import State
from zhida.domain.values import CHINA, Actor, Scope, new_id
from zhida.kernel.funds import actions, queries
from zhida.kernel.funds.models import Disbursement
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.ledger.models import Entry
from zhida.kernel.outbox.models import Message

ALL = Scope.system("test")


def figures(line: str = LINE) -> tuple[int, int, int, int, int]:
    found = queries.standing(line, scope=ALL)
    return found.available, found.committed, found.in_flight, found.paid, found.returned


def test_money_is_reserved_and_instructed(system, now):
    (first, second) = reserved(system, now, 300_000, 200_000)
    assert figures() == (500_000, 500_000, 0, 0, 0)
    actions.instruct_many(disbursement_ids=[first], by=system, as_of=now)
    assert figures() == (500_000, 200_000, 300_000, 0, 0)
    assert [fact.kind for fact in ledger.entries_about(first)] == ["funds.reserved", "funds.instructed"]
    assert ledger.entries_about(second)[0].fields["amount_fen"] == 200_000
    assert Message.objects.get(kind="funds.instruct").key == first


def test_a_reference_is_made_before_anything_is_sent_and_fits_iso_20022(system, now):
    (first,) = reserved(system, now, 1)
    reference = queries.disbursement(first, scope=ALL).reference
    assert first.endswith(reference)
    assert len(reference) <= 35


def test_reserved_and_instructed_at_once_is_what_both_do_one_after_the_other(system, now):
    first, second = instructed(system, now, 1_000, 2_000)
    new = [new_disbursement(1_000), new_disbursement(2_000)]
    actions.reserve_and_instruct(line=LINE, disbursements=new, by=system, as_of=now)
    at_once = [each.disbursement_id for each in new]
    assert [_story(each) for each in at_once] == [_story(first), _story(second)]
    queued = Message.objects.filter(kind=actions.INSTRUCT).order_by("pk").last()
    assert json.loads(queued.payload) == {"disbursements": at_once}


def test_nothing_goes_out_at_once_without_a_standing_release(system, now):
    with pytest.raises(AccessError, match="release_missing"):
        actions.reserve_and_instruct(line=LINE, disbursements=[new_disbursement(1)], by=OPERATOR, as_of=now)


def _story(disbursement_id):
    """Its state, its postings and its facts, in the order in which they were written."""
    row = Disbursement.objects.get(pk=disbursement_id)
    postings = row.postings.order_by("pk").values_list("debit", "credit", "amount_fen", "why", "posted_at")
    facts = Entry.objects.filter(about=disbursement_id).order_by("pk").values_list("kind", "at")
    moved = [(*posting[:3], posting[3] == row.id, posting[4]) for posting in postings]
    return row.state, row.line_id, row.release_id, row.amount_fen, moved, list(facts)


def test_a_line_is_never_over_committed(system, now):
    reserved(system, now, 999_999)
    with pytest.raises(ConflictError) as raised:
        reserved(system, now, 2)
    assert raised.value.code in {"over_committed", "release_exhausted"}
    open_line(now, line="b", total_fen=10)
    under_b = sign_release(now, line="b")
    with pytest.raises(ConflictError, match="over_committed"):
        reserved(under_b, now, 5, 6, line="b")
    assert figures("b") == (10, 0, 0, 0, 0)
    assert queries.release_in_force("b", as_of=now).used_fen == 0


def test_a_release_is_never_exceeded(system, now):
    small = sign_release(now, cap_fen=100)
    reserved(small, now, 60)
    with pytest.raises(ConflictError, match="release_exhausted"):
        reserved(small, now, 41)
    reserved(small, now, 40)


def test_a_release_pays_within_its_days_only(system, now):
    for inside in (datetime(2026, 1, 1, tzinfo=CHINA), datetime(2026, 12, 31, 23, 59, tzinfo=CHINA)):
        reserved(system, inside, 1)
    for outside in (datetime(2025, 12, 31, 23, 59, tzinfo=CHINA), datetime(2027, 1, 1, tzinfo=CHINA)):
        with pytest.raises(AccessError, match="release_not_in_force"):
            reserved(system, outside, 1)


def test_a_revoked_release_pays_nothing_more(system, now):
    (first,) = reserved(system, now, 10)
    actions.revoke_release(release_id=system.standing_release, reason="audit", by=OPERATOR, as_of=now)
    with pytest.raises(AccessError, match="release_not_in_force"):
        reserved(system, now, 1)
    with pytest.raises(AccessError, match="release_not_in_force"):
        actions.instruct_many(disbursement_ids=[first], by=system, as_of=now)
    assert queries.release_in_force(LINE, as_of=now) is None


def test_a_release_is_for_its_line_only(system, now):
    open_line(now, line="b")
    with pytest.raises(AccessError, match="release_not_in_force"):
        reserved(system, now, 1, line="b")


def test_a_grant_has_one_live_disbursement(system, now):
    new = new_disbursement(10)
    actions.reserve_many(line=LINE, disbursements=[new], by=system, as_of=now)
    again = new_disbursement(10)
    same_grant = type(new)(again.disbursement_id, new.grant_id, new.subject_id, 10, new.account_ref, new.purpose)
    with pytest.raises(ConflictError, match="already_reserved"):
        actions.reserve_many(line=LINE, disbursements=[same_grant], by=system, as_of=now)
    actions.void(disbursement_id=new.disbursement_id, reason="wrong account", by=OPERATOR, as_of=now)
    actions.reserve_many(line=LINE, disbursements=[same_grant], by=system, as_of=now)
    both = [queries.disbursement(each.disbursement_id, scope=ALL) for each in (new, same_grant)]
    assert [each.state for each in both] == [State.VOIDED, State.RESERVED]


def test_the_same_reservation_twice_is_refused(system, now):
    new = new_disbursement(10)
    actions.reserve_many(line=LINE, disbursements=[new], by=system, as_of=now)
    with pytest.raises(ConflictError, match="already_reserved"):
        actions.reserve_many(line=LINE, disbursements=[new], by=system, as_of=now)
    assert figures()[1] == 10


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_are_not_reserved(system, now, amount):
    with pytest.raises(InvariantBroken):
        reserved(system, now, amount)


def test_an_unknown_line_and_a_frozen_line_pay_nothing(system, now):
    with pytest.raises(ConflictError, match="no_such_line"):
        reserved(Actor("system", "system"), now, 1, line="nowhere")
    (first,) = reserved(system, now, 10)
    actions.freeze_line(line=LINE, reason="audit", by=OPERATOR, as_of=now)
    for act in (
        lambda: reserved(system, now, 1),
        lambda: actions.instruct_many(disbursement_ids=[first], by=system, as_of=now),
    ):
        with pytest.raises(ConflictError, match="line_frozen"):
            act()
    actions.thaw_line(line=LINE, reason="audit over", by=OPERATOR, as_of=now)
    actions.instruct_many(disbursement_ids=[first], by=system, as_of=now)
    with pytest.raises(ConflictError, match="line_not_so"):
        actions.thaw_line(line=LINE, reason="again", by=OPERATOR, as_of=now)


def test_voiding_frees_the_money_and_the_cap(system, now):
    (first,) = instructed(system, now, 400_000)
    outcome = actions.void(disbursement_id=first, reason="person died", by=OPERATOR, as_of=now)
    assert (outcome.before, outcome.state, outcome.has_moved) == (State.INSTRUCTED, State.VOIDED, True)
    assert figures() == (1_000_000, 0, 0, 0, 0)
    assert queries.release_in_force(LINE, as_of=now).used_fen == 0
    fact = ledger.entries_about(first)[-1]
    assert (fact.kind, fact.fields["reason"]) == ("funds.voided", "person died")


def test_what_may_have_been_sent_is_not_voided(system, now, payees):
    (first,) = instructed(system, now, 100)
    refs = [queries.disbursement(first, scope=ALL).account_ref]
    orders = {"payees": payees.payees(refs), "deduplicates": True}
    actions.mark_sent(disbursement_ids=[first], by=system, as_of=now, **orders)
    with pytest.raises(ConflictError):
        actions.void(disbursement_id=first, reason="too late", by=OPERATOR, as_of=now)


def test_instructing_twice_is_refused(system, now):
    (first,) = instructed(system, now, 100)
    with pytest.raises(ConflictError, match="not_reserved"):
        actions.instruct_many(disbursement_ids=[first], by=system, as_of=now)
    with pytest.raises(ConflictError, match="no_such_disbursement"):
        actions.instruct_many(disbursement_ids=[new_id("disbursement")], by=system, as_of=now)


def test_without_a_release_only_a_batch_pays(system, now):
    (first,) = reserved(OPERATOR, now, 100)
    with pytest.raises(AccessError, match="release_missing"):
        actions.instruct_many(disbursement_ids=[first], by=OPERATOR, as_of=now)


def test_paid_money_is_recovered_in_parts_and_once(system, now):
    (first,) = instructed(system, now, 100)
    with pytest.raises(ConflictError, match="cannot_recover"):
        actions.recover(
            recovery_id=new_id("recovery"), disbursement_id=first, amount_fen=1, reason="x", by=OPERATOR, as_of=now
        )
    actions.settle(disbursement_id=first, booked_on=now.date(), by=OPERATOR, as_of=now)
    recovery_id = new_id("recovery")
    back = {"disbursement_id": first, "reason": "moved away", "by": OPERATOR, "as_of": now}
    actions.recover(recovery_id=recovery_id, amount_fen=60, **back)
    assert figures() == (999_960, 0, 0, 100, 60)
    with pytest.raises(ConflictError, match="already_recovered"):
        actions.recover(recovery_id=recovery_id, amount_fen=10, **back)
    with pytest.raises(ConflictError, match="cannot_recover"):
        actions.recover(recovery_id=new_id("recovery"), amount_fen=41, **back)
    actions.recover(recovery_id=new_id("recovery"), amount_fen=40, **back)
    assert figures() == (1_000_000, 0, 0, 100, 100)


def test_a_line_is_raised_and_cut(system, now):
    actions.adjust_line(line=LINE, change_fen=500, reason="more", by=OPERATOR, as_of=now)
    assert figures()[0] == 1_000_500
    reserved(system, now, 400_000)
    with pytest.raises(ConflictError, match="line_holds_too_little"):
        actions.adjust_line(line=LINE, change_fen=-600_501, reason="cut", by=OPERATOR, as_of=now)
    actions.adjust_line(line=LINE, change_fen=-600_500, reason="cut", by=OPERATOR, as_of=now)
    assert queries.standing(LINE, scope=ALL).total == 400_000
    with pytest.raises(ConflictError, match="line_is_open"):
        open_line(now)
    with pytest.raises(InvariantBroken):
        actions.adjust_line(line=LINE, change_fen=0, reason="nothing", by=OPERATOR, as_of=now)


def test_rows_are_shown_within_a_scope(system, now):
    (first,) = reserved(system, now, 5)
    subject = queries.disbursement(first, scope=ALL).subject_id
    assert queries.disbursement(first, scope=Scope.own(frozenset({subject}), "own")).id == first
    here = Scope(frozenset({"office-jobs"}), frozenset({"990100"}), None)
    assert [line.id for line in queries.lines(scope=here, year=2026)] == [LINE]
    assert len(queries.disbursements(scope=here, line=LINE, states=[State.RESERVED])) == 1
    for elsewhere in (Scope(), Scope(frozenset({"office-b"}), None, None), Scope(None, frozenset({"990200"}), None)):
        assert queries.lines(scope=elsewhere) == ()
        assert queries.disbursements(scope=elsewhere) == ()
        with pytest.raises(AccessError):
            queries.standing(LINE, scope=elsewhere)
        with pytest.raises(AccessError):
            queries.disbursement(first, scope=elsewhere)
