"""Putting a damaged row right: the only writing past the tables' guards, proven, and a fact of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Checkpoint as Head
from zhida.domain.proofs import canonical_json, leaf_hash, verify_inclusion
from zhida.domain.proofs.entry import instant_of
from zhida.domain.proofs.rows import Row, check_row
from zhida.domain.values import Actor, utc
from zhida.kernel.ledger.actions import record
from zhida.kernel.ledger.bulk import nodes_between, rows_between
from zhida.kernel.ledger.guards import lifted
from zhida.kernel.ledger.models import Entry, Leaf, Node, Payload
from zhida.kernel.ledger.nodes import place_of

_TABLES = ("ledger_entry", "ledger_leaf", "ledger_node", "ledger_payload")


@dataclass(frozen=True)
class Proven:
    """An entry from elsewhere with its proof under `head`, whose signature was verified: its leaf's input, its stored
    `fields` where they are held, and `path`, the complete nodes over it from the leaf up. `cosigners` and `mirror` name
    who vouched and where it came from.
    """

    position: int
    entry: bytes
    fields: str | None
    proof: tuple[bytes, ...]
    head: Head
    path: tuple[bytes, ...]
    cosigners: tuple[str, ...]
    mirror: str


@transaction.atomic
def repair(*, proven: Proven, by: Actor, as_of: datetime) -> tuple[str, ...]:
    """Makes the rows of one entry what the proof says and gives the names of what was restored, none where all fitted.

    Records the fact `ledger.repaired`. Fields come back only where they fit their digests and no erasure took them.
    Raises InvariantBroken where the entry is not under the head, or where the head's nodes over it contradict its leaf.
    """
    leaf = leaf_hash(proven.entry)
    if not verify_inclusion(leaf, proven.position, proven.head.size, proven.proof, proven.head.root):
        raise InvariantBroken("not_proven", f"the mirror's entry at {proven.position} is not under the signed head")
    if proven.path[:1] != (leaf,):
        raise InvariantBroken("not_proven", "the mirror's nodes do not begin with the entry's leaf")
    true = json.loads(proven.entry)
    with lifted(_TABLES):
        restored = (*_restore_entry(true), *_restore_leaf(true, proven.position, as_of))
        restored += (*_restore_fields(true, proven), *_restore_nodes(proven))
    if restored:
        fields = {
            "position": proven.position,
            "restored": list(restored),
            "size": proven.head.size,
            "witnesses": list(proven.cosigners),
            "mirror": proven.mirror,
        }
        record(kind="ledger.repaired", about=true["id"], fields=fields, by=by, as_of=as_of)
    return restored


def _restore_entry(true: dict[str, str]) -> list[str]:
    right = {
        "kind": true["kind"],
        "about": true["about"],
        "at": instant_of(true["at"]),
        "digests": canonical_json(true["digests"]).decode(),
    }
    rows = Entry.objects.filter(pk=true["id"])
    if not rows.exists():
        Entry.objects.create(id=true["id"], **right)
        strays = Entry.objects.filter(leaf=None, waiting=None, **right).exclude(pk=true["id"])
        Payload.objects.filter(entry__in=strays).update(entry_id=true["id"])
        strays.delete()
        return ["id"]
    wrong = [name for name, value in right.items() if not rows.filter(**{name: value}).exists()]
    rows.update(**right)
    return wrong


def _restore_leaf(true: dict[str, str], position: int, as_of: datetime) -> list[str]:
    if Leaf.objects.filter(position=position, entry_id=true["id"]).exists():
        return []
    elsewhere, here = Leaf.objects.filter(entry_id=true["id"]), Leaf.objects.filter(position=position)
    if elsewhere.exists() and here.exists():
        raise InvariantBroken("leaves_swapped", f"{true['id']} and another stand in each other's place: restore both")
    if elsewhere.exists():
        elsewhere.update(position=position)
        return ["leaf.position"]
    if here.exists():
        here.update(entry_id=true["id"])
        return ["leaf.entry_id"]
    Leaf.objects.create(position=position, entry_id=true["id"], sequenced_at=utc(as_of))
    return ["leaf"]


def _restore_fields(true: dict[str, str], proven: Proven) -> list[str]:
    (row,) = rows_between(proven.position, proven.position + 1)
    faults, hidden = check_row(row, leaf_hash(proven.entry), proven.entry)
    if not faults and not hidden:
        return []
    erased = _erased_names(true["id"])
    if proven.fields is None:
        if faults:
            words = f"the mirror holds no fields of {true['id']}"
            raise InvariantBroken("fields_not_held", words, "use a mirror that was given a token for fields")
        return []
    offered = Row(*row[:7], proven.fields)
    if check_row(offered, leaf_hash(proven.entry), proven.entry)[0]:
        raise InvariantBroken("not_proven", f"the mirror's fields of {true['id']} do not fit their digests")
    kept = {name: value for name, value in json.loads(proven.fields).items() if name not in erased}
    text = canonical_json(kept).decode()
    if text == row.fields:
        return []
    Payload.objects.filter(pk=true["id"]).delete()
    if kept:
        Payload.objects.create(entry_id=true["id"], fields=text)
    return [fault.field for fault in faults] or [name for name in hidden if name in kept]


def _erased_names(entry_id: str) -> set[str]:
    erasures = Payload.objects.filter(entry__about=entry_id, entry__kind="ledger.erased")
    return {name for row in erasures for name in json.loads(row.fields)["names"]["value"]}


def _restore_nodes(proven: Proven) -> list[str]:
    restored = []
    for level, value in enumerate(proven.path):
        place = place_of(level, proven.position >> level)
        if nodes_between(place, place + 1).get(place) != value:
            Node.objects.update_or_create(place=place, defaults={"hash": value})
            restored.append(f"node {place}")
    return restored
