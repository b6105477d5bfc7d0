"""Nodes that only the conformance dialect knows: full FEEL beyond what a pack may say (DMN 1.4, clause 10.3)."""

from __future__ import annotations

from dataclasses import dataclass

from zhida.domain.rules.nodes import Node


@dataclass(frozen=True)
class Null(Node):
    """`null`: known to be absent. Packs have none."""


@dataclass(frozen=True)
class AtLiteral(Node):
    """`@"P1D"`: the text of a date, time, date and time, or duration."""

    text: str


@dataclass(frozen=True)
class ContextOf(Node):
    """`{key: value, …}`; a later value may use the keys before it."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class FunctionOf(Node):
    """`function(a: number, b) body`. A parameter is its name and its written type, "" where none; `external` says
    that the body is a context naming code elsewhere."""

    parameters: tuple[tuple[str, str], ...]
    body: Node
    external: bool = False


@dataclass(frozen=True)
class Invoke(Node):
    """A function applied. `names` is empty for positional arguments, else one name for each argument."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class InstanceOf(Node):
    """`x instance of list<number>`; `type_name` is the type as written, single-spaced."""

    value: Node
    type_name: str


@dataclass(frozen=True)
class Iterator(Node):
    """`name in source`, or `name in source..until` for whole numbers or dates counted up or down."""

    name: str
    source: Node
    until: Node | None = None


@dataclass(frozen=True)
class Iteration(Node):
    """`for a in x, b in y return e` (quantifier "for"), `some a in x, b in y satisfies e`, `every …`. The last
    iterator turns fastest; a later source may use the names before it; `partial` holds a for's results so far."""

    quantifier: str
    iterators: tuple[Iterator, ...]
    result: Node


@dataclass(frozen=True)
class Test(Node):
    """A unary test by an operator: `= x`, `!= x` (the ordered ones are Intervals with one side open)."""

    operator: str
    operand: Node


@dataclass(frozen=True)
class UnaryTests(Node):
    """The tests of a decision table's cell: none for `-` (anything), `negated` for `not(…)`. The tested value is
    the Name `?`."""

    tests: tuple[Node, ...]
    negated: bool = False
