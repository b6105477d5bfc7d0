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
    reached = {region: _reached(world, items[0]) for region, items in held.items()}
    for first in range(share):
        part = {
            region: [item for rank, item in enumerate(items) if (rank // most + number) % share == first]
            for number, (region, items) in enumerate(sorted(held.items()))
        }
        for start, stop in _bounds(world):
            asked = [(reached[region], tuple(items)) for region, items in part.items() if items]
            pieces = [piece for ranges, items in asked for piece in _pieces(ranges, items, start, stop)]
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


def _reached(world: World, item: int) -> list[tuple[int, int, bool]]:
    """The rows that an item's region can reach, and whether it is surely met there."""
    case = world.cases[item]
    inside = world.region_starts[world.translation.orders["region"].first[case.region]] if case.region else 0
    return [(low, high, not case.region or low == inside) for low, high in world.rows_of(case)]


def _pieces(reached: Sequence[tuple[int, int, bool]], items: tuple[int, ...], start: int, stop: int) -> Iterator[Piece]:
    """Items of one region in the rows of a block."""
    for low, high, sure in reached:
        first, last = max(low, start), min(high, stop)
        if first < last:
            yield Piece(first, last, items, sure)


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
