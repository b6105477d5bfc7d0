"""One node of the graph over one block of 4,096 rows: 64 words sure, 64 words possible, and three flags; compiled."""

from __future__ import annotations

import numpy as np

from zhida.domain.rules.engines.table.coding import Codes
from zhida.domain.rules.engines.table.jit import compiled, word_in_range
from zhida.domain.rules.engines.table.plan import Kind
from zhida.domain.rules.engines.table.prices import Ints
from zhida.domain.rules.engines.table.store import CHUNK, WORDS, Words

BLOCK, WIDTH = 4_096, 64
SOME_MAY, SOME_SURE, ALL_SURE, FLAGS = 1, 2, 4, 8
CODES, BITS, NOT_BITS, ALL = Kind.CODES, Kind.BITS, Kind.NOT_BITS, Kind.ALL
AT, SURE, DOUBT, PARTS = Kind.AT, Kind.SURE, Kind.DOUBT, Kind.PARTS


@compiled
def note_present(codes: Codes, start: int, rows: int, present: Ints) -> None:
    """present[c] becomes how many of the codes below c occur in the block; beyond its end nobody asks."""
    present[:] = 0
    for row in range(start, start + rows):
        code = int(codes[row])
        present[code + 1 if code + 1 < len(present) else len(present) - 1] = 1
    for code in range(1, len(present)):
        present[code] += present[code - 1]


@compiled
def may_hold(nodes: Ints, lists: Ints, node: int, present: Ints) -> bool:
    """Whether any row of the block can be in a node's ranges."""
    for at in range(nodes[node, SURE], nodes[node, SURE + 1], 2):
        if present[lists[at + 1]] > present[lists[at]]:
            return True
    for at in range(nodes[node, DOUBT], nodes[node, DOUBT + 1], 2):
        if present[lists[at + 1]] > present[lists[at]]:
            return True
    return False


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
) -> None:
    """Works a node out for the block, and before it those that it joins."""
    waiting[0], depth = wanted, 1
    while depth > 0:
        node = waiting[depth - 1]
        before = depth
        for at in range(nodes[node, PARTS], nodes[node, PARTS + 1]):
            if state[lists[at]] // FLAGS != block:
                waiting[depth] = lists[at]
                depth += 1
        if depth == before:
            if state[node] // FLAGS != block:
                _fill(nodes, lists, node, block, codes, bits, words)
                state[node] = block * FLAGS + _flags(words, np.uint64(node * 2 * WIDTH))
            depth -= 1


@compiled
def _fill(nodes: Ints, lists: Ints, node: int, block: int, codes: Codes, bits: Words, words: Words) -> None:
    """A node's two rails in the block."""
    kind, sure = nodes[node, 0], np.uint64(node * 2 * WIDTH)
    may = sure + np.uint64(WIDTH)
    if kind == CODES:
        start = nodes[node, AT] * CHUNK + block * BLOCK
        _fill_from_codes(nodes, lists, node, codes, start, words, sure)
    elif kind >= ALL:
        _fill_from_parts(lists, nodes[node, PARTS], nodes[node, PARTS + 1], kind == ALL, words, sure)
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


@compiled
def _flags(words: Words, sure: np.uint64) -> int:
    may, some_sure, some_may, all_sure = sure + np.uint64(WIDTH), np.uint64(0), np.uint64(0), ~np.uint64(0)
    for word in range(np.uint64(WIDTH)):
        some_sure |= words[sure + word]
        all_sure &= words[sure + word]
        some_may |= words[may + word]
    flags = 0
    flags |= SOME_MAY if some_may != 0 else 0
    flags |= SOME_SURE if some_sure != 0 else 0
    flags |= ALL_SURE if all_sure == ~np.uint64(0) else 0
    return flags


@compiled
def _fill_from_codes(
    nodes: Ints, lists: Ints, node: int, codes: Codes, start: int, words: Words, sure: np.uint64
) -> None:
    """Whether each code is in a sure range, and whether it is in any."""
    may, first, kept = sure + np.uint64(WIDTH), nodes[node, SURE], np.uint64(0)
    if first == nodes[node, SURE + 1]:
        for word in range(np.uint64(WIDTH)):
            words[sure + word] = 0
    for at in range(first, nodes[node, SURE + 1], 2):
        low, span = np.uint16(lists[at]), np.uint16(lists[at + 1] - lists[at])
        for word in range(WIDTH):
            place = sure + np.uint64(word)
            words[place] = (words[place] & kept) | word_in_range(codes, start + word * 64, low, span)
        kept = ~np.uint64(0)
    source = sure
    if nodes[node, DOUBT] == nodes[node, DOUBT + 1]:
        for word in range(np.uint64(WIDTH)):
            words[may + word] = words[sure + word]
    for at in range(nodes[node, DOUBT], nodes[node, DOUBT + 1], 2):
        low, span = np.uint16(lists[at]), np.uint16(lists[at + 1] - lists[at])
        for word in range(WIDTH):
            place = np.uint64(word)
            words[may + place] = words[source + place] | word_in_range(codes, start + word * 64, low, span)
        source = may


@compiled
def _fill_from_parts(lists: Ints, first: int, last: int, is_all: bool, words: Words, sure: np.uint64) -> None:
    part = np.uint64(lists[first] * 2 * WIDTH)
    for word in range(np.uint64(2 * WIDTH)):
        words[sure + word] = words[part + word]
    for at in range(first + 1, last):
        part = np.uint64(lists[at] * 2 * WIDTH)
        if is_all:
            for word in range(np.uint64(2 * WIDTH)):
                words[sure + word] &= words[part + word]
        else:
            for word in range(np.uint64(2 * WIDTH)):
                words[sure + word] |= words[part + word]
