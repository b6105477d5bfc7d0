"""One chunk, block by block of 4,096 rows: the fast back end. It says bit for bit what `kernels_numpy` says.

A block's bitmaps are 512 bytes, so that all that its items share stays in the cache. Which regions a block can hold is
looked up first; of the items of those regions, each node is worked out once a block, when the first item asks for it,
with three flags: nobody possible (the item ends here), nobody sure, everybody sure (the node says nothing here).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhida.domain.rules.engines.table import roaring
from zhida.domain.rules.engines.table.jit import compiled, lowest_in, ones_in, word_in_range
from zhida.domain.rules.engines.table.kernels_amounts import fen_of
from zhida.domain.rules.engines.table.kernels_lists import list_rows, lists_of, merge, tallies_of
from zhida.domain.rules.engines.table.plan import Graph
from zhida.domain.rules.engines.table.results import Ints, Sets, Whole
from zhida.domain.rules.engines.table.store import CHUNK, Store, Words

BLOCK, BLOCKS, WIDTH, FEW = 4_096, 16, 64, 256
SOME_MAY, SOME_SURE, ALL_SURE = 1, 2, 4
UNSURE, CODES, BITS, NOT_BITS, ALL = 0, 1, 2, 3, 4


class Rails(NamedTuple):
    """What is known of each node in the block at hand: 64 words sure and 64 possible, flags, and of which block."""

    words: Words
    flags: NDArray[np.uint8]
    block: Ints
    waiting: Ints
    answer: Words


class Pieces(NamedTuple):
    """What each item has in each block: counts by rail, and where it is held: up to FEW rows in `few`, else 64 words
    in `many`. `place` [item, block] is a piece's number, -1 for none."""

    place: NDArray[np.int32]
    counts: NDArray[np.int32]
    starts: NDArray[np.int64]
    few: roaring.Positions
    many: Words


