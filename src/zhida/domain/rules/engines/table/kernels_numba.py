"""One chunk, block by block of 4,096 rows: the fast back end. It says bit for bit what `kernels_numpy` says.

A block's bitmaps are 512 bytes, so that all that its items share stays in the cache. Which regions a block can hold is
looked up first; of the items of those regions, each node is worked out once a block, when the first item asks for it,
with four flags: nobody possible (the item ends here), nobody sure, everybody sure (the node says nothing here), and
nobody in doubt (who is possible is sure, as far as the node goes).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zhida.domain.rules.engines.table import roaring
from zhida.domain.rules.engines.table.coding import Codes
from zhida.domain.rules.engines.table.jit import compiled, inlined
from zhida.domain.rules.engines.table.kernels_amounts import fen_of
from zhida.domain.rules.engines.table.kernels_lists import (
    SLACK,
    list_rows,
    lists_of,
    merge,
    tallies_of,
)
from zhida.domain.rules.engines.table.kernels_nodes import (
    ALL_SURE,
    FLAGS,
    KNOWN,
    PLACE,
    SOME_DOUBT,
    SOME_MAY,
    SOME_SURE,
    work_out,
)
from zhida.domain.rules.engines.table.kernels_order import BLOCK, WIDTH, Sorted, index_rows, may_hold, unsorted
from zhida.domain.rules.engines.table.kernels_pieces import Pieces, hand_over, no_pieces, room_for, with_room
from zhida.domain.rules.engines.table.plan import Graph
from zhida.domain.rules.engines.table.prices import Ints
from zhida.domain.rules.engines.table.results import Sets, Whole
from zhida.domain.rules.engines.table.store import CHUNK, Store, Words


class Scratch(NamedTuple):
    """What is known of each node in the block at hand (`work_out`), in as few words as the block needs. The first 128
    of `words` are the answer of the item at hand."""

    words: Words
    state: Ints
    waiting: Ints
    taken: Ints
    by_code: Sorted


def sets_of(store: Store, graph: Graph, chunk: int) -> Sets:
    """The sets of every item over one chunk."""
    rows, items, nodes = store.rows_of(chunk), len(graph.items), len(graph.nodes)
    scratch = Scratch(
        np.empty((nodes + 1) * 2 * WIDTH, dtype=np.uint64),
        np.full((nodes, 2), -FLAGS, dtype=np.int32),
        np.empty(len(graph.lists) + 2, dtype=np.int32),
        np.empty(1, dtype=np.int32),
        unsorted(graph, len(store.codes[chunk])),
    )
    codes, bits = store.codes[chunk].reshape(-1), store.bits[chunk].reshape(-1)
    pieces, used = no_pieces(items), np.zeros(3, dtype=np.int64)  # pieces, rows in few, words in many
    block = 0
    while block * BLOCK < rows:
        pieces = with_room(pieces, used, items)
        block = _scan(graph, codes, bits, block, rows, scratch, pieces, used)
    return _merged(pieces)


def _merged(pieces: Pieces) -> Sets:
    items = np.flatnonzero(pieces.totals.any(axis=1)).astype(np.int32)
    counts = pieces.totals[items]
    sizes = np.where(counts <= roaring.MOST_LISTED, (2 * counts + 7) // 8, roaring.BITMAP // 8)
    starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    data = np.empty(int(starts[-1]) + SLACK // 4, dtype=np.uint64)
    rows = np.empty(int(counts[:, 0].sum(dtype=np.int64)) + SLACK, dtype=np.uint16)
    merge(items, counts, starts, pieces.place, pieces.counts, pieces.starts, pieces.few, pieces.many, data)
    list_rows(counts, starts, data, rows)
    return Sets(items, counts, starts * 8, data[: -SLACK // 4].view(np.uint8), rows[:-SLACK])


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
    words, state, waiting, taken, by_code = scratch
    place, totals, counts, starts, few, many = pieces
    while block * BLOCK < rows:
        if room_for(counts, few, many, used) < len(items):
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
            waiting,
            taken,
            by_code,
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
    waiting: Ints,
    taken: Ints,
    by_code: Sorted,
    place: Ints,
    totals: Ints,
    counts: Ints,
    starts: Whole,
    few: roaring.Positions,
    many: Words,
    used: Whole,
) -> None:
    """Every item over one block, region by region."""
    taken[0] = 2 * WIDTH
    for column in range(len(by_code.of_column)):
        at = by_code.of_column[column]
        if at >= 0:
            index_rows(codes, column * CHUNK + block * BLOCK, rows, by_code.below[at], by_code.order[at])
    for group in range(len(groups)):
        region = groups[group, 0]
        if region >= 0 and not may_hold(nodes, lists, region, by_code):
            continue
        if region >= 0:
            work_out(nodes, lists, region, block, codes, bits, words, state, waiting, taken, by_code)
            if state[region, KNOWN] & SOME_MAY == 0:
                continue
        for index in range(groups[group, 1], groups[group, 2]):
            item = lists[index]
            first, last = items[item, 0], items[item, 1]
            if not _is_possible(nodes, lists, first, last, block, codes, bits, words, state, waiting, taken, by_code):
                continue
            if _answer(lists, first, last, region, rows, words, state):
                place[item, block] = used[0]
                hand_over(words, 0, block, counts, starts, few, many, used)
                totals[item, 0] += counts[place[item, block], 0]
                totals[item, 1] += counts[place[item, block], 1]


@inlined
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
    taken: Ints,
    by_code: Sorted,
) -> bool:
    """Works out what an item needs, up to the first node that nobody in the block may meet."""
    for at in range(first, last):
        node = lists[at]
        if state[node, KNOWN] // FLAGS != block:
            work_out(nodes, lists, node, block, codes, bits, words, state, waiting, taken, by_code)
        if state[node, KNOWN] & SOME_MAY == 0:
            return False
    return True


@inlined
def _answer(lists: Ints, first: int, last: int, region: int, rows: int, words: Words, state: Ints) -> bool:
    """Puts an item's two rails before the nodes; whether anyone is left.

    The possible rail goes first. What is surely so is the possible rail again, less whom some part is in doubt about.
    """
    sure, may = np.uint64(0), np.uint64(WIDTH)
    if region >= 0:
        start = np.uint64(state[region, PLACE] + WIDTH)
        for word in range(np.uint64(WIDTH)):
            words[may + word] = words[start + word]
    else:
        _mark_all(words, may, rows)
    can_be_sure = region < 0 or state[region, KNOWN] & SOME_SURE != 0
    for at in range(first, last):
        flags = state[lists[at], KNOWN]
        can_be_sure = can_be_sure and flags & SOME_SURE != 0
        if flags & ALL_SURE == 0 and not _keep(words, may, np.uint64(state[lists[at], PLACE] + WIDTH)):
            return False
    for word in range(np.uint64(WIDTH)):
        words[sure + word] = words[may + word] if can_be_sure else np.uint64(0)
    if can_be_sure and region >= 0 and state[region, KNOWN] & SOME_DOUBT:
        can_be_sure = _keep(words, sure, np.uint64(state[region, PLACE]))
    for at in range(first, last):
        if can_be_sure and state[lists[at], KNOWN] & SOME_DOUBT:
            can_be_sure = _keep(words, sure, np.uint64(state[lists[at], PLACE]))
    return True


@inlined
def _mark_all(words: Words, to: np.uint64, rows: int) -> None:
    for word in range(np.uint64(WIDTH)):
        left = rows - 64 * int(word)
        words[to + word] = ~np.uint64(0) if left > 0 else np.uint64(0)
        if 0 < left < 64:
            words[to + word] = (np.uint64(1) << np.uint64(left)) - np.uint64(1)


@inlined
def _keep(words: Words, answer: np.uint64, part: np.uint64) -> bool:
    """Keeps of an answer what a part has too; whether that is anyone."""
    some = np.uint64(0)
    for word in range(np.uint64(WIDTH)):
        both = words[answer + word] & words[part + word]
        words[answer + word] = both
        some |= both
    return bool(some != 0)


__all__ = ["fen_of", "lists_of", "sets_of", "tallies_of"]
