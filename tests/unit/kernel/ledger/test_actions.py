"""Facts are recorded in their transaction, sequenced once, sealed, and provable to whoever holds the receipt."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction

from tests.unit.kernel.ledger.conftest import Write
from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.proofs import Checkpoint, Note, Receipt, Tree, leaf_of, verify_consistency, verify_receipt
from zhida.domain.values import Actor
from zhida.kernel.ledger import actions, queries
from zhida.kernel.ledger.models import Entry, Leaf, Waiting
from zhida.kernel.ledger.ports import log_key
from zhida.kernel.ledger.rows import sealed_of
from zhida.kernel.ledger.verification import verify

pytestmark = pytest.mark.django_db


def test_a_fact_reads_back_with_who_and_when(actor: Actor, now: datetime) -> None:
    fields = {"amount_fen": 500_000, "reasons": ["clause-7"], "name": "甲公司"}
    entry_id = actions.record(kind="case.decided", about="case_1", fields=fields, by=actor, as_of=now)
    fact = queries.entry(entry_id)
    assert fact.fields == {**fields, "by": {"account": actor.account, "duty": "operator"}}
    assert (fact.at, fact.position, fact.erased) == (now, None, frozenset())
    assert queries.entries_about("case_1") == (fact,)
    assert queries.entries_of_kind("case.decided") == (fact,)


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused(actor: Actor, now: datetime) -> None:
    with pytest.raises(InvariantBroken, match="fact_outside_transaction"):
        actions.record(kind="case.decided", about="case_1", fields={}, by=actor, as_of=now)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("Decided", {}), ("case.decided", {"rate": 0.5}), ("case.decided", {"by": "me"}), ("case.decided", {"X": 1})],
)
def test_a_malformed_fact_is_refused_and_writes_nothing(kind: str, fields: dict, actor: Actor, now: datetime) -> None:
    with pytest.raises(InvariantBroken):
        actions.record(kind=kind, about="case_1", fields=fields, by=actor, as_of=now)
    assert not Entry.objects.exists()


def test_a_rolled_back_action_leaves_no_fact(write: Write) -> None:
    with transaction.atomic():
        write(2)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_sequencing_in_portions_gives_the_tree_of_all_leaves(write: Write, now: datetime) -> None:
    write(23)
    taken = [actions.sequence(limit=limit, as_of=now) for limit in (1, 2, 7, 8, 100, 100)]
    assert taken == [1, 2, 7, 8, 5, 0]
    leaves = [leaf_of(sealed_of(leaf.entry)) for leaf in Leaf.objects.select_related("entry").order_by("position")]
    standing = queries.standing()
    assert (standing.entries, standing.leaves) == (23, 23)
    assert standing.root == Tree.of(leaves).root().hex()


def test_an_entry_that_commits_late_still_gets_its_leaf(write: Write, now: datetime) -> None:
    late, *others = sorted(write(3))
    Waiting.objects.filter(pk=late).delete()
    actions.sequence(as_of=now)
    Waiting.objects.create(entry_id=late)
    assert actions.sequence(as_of=now) == 1
    assert queries.entry(late).position == len(others)
    assert verify().ok


def test_sealing_twice_signs_once(write: Write, now: datetime) -> None:
    write(3)
    actions.sequence(as_of=now)
    note = actions.seal(as_of=now)
    assert actions.seal(as_of=now) == note == queries.checkpoint()
    head = Checkpoint.parse(Note.parse(note).text)
    standing = queries.standing()
    assert (head.size, head.root.hex()) == (standing.sealed_size, standing.root) == (3, standing.root)


def test_every_receipt_verifies_alone_and_discloses_what_was_asked(write: Write, now: datetime) -> None:
    ids = write(11)
    actions.sequence(as_of=now)
    actions.seal(as_of=now)
    trusted = log_key().verifiers()
    for entry_id in ids:
        file = queries.receipt(entry_id, {"outcome"})
        verdict = verify_receipt(file, trusted_keys=trusted)
        assert verdict.ok
        assert Receipt.parse(file).disclosed.keys() == {"outcome"}


def test_no_receipt_before_a_seal_covers_the_fact(write: Write, now: datetime) -> None:
    write(1)
    actions.sequence(as_of=now)
    actions.seal(as_of=now)
    (late,) = write(1)
    actions.sequence(as_of=now)
    with pytest.raises(ConflictError, match="not_sealed_yet"):
        queries.receipt(late)


def test_consistency_between_any_two_sizes(write: Write, now: datetime) -> None:
    roots = [""]
    for _ in range(9):
        write(1)
        actions.sequence(as_of=now)
        roots.append(queries.standing().root)
    for old in range(1, 10):
        for new in range(old, 10):
            proof = queries.consistency(old, new)
            assert verify_consistency(old, new, proof, bytes.fromhex(roots[old]), bytes.fromhex(roots[new]))
    with pytest.raises(ConflictError, match="log_is_shorter"):
        queries.consistency(1, 10)


def test_erased_fields_are_gone_and_the_proof_stands(write: Write, actor: Actor, now: datetime) -> None:
    first, _ = write(2)
    actions.erase(entry_id=first, names={"amount_fen"}, reason="a request under PIPL art. 47", by=actor, as_of=now)
    actions.sequence(as_of=now)
    actions.seal(as_of=now)
    fact = queries.entry(first)
    assert fact.erased == {"amount_fen"}
    assert "amount_fen" not in fact.fields
    assert verify_receipt(queries.receipt(first), trusted_keys=log_key().verifiers()).ok
    assert verify().ok
    (erasure,) = queries.entries_about(first)
    assert erasure.fields["names"] == ["amount_fen"]
    with pytest.raises(InvariantBroken, match="nothing_to_erase"):
        actions.erase(entry_id=first, names={"amount_fen"}, reason="again", by=actor, as_of=now)
