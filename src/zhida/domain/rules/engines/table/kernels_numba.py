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
from zhida.domain.rules.engines.table.coding import Codes
from zhida.domain.rules.engines.table.jit import compiled, ones_in
from zhida.domain.rules.engines.table.kernels_amounts import fen_of
from zhida.domain.rules.engines.table.kernels_lists import list_rows, list_words, lists_of, merge, tallies_of
from zhida.domain.rules.engines.table.kernels_nodes import (
    ALL_SURE,
    AT,
    BLOCK,
    CODES,
    DOUBT,
    FLAGS,
    SOME_MAY,
    SOME_SURE,
    SURE,
    WIDTH,
    may_hold,
    note_present,
    work_out,
)
from zhida.domain.rules.engines.table.plan import Graph
from zhida.domain.rules.engines.table.prices import Ints
from zhida.domain.rules.engines.table.results import Sets, Whole
from zhida.domain.rules.engines.table.store import CHUNK, Store, Words

BLOCKS, FEW, ROOM = CHUNK // BLOCK, 256, 8_192


class Scratch(NamedTuple):
    """What is known of each node in the block at hand: `words` has 64 sure and 64 possible for each node, and behind
    them the answer of the item at hand; `state` is the block that they are of * FLAGS + flags."""

    words: Words
    state: Ints
    present: Ints
    waiting: Ints


class Pieces(NamedTuple):
    """What each item has in each block: `place` [item, block] is a piece's number, -1 for none, `totals` [item, rail]
    count rows. A piece's rows are in `few` where they are up to FEW, else as 64 words in `many`."""

    place: Ints
    totals: Ints
    counts: Ints
    starts: Whole
    few: roaring.Positions
    many: Words


def sets_of(store: Store, graph: Graph, chunk: int) -> Sets:
    """The sets of every item over one chunk."""
    rows, items, nodes = store.rows_of(chunk), len(graph.items), len(graph.nodes)
    scratch = Scratch(
        np.empty((nodes + 1) * 2 * WIDTH, dtype=np.uint64),
        np.full(nodes, -FLAGS, dtype=np.int32),
        np.empty(_highest(graph) + 2, dtype=np.int32),
        np.empty(len(graph.lists) + 2, dtype=np.int32),
    )
    codes, bits = store.codes[chunk].reshape(-1), store.bits[chunk].reshape(-1)
    pieces, used = _no_pieces(items), np.zeros(3, dtype=np.int64)  # pieces, rows in few, words in many
    block = 0
    while block * BLOCK < rows:
        pieces = _with_room(pieces, used, items)
        block = _scan(graph, codes, bits, block, rows, scratch, pieces, used)
    return _merged(pieces)


def _highest(graph: Graph) -> int:
    """The highest code that a region asks for; ranges are sorted, so it ends a list."""
    regions = graph.nodes[graph.groups[:, 0]]
    starts, ends = regions[:, (SURE, DOUBT)], regions[:, (SURE + 1, DOUBT + 1)]
    return int(graph.lists[ends[starts < ends] - 1].max(initial=0))


def _no_pieces(items: int) -> Pieces:
    return Pieces(
        np.full((items, BLOCKS), -1, dtype=np.int32),
        np.zeros((items, 2), dtype=np.int32),
        np.empty((0, 2), dtype=np.int32),
        np.empty((0, 2), dtype=np.int64),
        np.empty(0, dtype=np.uint16),
        np.empty(0, dtype=np.uint64),
    )


def _with_room(pieces: Pieces, used: Whole, items: int) -> Pieces:
    """The pieces with room for whatever one more block can hold."""
    held, few, many = used.tolist()
    return pieces._replace(
        counts=_grown(pieces.counts, held, items),
        starts=_grown(pieces.starts, held, items),
        few=_grown(pieces.few, few, items * 2 * FEW),
        many=_grown(pieces.many, many, items * 2 * WIDTH),
    )


def _grown(array: NDArray[Any], filled: int, more: int) -> NDArray[Any]:
    if len(array) >= filled + more:
        return array
    wider = np.empty((max(2 * (filled + more), ROOM), *array.shape[1:]), dtype=array.dtype)
    wider[:filled] = array[:filled]
    return wider


