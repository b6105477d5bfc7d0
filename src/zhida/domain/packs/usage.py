"""Which names an expression leans on, directly or through tables, amounts and derived facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from zhida.domain.rules import Node, Schema, Table, walk
from zhida.domain.rules.nodes import Call, Name, Path

_PARAMETERS = "parameters"


@dataclass(frozen=True)
class Usage:
    """Names by what they name."""

    facts: frozenset[str]
    relations: frozenset[str]
    parameters: frozenset[str]
    tables: frozenset[str]
    amounts: frozenset[str]


def usage_of(roots: Iterable[Node], schema: Schema) -> Usage:
    """Everything that these expressions can read."""
    waiting, seen = [*roots], set()
    parameters: set[str] = set()
    while waiting:
        for node in walk(waiting.pop()):
            if isinstance(node, Path) and node.source == Name(_PARAMETERS):
                parameters.add(node.field)
            if isinstance(node, Name | Call) and node.name not in seen:
                seen.add(node.name)
                waiting.extend(_behind(node.name, schema))
    return Usage(
        facts=frozenset(seen & schema.facts.keys()),
        relations=frozenset(seen & schema.relations.keys()),
        parameters=frozenset(parameters & schema.parameters.keys()),
        tables=frozenset(seen & schema.tables.keys()),
        amounts=frozenset(seen & schema.amounts.keys()),
    )


class Speaking(Protocol):
    """Whatever says expressions, an item above all."""

    @property
    def expressions(self) -> tuple[Node, ...]:
        """All of them."""


def roots_of(item: Speaking) -> tuple[Node, ...]:
    """Every expression that an item says, its place and relation as names."""
    return item.expressions


def _behind(name: str, schema: Schema) -> list[Node]:
    if name in schema.amounts:
        return [schema.amounts[name].value]
    if name in schema.tables:
        return parts_of(schema.tables[name])
    fact = schema.facts.get(name)
    return [fact.expression] if fact and fact.expression is not None else []


def parts_of(table: Table) -> list[Node]:
    """Every expression of a table: inputs, cells, results, cap."""
    parts = [column.value for column in table.by]
    for row in table.rows:
        parts.extend(test for cell in row.cells for test in cell)
        parts.append(row.gives)
    return parts + ([table.cap] if table.cap is not None else [])
