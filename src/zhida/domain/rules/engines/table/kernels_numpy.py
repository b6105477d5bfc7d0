"""One chunk, whole bitmaps at a time: the plain back end, which shows what the fast one does."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zhida.domain.rules.engines.table import amounts, roaring
from zhida.domain.rules.engines.table.plan import Graph, Kind, Plan
from zhida.domain.rules.engines.table.results import AMOUNT_UNKNOWN, NO_AMOUNT, Ints, Sets, Tallies, Whole
from zhida.domain.rules.engines.table.store import CHUNK, WORDS, Store, Words

Rails = tuple[Words, Words]


def sets_of(store: Store, graph: Graph, chunk: int) -> Sets:
    """The sets of every item over one chunk."""
    items, counts, starts, data, rows = [], [], [0], [], [np.zeros(0, dtype=np.uint16)]
    for item, sure, may in sorted(_answers(_Chunk(store, graph, chunk)), key=lambda found: found[0]):
        entitled, possible = _rows(sure), _rows(may & ~sure)
        items.append(item)
        counts.append((len(entitled), len(possible)))
        for held in (roaring.container(entitled), roaring.container(possible)):
            data.append(held + bytes(-len(held) % 8))
            starts.append(starts[-1] + len(data[-1]))
        rows.append(entitled)
    return Sets(
        np.array(items, dtype=np.int32),
        np.array(counts, dtype=np.int32).reshape(-1, 2),
        np.array(starts, dtype=np.int64),
        np.frombuffer(b"".join(data), dtype=np.uint8),
        np.concatenate(rows),
    )


def _rows(bits: Words) -> roaring.Positions:
    return np.flatnonzero(np.unpackbits(bits.view(np.uint8), bitorder="little").view(np.bool_)).astype(np.uint16)


class _Chunk:
    """The nodes of the graph over one chunk, each found once."""

    def __init__(self, store: Store, graph: Graph, chunk: int) -> None:
        self.graph = graph
        self.codes = store.codes[chunk]
        self.bits = store.bits[chunk]
        inside = np.arange(CHUNK) < store.rows_of(chunk)
        self.rows: Words = np.packbits(inside, bitorder="little").view("<u8")
        self.found: dict[int, Rails] = {0: (np.zeros(WORDS, dtype=np.uint64), self.rows)}

    def rails(self, node: int) -> Rails:
        """The node's bits: surely, possibly."""
        if node not in self.found:
            self.found[node] = self._rails(node)
        return self.found[node]

    def _rails(self, node: int) -> Rails:
        graph, kind, at = self.graph, int(self.graph.nodes[node, Kind.KIND]), int(self.graph.nodes[node, Kind.AT])
        if kind == Kind.CODES:
            sure = self._in_ranges(at, graph.listed(graph.nodes, node, Kind.SURE))
            return sure, sure | self._in_ranges(at, graph.listed(graph.nodes, node, Kind.DOUBT))
        if kind in (Kind.BITS, Kind.NOT_BITS):
            sure, may = self.bits[2 * at], self.bits[2 * at + 1]
            return (sure, may) if kind == Kind.BITS else (~may & self.rows, ~sure & self.rows)
        parts = [self.rails(part) for part in graph.listed(graph.nodes, node, Kind.PARTS).tolist()]
        joining = np.bitwise_and if kind == Kind.ALL else np.bitwise_or
        return joining.reduce([sure for sure, _ in parts]), joining.reduce([may for _, may in parts])

    def _in_ranges(self, column: int, ranges: Ints) -> Words:
        codes = self.codes[column]
        inside = np.zeros(CHUNK, dtype=bool)
        for low, high in ranges.reshape(-1, 2).tolist():
            inside |= (codes >= low) & (codes < high)
        return np.packbits(inside, bitorder="little").view("<u8")