def _merged(pieces: Pieces) -> Sets:
    items = np.flatnonzero(pieces.totals.any(axis=1)).astype(np.int32)
    counts = pieces.totals[items]
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
    codes: Codes,
    bits: Words,
    block: int,
    rows: int,
    scratch: Scratch,
    pieces: Pieces,
    used: Whole,
) -> int:
    """Every item over one block after the other, as long as there is room; the block that comes next."""
    nodes, groups, items, lists = graph  # taken apart once, for the loops inside
    words, state, present, waiting = scratch
    place, totals, counts, starts, few, many = pieces
    while block * BLOCK < rows:
        left = min(len(counts) - used[0], (len(few) - used[1]) // (2 * FEW), (len(many) - used[2]) // (2 * WIDTH))
        if left < len(items):
            break
        _scan_block(
            nodes,
            groups,
            items,
            lists,
            codes,
            bits,
            block,
            min(BLOCK, rows - block * BLOCK),
            words,
            state,
            present,
            waiting,
            place,
            totals,
            counts,
            starts,
            few,
            many,
            used,
        )
        block += 1
    return block


@compiled
def _scan_block(
    nodes: Ints,
    groups: Ints,
    items: Ints,
    lists: Ints,
    codes: Codes,
    bits: Words,
    block: int,
    rows: int,
    words: Words,
    state: Ints,
    present: Ints,
    waiting: Ints,
    place: Ints,
    totals: Ints,
    counts: Ints,
    starts: Whole,
    few: roaring.Positions,
    many: Words,
    used: Whole,
) -> None:
    """Every item over one block, region by region."""
    column = -1
    for group in range(len(groups)):
        region = groups[group, 0]
        if region >= 0 and nodes[region, 0] == CODES:
            if nodes[region, AT] != column:
                column = nodes[region, AT]
                note_present(codes, column * CHUNK + block * BLOCK, rows, present)
            if not may_hold(nodes, lists, region, present):
                continue
        if region >= 0:
            work_out(nodes, lists, region, block, codes, bits, words, state, waiting)
            if state[region] & SOME_MAY == 0:
                continue
        for index in range(groups[group, 1], groups[group, 2]):
            item = lists[index]
            first, last = items[item, 0], items[item, 1]
            if not _is_possible(nodes, lists, first, last, block, codes, bits, words, state, waiting):
                continue
            if _answer(lists, first, last, region, rows, words, state):
                place[item, block] = used[0]
                _hand_over(words, len(state) * 2 * WIDTH, block, counts, starts, few, many, used)
                totals[item, 0] += counts[place[item, block], 0]
                totals[item, 1] += counts[place[item, block], 1]


@compiled
def _is_possible(
    nodes: Ints,
    lists: Ints,
    first: int,
    last: int,
    block: int,
    codes: Codes,
    bits: Words,
    words: Words,
    state: Ints,
    waiting: Ints,
) -> bool:
    """Works out what an item needs, up to the first node that nobody in the block may meet."""
    for at in range(first, last):
        node = lists[at]
        if state[node] // FLAGS != block:
            work_out(nodes, lists, node, block, codes, bits, words, state, waiting)
        if state[node] & SOME_MAY == 0:
            return False
    return True


@compiled
def _answer(lists: Ints, first: int, last: int, region: int, rows: int, words: Words, state: Ints) -> bool:
    """Puts an item's two rails behind the nodes; whether anyone is left. The possible rail goes first."""
    sure = np.uint64(len(state) * 2 * WIDTH)
    if not _join(lists, first, last, region, rows, words, state, WIDTH):
        return False
    can_be_sure = region < 0 or state[region] & SOME_SURE != 0
    for at in range(first, last):
        can_be_sure = can_be_sure and state[lists[at]] & SOME_SURE != 0
    if not can_be_sure or not _join(lists, first, last, region, rows, words, state, 0):
        for word in range(np.uint64(WIDTH)):
            words[sure + word] = 0
    return True


@compiled
def _join(lists: Ints, first: int, last: int, region: int, rows: int, words: Words, state: Ints, rail: int) -> bool:
    """One rail of an item: what its region and all its parts have in common; whether that is anyone."""
    answer = np.uint64(len(state) * 2 * WIDTH + rail)
    if region >= 0:
        start = np.uint64(region * 2 * WIDTH + rail)
        for word in range(np.uint64(WIDTH)):
            words[answer + word] = words[start + word]
    else:
        for word in range(np.uint64(WIDTH)):
            left = rows - 64 * int(word)
            words[answer + word] = ~np.uint64(0) if left > 0 else np.uint64(0)
            if 0 < left < 64:
                words[answer + word] = (np.uint64(1) << np.uint64(left)) - np.uint64(1)
    for at in range(first, last):
        if state[lists[at]] & ALL_SURE:
            continue
        start, some = np.uint64(lists[at] * 2 * WIDTH + rail), np.uint64(0)
        for word in range(np.uint64(WIDTH)):
            both = words[answer + word] & words[start + word]
            words[answer + word] = both
            some |= both
        if some == 0:
            return False
    return True


@compiled
def _hand_over(
    words: Words,
    answer: int,
    block: int,
    counts: Ints,
    starts: Whole,
    few: roaring.Positions,
    many: Words,
    used: Whole,
) -> None:
    """Keeps what an item has in a block: surely, and possibly but not surely."""
    sure, may, width = np.uint64(answer), np.uint64(answer + WIDTH), np.uint64(WIDTH)
    for word in range(width):
        words[may + word] &= ~words[sure + word]
    for rail in range(2):
        count, first = 0, sure if rail == 0 else may
        for word in range(width):
            count += ones_in(words[first + word])
        counts[used[0], rail] = count
        if count > FEW:
            starts[used[0], rail], to = used[2], np.uint64(used[2])
            for word in range(width):
                many[to + word] = words[first + word]
            used[2] += WIDTH
        else:
            starts[used[0], rail] = used[1]
            list_words(words, int(first), WIDTH if count else 0, block * BLOCK, few, used[1])
            used[1] += count
    used[0] += 1


__all__ = ["fen_of", "lists_of", "sets_of", "tallies_of"]
