"""The log as files: they give the signed root, grow only, and name the very row, column, field or file that differs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.guards import lifted
from tests.unit.kernel.ledger.conftest import Write
from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Checkpoint, Note, consistency_proof, inclusion_proof, leaf_hash, verify_inclusion
from zhida.domain.proofs.tiles import node_reader, read_bundle
from zhida.kernel.ledger import actions, queries
from zhida.kernel.ledger.models import Checkpoint as Head
from zhida.kernel.ledger.models import Entry, Leaf, Node, Payload
from zhida.kernel.ledger.ports import tiles
from zhida.kernel.ledger.publishing import publish
from zhida.kernel.ledger.verification import verify

pytestmark = pytest.mark.django_db


def grow(write: Write, now: datetime, *counts: int) -> list[str]:
    """So many facts under each head, every head published."""
    ids = []
    for count in counts:
        ids += write(count)
        actions.sequence(as_of=now)
        actions.seal(as_of=now)
        assert publish() == count
    return ids


@pytest.mark.parametrize("counts", [(1,), (200,), (255, 1), (256, 1), (3, 250, 5, 260, 600)])
def test_files_give_what_the_tables_give(counts: tuple[int, ...], write: Write, now: datetime) -> None:
    grow(write, now, *counts)
    size = sum(counts)
    head = Checkpoint.parse(Note.parse(tiles().read("checkpoint").decode()).text)
    assert (head.size, head.root.hex()) == (size, queries.standing().root)
    node = node_reader(tiles().read, size)
    if size > 1:
        assert consistency_proof(node, counts[0], size) == queries.consistency(counts[0], size)
    for position in {0, size // 2, size - 1}:
        index, within = divmod(position, 256)
        (entry,) = read_bundle(tiles().read, index, min(256, size - 256 * index))[within : within + 1]
        assert verify_inclusion(leaf_hash(entry), position, size, inclusion_proof(node, position, size), head.root)
    assert publish() == 0
    assert verify().ok


def test_a_full_tile_takes_the_place_of_its_parts(write: Write, now: datetime) -> None:
    grow(write, now, 100, 100, 100)
    names = {
        str(path.relative_to(settings.HOME / "log")) for path in (settings.HOME / "log").rglob("*") if path.is_file()
    }
    entries = {"tile/entries/000", "tile/entries/001.p/44"}
    assert names == {"checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"} | entries


def test_a_restored_backup_is_not_published(write: Write, now: datetime) -> None:
    grow(write, now, 5, 5)
    with lifted(), connection.constraint_checks_disabled():
        Head.objects.filter(size=10).delete()
        for model, kept in ((Payload, {"entry__leaf__position__lt": 5}), (Leaf, {"position__lt": 5})):
            model.objects.exclude(**kept).delete()
        Entry.objects.filter(leaf=None).delete()
        Node.objects.filter(place__gte=10).delete()
        Node.objects.filter(place__in=[7]).delete()
    with pytest.raises(InvariantBroken, match="log_rolled_back"):
        publish()
    assert [(fault.reason.code, fault.first, fault.until) for fault in verify().faults if fault.first == 5][:1] == [
        ("tail_cut", 5, 10)
    ]


def test_rows_that_do_not_give_the_signed_root_are_not_published(write: Write, now: datetime) -> None:
    write(5)
    actions.sequence(as_of=now)
    actions.seal(as_of=now)
    with lifted():
        Entry.objects.filter(leaf__position=3).update(about="case_x")
    with pytest.raises(InvariantBroken, match="log_does_not_fit"):
        publish()
    assert tiles().read("checkpoint") is None


@pytest.mark.parametrize("column", ["kind", "about", "at", "digests"])
def test_the_column_of_an_entry_is_named(column: str, write: Write, now: datetime) -> None:
    ids = grow(write, now, 300, 20)
    changed = {"kind": "case.refused", "about": "case_x", "at": now.replace(microsecond=1), "digests": "{}"}[column]
    with lifted():
        Entry.objects.filter(leaf__position=261).update(**{column: changed})
    (fault,) = verify().faults
    record = Leaf.objects.get(position=261).entry_id
    assert record in ids
    assert (fault.first, fault.field, fault.record) == (261, column, record)


def test_a_field_that_vanished_without_an_erasure_is_named(write: Write, now: datetime) -> None:
    (first, *_) = grow(write, now, 7)
    Payload.objects.filter(entry_id=first).delete()
    assert {(fault.record, fault.field, fault.reason.code) for fault in verify().faults} == {
        (first, name, "missing_field") for name in ("amount_fen", "by", "outcome")
    }


def test_faults_of_many_rows_are_all_named(write: Write, now: datetime) -> None:
    grow(write, now, 500)
    with lifted():
        for position in (3, 77, 256, 499):
            payload = Payload.objects.get(entry__leaf__position=position)
            text = payload.fields.replace("entitled", "entitlee")
            Payload.objects.filter(pk=payload.pk).update(fields=text)
    assert [(fault.first, fault.field) for fault in verify().faults] == [
        (position, "outcome") for position in (3, 77, 256, 499)
    ]


@pytest.mark.parametrize(
    ("name", "at", "position"),
    [("tile/0/000", 32 * 9 + 3, 9), ("tile/entries/000", 40, 0), ("tile/0/001.p/64", 32 * 5, 261)],
)
def test_a_damaged_file_is_named_and_the_rows_are_not(
    name: str, at: int, position: int, write: Write, now: datetime
) -> None:
    grow(write, now, 320)
    path = Path(settings.HOME, "log", name)
    data = bytearray(path.read_bytes())
    data[at] ^= 4
    path.write_bytes(data)
    faults = verify().faults
    assert {(fault.first, fault.field) for fault in faults} >= {(position, name)}
    assert not any(fault.record.startswith("entry_") for fault in faults)


def test_an_upper_tile_is_checked(write: Write, now: datetime) -> None:
    grow(write, now, 600)
    path = Path(settings.HOME, "log", "tile/1/000.p/2")
    path.write_bytes(path.read_bytes()[:32] + bytes(32))
    (fault,) = verify().faults
    assert (fault.field, fault.first, fault.until) == ("tile/1/000.p/2", 256, 512)
