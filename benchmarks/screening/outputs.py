"""All outputs of a block, as a peer gives them, and ours beside them: sets, amounts, lists by subject, totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.screening.blocks import Block
from benchmarks.screening.judging import ENTITLED, NOT, POSSIBLE, Finding, Judge
from benchmarks.screening.world import ROWS_EACH
from zhida.domain.rules.engines import table
from zhida.domain.rules.engines.table import roaring

Ints = npt.NDArray[np.int64]
Totals = dict[Any, table.Total]
ITEM, ROW, FEN = range(3)


class Outputs(NamedTuple):
    """What a peer gives of a block. `entitled` are item, row and fen (or AMOUNT_UNKNOWN, NO_AMOUNT), `possible` item
    and row, both by item and row; `listed` is `entitled` by row and item. Totals are by item, by the place of the
    subjects' region in preorder, and by office."""

    entitled: tuple[Ints, Ints, Ints]
    possible: tuple[Ints, Ints]
    listed: tuple[Ints, Ints, Ints]
    by_item: Totals
    by_region: Totals
    by_office: Totals


@dataclass(frozen=True)
class Bench:
    """Ours, cut to the rows and items of a block."""

    judge: Judge

    def findings(self, block: Block, outputs: Outputs) -> Iterator[Finding]:
        """Compares everything; each item is told once, and a total that differs as the block's first row."""
        items = np.unique(np.concatenate([piece.items for piece in block.pieces])).astype(np.int64)
        entitled, possible = self._ours(block, items)
        order = np.lexsort((entitled[ITEM], entitled[ROW]))
        listed = tuple(column[order] for column in entitled)
        totals = (outputs.by_item, outputs.by_region, outputs.by_office)
        rest = _same(listed, outputs.listed) and totals == self._totals(block, items)
        first = np.searchsorted(entitled[ITEM], items), np.searchsorted(outputs.entitled[ITEM], items)
        doubt = np.searchsorted(possible[ITEM], items), np.searchsorted(outputs.possible[ITEM], items)
        for place, item in enumerate(items.tolist()):
            ours = _cut(entitled[1:], first[0], place), _cut(possible[1:], doubt[0], place)
            theirs = _cut(outputs.entitled[1:], first[1], place), _cut(outputs.possible[1:], doubt[1], place)
            if not all(map(_same, ours, theirs)):
                yield _told(item, ours, theirs)
            elif rest:
                yield Finding(item)
            else:
                yield Finding(item, block.start)

    def _ours(self, block: Block, items: Ints) -> tuple[tuple[Ints, Ints, Ints], tuple[Ints, Ints]]:
        chunks = range(block.start // ROWS_EACH, (block.stop - 1) // ROWS_EACH + 1)
        rails = zip(*(self._pairs(chunk) for chunk in chunks), strict=True)
        sure, possible = (_within([*parts], block, items) for parts in rails)
        return (sure[0], sure[1], sure[2]), (possible[0], possible[1])

    @lru_cache(maxsize=2)  # noqa: B019 (a judge lives as long as its process)
    def _pairs(self, number: int) -> tuple[tuple[Ints, ...], tuple[Ints, ...]]:
        chunk = self.judge.result.chunks[number]
        counts, first = chunk.sets.counts, number * ROWS_EACH
        held = [
            np.asarray(roaring.rows_in(chunk.container(place, 1), count), dtype=np.int64)
            for place, count in enumerate(counts[:, 1].tolist())
            if count
        ]
        rows = np.concatenate([np.zeros(0, dtype=np.int64), *held]) + first
        sure = (np.repeat(chunk.sets.items, counts[:, 0]), chunk.sets.rows.astype(np.int64) + first, chunk.fen)
        return sure, (np.repeat(chunk.sets.items, counts[:, 1]), rows)

    def _totals(self, block: Block, items: Ints) -> tuple[Totals, Totals, Totals]:
        result, world = self.judge.result, self.judge.engine.world
        order, starts = world.translation.orders["region"].first, world.region_starts
        places = np.array([order.get(word, len(order)) for word in result.region_words], dtype=np.int64)
        lies = np.array([block.start <= starts[place] < block.stop for place in places.tolist()])
        held = result.tallies[lies[result.tallies[:, 1]] & np.isin(result.tallies[:, 0], items)]
        offices = [item.owner for item in result.plan.items]
        return (
            _summed(held[:, 0].tolist(), held),
            _summed(places[held[:, 1]].tolist(), held),
            _summed([offices[item] for item in held[:, 0].tolist()], held),
        )


def _within(parts: Sequence[tuple[Ints, ...]], block: Block, items: Ints) -> tuple[Ints, ...]:
    """The pairs of some chunks that lie in a block, by item and row."""
    columns = [np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True)]
    asked = np.zeros(int(max(columns[ITEM].max(initial=0), items.max())) + 1, dtype=bool)
    asked[items] = True
    lies = np.flatnonzero((columns[ROW] >= block.start) & (columns[ROW] < block.stop) & asked[columns[ITEM]])
    order = lies[np.lexsort((columns[ROW][lies], columns[ITEM][lies]))]
    return tuple(column[order] for column in columns)


def _cut(columns: Sequence[Ints], starts: Ints, place: int) -> tuple[Ints, ...]:
    stop = starts[place + 1] if place + 1 < len(starts) else None
    return tuple(column[starts[place] : stop] for column in columns)


def _same(ours: Sequence[Ints], theirs: Sequence[Ints]) -> bool:
    return all(map(np.array_equal, ours, theirs))


def _told(item: int, ours: Sequence[tuple[Ints, ...]], theirs: Sequence[tuple[Ints, ...]]) -> Finding:
    """The first row in which a set, or else an amount, differs."""
    apart = np.union1d(*(np.setxor1d(mine[0], other[0]) for mine, other in zip(ours, theirs, strict=True)))
    if not len(apart):
        apart = ours[0][0][ours[0][1] != theirs[0][1]]
    row = int(apart[0])
    return Finding(item, row, ENTITLED if row in theirs[0][0] else POSSIBLE if row in theirs[1][0] else NOT)


def _summed(names: Sequence[int | str], tallies: Ints) -> Totals:
    """Tallies added up under each name."""
    keys = sorted(set(names))
    place = {name: at for at, name in enumerate(keys)}
    sums = np.zeros((len(keys), 4), dtype=np.int64)
    np.add.at(sums, [place[name] for name in names], tallies[:, 2:])
    return {name: table.Total(*sums[at].tolist()) for name, at in place.items()}
