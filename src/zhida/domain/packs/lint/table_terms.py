"""Tables as the solver's terms: which row gives, and what."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Protocol

from zhida.domain.rules import Node, Table
from zhida.domain.rules.tables import band_of


class MakesTerms(Protocol):
    """What makes terms of expressions."""

    z3: Any
    bound: Any

    def term(self, node: Node) -> Any:
        """The term of an expression."""

    def test(self, value: Any, test: Node, scope: Any) -> Any:
        """Whether one test holds for a value."""


def row_holds(terms: MakesTerms, table: Table, position: int) -> Any:
    """Whether a row's cells hold, whatever the rows above it say."""
    held = []
    for column, cell in zip(table.by, table.rows[position].cells, strict=True):
        if cell:
            value = terms.term(column.value)
            held.append(terms.z3.Or(*(terms.test(value, test, terms.bound) for test in cell)))
    return terms.z3.And(*held)


def row_gives(terms: MakesTerms, table: Table, position: int) -> Any:
    """Whether a row is one that gives: under `first`, that no row above it holds."""
    above = range(position) if table.hit == "first" else ()
    return terms.z3.And(
        row_holds(terms, table, position), *(terms.z3.Not(row_holds(terms, table, each)) for each in above)
    )


def given(terms: MakesTerms, table: Table) -> Any:
    """What a table gives; where no row holds, anything that a row gives."""
    z3, values = terms.z3, [terms.term(row.gives) for row in table.rows]
    if table.hit == "marginal":
        found = _marginal(terms, table, values)
    elif table.hit == "collect_sum":
        found = z3.Sum(*(z3.If(row_holds(terms, table, at), each, 0) for at, each in enumerate(values)))
    else:
        found = values[-1]
        for position in reversed(range(len(values) - 1)):
            found = z3.If(row_holds(terms, table, position), values[position], found)
    if table.cap is None:
        return found
    cap = terms.term(table.cap)
    return z3.If(cap < found, cap, found)


def _marginal(terms: MakesTerms, table: Table, rates: list[Any]) -> Any:
    z3, units, parts = terms.z3, terms.term(table.by[0].value), []
    for row, rate in zip(table.rows, rates, strict=True):
        low, high = band_of(row)
        top = units if high is None else z3.If(units < exact(high, z3), units, exact(high, z3))
        parts.append(z3.If(top > exact(low, z3), (top - exact(low, z3)) * rate, 0))
    return z3.Sum(*parts)


def exact(value: Decimal, z3: Any) -> Any:
    """A decimal as a fraction of the solver."""
    return z3.RealVal(format(value, "f"))
