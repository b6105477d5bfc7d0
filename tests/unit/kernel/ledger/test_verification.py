"""Whoever changes a row, in whatever table, is found, and the place is named. The attacker has lifted the triggers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from random import Random

import pytest
from django.db import DatabaseError, connection, transaction

from tests.guards import lifted
from tests.unit.kernel.ledger.conftest import Write
from zhida.adapters.keys import FileLogKey
from zhida.domain.values import Actor
from zhida.kernel.ledger import actions
from zhida.kernel.ledger.guards import PREFIX
from zhida.kernel.ledger.models import Checkpoint, Entry, Leaf, Node, Payload, Waiting
from zhida.kernel.ledger.ports import log_key
from zhida.kernel.ledger.verification import verify

pytestmark = pytest.mark.django_db

Attack = Callable[[], object]


@pytest.fixture
def log(write: Write, now: datetime) -> list[str]:
    """20 sequenced facts under heads of 10 and 20, and one more that waits."""
    ids = []
    for _ in range(2):
        ids += write(10)
        actions.sequence(as_of=now)
        actions.seal(as_of=now)
    return ids + write(1)


def test_an_untouched_log_verifies(log: list[str]) -> None:
    report = verify()
    assert (report.ok, report.leaves, report.sealed, report.waiting) == (True, 20, 20, 1)


def test_an_empty_log_verifies() -> None:
    assert verify().ok


def _payload(position: int) -> Payload:
    return Payload.objects.get(entry=Leaf.objects.get(position=position).entry)


def _change_payload(position: int) -> int:
    payload = _payload(position)
    return Payload.objects.filter(pk=payload.pk).update(fields=payload.fields.replace("entitled", "refused "))


def _change_entry(position: int, **changes: object) -> int:
    return Entry.objects.filter(leaf__position=position).update(**changes)


def _swap(first: int, second: int) -> None:
    left, right = Leaf.objects.get(position=first), Leaf.objects.get(position=second)
    Leaf.objects.filter(position__in=[first, second]).delete()
    moved = [(first, right.entry), (second, left.entry)]
    Leaf.objects.bulk_create(Leaf(position=at, entry=entry, sequenced_at=left.sequenced_at) for at, entry in moved)


def _cut_tail(size: int) -> None:
    entries = list(Leaf.objects.filter(position__gte=size).values_list("entry_id", flat=True))
    Leaf.objects.filter(position__gte=size).delete()
    Payload.objects.filter(entry_id__in=entries).delete()
    Entry.objects.filter(pk__in=entries).delete()
    Node.objects.filter(place__gte=2 * size).delete()


ATTACKS: dict[str, tuple[Attack, str, int]] = {
    "a value": (lambda: _change_payload(7), "altered_field", 7),
    "a payload no longer JSON": (
        lambda: Payload.objects.filter(pk=_payload(3).pk).update(fields="{"),
        "altered_field",
        3,
    ),
    "a kind": (lambda: _change_entry(12, kind="case.refused"), "altered_entry", 12),
    "whom it is about": (lambda: _change_entry(0, about="case_x"), "altered_entry", 0),
    "the digests": (lambda: _change_entry(5, digests="{}"), "altered_field", 5),
    "two leaves swapped": (lambda: _swap(4, 5), "altered_entry", 4),
    "a leaf removed": (lambda: Leaf.objects.filter(position=9).delete(), "wrong_position", 9),
    "the tail cut": (lambda: _cut_tail(15), "tail_cut", 15),
    "a leaf's hash": (lambda: Node.objects.filter(place=2 * 6).update(hash=bytes(32)), "altered_entry", 6),
    "an inner node": (lambda: Node.objects.filter(place=7).update(hash=bytes(32)), "altered_node", 0),
    "an inner node removed": (lambda: Node.objects.filter(place=5).delete(), "altered_node", 2),
    "a node too many": (lambda: Node.objects.create(place=9_999, hash=bytes(32)), "stray_node", 20),
    "a checkpoint's size": (lambda: Checkpoint.objects.filter(size=10).update(size=11), "bad_checkpoint", 11),
    "a checkpoint's text": (lambda: Checkpoint.objects.filter(size=20).update(note="zhida\n"), "bad_checkpoint", 20),
    "a waiting entry hidden": (lambda: Waiting.objects.all().delete(), "stray_entry", 20),
    "a waiting value": (
        lambda: Payload.objects.filter(entry__waiting__isnull=False).update(
            fields='{"outcome":{"salt":"00","value":1}}'
        ),
        "altered_field",
        20,
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_found_and_its_place_named(name: str, log: list[str]) -> None:
    attack, code, position = ATTACKS[name]
    with lifted():
        attack()
    assert (code, position) in {(fault.reason.code, fault.first) for fault in verify().faults}


def test_a_log_rewritten_with_its_hashes_is_caught_by_the_signed_head(
    log: list[str], write: Write, now: datetime
) -> None:
    heads = list(Checkpoint.objects.all())
    with lifted():
        for model in (Waiting, Leaf, Node, Payload, Checkpoint):
            model.objects.all().delete()
        Entry.objects.all().delete()
        write(20)
        actions.sequence(as_of=now)
        Checkpoint.objects.bulk_create(heads)
    fault = verify().fault
    assert fault is not None
    assert (fault.reason.code, fault.first, fault.until) == ("rewritten", 0, 10)


def test_the_log_verifies_across_a_rotated_key(log: list[str], actor: Actor, now: datetime) -> None:
    key = log_key()
    assert isinstance(key, FileLogKey)
    key.rotate()
    actions.sequence(as_of=now)
    actions.seal(as_of=now)
    assert verify().sealed == 21


@pytest.mark.parametrize("table", ["entry", "leaf", "node", "checkpoint"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_is_written(table: str, statement: str, log: list[str]) -> None:
    column = {"entry": "kind", "leaf": "sequenced_at", "node": "hash", "checkpoint": "note"}[table]
    with pytest.raises((DatabaseError, sqlite3.Error), match="append_only"), transaction.atomic():
        connection.cursor().execute(statement.format(f"ledger_{table}", column, column))


@pytest.mark.parametrize("table", ["payload", "waiting"])
def test_what_may_be_erased_may_still_not_be_changed(table: str, log: list[str]) -> None:
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        connection.cursor().execute(f"UPDATE ledger_{table} SET entry_id = entry_id")


@pytest.mark.postgres
def test_postgresql_refuses_to_truncate() -> None:
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        connection.cursor().execute("TRUNCATE ledger_entry CASCADE")


def test_every_guard_is_there_after_all_migrations() -> None:
    catalogue = (
        "sqlite_master WHERE type = 'trigger' AND name" if connection.vendor == "sqlite" else "pg_trigger WHERE tgname"
    )
    column = "name" if connection.vendor == "sqlite" else "tgname"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {catalogue} LIKE '{PREFIX}ledger_%%'")
        found = {name for (name,) in cursor.fetchall() if not name.endswith("truncate")}
    both = {
        f"{PREFIX}ledger_{table}_{event}"
        for table in ("entry", "leaf", "node", "checkpoint", "cosignature")
        for event in ("update", "delete")
    }
    assert found == both | {f"{PREFIX}ledger_payload_update", f"{PREFIX}ledger_waiting_update"}


def _flipped(value: object, random: Random) -> object:
    """The value with one bit turned, or with another number in its place."""
    if isinstance(value, int):
        return value + random.choice([-1, 1, 1000])
    data = bytearray(value.encode() if isinstance(value, str) else bytes(value))  # type: ignore[arg-type]
    while True:
        turned = bytearray(data)
        turned[random.randrange(len(data))] ^= 1 << random.randrange(7)
        if not isinstance(value, str):
            return bytes(turned)
        text = turned.decode(errors="ignore")
        if text not in {value, ""} and "\0" not in text:
            return text


def _says_the_same_instant(column: str, before: str, after: str) -> bool:
    """Any character may stand between date and time."""
    return column == "at" and before[:10] + before[11:] == after[:10] + after[11:]


COLUMNS = {
    "entry": ("id", ["kind", "about", "at", "digests"]),
    "payload": ("entry_id", ["fields"]),
    "leaf": ("position", ["position", "entry_id"]),
    "node": ("place", ["place", "hash"]),
    "checkpoint": ("size", ["size", "note"]),
}


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="SQLite keeps whatever a column is given, so the most can go wrong"
)
@pytest.mark.parametrize("table", COLUMNS)
def test_a_flip_anywhere_is_found(table: str, write: Write, now: datetime) -> None:
    write(10)
    actions.sequence(as_of=now)
    actions.seal(as_of=now)
    key, columns = COLUMNS[table]
    random, missed = Random(20260303), []
    with lifted(), connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        for column in columns:
            rows = cursor.execute(
                f"SELECT {key}, {'CAST(at AS TEXT)' if column == 'at' else column} FROM ledger_{table}"
            ).fetchall()
            for row, value in rows:
                changed = _flipped(value, random)
                with transaction.atomic():
                    statement = f"UPDATE OR REPLACE ledger_{table} SET {column} = %s WHERE {key} = %s"
                    cursor.execute(statement, [changed, row])
                    if verify().ok and not _says_the_same_instant(column, str(value), str(changed)):
                        missed.append((column, value, changed))
                    transaction.set_rollback(True)
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert missed == []
