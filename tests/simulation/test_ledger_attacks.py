"""What somebody with the database, the disk or even the log's key can do to the log, and who notices and where.

Seeds are fixed; `benchmarks.money.flipping` does the same to whole rows and to a large log.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from benchmarks.money.flipping import flip_rows
from tests.guards import lifted
from tests.unit.kernel.ledger.conftest import write as write
from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Checkpoint as Head
from zhida.domain.proofs import Cosigner, Note, verify_checkpoint
from zhida.domain.proofs.heads import continues
from zhida.domain.values import Actor
from zhida.kernel.ledger import actions, queries
from zhida.kernel.ledger.bulk import rows_between
from zhida.kernel.ledger.models import Checkpoint, Cosignature, Entry, Leaf, Node, Payload, Waiting
from zhida.kernel.ledger.ports import log_key, tiles
from zhida.kernel.ledger.publishing import publish
from zhida.kernel.ledger.verification import verify
from zhida.services.mirroring.following import follow
from zhida.services.mirroring.source import MirrorFolder
from zhida.services.witnessing import Witness, WitnessBook
from zhida.services.witnessing.submission import Submission, submit

pytestmark = pytest.mark.django_db
SEED = 20260303
ROWS = 200


@pytest.fixture
def log(write, now: datetime) -> list[str]:
    """200 facts under three heads, on disk."""
    ids = []
    for count in (90, 60, 50):
        ids += write(count)
        actions.sequence(as_of=now)
        actions.seal(as_of=now)
        publish()
    return ids


def test_every_bit_of_a_row_counts(log: list[str]) -> None:
    found = flip_rows(tiles().read, rows_between(0, ROWS), positions=sorted(Random(SEED).sample(range(ROWS), 2)))
    assert found["flips"] > 9_000
    assert (found["located"], found["false_alarms"]) == (found["flips"], 0)


def test_flips_in_stored_rows_are_located_and_nothing_else_is(log: list[str]) -> None:
    random, expected = Random(SEED), set()
    with lifted():
        for row in Leaf.objects.select_related("entry").filter(position__in=random.sample(range(ROWS), 24)):
            column = random.choice(["kind", "about", "value"])
            expected.add((row.position, row.entry_id, "outcome" if column == "value" else column))
            if column == "value":
                payload = Payload.objects.get(pk=row.entry_id)
                text = payload.fields.replace("entitled", "entitlee")
                Payload.objects.filter(pk=row.entry_id).update(fields=text)
                continue
            value = bytearray(getattr(row.entry, column).encode())
            value[random.randrange(len(value))] ^= 1 << random.randrange(5)
            Entry.objects.filter(pk=row.entry_id).update(**{column: value.decode()})
    assert {(fault.first, fault.record, fault.field) for fault in verify().faults} == expected


def _delete_entry() -> None:
    entry = Leaf.objects.get(position=77).entry_id
    Payload.objects.filter(pk=entry).delete()
    Leaf.objects.filter(position=77).delete()
    Entry.objects.filter(pk=entry).delete()


def _insert_entry() -> None:
    first = Entry.objects.order_by("pk")[0]
    Entry.objects.create(id="entry_FORGED", kind=first.kind, about="case_x", at=first.at, digests=first.digests)


def _reorder() -> None:
    left, right = (Leaf.objects.get(position=position) for position in (40, 41))
    Leaf.objects.filter(position__in=[40, 41]).delete()
    Leaf.objects.create(position=40, entry_id=right.entry_id, sequenced_at=left.sequenced_at)
    Leaf.objects.create(position=41, entry_id=left.entry_id, sequenced_at=left.sequenced_at)


def _cut(size: int) -> None:
    Cosignature.objects.filter(checkpoint__size__gt=size).delete()
    Checkpoint.objects.filter(size__gt=size).delete()
    entries = list(Leaf.objects.filter(position__gte=size).values_list("entry_id", flat=True))
    Leaf.objects.filter(position__gte=size).delete()
    Payload.objects.filter(pk__in=entries).delete()
    Entry.objects.filter(pk__in=entries).delete()
    nodes = [row.place for row in Node.objects.all() if _last_leaf(row.place) >= size]
    Node.objects.filter(place__in=nodes).delete()


def _last_leaf(place: int) -> int:
    level = (~place & place + 1).bit_length() - 1
    return (place + 1 - (1 << level) >> 1) + (1 << level) - 1


ATTACKS = {
    "a deletion": (_delete_entry, {(77, "leaf.position")}),
    "an insertion": (_insert_entry, {(ROWS, "entry.id")}),
    "another order": (_reorder, {(40, "leaf.entry_id"), (41, "leaf.entry_id")}),
    "the tail cut": (lambda: _cut(150), {(150, "leaf.position")}),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_on_the_tables_is_named(name: str, log: list[str]) -> None:
    attack, expected = ATTACKS[name]
    with lifted(), connection.constraint_checks_disabled():
        attack()
    faults = {(fault.first, fault.field) for fault in verify().faults if fault.field != "node.hash"}
    assert faults - {(ROWS, "node.place")} == expected


REPLACING = {
    "sqlite": "INSERT OR REPLACE INTO ledger_entry (id, kind, about, at, digests) "
    "SELECT id, 'case.refused', about, at, digests FROM ledger_entry",
    "postgresql": "INSERT INTO ledger_entry (id, kind, about, at, digests) "
    "SELECT id, kind, about, at, digests FROM ledger_entry ON CONFLICT (id) DO UPDATE SET kind = 'case.refused'",
}


def test_replacing_rows_is_refused_as_changing_them_is(log: list[str]) -> None:
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REPLACING[connection.vendor])
    assert verify().ok


def _forget_files(size: int = 0) -> None:
    """What a restored backup of the disk does: the files are back at an earlier head, or gone."""
    shutil.rmtree(Path(settings.HOME, "log"))
    if size:
        publish()


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(WitnessBook(tmp_path / "witness"), "audit.example", log_key().verifiers(), lambda: 1_772_503_200)


class Beside:
    """A WitnessPort without a network between."""

    def __init__(self, witness: Witness) -> None:
        self.key, self._witness = witness.key, witness

    def add_checkpoint(self, request: bytes) -> tuple[int, str]:
        """As the witness answers."""
        reply = self._witness.add_checkpoint(request)
        return reply.status, reply.text


def test_an_old_backup_of_everything_is_noticed_by_receipt_and_witness(
    log: list[str], witness: Witness, actor: Actor, now: datetime
) -> None:
    assert submit(witnesses=[Beside(witness)], by=actor, as_of=now) == Submission(cosigned=1)
    seen = _head_of(queries.receipt(log[-1]))
    with lifted(), connection.constraint_checks_disabled():
        _cut(150)
    _forget_files(150)
    assert verify().ok
    assert not continues(tiles().read, _now_on_file(), seen)
    assert submit(witnesses=[Beside(witness)], by=actor, as_of=now).disputed == ("audit.example",)


def test_a_log_rewritten_with_its_own_key_is_noticed_by_any_receipt_and_by_the_witness(
    log: list[str],
    write,
    witness: Witness,
    actor: Actor,
    now: datetime,
) -> None:
    assert submit(witnesses=[Beside(witness)], by=actor, as_of=now) == Submission(cosigned=1)
    receipts = [queries.receipt(entry_id) for entry_id in Random(SEED).sample(log, 100)]
    _another_history(write, now, ROWS + 20)
    assert verify().ok
    assert [continues(tiles().read, _now_on_file(), _head_of(file)) for file in receipts] == [False] * 100
    assert submit(witnesses=[Beside(witness)], by=actor, as_of=now).disputed == ("audit.example",)


def _another_history(write, now: datetime, count: int) -> None:
    """Everything of the log goes, and as many facts of the same kind take its place under the same key."""
    with lifted():
        for model in (Cosignature, Waiting, Leaf, Node, Payload, Checkpoint, Entry):
            model.objects.all().delete()
    _forget_files()
    write(count)
    actions.sequence(as_of=now)
    actions.seal(as_of=now)
    publish()


@pytest.mark.parametrize("more", [0, 1, 70])
def test_a_view_of_its_own_for_each_is_noticed_by_mirror_and_witness(
    more: int, log: list[str], write, witness: Witness, actor: Actor, now: datetime, tmp_path: Path
) -> None:
    """The log shows one history to those who looked before, and another one, as long or longer, from now on."""
    mirror = MirrorFolder(tmp_path / "mirror")
    follow(read=tiles().read, mirror=mirror, keys=log_key().verifiers())
    assert submit(witnesses=[Beside(witness)], by=actor, as_of=now) == Submission(cosigned=1)
    _another_history(write, now, ROWS + more)
    assert verify().ok
    with pytest.raises(InvariantBroken, match="log_forked"):
        follow(read=tiles().read, mirror=mirror, keys=log_key().verifiers())
    assert submit(witnesses=[Beside(witness)], by=actor, as_of=now).disputed == ("audit.example",)


def test_an_honest_log_continues_every_receipt(log: list[str], write, now: datetime) -> None:
    receipts = [queries.receipt(entry_id) for entry_id in log[::40]]
    write(100)
    actions.sequence(as_of=now)
    actions.seal(as_of=now)
    publish()
    assert all(continues(tiles().read, _now_on_file(), _head_of(file)) for file in receipts)


def test_a_stolen_database_alone_signs_nothing(log: list[str]) -> None:
    """Whoever may write every table but has not the key cannot make a head that holds."""
    thief = Cosigner("audit.example", bytes(32))
    text = Note.parse(queries.checkpoint() or "").text
    with lifted():
        Checkpoint.objects.filter(size=ROWS).update(note=f"{text}\n{thief.cosign(text, 0)}")
    assert [fault.field for fault in verify().faults] == ["checkpoint.note"]


def _head_of(receipt: bytes) -> Head:
    from zhida.domain.proofs import Receipt

    return Head.parse(Note.parse(Receipt.parse(receipt).checkpoint).text)


def _now_on_file() -> Head:
    return verify_checkpoint((tiles().read("checkpoint") or b"").decode(), log_key().verifiers())
