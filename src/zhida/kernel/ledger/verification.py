"""Checking the whole stored log: fields, entries, leaves, inner nodes and signatures, naming the first broken one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Checkpoint as Head
from zhida.domain.proofs import (
    Fault,
    Frontier,
    LogRecord,
    Reason,
    SealedEntry,
    VerifierKey,
    salted_digest,
    verify_checkpoint,
    verify_log,
)
from zhida.domain.proofs import Node as TreeNode
from zhida.kernel.ledger.models import Checkpoint, Entry, Leaf, Node, Payload, Waiting
from zhida.kernel.ledger.nodes import place_of
from zhida.kernel.ledger.ports import log_key
from zhida.kernel.ledger.rows import digests_text, disclosed_of, payload_text, sealed_of

_CHUNK = 2048


@dataclass(frozen=True)
class Report:
    """What `verify` found: `leaves` read, of them `sealed` under a signed head that agrees, entries still `waiting`."""

    leaves: int
    sealed: int
    waiting: int
    fault: Fault | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is broken."""
        return self.fault is None


def verify() -> Report:
    """Reads the whole log in one pass, in constant memory, and stops at the first fault.

    Every bit of a row counts (of an instant, what it says), but for those instants that no hash covers (`sequenced_at`,
    `sealed_at`), and for the open head of an entry that still waits for its leaf.
    """
    waiting, keys = Waiting.objects.count(), log_key().verifiers()
    heads, fault = _signed_heads(keys)
    if fault:
        return Report(0, 0, waiting, fault)
    reading = _Reading()
    verdict = verify_log(reading.records(), [Head(keys[-1].name, 0, Frontier().root), *heads])
    fault = verdict.fault or reading.fault or _count_fault(verdict.size, waiting) or _waiting_fault(verdict.size)
    return Report(verdict.size, verdict.sealed, waiting, fault)


def _signed_heads(keys: tuple[VerifierKey, ...]) -> tuple[list[Head], Fault | None]:
    heads: list[Head] = []
    for row in Checkpoint.objects.order_by("size"):
        try:
            head = verify_checkpoint(row.note, keys)
        except InvariantBroken:
            head = None
        if head is None or head.size != row.size:
            zh = f"第 {row.size} 条处的检查点被改动过：签名不成立。"
            en = f"The checkpoint over {row.size} entries was altered: its signature does not hold."
            return heads, Fault(row.size, row.size, "", Reason("bad_checkpoint", zh, en))
        heads.append(head)
    return heads, None


class _Reading:
    """One pass over the stored log: records for the domain's verifier, and the tree grown beside the stored nodes."""

    def __init__(self) -> None:
        self.fault: Fault | None = None
        self._frontier = Frontier()

    def records(self) -> Iterator[LogRecord]:
        """Every leaf with its entry; a record is checked by the time the next one is asked for."""
        for rows in self._chunks():
            payloads = Payload.objects.in_bulk([row.entry_id for row in rows])
            stored = _nodes_between(rows[0].position, rows[-1].position)
            grown: list[TreeNode] = []
            for row in rows:
                leaf = stored.get(place_of(0, row.position), b"")
                yield _record(row, leaf, payloads.get(row.entry_id))
                self._frontier, nodes = self._frontier.append(leaf)
                grown.extend(nodes[1:])
            self.fault = self.fault or _node_fault(grown, stored)

    def _chunks(self) -> Iterator[list[Leaf]]:
        """The leaves in portions. SQLite keeps what it is given in any column, so a row may be one nobody can read."""
        after, leaves = -1, Leaf.objects.select_related("entry").order_by("position")
        while True:
            try:
                rows = list(leaves.filter(position__gt=after)[:_CHUNK])
            except ValueError:
                words = (
                    f"第 {after + 1} 位之后有读不出的记录。",
                    f"Some row from position {after + 1} on cannot be read.",
                )
                self.fault = Fault(after + 1, after + 1 + _CHUNK, "", Reason("unreadable_row", *words))
                return
            if not rows:
                return
            yield rows
            after = rows[-1].position


def _nodes_between(first: int, last: int) -> dict[int, bytes]:
    places = place_of(0, first), place_of(0, last)
    return {row.place: bytes(row.hash) for row in Node.objects.filter(place__range=places)}


def _record(row: Leaf, leaf: bytes, payload: Payload | None) -> LogRecord:
    """What stands at a position; a row not in its one written form becomes one that fits no leaf, and so is named."""
    try:
        sealed, disclosed = sealed_of(row.entry), disclosed_of(payload)
        if _is_as_written(row.entry, payload):
            return LogRecord(row.position, leaf, sealed, disclosed)
    except InvariantBroken:
        pass
    entry = row.entry
    return LogRecord(
        row.position, b"", SealedEntry(entry.id, entry.kind, entry.about, datetime.min.replace(tzinfo=UTC), {}), {}
    )


def _is_as_written(entry: Entry, payload: Payload | None) -> bool:
    """Whether the stored texts are canonical, so that not even the case of a hexadecimal digit was changed."""
    if entry.digests != digests_text(sealed_of(entry).digests):
        return False
    return payload is None or payload.fields == payload_text(disclosed_of(payload))


def _node_fault(grown: list[TreeNode], stored: dict[int, bytes]) -> Fault | None:
    elsewhere = {place_of(node.level, node.index) for node in grown} - stored.keys()
    stored |= {row.place: bytes(row.hash) for row in Node.objects.filter(place__in=elsewhere)}
    for node in grown:
        if stored.get(place_of(node.level, node.index)) != node.hash:
            first, until = node.index << node.level, node.index + 1 << node.level
            en = f"The stored node over {first} to {until - 1} is not what its leaves give."
            return Fault(
                first, until, "", Reason("altered_node", f"第 {first} 至 {until - 1} 位之上的节点被改动过。", en)
            )
    return None


def _count_fault(leaves: int, waiting: int) -> Fault | None:
    if Entry.objects.count() != leaves + waiting:
        words = "有事实既不在树中也不在等候。", "Some entry is neither in the tree nor waiting."
        return Fault(leaves, leaves, "", Reason("stray_entry", *words))
    if Node.objects.count() != 2 * leaves - leaves.bit_count():
        return Fault(leaves, leaves, "", Reason("stray_node", "树中有多余的节点。", "The tree has a node too many."))
    return None


def _waiting_fault(leaves: int) -> Fault | None:
    for row in Waiting.objects.select_related("entry", "entry__payload").order_by("pk").iterator(_CHUNK):
        name = _altered_field(row.entry)
        if name is not None:
            words = f"等候中的 {row.entry_id} 被改动过。", f"{row.entry_id}, still waiting, was altered."
            return Fault(leaves, leaves, name, Reason("altered_field", *words))
    return None


def _altered_field(entry: Entry) -> str | None:
    """The first field that does not fit its digest, "" where the row cannot be read, None where all is well."""
    try:
        digests, disclosed = sealed_of(entry).digests, disclosed_of(getattr(entry, "payload", None))
        fits = {name: salted_digest(name, *shown) == digests.get(name) for name, shown in disclosed.items()}
    except InvariantBroken:
        return ""
    return next((name for name, is_right in fits.items() if not is_right), None)
