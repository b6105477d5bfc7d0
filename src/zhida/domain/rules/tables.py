"""Tables: inputs, rows of tests, and what each row gives. A cell is a tuple of tests, none for anything."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal as OneOf

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.nodes import Interval, Literal, Node
from zhida.domain.rules.places import NOWHERE, Place

Hit = OneOf["unique", "first", "collect_sum", "marginal"]


@dataclass(frozen=True)
class Input:
    """A column of a table: its heading and the expression that it tests."""

    name: str
    value: Node


@dataclass(frozen=True)
class Row:
    """One test tuple for each input (empty means anything), and the expression of the result."""

    cells: tuple[tuple[Node, ...], ...]
    gives: Node
    place: Place = NOWHERE


@dataclass(frozen=True)
class Table:
    """A named table.

    unique: exactly one row holds, checked beforehand. first: the first that holds, else none. collect_sum: the sum of
    all that hold, none where no row does. marginal: one numeric input cut into bands, each unit inside a band at that
    band's rate. `cap` bounds the result from above.
    """

    name: str
    hit: Hit
    by: tuple[Input, ...]
    rows: tuple[Row, ...]
    cap: Node | None = None
    cites: tuple[str, ...] = ()
    place: Place = NOWHERE

    @property
    def expressions(self) -> tuple[Node, ...]:
        """Everything that the table reads: inputs, results, cap."""
        read = (*(column.value for column in self.by), *(row.gives for row in self.rows))
        return read if self.cap is None else (*read, self.cap)

    @property
    def marginal(self) -> bool:
        """Whether bands are counted unit by unit."""
        return self.hit == "marginal"


def band_of(row: Row) -> tuple[Decimal, Decimal | None]:
    """The bounds of a marginal table's row: where its units begin, and where they end (None: nowhere).

    Raises InvariantBroken where the cell is no single interval with a constant lower bound; the checker sees to that.
    """
    test = row.cells[0][0] if len(row.cells[0]) == 1 else None
    low = test.low if isinstance(test, Interval) else None
    high = test.high if isinstance(test, Interval) else None
    if not isinstance(low, Literal) or not isinstance(low.value, Decimal):
        raise InvariantBroken("band_without_bound", "a row of a marginal table has no lower bound")
    return low.value, high.value if isinstance(high, Literal) and isinstance(high.value, Decimal) else None