def _answers(chunk: _Chunk) -> Iterator[tuple[int, Words, Words]]:
    """Each item that anyone may have, with its two rails."""
    graph = chunk.graph
    for group, node in enumerate(graph.groups[:, Kind.REGION].tolist()):
        region = chunk.rails(node) if node >= 0 else (chunk.rows, chunk.rows)
        if not region[1].any():
            continue
        for item in graph.listed(graph.groups, group, Kind.ITEMS).tolist():
            sure, may = region
            for part in graph.listed(graph.items, item, 0).tolist():
                more = chunk.rails(part)
                sure, may = sure & more[0], may & more[1]
                if not may.any():
                    break
            else:
                yield item, sure, may


def lists_of(sets: Sets, rows: int) -> tuple[Ints, Ints]:
    """Each row's items: where they begin, and all of them behind each other."""
    items = np.repeat(sets.items, sets.counts[:, 0])
    order = np.argsort(sets.rows, kind="stable")
    counts = np.bincount(sets.rows, minlength=rows)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32), items[order]


def tallies_of(sets: Sets, fen: Whole, regions: Ints) -> Tallies:
    """Counts by item and region of one chunk, whose rows lie in `regions`."""
    found, at = [np.zeros((0, 6), dtype=np.int64)], 0
    for place, item in enumerate(sets.items.tolist()):
        entitled, possible = sets.counts[place].tolist()
        rows, given = sets.rows[at : at + entitled], fen[at : at + entitled]
        at += entitled
        start = int(sets.starts[2 * place + 1])
        held = bytes(sets.data[start : start + roaring.size_of(possible)])
        maybe = regions[roaring.rows_in(held, possible)]
        here = regions[rows]
        names = np.unique(np.concatenate([here, maybe]))
        columns = np.zeros((len(names), 6), dtype=np.int64)
        columns[:, 0], columns[:, 1] = item, names
        np.add.at(columns[:, 2], np.searchsorted(names, here), 1)
        np.add.at(columns[:, 3], np.searchsorted(names, maybe), 1)
        np.add.at(columns[:, 4], np.searchsorted(names, here), given == AMOUNT_UNKNOWN)
        np.add.at(columns[:, 5], np.searchsorted(names, here), np.maximum(given, 0))
        found.append(columns)
    return Tallies(np.concatenate(found))


def fen_of(store: Store, plan: Plan, chunk: int, sets: Sets) -> Whole:
    """The amount of every sure row, item by item: fen, AMOUNT_UNKNOWN, NO_AMOUNT, or BROKEN for no whole fen."""
    found, at = np.full(len(sets.rows), NO_AMOUNT, dtype=np.int64), 0
    narrow = plan.narrow(store.most)
    for item, count in zip(sets.items.tolist(), sets.counts[:, 0].tolist(), strict=True):
        rows, place = sets.rows[at : at + count], int(plan.amount_of[item])
        if place and count:
            found[at : at + count] = amounts_of(store, plan, chunk, place, rows, is_narrow=bool(narrow[place]))
        at += count
    return found


def amounts_of(store: Store, plan: Plan, chunk: int, place: int, rows: roaring.Positions, *, is_narrow: bool) -> Whole:
    """One of the plan's amounts for some rows of a chunk."""
    amount = plan.amounts[place]
    held = [_operand(store, plan, chunk, operand, rows) for operand in amount.operands] or [
        np.zeros_like(rows, np.int64)
    ]
    fen = amounts.fen_of(amount.steps, held, amount.scale, is_narrow=is_narrow)
    return np.select([fen == amounts.UNKNOWN, fen == amounts.NONE], [AMOUNT_UNKNOWN, NO_AMOUNT], fen)


def _operand(store: Store, plan: Plan, chunk: int, operand: int, rows: roaring.Positions) -> Whole:
    if operand >= 0:
        return np.asarray(store.numbers[chunk, operand][rows])
    column, pieces = plan.lookups[-1 - operand]
    ends, values = np.array(pieces, dtype=np.int64).T
    found: Whole = values[np.searchsorted(ends, store.codes[chunk, column][rows], side="right")]
    return found
