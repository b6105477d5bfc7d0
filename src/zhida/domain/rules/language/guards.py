"""Which expressions are surely not zero where another is read: what makes a division safe."""

from __future__ import annotations

from decimal import Decimal

from zhida.domain.rules import nodes
from zhida.domain.rules.nodes import Node
from zhida.domain.rules.schema import Schema

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}


def nonzero_when(condition: Node, truth: bool) -> frozenset[Node]:
    """The expressions that cannot be zero where a condition is surely true (or surely false)."""
    if isinstance(condition, nodes.Not):
        return nonzero_when(condition.operand, not truth)
    if isinstance(condition, nodes.And if truth else nodes.Or):
        return frozenset().union(*(nonzero_when(operand, truth) for operand in condition.operands))
    if isinstance(condition, nodes.Compare):
        sign = condition.operator if truth else _OPPOSITE[condition.operator]
        found = (
            _excluded(sign, condition.left, condition.right),
            _excluded(_MIRRORED[sign], condition.right, condition.left),
        )
        return frozenset(node for node in found if node is not None)
    return frozenset()


def _excluded(sign: str, node: Node, limit: Node) -> Node | None:
    """The node, where `node sign limit` rules zero out."""
    if not isinstance(limit, nodes.Literal) or not isinstance(limit.value, Decimal):
        return None
    bound = limit.value
    excluded = {
        "=": bound != 0,
        "!=": bound == 0,
        ">": bound >= 0,
        ">=": bound > 0,
        "<": bound <= 0,
        "<=": bound < 0,
    }
    return node if excluded[sign] else None


def is_surely_nonzero(node: Node, guards: frozenset[Node], schema: Schema) -> bool:
    """Whether a divisor can never be zero: guarded, a constant, a parameter or a table without a zero in it."""
    if node in guards:
        return True
    if isinstance(node, nodes.Literal):
        return node.value != 0
    if isinstance(node, nodes.Path) and node.source == nodes.Name("parameters"):
        series = schema.parameters.get(node.field)
        return series is not None and all(row.value != 0 for row in series.rows)
    if isinstance(node, nodes.Name) and node.name in schema.tables:
        table = schema.tables[node.name]
        given = [row.gives for row in table.rows] + ([table.cap] if table.cap else [])
        plain = table.hit in ("unique", "first")
        return plain and all(isinstance(gives, nodes.Literal) and gives.value != 0 for gives in given)
    return False


def is_surely_filled(source: Node, guards: frozenset[Node]) -> bool:
    """Whether a list surely has a member: it is written out, or `count(…)` of it is guarded."""
    if isinstance(source, nodes.ListOf):
        return bool(source.items)
    if nodes.Call("count", (source,)) in guards:
        return True
    return isinstance(source, nodes.Path | nodes.For) and is_surely_filled(source.source, guards)
