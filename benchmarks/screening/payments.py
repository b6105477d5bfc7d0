"""What items pay, in a neutral form: the few ways in which generated items name a sum, over prepared columns.

Like `conditions`, it is made from the items' expressions by itself, not by the engine's compiler; what it does not know
is refused. Sums are whole fen. An amount is unknown where the column that it reads is.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from benchmarks.screening.conditions import Translation
from zhida.domain.rules import Program, nodes
from zhida.domain.rules.nodes import Node
from zhida.domain.rules.tables import Table, band_of


@dataclass(frozen=True)
class Fixed:
    """The same for everybody."""

    fen: int


@dataclass(frozen=True)
class Share:
    """A column times `percent`, over 100, rounded down to the fen, at most `cap`."""

    column: str
    percent: int
    cap: int


@dataclass(frozen=True)
class Coded:
    """A sum for each value of a closed list, by its place."""

    column: str
    fen: tuple[int, ...]


@dataclass(frozen=True)
class Banded:
    """The sum of the first bound that the column reaches, at most `cap`; no amount below the last bound."""

    column: str
    bounds: tuple[tuple[int, int], ...]
    cap: int


@dataclass(frozen=True)
class Units:
    """Each unit up to `bound` at one sum, each further one at another, at most `cap`."""

    column: str
    bound: int
    first: int
    further: int
    cap: int


Payment = Fixed | Share | Coded | Banded | Units


def payment_of(program: Program, translation: Translation) -> Payment | None:
    """How an item pays; None where it gives a service. Raises ValueError for what the generator does not write."""
    if program.amount is None:
        return None
    name = program.amount.name if isinstance(program.amount, nodes.Name) else ""
    if name in program.schema.tables:
        return _tabled(program.schema.tables[name], translation)
    if name not in program.schema.amounts:
        raise ValueError(f"{program.item} pays in a way that is not known here")
    value = program.schema.amounts[name].value
    if isinstance(value, nodes.Literal):
        return Fixed(_whole(value))
    if isinstance(value, nodes.Call) and value.name == "min" and isinstance(value.arguments[0], nodes.Call):
        floored, cap = value.arguments
        product = floored.arguments[0] if isinstance(floored, nodes.Call) and floored.name == "floor" else None
        if isinstance(product, nodes.Arithmetic) and product.operator == "*":
            return Share(_column(product.left, translation), _whole(product.right, 2), _whole(cap))
    raise ValueError(f"{program.item} pays in a way that is not known here")


def _tabled(table: Table, translation: Translation) -> Payment:
    column = _column(table.by[0].value, translation)
    gives = [_whole(row.gives) for row in table.rows]
    if table.hit == "unique" and table.cap is None:
        values = translation.dictionary.facts[column].values
        words = {_word(test): fen for row, fen in zip(table.rows, gives, strict=True) for test in row.cells[0]}
        return Coded(column, tuple(words[value] for value in values))
    cap = _whole(table.cap)
    if table.hit == "marginal" and len(gives) == 2:
        (low, bound), (after, end) = (band_of(row) for row in table.rows)
        if low == 0 and bound == after and end is None:
            return Units(column, int(after), *gives, cap)
    if table.hit == "first":
        return Banded(column, tuple(zip(map(_bound, (row.cells[0][0] for row in table.rows)), gives, strict=True)), cap)
    raise ValueError(f"table {table.name} is of a kind that is not known here")


def _bound(test: object) -> int:
    if isinstance(test, nodes.Interval) and test.high is None and test.includes_low and test.low is not None:
        return _whole(test.low)
    raise ValueError(f"{test} is no lower bound")


def _column(node: Node, translation: Translation) -> str:
    """The column of a stored fact, of a year where it has years."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Call) and isinstance(node.arguments[0], nodes.Arithmetic):
        return f"{node.name}@{translation.as_of.year - _whole(node.arguments[0].right)}"
    raise ValueError(f"{node} is no stored fact")


def _whole(node: Node | None, decimals: int = 0) -> int:
    """A constant number, scaled."""
    if isinstance(node, nodes.Literal) and isinstance(node.value, Decimal):
        scaled = node.value.scaleb(decimals)
        if scaled == int(scaled):
            return int(scaled)
    raise ValueError(f"{node} is no such constant")


def _word(node: object) -> str:
    if isinstance(node, nodes.Literal) and isinstance(node.value, str):
        return node.value
    raise ValueError(f"{node} is no word")
