"""The tables beside the log: every row against its leaf, every stored node against what the leaves give, none stray."""

from __future__ import annotations

import json
from collections.abc import Iterator

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Block, Fault, Reason, Tree, salted_digest
from zhida.domain.proofs.rows import Row, check_row, missing_rows
from zhida.domain.proofs.tiles import HASH, WIDTH, hash_at, infix, levels_of
from zhida.kernel.ledger.bulk import nodes_between, rows_between, select
from zhida.kernel.ledger.models import Entry, Waiting
from zhida.kernel.ledger.nodes import place_of
from zhida.kernel.ledger.rows import disclosed_of, sealed_of

_BLOCKS = 16
_SPAN = 2 * WIDTH
"""Places of a block's nodes; the last of them belongs to a node above all blocks."""


class Comparison:
    """Takes a log's blocks in order and compares what the tables hold of them; `size` is how many leaves there are."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.waiting = Waiting.objects.count()
        self._rows: dict[int, Row] = {}
        self._nodes: dict[int, bytes] = {}
        self._above: dict[int, bytes] = {}
        self._roots: list[bytes] = []
        self._hidden: dict[str, set[str]] = {}
        self._missing = 0

    def follow(self, block: Block) -> list[Fault]:
        """What is wrong in the rows and nodes of one block."""
        if block.first % (WIDTH * _BLOCKS) == 0:
            until = block.first + WIDTH * _BLOCKS
            self._rows = {row.position: row for row in rows_between(block.first, until)}
            self._nodes = nodes_between(2 * block.first, 2 * until)
        return [*self._row_faults(block), *self._node_faults(block)]

    def last_faults(self) -> list[Fault]:
        """What is wrong above all blocks and beside them: inner nodes, stray rows, fields gone without an erasure."""
        return [*self._above_faults(), *self._stray_faults(), *self._vanished_faults(), *_waiting_faults(self.size)]

    def _row_faults(self, block: Block) -> Iterator[Fault]:
        gap = -1
        for at in range(block.width):
            position, entry = block.first + at, block.entries[at]
            row = self._rows.get(position)
            if row is None:
                self._missing += 1
                gap = at if gap < 0 else gap
                continue
            if gap >= 0:
                yield missing_rows(block.first + gap, position, block.entries[gap], is_tail=False)
                gap = -1
            faults, hidden = check_row(row, hash_at(block.hashes, at), entry)
            yield from faults
            if hidden:
                self._hidden[row.entry_id] = set(hidden)
        if gap >= 0:
            is_tail = not any(position >= block.first + gap for position in self._rows)
            until = self.size if is_tail else block.first + block.width
            yield missing_rows(block.first + gap, until, block.entries[gap], is_tail)

    def _node_faults(self, block: Block) -> Iterator[Fault]:
        begin = 2 * block.first
        if block.width == WIDTH:
            self._roots.append(block.levels[-1])
            expected = dict(enumerate(infix(block.levels), begin))
        else:
            tree = Tree.of(hash_at(block.hashes, at) for at in range(block.width))
            expected = {
                begin + place_of(level, index): value
                for level, row in enumerate(tree.levels)
                for index, value in enumerate(row)
            }
        above = self._nodes.get(begin + _SPAN - 1)
        if above is not None:
            self._above[begin + _SPAN - 1] = above
        stored = {place: self._nodes.get(place) for place in expected}
        if stored != expected:
            yield from (_node_fault(place) for place in expected if stored[place] != expected[place])

    def _above_faults(self) -> Iterator[Fault]:
        expected, row, level = dict[int, bytes](), b"".join(self._roots), 8
        while len(row) > HASH:
            row = row[: len(row) // (2 * HASH) * 2 * HASH]
            row = b"".join(levels_of(row[at : at + 2 * HASH])[-1] for at in range(0, len(row), 2 * HASH))
            level += 1
            expected |= {place_of(level, index): hash_at(row, index) for index in range(len(row) // HASH)}
        yield from (_node_fault(place) for place in expected if self._above.get(place) != expected[place])

    def _stray_faults(self) -> Iterator[Fault]:
        outside = "NOT (position >= 0 AND position < %s)"
        for position, entry_id in select(f"SELECT position, entry_id FROM ledger_leaf WHERE {outside}", [self.size]):  # noqa: S608
            words = f"{entry_id} 的位置 {position} 不在日志之内。", f"{entry_id} stands at {position}, outside the log."
            yield Fault(self.size, self.size, "leaf.position", Reason("wrong_position", *words), str(entry_id))
        ((stored,),) = select("SELECT count(*) FROM ledger_node")
        if stored != 2 * self.size - self.size.bit_count():
            words = "树中有多余的节点。", "The tree has a node too many."
            yield Fault(self.size, self.size, "node.place", Reason("stray_node", *words))
        for table, column in (("entry", "id"), ("payload", "entry_id")):
            for (entry_id,) in select(_STRAY.format(table=table, column=column)):
                words = f"{entry_id} 既不在树中也不在等候。", f"{entry_id} is neither in the tree nor waiting."
                yield Fault(self.size, self.size, f"{table}.{column}", Reason("stray_entry", *words), str(entry_id))

    def _vanished_faults(self) -> Iterator[Fault]:
        """A field may be gone only where the fact `ledger.erased` says so."""
        if not self._hidden:
            return
        for about, fields in select(_ERASURES):
            names = json.loads(fields).get("names", {}).get("value", []) if fields else []
            self._hidden.get(about, set()).difference_update(names)
        for entry_id, names in self._hidden.items():
            ((position,),) = select("SELECT position FROM ledger_leaf WHERE entry_id = %s", [entry_id])
            for name in sorted(names):
                zh, en = f"{entry_id} 的 {name} 不见了，却没有删除记录。", f"{name} of {entry_id} is gone, not erased."
                yield Fault(position, position + 1, name, Reason("missing_field", zh, en), entry_id)


_STRAY = """
SELECT t.{column} FROM ledger_{table} t
LEFT JOIN ledger_leaf l ON l.entry_id = t.{column} LEFT JOIN ledger_waiting w ON w.entry_id = t.{column}
WHERE l.entry_id IS NULL AND w.entry_id IS NULL
"""
_ERASURES = """
SELECT e.about, p.fields FROM ledger_entry e JOIN ledger_payload p ON p.entry_id = e.id WHERE e.kind = 'ledger.erased'
"""


def _node_fault(place: int) -> Fault:
    level = (~place & place + 1).bit_length() - 1
    first = place + 1 - (1 << level) >> 1
    until = first + (1 << level)
    zh, en = (
        f"第 {first} 至 {until - 1} 位之上的节点被改动过。",
        f"The stored node over {first} to {until - 1} was altered.",
    )
    return Fault(first, until, "node.hash", Reason("altered_node", zh, en), f"node {place}")


def _waiting_faults(size: int) -> Iterator[Fault]:
    for row in Waiting.objects.select_related("entry", "entry__payload").order_by("pk").iterator(2048):
        name = _altered_field(row.entry)
        if name is not None:
            words = f"等候中的 {row.entry_id} 被改动过。", f"{row.entry_id}, still waiting, was altered."
            yield Fault(size, size, name, Reason("altered_field", *words), row.entry_id)


def _altered_field(entry: Entry) -> str | None:
    """The first field that does not fit its digest, "" where the row cannot be read, None where all is well."""
    try:
        digests, disclosed = sealed_of(entry).digests, disclosed_of(getattr(entry, "payload", None))
        fits = {name: salted_digest(name, *shown) == digests.get(name) for name, shown in disclosed.items()}
    except InvariantBroken:
        return ""
    return next((name for name, is_right in fits.items() if not is_right), None)
