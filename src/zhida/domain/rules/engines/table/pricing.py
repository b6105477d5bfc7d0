"""How an item's amount becomes a program of `amounts`: operands are stored numbers, and tables looked up by code.

What is no such arithmetic (a quotient, a table of several inputs, a claim per record) is a column that engine
`columns` fills once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from zhida.domain.rules import nodes
from zhida.domain.rules.engines.table.amounts import BINARY, DEEPEST, LIMIT, ROUNDINGS, Op, Step, depth_of
from zhida.domain.rules.engines.table.literals import Leaves, Untestable
from zhida.domain.rules.engines.table.lookups import Lookup, lookup_of
from zhida.domain.rules.engines.table.meanings import Meanings, Source
from zhida.domain.rules.language.types import decimals_of
from zhida.domain.rules.nodes import Node
from zhida.domain.rules.numbers import FEEL, calculate
from zhida.domain.rules.program import Program
from zhida.domain.rules.tables import Table, band_of

MAX_SCALE = 18


class Quantity(NamedTuple):
    """A column of int64: the values of `source` times 10^-scale; with scale None whole fen, or, where `source` is a
    program, what its claims come to. `amounts` UNKNOWN, NONE (a table gave none) and BROKEN (no whole fen) stand for
    themselves."""

    key: str
    source: Source | Program
    scale: int | None


Operand: TypeAlias = Quantity | Lookup


@dataclass(frozen=True)
class AmountPlan:
    """The steps of an item's amount, the operands that its loads name, and the scale of the result. No steps: the
    item gives no amount."""

    steps: tuple[Step, ...] = ()
    operands: tuple[Operand, ...] = ()
    scale: int = 0


class Unplannable(Exception):
    """No arithmetic of this small kind."""


class Amounts:
    """Plans the amounts of programs."""

    def __init__(self, meanings: Meanings, as_of: date) -> None:
        self.meanings = meanings
        self.as_of = as_of

    def plan(self, program: Program) -> AmountPlan:
        """The plan of a program's amount."""
        if program.amount is None:
            return AmountPlan()
        if program.for_each:
            claims = Quantity(self.meanings.whole(program), self.meanings.bare(program), None)
            return AmountPlan(((Op.LOAD, 0),), (claims,))
        leaves = Leaves(self.meanings, program.schema, program.within, self.as_of)
        try:
            return _Planning(leaves).planned(program.amount)
        except Unplannable:
            source = self.meanings.source(program.amount, program.schema, program.within)
            return AmountPlan(((Op.LOAD, 0),), (Quantity(source.key + "/fen", source, None),))


