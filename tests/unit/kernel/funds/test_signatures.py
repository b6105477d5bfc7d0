"""Maker, checker, releaser: three persons in this order, for releases and for batches; in code and in the database."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from tests.simulation.paying import CHECKER, LINE, MAKER, OPERATOR, RELEASER, open_line, reserved
from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.postings import State
from zhida.domain.values import Actor, Scope, Span, new_id
from zhida.kernel.funds import actions, queries
from zhida.kernel.funds.models import BudgetLine, PaymentBatch, Posting, Standing, StandingRelease
from zhida.kernel.ledger import queries as ledger

ALL = Scope.system("test")
YEAR = Span(date(2026, 1, 1), date(2027, 1, 1))


def as_duty(account: str, duty: str) -> Actor:
    return Actor(account, duty)


@pytest.fixture
def release_id(db, now) -> str:
    open_line(now)
    made = new_id("release")
    actions.prepare_release(release_id=made, line=LINE, cap_fen=100, valid=YEAR, by=MAKER, as_of=now)
    return made


@pytest.mark.parametrize(("maker", "checker", "releaser"), list(product("ab", "ab", "ab")))
def test_no_two_signatures_are_of_one_person(db, now, maker, checker, releaser):
    open_line(now)
    release_id = new_id("release")
    signing = {"release_id": release_id, "as_of": now}
    actions.prepare_release(line=LINE, cap_fen=1, valid=YEAR, by=Actor(maker, "maker"), **signing)
    checking = Actor(checker, "checker")
    if checker == maker:
        with pytest.raises(AccessError, match="same_person"):
            actions.check_release(by=checking, **signing)
        checking = Actor("c", "checker")
    actions.check_release(by=checking, **signing)
    if releaser in {maker, checking.account}:
        with pytest.raises(AccessError, match="same_person"):
            actions.sign_release(by=Actor(releaser, "releaser"), **signing)
        assert queries.release_in_force(LINE, as_of=now) is None


@pytest.mark.parametrize("duty", ["person", "agent", "reviewer", "operator", "system", "releaser", "maker"])
def test_a_signature_needs_its_duty(release_id, now, duty):
    with pytest.raises(AccessError, match="wrong_duty"):
        actions.check_release(release_id=release_id, by=as_duty("c", duty), as_of=now)


def test_signatures_come_in_order_and_once(release_id, now):
    with pytest.raises(ConflictError, match="signed_out_of_order"):
        actions.sign_release(release_id=release_id, by=RELEASER, as_of=now)
    assert queries.release_in_force(LINE, as_of=now) is None
    actions.check_release(release_id=release_id, by=CHECKER, as_of=now)
    with pytest.raises(ConflictError, match="signed_before"):
        actions.check_release(release_id=release_id, by=as_duty("other", "checker"), as_of=now)
    assert queries.release_in_force(LINE, as_of=now) is None
    actions.sign_release(release_id=release_id, by=RELEASER, as_of=now)
    with pytest.raises(ConflictError, match="signed_out_of_order"):
        actions.sign_release(release_id=release_id, by=RELEASER, as_of=now)
    found = queries.release_in_force(LINE, as_of=now)
    assert (found.id, found.cap_fen, found.used_fen) == (release_id, 100, 0)
    kinds = [fact.kind for fact in ledger.entries_about(release_id)]
    assert kinds == ["funds.release_prepared", "funds.release_checked", "funds.release_signed"]


def test_the_release_with_most_left_is_taken(release_id, now):
    actions.check_release(release_id=release_id, by=CHECKER, as_of=now)
    actions.sign_release(release_id=release_id, by=RELEASER, as_of=now)
    larger = new_id("release")
    actions.prepare_release(release_id=larger, line=LINE, cap_fen=101, valid=YEAR, by=MAKER, as_of=now)
    actions.check_release(release_id=larger, by=CHECKER, as_of=now)
    actions.sign_release(release_id=larger, by=RELEASER, as_of=now)
    assert queries.release_in_force(LINE, as_of=now).id == larger
    assert [release.id for release in queries.releases(LINE, as_of=now)] == sorted([release_id, larger], reverse=True)
    actions.revoke_release(release_id=larger, reason="audit", by=OPERATOR, as_of=now)
    with pytest.raises(ConflictError, match="release_ended"):
        actions.revoke_release(release_id=larger, reason="audit", by=OPERATOR, as_of=now)


@pytest.mark.parametrize(
    "change",
    [
        {"checker": "maker"},
        {"checker": "checker", "releaser": "maker"},
        {"checker": "checker", "releaser": "checker"},
        {"releaser": "releaser"},
        {"used_fen": 101},
        {"used_fen": -1},
        {"cap_fen": 0},
        {"valid_to": date(2026, 1, 1)},
        {"maker": ""},
    ],
)
def test_the_database_holds_a_release_to_its_promises(db, now, change):
    open_line(now)
    row = {"cap_fen": 100, "valid_from": YEAR.start, "valid_to": YEAR.end, "maker": "maker", "made_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        StandingRelease.objects.create(id=new_id("release"), line_id=LINE, **{**row, **change})


@pytest.mark.parametrize(
    "change",
    [{"available": -1, "committed": 1_000_001}, {"available": 5}, {"paid": 1, "returned": 2, "available": 1_000_001}],
)
def test_the_database_holds_a_standing_to_its_promises(db, now, change):
    open_line(now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Standing.objects.filter(pk=LINE).update(**change)


def test_the_database_refuses_to_change_or_remove_a_posting(db, now):
    open_line(now)
    for act in (lambda: Posting.objects.update(amount_fen=1), lambda: Posting.objects.all().delete()):
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(id="p", line_id=LINE, debit="paid", credit="paid", amount_fen=1, why="w", posted_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(
            id="p", line_id=LINE, debit="paid", credit="available", amount_fen=0, why="w", posted_at=now
        )


def test_the_database_lets_nothing_out_without_a_release(db, now):
    open_line(now)
    (first,) = reserved(OPERATOR, now, 5)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE funds_disbursement SET state = 'instructed' WHERE id = %s", [first])


@pytest.fixture
def reserved_ids(db, now) -> list[str]:
    open_line(now)
    return reserved(OPERATOR, now, 100, 200)


def test_a_batch_is_seen_and_signed_by_three_and_then_paid(reserved_ids, now):
    batch_id = new_id("batch")
    digest = actions.prepare_batch(batch_id=batch_id, disbursement_ids=reserved_ids, by=MAKER, as_of=now)
    (batch,) = queries.batches(scope=ALL)
    assert (batch.digest, batch.payments, batch.total_fen) == (digest, 2, 300)
    with pytest.raises(ConflictError, match="signed_out_of_order"):
        actions.release_batch(batch_id=batch_id, digest=digest, by=RELEASER, as_of=now)
    with pytest.raises(AccessError, match="same_person"):
        actions.check_batch(batch_id=batch_id, digest=digest, by=as_duty(MAKER.account, "checker"), as_of=now)
    actions.check_batch(batch_id=batch_id, digest=digest, by=CHECKER, as_of=now)
    with pytest.raises(AccessError, match="same_person"):
        actions.release_batch(batch_id=batch_id, digest=digest, by=as_duty(CHECKER.account, "releaser"), as_of=now)
    actions.release_batch(batch_id=batch_id, digest=digest, by=RELEASER, as_of=now)
    assert {each.state for each in queries.disbursements(scope=ALL, batch=batch_id)} == {State.INSTRUCTED}
    assert queries.batches(scope=ALL) == ()
    assert len(queries.batches(scope=ALL, is_open=False)) == 1


def test_a_batch_that_changed_is_not_signed(reserved_ids, now):
    batch_id = new_id("batch")
    digest = actions.prepare_batch(batch_id=batch_id, disbursement_ids=reserved_ids, by=MAKER, as_of=now)
    with pytest.raises(ConflictError, match="batch_changed"):
        actions.check_batch(batch_id=batch_id, digest="0" * 64, by=CHECKER, as_of=now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE funds_disbursement SET account_ref = 'other' WHERE id = %s", [reserved_ids[0]])
    with pytest.raises(ConflictError, match="batch_changed"):
        actions.check_batch(batch_id=batch_id, digest=digest, by=CHECKER, as_of=now)
    actions.dissolve_batch(batch_id=batch_id, reason="account changed", by=MAKER, as_of=now)
    again = actions.prepare_batch(batch_id=new_id("batch"), disbursement_ids=reserved_ids, by=MAKER, as_of=now)
    assert again != digest


def test_a_batch_takes_only_what_waits_for_one(reserved_ids, now):
    taken = new_id("batch")
    actions.prepare_batch(batch_id=taken, disbursement_ids=reserved_ids[:1], by=MAKER, as_of=now)
    for ids in (reserved_ids, []):
        with pytest.raises(ConflictError):
            actions.prepare_batch(batch_id=new_id("batch"), disbursement_ids=ids, by=MAKER, as_of=now)
    with pytest.raises(AccessError, match="wrong_duty"):
        actions.prepare_batch(batch_id=new_id("batch"), disbursement_ids=reserved_ids[1:], by=CHECKER, as_of=now)
    assert PaymentBatch.objects.count() == 1
    assert BudgetLine.objects.count() == 1
