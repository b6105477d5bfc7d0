"""Tables of one input as steps over its codes: which result stands in which range, by the rules of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from zhida.domain.rules.engines.table.amounts import BROKEN, LIMIT, NONE, UNKNOWN
from zhida.domain.rules.engines.table.coding import Coding, Test, ranges_of
from zhida.domain.rules.engines.table.literals import Leaf, Leaves, Untestable
from zhida.domain.rules.language.types import decimals_of
from zhida.domain.rules.numbers import FEEL
from zhida.domain.rules.tables import Hit, Table

Pieces = tuple[tuple[int, int], ...]
SURE, DOUBTFUL, NOT = 2, 1, 0


@dataclass(frozen=True)
class Lookup:
    """A table: for each row its tests (none: anything) and what it gives, times 10^-scale; `leaf` knows the input."""

    hit: Hit
    rows: tuple[tuple[tuple[Test, ...], int], ...]
    scale: int
    leaf: Leaf = field(compare=False)

    @property
    def key(self) -> str:
        """Equal tables over equal inputs have equal keys."""
        return f"{self.leaf.source.key}/{self.hit}/{self.scale}/{self.rows!r}"

    def pieces(self, coding: Coding) -> Pieces:
        """(end, value): codes from the end before (at first 0) up to `end` give `value`, or a mark of `amounts`."""
        ranges = [ranges_of(coding, tests, False) if tests else (((0, coding.top),), ()) for tests, _ in self.rows]
        edges = {edge for pair in ranges for part in pair for held in part for edge in held}
        ends = sorted(edges | {coding.top})
        found: list[tuple[int, int]] = []
        for low, high in zip([0, *ends], ends, strict=False):
            if low < high:
                holds = [_holds(low, *pair) for pair in ranges]
                value = self._summed(holds) if self.hit == "collect_sum" else self._chosen(holds)
                if found and found[-1][1] == value:
                    found.pop()
                found.append((high, value))
        return tuple(found)

    def _chosen(self, holds: Sequence[int]) -> int:
        """The first row that holds, where all rows that may stand before it agree."""
        possible = []
        for held, (_, gives) in zip(holds, self.rows, strict=True):
            if held != NOT:
                possible.append(gives)
            if held == SURE:
                break
        else:
            possible.append(NONE if self.hit == "first" else possible[-1] if possible else BROKEN)
        return possible[0] if len(set(possible)) == 1 else UNKNOWN

    def _summed(self, holds: Sequence[int]) -> int:
        if DOUBTFUL in holds:
            return UNKNOWN
        given = [gives for held, (_, gives) in zip(holds, self.rows, strict=True) if held == SURE]
        return sum(given) if given else NONE


def _holds(code: int, sure: Sequence[tuple[int, int]], doubt: Sequence[tuple[int, int]]) -> int:
    if any(low <= code < high for low, high in sure):
        return SURE
    return DOUBTFUL if any(low <= code < high for low, high in doubt) else NOT


def lookup_of(table: Table, leaves: Leaves) -> Lookup | None:
    """The look-up of a table, or None where it has several inputs, or tests or results that are not constant."""
    if len(table.by) != 1:
        return None
    value = table.by[0].value
    try:
        gives = [leaves.constant(row.gives) for row in table.rows]
        cells = [leaves.tests_of(value, row.cells[0]) for row in table.rows]
        leaf = leaves.test(value, [test for cell in cells for test in cell], negated=False)
    except Untestable:
        return None
    numbers = [given for given in gives if isinstance(given, Decimal)]
    scale = max((decimals_of(number) for number in numbers), default=0)
    if len(numbers) < len(gives) or scale > 18 or sum(abs(number) for number in numbers) * 10**scale >= LIMIT:
        return None
    scaled = [int(FEEL.scaleb(number, scale)) for number in numbers]
    return Lookup(table.hit, tuple(zip(cells, scaled, strict=True)), scale, leaf)
