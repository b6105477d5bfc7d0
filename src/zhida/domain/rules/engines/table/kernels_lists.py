"""From what blocks hold to what a chunk gives: containers, lists of rows, lists of items, tallies; compiled."""

from __future__ import annotations

import numpy as np

from zhida.domain.rules.engines.table import roaring
from zhida.domain.rules.engines.table.jit import compiled, inlined, list_word, lowest_in, ones_in
from zhida.domain.rules.engines.table.kernels_order import WIDTH
from zhida.domain.rules.engines.table.results import AMOUNT_UNKNOWN, Ints, Sets, Tallies, Whole
from zhida.domain.rules.engines.table.store import WORDS, Words

FEW, MOST_LISTED, SLACK = 256, roaring.MOST_LISTED, 64


@compiled
def merge(
    items: Ints,
    counts: Ints,
    starts: Whole,
    place: Ints,
    piece_counts: Ints,
    piece_starts: Whole,
    few: roaring.Positions,
    many: Words,
    data: Words,
) -> None:
    """Puts each item's pieces, block after block, into one container a rail; `starts` count words of 8 bytes."""
    listed = data.view(np.uint16)
    for index in range(len(items)):
        for rail in range(2):
            start, end = starts[2 * index + rail], starts[2 * index + rail + 1]
            is_listed, at = counts[index, rail] <= MOST_LISTED, 4 * start
            if not is_listed:
                data[start:end] = np.uint64(0)
            for block in range(place.shape[1]):
                piece = place[items[index], block]
                count = piece_counts[piece, rail] if piece >= 0 else 0
                if count and is_listed:
                    _list_piece(count, piece_starts[piece, rail], few, many, block * WIDTH, listed, at)
                elif count:
                    _mark_piece(count, piece_starts[piece, rail], few, many, start, block * WIDTH, data)
                at += count
            if is_listed:
                listed[at : 4 * end] = np.uint16(0)


@inlined
def _list_piece(
    count: int, held: int, few: roaring.Positions, many: Words, first: int, listed: roaring.Positions, at: int
) -> None:
    """Lists the rows of a piece; `first` is the word of the chunk at which its block begins."""
    if count <= FEW:
        source, to = np.uint64(held), np.uint64(at)
        for row in range(np.uint64(count)):
            listed[to + row] = few[source + row]
    else:
        list_words(many, held, WIDTH, first * 64, listed, at)


@inlined
def _mark_piece(
    count: int, held: int, few: roaring.Positions, many: Words, start: int, first: int, data: Words
) -> None:
    """Sets the bits of a piece in the bitmap that begins at word `start`."""
    if count <= FEW:
        for row in range(count):
            bit = few[held + row]
            data[start + (bit >> 6)] |= np.uint64(1) << np.uint64(bit & 63)
    else:
        for word in range(WIDTH):
            data[start + first + word] = many[held + word]


@inlined
def list_words(words: Words, start: int, size: int, first: int, listed: roaring.Positions, at: int) -> None:
    """Lists the rows of some words, the first of which begins with row `first`; up to SLACK places behind them are
    overwritten."""
    source = np.uint64(start)
    for word in range(np.uint64(size)):
        at = list_word(words[source + word], first + np.int64(word) * 64, listed, at)


@inlined
def list_scattered(words: Words, start: int, size: int, first: int, listed: roaring.Positions, at: int) -> None:
    """`list_words` where most words are empty."""
    source, to = np.uint64(start), np.uint64(at)
    for word in range(np.uint64(size)):
        left, row = words[source + word], first + np.int64(word) * 64
        while left != 0:
            listed[to] = np.uint16(row + lowest_in(left))
            to += np.uint64(1)
            left &= left - np.uint64(1)


@compiled
def list_rows(counts: Ints, starts: Whole, data: Words, rows: roaring.Positions) -> None:
    """Lists the sure rows of all items behind each other."""
    listed, at = data.view(np.uint16), 0
    for index in range(len(counts)):
        start, count = starts[2 * index], counts[index, 0]
        if count > MOST_LISTED:
            list_words(data, start, WORDS, 0, rows, at)
        else:
            source, to = np.uint64(4 * start), np.uint64(at)
            for row in range(np.uint64(count)):
                rows[to + row] = listed[source + row]
        at += count


def lists_of(sets: Sets, rows: int) -> tuple[Ints, Ints]:
    """Each row's items: where they begin, and all of them behind each other."""
    starts = np.zeros(rows + 2, dtype=np.int32)
    listed = np.empty(len(sets.rows), dtype=np.int32)
    ends = np.cumsum(sets.counts[:, 0], dtype=np.int64)
    _transpose(sets.items, sets.rows, ends - sets.counts[:, 0], ends, starts, listed)
    return starts[:-1], listed


