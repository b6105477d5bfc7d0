"""Changes of rules that change nothing, proved: no case could notice them, so that none is asked to.

A whole number rounded up is what it is rounded down. In a table of intervals over one number whose first row counts, a
bound that lies under an earlier row may move: the same row is still the first for every number.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from zhida.domain.errors import AuthorError
from zhida.domain.packs.variants import Variant
from zhida.domain.rules import Node, Schema, Table, check, nodes

_ROUNDED = ("floor", "ceiling", "round half up")


def rounds_whole(variant: Variant, schema: Schema) -> bool:
    """Whether a change only rounds the other way what is proved to be a whole number."""
    before = variant.before
    if not (isinstance(before, nodes.Call) and before.name in _ROUNDED and len(before.arguments) == 1):
        return False
    try:
        kind = check(before.arguments[0], schema)
    except AuthorError:
        return False
    return kind.kind == "number" and kind.scale == 0


def chooses_alike(table: Table, changed: Table) -> bool:
    """Whether two tables over one number have the same first row for every number; False where that is not proved.

    Between two bounds neither table's answer changes, so that the bounds and one number between each pair decide.
    """
    if table.hit != "first" or len(table.by) != 1 or table.by != changed.by:
        return False
    if [row.gives for row in table.rows] != [row.gives for row in changed.rows]:
        return False
    bounds = sorted({bound for each in (table, changed) for row in each.rows for bound in _bounds(row.cells[0])})
    if not bounds or not all(
        _is_plain(test) for each in (table, changed) for row in each.rows for test in row.cells[0]
    ):
        return False
    between = [(low + high) / 2 for low, high in pairwise(bounds)]
    points = [bounds[0] - 1, *bounds, *between, bounds[-1] + 1]
    return all(_first(table, point) == _first(changed, point) for point in points)


def _bounds(cell: tuple[Node, ...]) -> Iterator[Decimal]:
    for test in cell:
        parts = (test.low, test.high) if isinstance(test, nodes.Interval) else (test,)
        for part in parts:
            if isinstance(part, nodes.Literal) and isinstance(part.value, Decimal):
                yield part.value


def _is_plain(test: Node) -> bool:
    """Whether a test is an interval of constants, so that its bounds say all of it."""
    parts = (test.low, test.high) if isinstance(test, nodes.Interval) else (test,)
    return all(part is None or (isinstance(part, nodes.Literal) and isinstance(part.value, Decimal)) for part in parts)


def _first(table: Table, value: Decimal) -> int | None:
    for position, row in enumerate(table.rows):
        if not row.cells[0] or any(_holds(test, value) for test in row.cells[0]):
            return position
    return None


def _holds(test: Node, value: Decimal) -> bool:
    if isinstance(test, nodes.Literal):
        return test.value == value
    if not isinstance(test, nodes.Interval):
        return False
    low, high = _constant(test.low), _constant(test.high)
    is_above = low is None or value > low or (value == low and test.includes_low)
    return is_above and (high is None or value < high or (value == high and test.includes_high))


def _constant(node: Node | None) -> Decimal | None:
    return node.value if isinstance(node, nodes.Literal) and isinstance(node.value, Decimal) else None
