"""Amounts as small exact programs over int64: loads of scaled columns, constants, + - *, min, max and roundings.

The scale of every step is known when the program is made, and `is_narrow` proves beforehand that no step can leave
64 bits; where it cannot, the same steps run on Decimals. What is no such arithmetic (a table, a quotient, a claim per
record) is a column that engine `columns` fills once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhida.domain.rules import nodes
from zhida.domain.rules.engines.table.literals import Leaves, Untestable
from zhida.domain.rules.engines.table.meanings import Meanings, Source
from zhida.domain.rules.language.types import decimals_of
from zhida.domain.rules.nodes import Node
from zhida.domain.rules.numbers import FEEL, calculate
from zhida.domain.rules.program import Program

Whole: TypeAlias = NDArray[np.int64]
UNKNOWN, NONE, BROKEN = -(2**63), -(2**63) + 1, -(2**63) + 2
LOWEST = -(2**63) + 3
MAX_SCALE, MAX_DEPTH = 18, 16
_LIMIT = 2**63 - 8


class Op(IntEnum):
    """What a step does with the stack; LOAD, CONSTANT and the roundings have an argument."""

    LOAD = 0
    CONSTANT = 1
    ADD = 2
    SUBTRACT = 3
    MULTIPLY = 4
    LEAST = 5
    MOST = 6
    NEGATE = 7
    ABSOLUTE = 8
    FLOOR = 9
    CEILING = 10
    ROUND = 11


Step: TypeAlias = tuple[int, int]
_BINARY = {"+": Op.ADD, "-": Op.SUBTRACT, "*": Op.MULTIPLY, "min": Op.LEAST, "max": Op.MOST}
_ROUNDINGS = {"floor": Op.FLOOR, "ceiling": Op.CEILING, "round half up": Op.ROUND}


class Quantity(NamedTuple):
    """A column of int64: the values of `source` times 10^-scale; with scale None whole fen, or, where `source` is a
    program, what its claims come to. UNKNOWN, NONE (a table gave none) and BROKEN (no whole fen) stand for themselves.
    """

    key: str
    source: Source | Program
    scale: int | None


@dataclass(frozen=True)
class AmountPlan:
    """The steps of an item's amount, the quantities that its loads read, and the scale of the result. No steps: the
    item gives no amount."""

    steps: tuple[Step, ...] = ()
    loads: tuple[Quantity, ...] = ()
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
        self.loads: dict[str, Quantity] = {}

    def planned(self, node: Node) -> AmountPlan:
        scale = self.value(node)
        if depth_of(self.steps) > MAX_DEPTH:
            raise Unplannable
        return AmountPlan(tuple(self.steps), tuple(self.loads.values()), scale)

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
        return self.load(node)

    def constant(self, value: object) -> int:
        if not isinstance(value, Decimal):
            raise Unplannable
        scale = decimals_of(value)
        scaled = int(FEEL.scaleb(value, scale)) if scale <= MAX_SCALE and value.adjusted() < MAX_SCALE else _LIMIT
        if abs(scaled) >= _LIMIT:
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
        if node.name in _ROUNDINGS:
            digits = self.leaves.constant(arguments[1]) if len(arguments) > 1 else Decimal(0)
            return self.rounded(_ROUNDINGS[node.name], self.value(arguments[0]), int(digits))
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
            before = len(self.steps)
            other = self.value(part)
            if operator == "*":
                scale += other
            else:
                wide = max(scale, other)
                self.widen(len(self.steps), wide - other)
                self.widen(before, wide - scale)
                scale = wide
            if scale > MAX_SCALE:
                raise Unplannable
            self.steps.append((_BINARY[operator], 0))
        return scale

    def widen(self, at: int, decimals: int) -> None:
        if decimals:
            self.steps[at:at] = [(Op.CONSTANT, 10**decimals), (Op.MULTIPLY, 0)]

    def load(self, node: Node) -> int:
        scale = static_scale(node, self.leaves)
        source = self.leaves.meanings.source(node, self.leaves.schema, self.leaves.within)
        key = f"{source.key}/{scale}"
        self.loads.setdefault(key, Quantity(key, source, scale))
        self.steps.append((Op.LOAD, list(self.loads).index(key)))
        return scale


def static_scale(node: Node, leaves: Leaves) -> int:
    """How many decimals a number can have at most. Raises Unplannable where only its rows can tell."""
    fact = leaves.fact(node)
    if fact is not None and fact.kind == "number" and fact.expression is None:
        return fact.scale
    if isinstance(node, nodes.If):
        return max(static_scale(node.then, leaves), static_scale(node.otherwise, leaves))
    table = leaves.schema.tables.get(node.name) if isinstance(node, nodes.Name) else None
    if table is not None and table.hit in ("unique", "first") and table.cap is None:
        return max(static_scale(row.gives, leaves) for row in table.rows)
    try:
        value = leaves.constant(node)
    except Untestable:
        raise Unplannable from None
    if not isinstance(value, Decimal) or decimals_of(value) > MAX_SCALE:
        raise Unplannable
    return decimals_of(value)


def depth_of(steps: Sequence[Step]) -> int:
    """How deep the stack gets."""
    depth = most = 0
    for op, _ in steps:
        depth += 1 if op <= Op.CONSTANT else -1 if op <= Op.MOST else 0
        most = max(most, depth)
    return most


def is_narrow(steps: Sequence[Step], bounds: Sequence[int]) -> bool:
    """Whether no step can leave 64 bits, where `bounds` are the greatest absolute values of the loads."""
    stack: list[int] = []
    for op, argument in steps:
        if op <= Op.CONSTANT:
            stack.append(bounds[argument] if op == Op.LOAD else abs(argument))
        elif op <= Op.MOST:
            right, left = stack.pop(), stack.pop()
            stack.append(left * right if op == Op.MULTIPLY else left + right)
        elif op >= Op.FLOOR:
            stack[-1] += argument
        if stack[-1] >= _LIMIT:
            return False
    return True


def run(steps: Sequence[Step], loads: Sequence[Whole]) -> Whole:
    """The results for many rows, where all loads are numbers and the program is narrow."""
    stack: list[Whole] = []
    for op, argument in steps:
        if op <= Op.CONSTANT:
            stack.append(loads[argument] if op == Op.LOAD else np.full(1, argument, dtype=np.int64))
        elif op <= Op.MOST:
            right, left = stack.pop(), stack.pop()
            stack.append(_ARRAYS[op](left, right))
        else:
            stack.append(_rounded(op, stack.pop(), argument))
    return stack.pop()


_ARRAYS: dict[int, np.ufunc] = {
    Op.ADD: np.add,
    Op.SUBTRACT: np.subtract,
    Op.MULTIPLY: np.multiply,
    Op.LEAST: np.minimum,
    Op.MOST: np.maximum,
}


def _rounded(op: int, values: Whole, step: int) -> Whole:
    if op == Op.NEGATE:
        return -values
    if op == Op.ABSOLUTE:
        return np.abs(values)
    if op == Op.FLOOR:
        return values // step
    if op == Op.CEILING:
        return -(-values // step)
    return np.asarray(np.sign(values) * ((np.abs(values) + step // 2) // step), dtype=np.int64)


def run_exactly(steps: Sequence[Step], loads: Sequence[int]) -> int:
    """The result for one row with numbers of any size: each step rounds to 34 digits, as engine one does."""
    stack: list[int] = []
    for op, argument in steps:
        if op <= Op.CONSTANT:
            stack.append(loads[argument] if op == Op.LOAD else argument)
        elif op <= Op.MOST:
            right, left = stack.pop(), stack.pop()
            stack.append(int(FEEL.plus(Decimal(_NUMBERS[op](left, right)))))
        elif op >= Op.FLOOR:
            stack.append(int(FEEL.plus(Decimal(_NUMBERS[op](stack.pop(), argument)))))
        else:
            stack.append(-stack.pop() if op == Op.NEGATE else abs(stack.pop()))
    return stack.pop()


_NUMBERS: dict[int, Callable[[int, int], int]] = {
    Op.ADD: lambda left, right: left + right,
    Op.SUBTRACT: lambda left, right: left - right,
    Op.MULTIPLY: lambda left, right: left * right,
    Op.LEAST: min,
    Op.MOST: max,
    Op.FLOOR: lambda value, step: value // step,
    Op.CEILING: lambda value, step: -(-value // step),
    Op.ROUND: lambda value, step: (abs(value) + step // 2) // step * (1 if value >= 0 else -1),
}


def fen_of(steps: Sequence[Step], loads: Sequence[Whole], scale: int, *, is_narrow: bool) -> Whole:
    """The amounts of many rows: fen from 0 up, or UNKNOWN, NONE, BROKEN. None wins over unknown, as everywhere."""
    size = max((len(load) for load in loads), default=1)
    none, unknown, broken = (np.zeros(size, dtype=bool) for _ in range(3))
    for load in loads:
        none, unknown, broken = none | (load == NONE), unknown | (load == UNKNOWN), broken | (load == BROKEN)
    numbers = [np.where(load < LOWEST, 0, load) for load in loads]
    step = 10**scale
    if is_narrow:
        found = np.broadcast_to(run(steps, numbers), size)
        broken = broken | (found < 0) | (found % step != 0)
        fen = found // step
    else:
        exact = [run_exactly(steps, row) for row in zip(*(load.tolist() for load in numbers), strict=True)]
        broken = broken | np.array([value < 0 or value % step != 0 or value >= step * 2**63 for value in exact])
        fen = np.array([0 if bad else value // step for value, bad in zip(exact, broken.tolist(), strict=True)])
    return np.select([none, unknown, broken], [NONE, UNKNOWN, BROKEN], fen).astype(np.int64)
