"""One node of the graph over one block of 4,096 rows: 64 words sure, 64 words possible, and four flags; compiled."""

from __future__ import annotations

import numpy as np

from zhida.domain.rules.engines.table.coding import Codes
from zhida.domain.rules.engines.table.jit import compiled, inlined, word_in_range
from zhida.domain.rules.engines.table.kernels_order import BLOCK, WIDTH, Sorted
from zhida.domain.rules.engines.table.plan import Kind
from zhida.domain.rules.engines.table.prices import Ints
from zhida.domain.rules.engines.table.store import CHUNK, WORDS, Words

CROWD = 128
SOME_MAY, SOME_SURE, ALL_SURE, SOME_DOUBT, FLAGS = 1, 2, 4, 8, 16
KNOWN, PLACE = 0, 1
CODES, BITS, NOT_BITS, ALL = Kind.CODES, Kind.BITS, Kind.NOT_BITS, Kind.ALL
AT, SURE, DOUBT, PARTS = Kind.AT, Kind.SURE, Kind.DOUBT, Kind.PARTS


@compiled
def work_out(
    nodes: Ints,
    lists: Ints,
    wanted: int,
    block: int,
    codes: Codes,
    bits: Words,
    words: Words,
    state: Ints,
    waiting: Ints,
    taken: Ints,
    by_code: Sorted,
) -> None:
    """Works a node out for the block, and before it those that it joins; `taken` words are in use already.

    What is known of a node is `state` [node, KNOWN], the block that it is of * FLAGS + flags, and [node, PLACE], where
    its 64 words sure stand, with the 64 possible behind them.
    """
    waiting[0], depth = wanted, 1
    while depth > 0:
        node = waiting[depth - 1]
        before = depth
        for at in range(nodes[node, PARTS], nodes[node, PARTS + 1]):
            if state[lists[at], KNOWN] // FLAGS != block:
                waiting[depth] = lists[at]
                depth += 1
        if depth == before:
            if state[node, KNOWN] // FLAGS != block:
                state[node, PLACE] = taken[0]
                taken[0] += 2 * WIDTH
                _fill(nodes, lists, node, block, codes, bits, words, state, by_code)
                state[node, KNOWN] = block * FLAGS + _flags(words, np.uint64(state[node, PLACE]))
            depth -= 1


@inlined
def _fill(
    nodes: Ints,
    lists: Ints,
    node: int,
    block: int,
    codes: Codes,
    bits: Words,
    words: Words,
    state: Ints,
    by_code: Sorted,
) -> None:
    """A node's two rails in the block."""
    kind, sure = nodes[node, 0], np.uint64(state[node, PLACE])
    may = sure + np.uint64(WIDTH)
    if kind == CODES:
        start, place = nodes[node, AT] * CHUNK + block * BLOCK, by_code.of_column[nodes[node, AT]]
        if place < 0:
            _fill_from_codes(nodes, lists, node, codes, start, words, sure)
        else:
            below, order = by_code.below[place], by_code.order[place]
            _fill_from_order(nodes, lists, node, codes, start, below, order, words, sure)
    elif kind >= ALL:
        _fill_from_parts(lists, nodes[node, PARTS], nodes[node, PARTS + 1], kind == ALL, words, state, sure)
    else:
        first = np.uint64(nodes[node, AT] * 2 * WORDS + block * WIDTH)
        second = first + np.uint64(WORDS)
        for word in range(np.uint64(WIDTH)):
            if kind == BITS:
                words[sure + word], words[may + word] = bits[first + word], bits[second + word]
            elif kind == NOT_BITS:
                words[sure + word], words[may + word] = ~bits[second + word], ~bits[first + word]
            else:
                words[sure + word], words[may + word] = np.uint64(0), ~np.uint64(0)


@inlined
def _flags(words: Words, sure: np.uint64) -> int:
    may, some_sure, some_may, all_sure = sure + np.uint64(WIDTH), np.uint64(0), np.uint64(0), ~np.uint64(0)
    doubt = np.uint64(0)
    for word in range(np.uint64(WIDTH)):
        some_sure |= words[sure + word]
        all_sure &= words[sure + word]
        some_may |= words[may + word]
        doubt |= words[may + word] ^ words[sure + word]
    flags = 0
    flags |= SOME_MAY if some_may != 0 else 0
    flags |= SOME_SURE if some_sure != 0 else 0
    flags |= ALL_SURE if all_sure == ~np.uint64(0) else 0
    flags |= SOME_DOUBT if doubt != 0 else 0
    return flags


