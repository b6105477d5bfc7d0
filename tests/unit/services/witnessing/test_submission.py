"""The log asks real witnesses over HTTP, carries their lines on its receipts, and says when one holds another log."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.db import transaction

from zhida.adapters.witnesses import HttpWitness, read_witnesses
from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Receipt, SigningKey, verify_receipt
from zhida.domain.values import Actor
from zhida.kernel.ledger import actions, queries
from zhida.kernel.ledger.ports import log_key
from zhida.services.witnessing import Witness, WitnessBook, WitnessServer
from zhida.services.witnessing.submission import Submission, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def witnesses(tmp_path: Path) -> Iterator[tuple[HttpWitness, ...]]:
    """Two witnesses, each a server with a file of its own."""
    servers, books = [], [WitnessBook(tmp_path / "one"), WitnessBook(tmp_path / "two")]
    for name, book in zip(("one", "two"), books, strict=True):
        witness = Witness(book, f"{name}.example", log_key().verifiers(), lambda: 1_772_503_200)
        servers.append(WitnessServer("127.0.0.1", 0, witness))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
    lines = [f"{server.witness.key} {server.address}\n" for server in servers]
    (tmp_path / "witnesses").write_text("# who watches\n" + "".join(lines), "utf-8")
    yield read_witnesses(tmp_path / "witnesses")
    for server in servers:
        server.shutdown()
        server.server_close()
    for book in books:
        book.close()


def grow(count: int, actor: Actor, now: datetime) -> str:
    """So many facts more under a new head; the id of the last."""
    with transaction.atomic():
        facts = [actions.NewFact("case.decided", "case_1", {"amount_fen": number}) for number in range(count)]
        ids = actions.record_all(facts=facts, by=actor, as_of=now)
    actions.sequence(as_of=now)
    actions.seal(as_of=now)
    return ids[-1]


def test_every_head_is_cosigned_and_receipts_carry_it(
    witnesses: tuple[HttpWitness, ...], actor: Actor, now: datetime
) -> None:
    for count in (3, 5):
        entry_id = grow(count, actor, now)
        assert submit(witnesses=witnesses, by=actor, as_of=now) == Submission(cosigned=2)
        assert submit(witnesses=witnesses, by=actor, as_of=now) == Submission()
    file = queries.receipt(entry_id)
    keys = [witness.key for witness in witnesses]
    assert set(Receipt.parse(file).witnesses) == set(keys)
    assert verify_receipt(file, trusted_keys=log_key().verifiers(), required_witnesses=keys).ok
    assert "one.example" in Receipt.parse(file).words["en"]
    latest = grow(1, actor, now)
    assert verify_receipt(queries.receipt(latest), required_witnesses=keys).reasons[0].code == "not_witnessed"
    assert verify_receipt(queries.receipt(entry_id), required_witnesses=keys).ok


def test_a_lost_reply_costs_nothing(witnesses: tuple[HttpWitness, ...], actor: Actor, now: datetime) -> None:
    grow(3, actor, now)
    note = queries.checkpoint()
    assert witnesses[0].add_checkpoint(f"old 0\n\n{note}".encode())[0] == 200
    grow(4, actor, now)
    assert submit(witnesses=witnesses, by=actor, as_of=now) == Submission(cosigned=2)


def test_an_unreachable_witness_is_asked_again(witnesses: tuple[HttpWitness, ...], actor: Actor, now: datetime) -> None:
    grow(3, actor, now)
    away = HttpWitness(witnesses[0].key, "http://127.0.0.1:1")
    assert submit(witnesses=(away, witnesses[1]), by=actor, as_of=now) == Submission(cosigned=1)
    assert submit(witnesses=witnesses, by=actor, as_of=now) == Submission(cosigned=1)


@pytest.mark.parametrize("size", [2, 5, 9])
def test_a_witness_that_saw_another_log_is_a_fact(
    size: int, witnesses: tuple[HttpWitness, ...], actor: Actor, now: datetime
) -> None:
    with transaction.atomic():
        grow(size, actor, now)
        witnesses[0].add_checkpoint(f"old 0\n\n{queries.checkpoint()}".encode())
        transaction.set_rollback(True)
    grow(5, actor, now)
    for _ in range(2):
        assert submit(witnesses=witnesses[:1], by=actor, as_of=now) == Submission(disputed=("one.example",))
    (fact,) = queries.entries_of_kind("ledger.disputed")
    assert fact.fields["code"] == ("log_was_longer" if size > 5 else "log_was_other")


def test_a_line_that_does_not_hold_is_not_kept(actor: Actor, now: datetime) -> None:
    grow(1, actor, now)
    stranger = SigningKey("one.example", bytes(32)).verifier
    with pytest.raises(InvariantBroken):
        actions.keep_cosignature(size=1, key=stranger, line="— one.example AAAAAAA=\n")


def test_a_file_of_witnesses_is_read_strictly(tmp_path: Path) -> None:
    (tmp_path / "witnesses").write_text("http://127.0.0.1:1\n")
    with pytest.raises(InvariantBroken, match="malformed_witnesses"):
        read_witnesses(tmp_path / "witnesses")
    assert read_witnesses(tmp_path / "none") == ()
