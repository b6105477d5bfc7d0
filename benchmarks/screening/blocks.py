"""Everyone in blocks of neighbouring rows, for a peer that gives all outputs: a city, and those told too coarsely.

In a block, the items of one region reach the same rows: there the region is met, or it is in doubt. So the peer gets
the answer about the region for nothing, as one who knows our row ranges would take it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.screening.world import World


@dataclass(frozen=True)
class Piece:
    """Rows from `start` to `stop` (not included) and the items that reach all of them; with `sure` their region is met
    there, else it is in doubt."""

    start: int
    stop: int
    items: tuple[int, ...]
    sure: bool


@dataclass(frozen=True)
class Block:
    """Neighbouring rows, with all pieces that lie in them."""

    start: int
    stop: int
    pieces: tuple[Piece, ...]

    @property
    def pairs(self) -> int:
        """Pairs in reach."""
        return sum((piece.stop - piece.start) * len(piece.items) for piece in self.pieces)


def blocks(world: World, most: int, share: int = 1) -> list[Block]:
    """Blocks whose pieces have at most `most` items each, cheap ones first; with a `share` of k each block comes k
    times, with a k-th of the items: all of their pieces in it."""
    held: dict[str, list[int]] = {}
    for place, case in enumerate(world.cases):
        held.setdefault(case.region, []).append(place)
    found = []
    for first in range(share):
        part = {
            region: [item for rank, item in enumerate(items) if (rank // most + number) % share == first]
            for number, (region, items) in enumerate(sorted(held.items()))
        }
        for start, stop in _bounds(world):
            pieces = [piece for items in part.values() if items for piece in _pieces(world, items, start, stop)]
            found.append(Block(start, stop, tuple(cut for piece in _joined(pieces) for cut in _cut(piece, most))))
    return sorted((block for block in found if block.pieces), key=lambda block: (block.pairs, block.start))


def _bounds(world: World) -> Iterator[tuple[int, int]]:
    """Cities, and between them the rows told less precisely than by city."""
    order, starts = world.translation.orders["region"], world.region_starts
    cities = [code for code in order.first if len(order.tree.ancestors(code)) == 1]
    at = 0
    for city in cities:
        start, stop = starts[order.first[city]], starts[order.last[city] + 1]
        yield from ((low, high) for low, high in ((at, start), (start, stop)) if low < high)
        at = stop
    if at < starts[-1]:
        yield at, starts[-1]


def _pieces(world: World, items: Sequence[int], start: int, stop: int) -> Iterator[Piece]:
    region = world.cases[items[0]].region
    inside = world.region_starts[world.translation.orders["region"].first[region]] if region else 0
    for low, high in world.rows_of(world.cases[items[0]]):
        first, last = max(low, start), min(high, stop)
        if first < last:
            yield Piece(first, last, tuple(items), not region or low == inside)


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Items of several regions that reach the same rows are asked together."""
    held: dict[tuple[int, int, bool], list[int]] = {}
    for piece in pieces:
        held.setdefault((piece.start, piece.stop, piece.sure), []).extend(piece.items)
    for (start, stop, sure), items in sorted(held.items()):
        yield Piece(start, stop, tuple(items), sure)


def _cut(piece: Piece, most: int) -> Iterator[Piece]:
    for at in range(0, len(piece.items), most):
        yield Piece(piece.start, piece.stop, piece.items[at : at + most], piece.sure)