@inlined
def _fill_from_codes(
    nodes: Ints, lists: Ints, node: int, codes: Codes, start: int, words: Words, sure: np.uint64
) -> None:
    """Whether each code is in a sure range, and whether it is in any."""
    may, first, last = sure + np.uint64(WIDTH), nodes[node, SURE], nodes[node, SURE + 1]
    doubt = nodes[node, DOUBT]
    if last - first == 2 and nodes[node, DOUBT + 1] - doubt == 2:
        _mark_both(lists, first, doubt, codes, start, words, sure)
        return
    if first == last:
        for word in range(np.uint64(WIDTH)):
            words[sure + word] = 0
    for at in range(first, last, 2):
        _mark_codes(lists, at, codes, start, words, sure, sure, at > first)
    source = sure
    for at in range(nodes[node, DOUBT], nodes[node, DOUBT + 1], 2):
        _mark_codes(lists, at, codes, start, words, source, may, True)
        source = may
    if source == sure:
        for word in range(np.uint64(WIDTH)):
            words[may + word] = words[sure + word]


@inlined
def _mark_both(lists: Ints, first: int, doubt: int, codes: Codes, start: int, words: Words, sure: np.uint64) -> None:
    """One sure range and one in doubt, as numbers have: codes are read once for both."""
    low, span = np.uint16(lists[first]), np.uint16(lists[first + 1] - lists[first])
    other, more = np.uint16(lists[doubt]), np.uint16(lists[doubt + 1] - lists[doubt])
    for word in range(WIDTH):
        held = word_in_range(codes, start + word * 64, low, span)
        unknown = word_in_range(codes, start + word * 64, other, more)
        words[sure + np.uint64(word)] = held
        words[sure + np.uint64(word + WIDTH)] = held | unknown


@inlined
def _mark_codes(
    lists: Ints, at: int, codes: Codes, start: int, words: Words, source: np.uint64, to: np.uint64, is_more: bool
) -> None:
    """Marks the rows whose code is in a range, besides those of `source` where there are `more`."""
    low, span = np.uint16(lists[at]), np.uint16(lists[at + 1] - lists[at])
    if is_more:
        for word in range(WIDTH):
            place = np.uint64(word)
            words[to + place] = words[source + place] | word_in_range(codes, start + word * 64, low, span)
    else:
        for word in range(WIDTH):
            words[to + np.uint64(word)] = word_in_range(codes, start + word * 64, low, span)


@inlined
def _fill_from_order(
    nodes: Ints,
    lists: Ints,
    node: int,
    codes: Codes,
    start: int,
    below: Ints,
    order: Codes,
    words: Words,
    sure: np.uint64,
) -> None:
    """`_fill_from_codes` where the block's rows are sorted by code: a range that few are in costs what they are."""
    may = sure + np.uint64(WIDTH)
    for word in range(np.uint64(WIDTH)):
        words[sure + word] = 0
    for at in range(nodes[node, SURE], nodes[node, SURE + 1], 2):
        _mark_order(lists, at, codes, start, below, order, words, sure)
    for word in range(np.uint64(WIDTH)):
        words[may + word] = words[sure + word]
    for at in range(nodes[node, DOUBT], nodes[node, DOUBT + 1], 2):
        _mark_order(lists, at, codes, start, below, order, words, may)


@inlined
def _mark_order(
    lists: Ints, at: int, codes: Codes, start: int, below: Ints, order: Codes, words: Words, to: np.uint64
) -> None:
    first, last = below[lists[at]], below[lists[at + 1]]
    if last - first > CROWD:
        _mark_codes(lists, at, codes, start, words, to, to, True)
    else:
        for place in range(first, last):
            row = np.uint64(order[place])
            words[to + (row >> np.uint64(6))] |= np.uint64(1) << (row & np.uint64(63))


@inlined
def _fill_from_parts(
    lists: Ints, first: int, last: int, is_all: bool, words: Words, state: Ints, sure: np.uint64
) -> None:
    part = np.uint64(state[lists[first], PLACE])
    for word in range(np.uint64(2 * WIDTH)):
        words[sure + word] = words[part + word]
    for at in range(first + 1, last):
        part = np.uint64(state[lists[at], PLACE])
        if is_all:
            for word in range(np.uint64(2 * WIDTH)):
                words[sure + word] &= words[part + word]
        else:
            for word in range(np.uint64(2 * WIDTH)):
                words[sure + word] |= words[part + word]
