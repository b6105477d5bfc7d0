"""Writing to the ledger: record a fact, put facts into the tree, sign the tree's head, erase fields."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Checkpoint as Head
from zhida.domain.proofs import Json, Note, VerifierKey, leaf_of, sign_checkpoint
from zhida.domain.proofs import Node as TreeNode
from zhida.domain.values import Actor, new_id, utc
from zhida.kernel.ledger.models import Checkpoint, Cosignature, Entry, Payload, Waiting
from zhida.kernel.ledger.nodes import place_of, stored_frontier, tree_size
from zhida.kernel.ledger.ports import log_key
from zhida.kernel.ledger.rows import actor_text, disclosed_of, new_texts, payload_text, sealed_of
from zhida.kernel.tables import insert_rows

_SEQUENCER = 0x7A68696461  # the advisory lock's number: "zhida"


class NewFact(NamedTuple):
    """A fact to be recorded: see `record`. `by` is who acted where it is not the one who records."""

    kind: str
    about: str
    fields: Mapping[str, Json]
    by: Actor | None = None


def record(*, kind: str, about: str, fields: Mapping[str, Json], by: Actor, as_of: datetime) -> str:
    """Writes one fact into the caller's transaction and gives its id, `entry_…`.

    `kind` is `<app>.<what_happened>`. `about` is an id and stays readable for ever: never a name or a number of a
    person. Fields are JSON without floats (money in fen); who acted is added as the field `by`. Raises InvariantBroken
    outside a transaction, for a field named `by`, or for a value without a canonical form.
    """
    return record_all(facts=[NewFact(kind, about, fields)], by=by, as_of=as_of)[0]


def record_all(*, facts: Iterable[NewFact], by: Actor, as_of: datetime) -> tuple[str, ...]:
    """Writes many facts with three statements; otherwise as `record`."""
    if not connection.in_atomic_block:
        raise InvariantBroken("fact_outside_transaction", "a fact is recorded in the transaction of its action")
    entries: list[tuple[object, ...]] = []
    payloads: list[tuple[str, str]] = []
    actors: dict[Actor, str] = {}
    at = utc(as_of)
    for kind, about, fields, actor in facts:
        if "by" in fields:
            raise InvariantBroken("field_by_is_taken", f"{kind}: who acted is recorded from the actor")
        who = actor or by
        actors[who] = actors.get(who) or actor_text(who)
        digests, kept = new_texts(kind, fields, actors[who])
        entry_id = new_id("entry")
        entries.append((entry_id, kind, about, at, digests))
        payloads.append((entry_id, kept))
    insert_rows(Entry, ("id", "kind", "about", "at", "digests"), entries)
    insert_rows(Payload, ("entry", "fields"), payloads)
    ids = tuple(entry_id for entry_id, _ in payloads)
    insert_rows(Waiting, ("entry",), [(entry_id,) for entry_id in ids])
    return ids


@transaction.atomic
def sequence(*, limit: int = 10_000, as_of: datetime) -> int:
    """Gives up to `limit` entries that have no leaf the next positions, and says how many. Safe where two run at once.

    It goes by what has no leaf, never by what comes after the last one: commits arrive out of order.
    """
    _take_turn()
    waiting = list(Waiting.objects.select_related("entry").order_by("entry_id")[:limit])
    if not waiting:
        return 0
    frontier = stored_frontier(tree_size())
    leaves: list[tuple[int, str]] = []
    nodes: list[TreeNode] = []
    for row in waiting:
        leaves.append((frontier.size, row.entry_id))
        frontier, grown = frontier.append(leaf_of(sealed_of(row.entry)))
        nodes.extend(grown)
    _plant(leaves, nodes, as_of)
    _no_longer_waiting(waiting)
    return len(leaves)


def _plant(leaves: list[tuple[int, str]], nodes: list[TreeNode], as_of: datetime) -> None:
    """Plain statements here too: every fact of the log passes, with two nodes on average."""
    at = connection.ops.adapt_datetimefield_value(utc(as_of))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger_leaf (position, entry_id, sequenced_at) VALUES (%s, %s, %s)",
            [(position, entry_id, at) for position, entry_id in leaves],
        )
        cursor.executemany(
            "INSERT INTO ledger_node (place, hash) VALUES (%s, %s)",
            [(place_of(node.level, node.index), node.hash) for node in nodes],
        )


@transaction.atomic
def seal(*, as_of: datetime) -> str:
    """Signs the tree's head as it stands and keeps it; the signed note. A head already signed is given again."""
    _take_turn()
    size = tree_size()
    known = Checkpoint.objects.filter(size=size).first()
    if known:
        return known.note
    signer = log_key().signer()
    note = sign_checkpoint(Head(signer.verifier.name, size, stored_frontier(size).root), signer)
    Checkpoint.objects.create(size=size, note=note, sealed_at=utc(as_of))
    return note


@transaction.atomic
def keep_cosignature(*, size: int, key: VerifierKey, line: str) -> None:
    """Keeps a witness's line under the checkpoint over `size` leaves; one that is there already stays.

    Raises InvariantBroken unless the line is the signature of `key` over that checkpoint.
    """
    note = Checkpoint.objects.get(pk=size).note
    if not key.is_witness or key not in Note.parse(note + line).signers([key]):
        raise InvariantBroken("bad_cosignature", f"the line of {key.name} does not hold over {size} entries")
    Cosignature.objects.get_or_create(checkpoint_id=size, witness=str(key), defaults={"line": line})


@transaction.atomic
def erase(*, entry_id: str, names: Collection[str], reason: str, by: Actor, as_of: datetime) -> str:
    """Removes the values and salts of the named fields for good; their digests and every proof stay.

    Records the erasure itself, with its reason, as the fact `ledger.erased`, whose id it gives. Raises InvariantBroken
    for a field that is not there.
    """
    payload = Payload.objects.filter(pk=entry_id).select_for_update().first()
    kept = disclosed_of(payload)
    if payload is None or not set(names) <= kept.keys():
        raise InvariantBroken("nothing_to_erase", f"{entry_id} does not hold {sorted(set(names) - kept.keys())}")
    payload.delete()
    left = {name: (shown.value, shown.salt) for name, shown in kept.items() if name not in names}
    if left:
        Payload.objects.create(entry_id=entry_id, fields=payload_text(left))
    fields = {"names": sorted(names), "reason": reason}
    return record(kind="ledger.erased", about=entry_id, fields=fields, by=by, as_of=as_of)


def _take_turn() -> None:
    """One sequencer at a time: SQLite's writers already come one by one, PostgreSQL is told to."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEQUENCER])


def _no_longer_waiting(rows: list[Waiting]) -> None:
    for start in range(0, len(rows), 500):
        Waiting.objects.filter(pk__in=[row.entry_id for row in rows[start : start + 500]]).delete()