def sets_of(store: Store, graph: Graph, chunk: int) -> Sets:
    """The sets of every item over one chunk."""
    rows, items = store.rows_of(chunk), len(graph.item_from) - 1
    nodes = len(graph.kind)
    rails = Rails(
        np.empty(nodes * 2 * WIDTH, dtype=np.uint64),
        np.zeros(nodes, dtype=np.uint8),
        np.full(nodes, -1, dtype=np.int32),
        np.empty(len(graph.parts) + 2, dtype=np.int32),
        np.empty(2 * WIDTH, dtype=np.uint64),
    )
    codes, bits = store.codes[chunk].reshape(-1), store.bits[chunk].reshape(-1)
    pieces = _no_pieces(items)
    used = np.zeros(3, dtype=np.int64)  # pieces, rows of few, words of many
    for block in range(-(-rows // BLOCK)):
        pieces = _with_room(pieces, used, items)
        _scan(graph, codes, bits, block, min(BLOCK, rows - block * BLOCK), rails, pieces, used)
    return _merged(pieces)


def _no_pieces(items: int) -> Pieces:
    return Pieces(
        np.full((items, BLOCKS), -1, dtype=np.int32),
        np.empty((0, 2), dtype=np.int32),
        np.empty((0, 2), dtype=np.int64),
        np.empty(0, dtype=np.uint16),
        np.empty(0, dtype=np.uint64),
    )


def _with_room(pieces: Pieces, used: Whole, items: int) -> Pieces:
    """The pieces with room for whatever one more block can hold."""
    held, few, many = used.tolist()
    return Pieces(
        pieces.place,
        _grown(pieces.counts, held, items),
        _grown(pieces.starts, held, items),
        _grown(pieces.few, few, items * 2 * FEW),
        _grown(pieces.many, many, items * 2 * WIDTH),
    )


def _grown(array: NDArray[Any], filled: int, more: int) -> NDArray[Any]:
    if len(array) >= filled + more:
        return array
    wider = np.empty((2 * (filled + more), *array.shape[1:]), dtype=array.dtype)
    wider[:filled] = array[:filled]
    return wider


def _merged(pieces: Pieces) -> Sets:
    counts = np.where(pieces.place[:, :, None] >= 0, pieces.counts[pieces.place], 0).sum(axis=1)
    items = np.flatnonzero(counts.any(axis=1)).astype(np.int32)
    counts = counts[items].astype(np.int32)
    sizes = np.where(counts <= roaring.MOST_LISTED, (2 * counts + 7) // 8, roaring.BITMAP // 8)
    starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    data = np.zeros(int(starts[-1]), dtype=np.uint64)
    rows = np.empty(int(counts[:, 0].sum(dtype=np.int64)), dtype=np.uint16)
    merge(items, counts, starts, pieces.place, pieces.counts, pieces.starts, pieces.few, pieces.many, data)
    list_rows(counts, starts, data, rows)
    return Sets(items, counts, starts * 8, data.view(np.uint8), rows)


@compiled
def _scan(
    graph: Graph,
    codes: NDArray[np.uint16],
    bits: Words,
    block: int,
    rows: int,
    rails: Rails,
    pieces: Pieces,
    used: Whole,
) -> None:
    """Every item over one block."""
    present = np.zeros(CHUNK + 1, dtype=np.int32)
    column = -1
    for group in range(len(graph.group_node)):
        node = graph.group_node[group]
        if node >= 0 and graph.kind[node] == CODES:
            if graph.at[node] != column:
                column = graph.at[node]
                _note_present(codes, column * CHUNK + block * BLOCK, rows, present)
            if not _may_hold(graph, node, present):
                continue
        if node >= 0:
            _work_out(graph, node, block, codes, bits, rails)
            if rails.flags[node] & SOME_MAY == 0:
                continue
        for place in range(graph.group_from[group], graph.group_from[group + 1]):
            item = graph.group_items[place]
            if _answer(graph, item, node, block, rows, codes, bits, rails):
                _hand_over(item, block, rails.answer, pieces, used)


@compiled
def _note_present(codes: NDArray[np.uint16], start: int, rows: int, present: Ints) -> None:
    """present[c] becomes how many of the codes below c occur in the block."""
    present[:] = 0
    for row in range(start, start + rows):
        present[np.int64(codes[row]) + 1] = 1
    for code in range(1, len(present)):
        present[code] += present[code - 1]


@compiled
def _may_hold(graph: Graph, node: int, present: Ints) -> bool:
    """Whether any row of the block can be in a node's ranges."""
    for at in range(graph.sure_from[node], graph.sure_from[node + 1], 2):
        if present[graph.sure_ranges[at + 1]] > present[graph.sure_ranges[at]]:
            return True
    for at in range(graph.doubt_from[node], graph.doubt_from[node + 1], 2):
        if present[graph.doubt_ranges[at + 1]] > present[graph.doubt_ranges[at]]:
            return True
    return False


@compiled
def _work_out(graph: Graph, wanted: int, block: int, codes: NDArray[np.uint16], bits: Words, rails: Rails) -> None:
    """Works a node out for the block, and before it those that it is made of."""
    waiting, depth = rails.waiting, 1
    waiting[0] = wanted
    while depth > 0:
        node = waiting[depth - 1]
        if rails.block[node] == block:
            depth -= 1
            continue
        before = depth
        if graph.kind[node] >= ALL:
            for at in range(graph.part_from[node], graph.part_from[node + 1]):
                if rails.block[graph.parts[at]] != block:
                    waiting[depth] = graph.parts[at]
                    depth += 1
        if depth > before:
            continue
        _fill(graph, node, block, codes, bits, rails)
        rails.block[node] = block
        depth -= 1


@compiled
def _fill(graph: Graph, node: int, block: int, codes: NDArray[np.uint16], bits: Words, rails: Rails) -> None:
    words, sure, kind = rails.words, np.uint64(node * 2 * WIDTH), graph.kind[node]
    may = sure + np.uint64(WIDTH)
    if kind == CODES:
        start = int(graph.at[node]) * CHUNK + block * BLOCK
        _fill_from_codes(graph, node, codes, start, words, sure)
    elif kind in (BITS, NOT_BITS):
        first = np.uint64(np.int64(graph.at[node]) * 2 * CHUNK // 64 + block * WIDTH)
        second = first + np.uint64(CHUNK // 64)
        for word in range(np.uint64(WIDTH)):
            if kind == BITS:
                words[sure + word], words[may + word] = bits[first + word], bits[second + word]
            else:
                words[sure + word], words[may + word] = ~bits[second + word], ~bits[first + word]
    elif kind == UNSURE:
        for word in range(np.uint64(WIDTH)):
            words[sure + word], words[may + word] = np.uint64(0), ~np.uint64(0)
    else:
        _fill_from_parts(graph, node, words, sure)
    some_sure, some_may, all_sure = np.uint64(0), np.uint64(0), ~np.uint64(0)
    for word in range(np.uint64(WIDTH)):
        some_sure |= words[sure + word]
        all_sure &= words[sure + word]
        some_may |= words[may + word]
    rails.flags[node] = (
        SOME_MAY * (some_may != 0) + SOME_SURE * (some_sure != 0) + ALL_SURE * (all_sure == ~np.uint64(0))
    )


@compiled
def _fill_from_codes(
    graph: Graph, node: int, codes: NDArray[np.uint16], start: int, words: Words, sure: np.uint64
) -> None:
    for word in range(2 * WIDTH):
        words[sure + np.uint64(word)] = 0
    for at in range(graph.sure_from[node], graph.sure_from[node + 1], 2):
        low, span = graph.sure_ranges[at], graph.sure_ranges[at + 1] - graph.sure_ranges[at]
        for word in range(WIDTH):
            words[sure + np.uint64(word)] |= word_in_range(codes, start + word * 64, np.uint16(low), np.uint16(span))
    may = sure + np.uint64(WIDTH)
    for word in range(WIDTH):
        words[may + np.uint64(word)] = words[sure + np.uint64(word)]
    for at in range(graph.doubt_from[node], graph.doubt_from[node + 1], 2):
        low, span = graph.doubt_ranges[at], graph.doubt_ranges[at + 1] - graph.doubt_ranges[at]
        for word in range(WIDTH):
            words[may + np.uint64(word)] |= word_in_range(codes, start + word * 64, np.uint16(low), np.uint16(span))


@compiled
def _fill_from_parts(graph: Graph, node: int, words: Words, sure: np.uint64) -> None:
    first = graph.part_from[node]
    part = np.uint64(np.int64(graph.parts[first]) * 2 * WIDTH)
    for word in range(np.uint64(2 * WIDTH)):
        words[sure + word] = words[part + word]
    for at in range(first + 1, graph.part_from[node + 1]):
        part = np.uint64(np.int64(graph.parts[at]) * 2 * WIDTH)
        if graph.kind[node] == ALL:
            for word in range(np.uint64(2 * WIDTH)):
                words[sure + word] &= words[part + word]
        else:
            for word in range(np.uint64(2 * WIDTH)):
                words[sure + word] |= words[part + word]


@compiled
def _answer(
    graph: Graph, item: int, region: int, block: int, rows: int, codes: NDArray[np.uint16], bits: Words, rails: Rails
) -> bool:
    """Puts an item's two rails into `rails.answer`; whether anyone is left. The possible rail goes first."""
    first, last, can_be_sure = graph.item_from[item], graph.item_from[item + 1], True
    for at in range(first, last):
        node = graph.item_parts[at]
        if rails.block[node] != block:
            _work_out(graph, node, block, codes, bits, rails)
        if rails.flags[node] & SOME_MAY == 0:
            return False
        can_be_sure = can_be_sure and rails.flags[node] & SOME_SURE != 0
    if not _join(graph, first, last, region, rows, rails, WIDTH):
        return False
    if not can_be_sure or (region >= 0 and rails.flags[region] & SOME_SURE == 0):
        rails.answer[:WIDTH] = 0
    else:
        _join(graph, first, last, region, rows, rails, 0)
    return True


@compiled
def _join(graph: Graph, first: int, last: int, region: int, rows: int, rails: Rails, rail: int) -> bool:
    """One rail of an item: what its region and all its parts have in common; whether that is anyone."""
    words, answer, to = rails.words, rails.answer, np.uint64(rail)
    if region >= 0:
        start = np.uint64(np.int64(region) * 2 * WIDTH + rail)
        for word in range(np.uint64(WIDTH)):
            answer[to + word] = words[start + word]
    else:
        for word in range(WIDTH):
            left = min(max(rows - word * 64, 0), 64)
            answer[rail + word] = ~np.uint64(0) >> np.uint64(64 - left) if left else np.uint64(0)
    for at in range(first, last):
        node = graph.item_parts[at]
        if rails.flags[node] & ALL_SURE:
            continue
        start, some = np.uint64(np.int64(node) * 2 * WIDTH + rail), np.uint64(0)
        for word in range(np.uint64(WIDTH)):
            both = answer[to + word] & words[start + word]
            answer[to + word] = both
            some |= both
        if some == 0:
            return False
    return True


@compiled
def _hand_over(item: int, block: int, answer: Words, pieces: Pieces, used: Whole) -> None:
    """Keeps what an item has in a block: surely, and possibly but not surely."""
    piece = used[0]
    for rail in range(2):
        count = 0
        for word in range(WIDTH):
            if rail == 1:
                answer[WIDTH + word] &= ~answer[word]
            count += ones_in(answer[rail * WIDTH + word])
        pieces.counts[piece, rail] = count
        if count > FEW:
            pieces.starts[piece, rail] = used[2]
            pieces.many[used[2] : used[2] + WIDTH] = answer[rail * WIDTH : (rail + 1) * WIDTH]
            used[2] += WIDTH
        else:
            pieces.starts[piece, rail] = used[1]
            for word in range(WIDTH if count else 0):
                held = answer[rail * WIDTH + word]
                while held != 0:
                    pieces.few[used[1]] = np.uint16(block * BLOCK + word * 64 + lowest_in(held))
                    used[1] += 1
                    held &= held - np.uint64(1)
    pieces.place[item, block] = piece
    used[0] += 1


__all__ = ["fen_of", "lists_of", "sets_of", "tallies_of"]
