"""What the items have in each block, one behind the other, until a chunk's blocks are merged."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhida.domain.rules.engines.table import roaring
from zhida.domain.rules.engines.table.jit import inlined, ones_in
from zhida.domain.rules.engines.table.kernels_lists import FEW, SLACK, list_scattered, list_words
from zhida.domain.rules.engines.table.kernels_order import BLOCK, WIDTH
from zhida.domain.rules.engines.table.prices import Ints
from zhida.domain.rules.engines.table.results import Whole
from zhida.domain.rules.engines.table.store import CHUNK, Words

BLOCKS, SCATTERED, ROOM = CHUNK // BLOCK, 16, 8_192


class Pieces(NamedTuple):
    """What each item has in each block: `place` [item, block] is a piece's number, -1 for none, `totals` [item, rail]
    count rows. A piece's rows are in `few` where they are up to FEW, else as 64 words in `many`."""

    place: Ints
    totals: Ints
    counts: Ints
    starts: Whole
    few: roaring.Positions
    many: Words


def no_pieces(items: int) -> Pieces:
    return Pieces(
        np.full((items, BLOCKS), -1, dtype=np.int32),
        np.zeros((items, 2), dtype=np.int32),
        np.empty((0, 2), dtype=np.int32),
        np.empty((0, 2), dtype=np.int64),
        np.empty(0, dtype=np.uint16),
        np.empty(0, dtype=np.uint64),
    )


def with_room(pieces: Pieces, used: Whole, items: int) -> Pieces:
    """The pieces with room for whatever one more block can hold."""
    held, few, many = used.tolist()
    return pieces._replace(
        counts=_grown(pieces.counts, held, items),
        starts=_grown(pieces.starts, held, items),
        few=_grown(pieces.few, few, items * 2 * FEW + SLACK),
        many=_grown(pieces.many, many, items * 2 * WIDTH),
    )


def _grown(array: NDArray[Any], filled: int, more: int) -> NDArray[Any]:
    if len(array) >= filled + more:
        return array
    wider = np.empty((max(2 * (filled + more), ROOM), *array.shape[1:]), dtype=array.dtype)
    wider[:filled] = array[:filled]
    return wider


@inlined
def room_for(counts: Ints, few: roaring.Positions, many: Words, used: Whole) -> int:
    """How many items there is room for."""
    rows, words = (len(few) - SLACK - used[1]) // (2 * FEW), (len(many) - used[2]) // (2 * WIDTH)
    return int(min(len(counts) - used[0], rows, words))


@inlined
def hand_over(
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
            if count > SCATTERED:
                list_words(words, int(first), WIDTH, block * BLOCK, few, used[1])
            elif count:
                list_scattered(words, int(first), WIDTH, block * BLOCK, few, used[1])
            used[1] += count
    used[0] += 1
