"""The frozen nodes an expression is parsed to. Two nodes are equal when they say the same, wherever they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from typing import Literal as OneOf

from zhida.domain.rules.places import START, Spot


@dataclass(frozen=True)
class Node:
    """Any expression. `at` is where it stands in its text and takes no part in equality."""

    at: Spot = field(default=START, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True)
class Literal(Node):
    """A constant. `kind` keeps true apart from 1, which Python holds to be equal."""

    kind: OneOf["number", "text", "boolean", "date"]
    value: Decimal | str | bool | date


@dataclass(frozen=True)
class Name(Node):
    """A bare name: a bound variable, a fact, `year`, `month`, `as_of`, a table or an amount."""

    name: str


@dataclass(frozen=True)
class Call(Node):
    """A built-in function with arguments, or a fact with its period: `sales(year - 1)`."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Path(Node):
    """`parameters.layoff_target`, or a field of a record or of each record of a list."""

    source: Node
    field: str


@dataclass(frozen=True)
class Negate(Node):
    """`-x`."""

    operand: Node


@dataclass(frozen=True)
class Arithmetic(Node):
    """`+ - * / **` on two numbers."""

    operator: OneOf["+", "-", "*", "/", "**"]
    left: Node
    right: Node


@dataclass(frozen=True)
class Compare(Node):
    """`= != < <= > >=`."""

    operator: OneOf["=", "!=", "<", "<=", ">", ">="]
    left: Node
    right: Node


@dataclass(frozen=True)
class Interval(Node):
    """A range with its bounds said as included or not; None is open to that side. `< 5` as a test is (..5)."""

    low: Node | None
    high: Node | None
    includes_low: bool
    includes_high: bool


@dataclass(frozen=True)
class In(Node):
    """`x in (1, 2, [3..5])`: does any test hold? A test is an interval, a value, or a list that may hold the value."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True)
class And(Node):
    """All operands, read from left to right; `a and b and c` is one node."""

    operands: tuple[Node, ...]


@dataclass(frozen=True)
class Or(Node):
    """Any operand, read from left to right."""

    operands: tuple[Node, ...]


@dataclass(frozen=True)
class Not(Node):
    """`not(x)`."""

    operand: Node


@dataclass(frozen=True)
class If(Node):
    """`if condition then this else that`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class ListOf(Node):
    """`[a, b, c]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Quantified(Node):
    """`some r in source satisfies condition`, or `every`."""

    quantifier: OneOf["some", "every"]
    variable: str
    source: Node
    condition: Node


@dataclass(frozen=True)
class For(Node):
    """`for r in source return result`: a list as long as its source."""

    variable: str
    source: Node
    result: Node


@dataclass(frozen=True)
class Filter(Node):
    """`source[condition]`: the members for which it holds; inside, a member's fields and `item` are names."""

    source: Node
    condition: Node


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside one, in reading order."""
    for part in _parts(type(node)):  # type: ignore[arg-type]
        yield from _nodes_in(getattr(node, part))


@cache
def _parts(kind: type[Node]) -> tuple[str, ...]:
    """What a kind of node is made of; where it stands is no part of it."""
    return tuple(part.name for part in fields(kind) if part.name != "at")


def _nodes_in(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif type(value) is tuple:
        for member in value:
            yield from _nodes_in(member)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything inside it, outermost first, in reading order."""
    waiting: list[Any] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Node):
            yield current
            waiting.extend(getattr(current, part) for part in reversed(_parts(type(current))))  # type: ignore[arg-type]
        elif type(current) is tuple:
            waiting.extend(reversed(current))


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """The same node with `change` applied to each of its direct children: the step of every rewriting."""
    parts = _parts(type(node))  # type: ignore[arg-type]
    changed = {part: _rebuilt(getattr(node, part), change) for part in parts}
    return replace(node, **changed)


def _rebuilt(value: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(value, Node):
        return change(value)
    return tuple(_rebuilt(member, change) for member in value) if type(value) is tuple else value