class _Planning:
    def __init__(self, leaves: Leaves) -> None:
        self.leaves = leaves
        self.steps: list[Step] = []
        self.operands: dict[str, Operand] = {}

    def planned(self, node: Node) -> AmountPlan:
        scale = self.value(node)
        if depth_of(self.steps) > DEEPEST:
            raise Unplannable
        return AmountPlan(tuple(self.steps), tuple(self.operands.values()), scale)

    def value(self, node: Node) -> int:
        """Adds the steps of a number; its scale."""
        try:
            return self.constant(self.leaves.constant(node))
        except Untestable:
            pass
        if isinstance(node, nodes.Name) and node.name in self.leaves.schema.amounts:
            return self.value(self.leaves.schema.amounts[node.name].value)
        if isinstance(node, nodes.Negate):
            scale = self.value(node.operand)
            self.steps.append((Op.NEGATE, 0))
            return scale
        if isinstance(node, nodes.Arithmetic) and node.operator in "+-*":
            return self.folded(node.operator, (node.left, node.right))
        if isinstance(node, nodes.Arithmetic) and node.operator == "/":
            return self.folded("*", (node.left, nodes.Literal("number", self.inverse(node.right))))
        if isinstance(node, nodes.Call):
            return self.call(node)
        table = self.leaves.schema.tables.get(node.name) if isinstance(node, nodes.Name) else None
        return self.load(node) if table is None else self.table(table)

    def table(self, table: Table) -> int:
        """A table of one input: bands by arithmetic, others by the code of the input; a cap is the less of two."""
        if table.hit == "marginal":
            bands: Node = marginal(table)
            return self.value(bands if table.cap is None else nodes.Call("min", (bands, table.cap)))
        found = lookup_of(table, self.leaves)
        if found is None:
            raise Unplannable
        self.operand(found)
        return found.scale if table.cap is None else self.folded_onto("min", found.scale, table.cap)

    def constant(self, value: object) -> int:
        if not isinstance(value, Decimal):
            raise Unplannable
        scale = decimals_of(value)
        scaled = int(FEEL.scaleb(value, scale)) if scale <= MAX_SCALE and value.adjusted() < MAX_SCALE else LIMIT
        if abs(scaled) >= LIMIT:
            raise Unplannable
        self.steps.append((Op.CONSTANT, scaled))
        return scale

    def inverse(self, node: Node) -> Decimal:
        """1 / x, where x is constant and its inverse has few decimals: then a quotient is an exact product."""
        try:
            divisor = self.leaves.constant(node)
        except Untestable:
            raise Unplannable from None
        inverse = calculate("/", Decimal(1), divisor) if isinstance(divisor, Decimal) else None
        if not isinstance(inverse, Decimal) or decimals_of(inverse) > MAX_SCALE // 2:
            raise Unplannable
        return inverse

    def call(self, node: nodes.Call) -> int:
        arguments = node.arguments
        if len(arguments) == 1 and isinstance(arguments[0], nodes.ListOf):
            arguments = arguments[0].items
        if node.name in ("min", "max") and len(arguments) > 1:
            return self.folded(node.name, arguments)
        if node.name == "abs":
            scale = self.value(arguments[0])
            self.steps.append((Op.ABSOLUTE, 0))
            return scale
        if node.name in ROUNDINGS:
            digits = self.leaves.constant(arguments[1]) if len(arguments) > 1 else Decimal(0)
            return self.rounded(ROUNDINGS[node.name], self.value(arguments[0]), int(digits))
        return self.load(node)

    def rounded(self, op: Op, scale: int, digits: int) -> int:
        if digits < 0:
            raise Unplannable
        if scale > digits:
            self.steps.append((op, 10 ** (scale - digits)))
        return min(scale, digits)

    def folded(self, operator: str, parts: Sequence[Node]) -> int:
        scale = self.value(parts[0])
        for part in parts[1:]:
            scale = self.folded_onto(operator, scale, part)
        return scale

    def folded_onto(self, operator: str, scale: int, part: Node) -> int:
        """Joins one more part to what stands on the stack with `scale` decimals."""
        before = len(self.steps)
        other = self.value(part)
        if operator == "*":
            wide = scale + other
        else:
            wide = max(scale, other)
            self.widen(len(self.steps), wide - other)
            self.widen(before, wide - scale)
        if wide > MAX_SCALE:
            raise Unplannable
        self.steps.append((BINARY[operator], 0))
        return wide

    def widen(self, at: int, decimals: int) -> None:
        if decimals:
            self.steps[at:at] = [(Op.CONSTANT, 10**decimals), (Op.MULTIPLY, 0)]

    def load(self, node: Node) -> int:
        scale = static_scale(node, self.leaves)
        source = self.leaves.meanings.source(node, self.leaves.schema, self.leaves.within)
        self.operand(Quantity(f"{source.key}/{scale}", source, scale))
        return scale

    def operand(self, found: Operand) -> None:
        self.operands.setdefault(found.key, found)
        self.steps.append((Op.LOAD, list(self.operands).index(found.key)))


def static_scale(node: Node, leaves: Leaves) -> int:
    """The decimals of a number whose every value fits in int64 with them. Raises Unplannable where only its rows can
    tell."""
    fact = leaves.fact(node)
    if fact is not None and fact.kind == "number" and fact.expression is None:
        return fact.scale
    if isinstance(node, nodes.If):
        scales = {static_scale(node.then, leaves), static_scale(node.otherwise, leaves)}
        if len(scales) == 1:
            return scales.pop()
    try:
        value = leaves.constant(node)
    except Untestable:
        raise Unplannable from None
    if not isinstance(value, Decimal) or decimals_of(value) > MAX_SCALE or value.adjusted() >= MAX_SCALE:
        raise Unplannable
    scale = decimals_of(value)
    if abs(FEEL.scaleb(value, scale)) >= LIMIT:
        raise Unplannable
    return scale


def marginal(table: Table) -> Node:
    """A table of bands as arithmetic: the units inside each band, at that band's rate, together."""
    units, parts = table.by[0].value, []
    for row in table.rows:
        if not isinstance(row.gives, nodes.Literal):
            raise Unplannable
        low, high = band_of(row)
        below = units if high is None else nodes.Call("min", (units, nodes.Literal("number", high)))
        inside = nodes.Arithmetic("-", below, nodes.Literal("number", low))
        counted = nodes.Call("max", (inside, nodes.Literal("number", Decimal(0))))
        parts.append(nodes.Arithmetic("*", counted, row.gives))
    total: Node = parts[0]
    for part in parts[1:]:
        total = nodes.Arithmetic("+", total, part)
    return total
