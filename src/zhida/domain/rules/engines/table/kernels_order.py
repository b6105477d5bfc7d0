"""A block's rows sorted by their code, where many tests ask a column: a range then costs as many rows as it has."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhida.domain.rules.engines.table.coding import Codes
from zhida.domain.rules.engines.table.jit import compiled, inlined
from zhida.domain.rules.engines.table.plan import Graph, Kind
from zhida.domain.rules.engines.table.prices import Ints

BLOCK, WIDTH = 4_096, 64
WORTH_SORTING, MANY = 64, 3
CODES, AT, SURE, DOUBT = Kind.CODES, Kind.AT, Kind.SURE, Kind.DOUBT


class Sorted(NamedTuple):
    """Columns whose rows are sorted by code, block for block: which place a column has among them (-1: none), and for
    each what `index_rows` says."""

    of_column: Ints
    below: Ints
    order: Codes


def unsorted(graph: Graph, columns: int) -> Sorted:
    """Room to sort by code the columns of which many tests ask, and those many ranges: places in a tree, above all."""
    if len(graph.nodes) < WORTH_SORTING:
        return _room_to_sort(np.zeros(columns, dtype=bool), 0)
    tests = graph.nodes[graph.nodes[:, Kind.KIND] == Kind.CODES]
    starts, ends = tests[:, (Kind.SURE, Kind.DOUBT)], tests[:, (Kind.SURE + 1, Kind.DOUBT + 1)]
    tested = np.bincount(tests[:, Kind.AT], minlength=columns)
    ranges = np.bincount(tests[:, Kind.AT], (ends - starts).sum(axis=1) // 2, columns)
    chosen: NDArray[np.bool_] = (tested >= WORTH_SORTING) & (ranges > MANY * tested)
    named = ends[(ends > starts) & chosen[tests[:, Kind.AT], None]]
    highest = int(graph.lists[named - 1].max(initial=0))  # ranges are sorted, so that the highest ends a list
    return _room_to_sort(chosen, highest)


def _room_to_sort(chosen: NDArray[np.bool_], highest: int) -> Sorted:
    many = int(chosen.sum())
    return Sorted(
        np.where(chosen, np.cumsum(chosen) - 1, -1).astype(np.int32),
        np.empty((many, highest + 3), dtype=np.int32),
        np.empty((many, BLOCK), dtype=np.uint16),
    )


@compiled
def index_rows(codes: Codes, start: int, rows: int, below: Ints, order: Codes) -> None:
    """Sorts a block's rows by their code: those of code c stand in `order` from below[c] to below[c + 1].

    Whatever code is at or beyond the highest that anyone asks for, `len(below) - 3`, is taken for that one.
    """
    most = len(below) - 3
    below[:] = np.int32(0)
    for row in range(rows):
        below[min(int(codes[start + row]), most) + 2] += 1
    for code in range(2, len(below)):
        below[code] += below[code - 1]
    for row in range(rows):
        code = min(int(codes[start + row]), most) + 1
        order[below[code]] = row
        below[code] += 1


@inlined
def may_hold(nodes: Ints, lists: Ints, node: int, by_code: Sorted) -> bool:
    """Whether any row of the block may be in a node's ranges, as far as the sorted columns tell."""
    place = by_code.of_column[nodes[node, AT]] if nodes[node, 0] == CODES else -1
    found = place < 0
    for column in (SURE, DOUBT):
        for at in range(nodes[node, column], nodes[node, column + 1] if place >= 0 else 0, 2):
            found = found or by_code.below[place, lists[at + 1]] > by_code.below[place, lists[at]]
    return found