@compiled
def _transpose(items: Ints, rows: roaring.Positions, reached: Whole, ends: Whole, starts: Ints, listed: Ints) -> None:
    """A counting sort by row; items come in ascending order, so each row's list is sorted.

    `starts[row + 1]` is where the next item of a row goes, and so ends as the start of the row that follows. It goes
    through all items once for each 4,096 rows, so that what it writes to stays in the cache.
    """
    for at in range(len(rows)):
        starts[np.int64(rows[at]) + 2] += 1
    for row in range(2, len(starts)):
        starts[row] += starts[row - 1]
    for block in range(4_096, len(starts) + 4_096, 4_096):
        for index in range(len(items)):
            at, item = reached[index], items[index]
            while at < ends[index] and rows[at] < block:
                following = np.int64(rows[at]) + 1
                listed[starts[following]] = item
                starts[following] += 1
                at += 1
            reached[index] = at


def tallies_of(sets: Sets, fen: Whole, regions: Ints) -> Tallies:
    """Counts by item and region of one chunk, whose rows lie in `regions`."""
    last = int(regions.max(initial=0))
    has_bitmap = bool((sets.counts[:, 1] > MOST_LISTED).any())
    of_word = np.empty(-(-len(regions) // 64) if has_bitmap else 0, dtype=np.int32)
    run_ends = np.empty(len(regions), dtype=np.int32)
    _note_runs(regions, run_ends)
    _note_words(run_ends, regions, of_word)
    most = int(np.minimum(sets.counts.sum(axis=1, dtype=np.int64), last + 1).sum())
    columns = np.empty((most, 6), dtype=np.int64)
    sums, touched = np.zeros((last + 1, 4), dtype=np.int64), np.empty(last + 1, dtype=np.int32)
    data = sets.data.view(np.uint64)
    filled = _tally(
        sets.items,
        sets.counts,
        sets.starts // 8,
        data,
        sets.rows,
        fen,
        regions,
        run_ends,
        of_word,
        sums,
        touched,
        columns,
    )
    return Tallies(columns[:filled].copy())


@compiled
def _note_runs(regions: Ints, run_ends: Ints) -> None:
    """For each row, the first row behind it in another region: rows of a region stand together."""
    first = 0
    for row in range(1, len(regions) + 1):
        if row == len(regions) or regions[row] != regions[first]:
            run_ends[first:row] = row
            first = row


@compiled
def _note_words(run_ends: Ints, regions: Ints, of_word: Ints) -> None:
    """The region of each 64 rows that lie in one, else -1."""
    for word in range(len(of_word)):
        is_one = run_ends[64 * word] >= min(64 * word + 64, len(regions))
        of_word[word] = regions[64 * word] if is_one else -1


@inlined
def _reach(rows: roaring.Positions, start: int, end: int, stop: int) -> int:
    """Where, from `start` to `end`, the first of some ascending rows stands that is `stop` or beyond it."""
    left = min(end - start, stop - int(rows[start]))
    while left > 0:
        half = left >> 1
        is_before = rows[start + half] < stop
        start = start + half + 1 if is_before else start
        left = left - half - 1 if is_before else half
    return start


@compiled
def _tally(
    items: Ints,
    counts: Ints,
    starts: Whole,
    data: Words,
    rows: roaring.Positions,
    fen: Whole,
    regions: Ints,
    run_ends: Ints,
    of_word: Ints,
    sums: Whole,
    touched: Ints,
    columns: Whole,
) -> int:
    filled = at = 0
    for index in range(len(items)):
        some, end = 0, at + counts[index, 0]
        while at < end:
            region, first, unknown, paid = regions[rows[at]], at, 0, 0
            at = _reach(rows, at, end, run_ends[rows[at]])
            for place in range(first, at):
                unknown += fen[place] == AMOUNT_UNKNOWN
                paid += max(fen[place], 0)
            if sums[region, 0] == 0:
                touched[some] = region
                some += 1
            sums[region, 0] += at - first
            sums[region, 2] += unknown
            sums[region, 3] += paid
        some = _tally_possible(
            counts[index, 1], starts[2 * index + 1], data, regions, run_ends, of_word, sums, touched, some
        )
        for place in range(some):
            region = touched[place]
            columns[filled, 0], columns[filled, 1] = items[index], region
            for column in range(4):
                columns[filled, 2 + column] = sums[region, column]
                sums[region, column] = 0
            filled += 1
    return filled


@inlined
def _tally_possible(
    count: int,
    start: int,
    data: Words,
    regions: Ints,
    run_ends: Ints,
    of_word: Ints,
    sums: Whole,
    touched: Ints,
    some: int,
) -> int:
    """Adds an item's possible rows; a word whose rows all lie in one region is counted at once."""
    listed, at = data.view(np.uint16), 4 * start
    end = at + count if count <= MOST_LISTED else at
    while at < end:
        region, first = regions[listed[at]], at
        at = _reach(listed, at, end, run_ends[listed[at]])
        if sums[region, 0] == 0 and sums[region, 1] == 0:
            touched[some] = region
            some += 1
        sums[region, 1] += at - first
    for word in range(len(of_word) if count > MOST_LISTED else 0):
        left = data[start + word]
        while left != 0:
            region, many = of_word[word], ones_in(left)
            if region < 0:
                region, many = regions[word * 64 + lowest_in(left)], 1
            if sums[region, 0] == 0 and sums[region, 1] == 0:
                touched[some] = region
                some += 1
            sums[region, 1] += many
            left = left & (left - np.uint64(1)) if of_word[word] < 0 else np.uint64(0)
    return some
