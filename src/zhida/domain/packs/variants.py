"""The small changes that can be made to an expression, one at a time: what rule mutants are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Literal as OneOf

from zhida.domain.rules import Literal, Node, Spot, children, rebuild
from zhida.domain.rules.nodes import And, Arithmetic, Call, Compare, If, In, Interval, Not, Or

_Operator = OneOf["=", "!=", "<", "<=", ">", ">="]
_COMPARISONS: dict[str, _Operator] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "!=", "!=": "="}
_ZERO = Literal("number", Decimal(0))
_SIGNS: dict[str, OneOf["+", "-"]] = {"+": "-", "-": "+"}
_FUNCTIONS = {"floor": "ceiling", "ceiling": "floor", "round half up": "floor", "min": "max", "max": "min"}


@dataclass(frozen=True)
class Variant:
    """One change inside an expression: where, the node that stood there, what stands there now, and the whole."""

    spot: Spot
    before: Node
    after: Node
    whole: Node


def variants_of(node: Node) -> Iterator[Variant]:
    """Every expression that differs from this one in one small point."""
    for after in _changes(node):
        yield Variant(node.at, node, after, after)
    for position, child in enumerate(children(node)):
        for variant in () if _stands_in_for_division(node, child) else variants_of(child):
            yield replace(variant, whole=_with_child(node, position, variant.whole))


def _stands_in_for_division(node: Node, child: Node) -> bool:
    """Whether the child is the constant of a guard (`if d = 0 then 0 else n / d`): any value far from the thresholds
    does as well, so no case could tell."""
    guard = node.condition if isinstance(node, If) else None
    is_zero_guard = isinstance(guard, Compare) and guard.operator == "=" and guard.right == _ZERO
    return is_zero_guard and isinstance(node, If) and child is node.then and isinstance(child, Literal)


def _with_child(node: Node, position: int, new: Node) -> Node:
    seen = count()
    return rebuild(node, lambda child: new if next(seen) == position else child)


def _changes(node: Node) -> Iterator[Node]:
    if isinstance(node, Literal):
        yield from (replace(node, value=value) for value in neighbours(node.value))
    elif isinstance(node, Compare):
        yield replace(node, operator=_COMPARISONS[node.operator])
    elif isinstance(node, Interval):
        yield from _other_bounds(node)
    elif isinstance(node, And | Or):
        yield from (_without(node, position) for position in range(len(node.operands)))
    elif isinstance(node, Not):
        yield node.operand
    elif isinstance(node, In) and len(node.tests) > 1:
        yield from (replace(node, tests=_left_out(node.tests, position)) for position in range(len(node.tests)))
    elif isinstance(node, Arithmetic) and node.operator in _SIGNS:
        yield replace(node, operator=_SIGNS[node.operator])
    elif isinstance(node, Call) and node.name in _FUNCTIONS:
        yield replace(node, name=_FUNCTIONS[node.name])


def neighbours(value: Decimal | str | bool | date) -> tuple[Decimal | bool | date, ...]:
    """The values next to one: one of its last digit, or a day, on either side; the other truth value."""
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, Decimal):
        unit = Decimal(1).scaleb(min(0, int(value.as_tuple().exponent)))
        return (value - unit, value + unit)
    if isinstance(value, date):
        return (value - timedelta(days=1), value + timedelta(days=1))
    return ()


def _other_bounds(node: Interval) -> Iterator[Node]:
    if node.low is not None:
        yield replace(node, includes_low=not node.includes_low)
    if node.high is not None:
        yield replace(node, includes_high=not node.includes_high)


def _without(node: And | Or, position: int) -> Node:
    rest = _left_out(node.operands, position)
    return rest[0] if len(rest) == 1 else replace(node, operands=rest)


def _left_out(parts: tuple[Node, ...], position: int) -> tuple[Node, ...]:
    return parts[:position] + parts[position + 1 :]
