"""Tables: inputs, rows of tests, and what each row gives. A cell is a tuple of tests, none for anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf

from zhida.domain.rules.nodes import Node
from zhida.domain.rules.places import Place

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
    place: Place = Place()


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
    place: Place = Place()

    @property
    def marginal(self) -> bool:
        """Whether bands are counted unit by unit."""
        return self.hit == "marginal"
