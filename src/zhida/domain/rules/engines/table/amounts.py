"""Amounts as small exact programs over int64: operands, constants, + - *, min, max and roundings.

The scale of every step is known when the program is made, and `is_narrow` proves beforehand that no step can leave
64 bits; where it cannot, the same steps run on whole numbers of any size, rounded as engine one rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhida.domain.rules.numbers import FEEL

Whole: TypeAlias = NDArray[np.int64]
UNKNOWN, NONE, BROKEN = -(2**63), -(2**63) + 1, -(2**63) + 2
LOWEST = -(2**63) + 3
DEEPEST = 16
LIMIT = 2**63 - 8
_BEYOND = 10**FEEL.prec


class Op(IntEnum):
    """What a step does with the stack; LOAD names an operand by its place, CONSTANT and the roundings a number."""

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
BINARY = {"+": Op.ADD, "-": Op.SUBTRACT, "*": Op.MULTIPLY, "min": Op.LEAST, "max": Op.MOST}
ROUNDINGS = {"floor": Op.FLOOR, "ceiling": Op.CEILING, "round half up": Op.ROUND}


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
        if stack[-1] >= LIMIT:
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
            stack.append(_rounded_to_digits(_NUMBERS[op](left, right)))
        elif op >= Op.FLOOR:
            stack.append(_rounded_to_digits(_NUMBERS[op](stack.pop(), argument)))
        else:
            stack.append(-stack.pop() if op == Op.NEGATE else abs(stack.pop()))
    return stack.pop()


def _rounded_to_digits(number: int) -> int:
    """A number of 34 digits, from one that seldom has more."""
    return number if -_BEYOND < number < _BEYOND else int(FEEL.plus(Decimal(number)))


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


def fen_exactly(steps: Sequence[Step], operands: Sequence[int], scale: int) -> int:
    """The amount of one row, as `fen_of` has it, with numbers of any size."""
    for mark in (NONE, UNKNOWN, BROKEN):
        if mark in operands:
            return mark
    fen, rest = divmod(run_exactly(steps, operands), 10**scale)
    return fen if rest == 0 and 0 <= fen < 2**63 else BROKEN


def fen_of(steps: Sequence[Step], loads: Sequence[Whole], scale: int, *, is_narrow: bool) -> Whole:
    """The amounts of many rows: fen from 0 up, or UNKNOWN, NONE, BROKEN. None wins over unknown, as everywhere."""
    if not is_narrow:
        rows = zip(*(load.tolist() for load in loads), strict=True)
        return np.array([fen_exactly(steps, row, scale) for row in rows], dtype=np.int64)
    size = max((len(load) for load in loads), default=1)
    none, unknown, broken = (np.zeros(size, dtype=bool) for _ in range(3))
    for load in loads:
        none, unknown, broken = none | (load == NONE), unknown | (load == UNKNOWN), broken | (load == BROKEN)
    found = np.broadcast_to(run(steps, [np.where(load < LOWEST, 0, load) for load in loads]), size)
    broken = broken | (found < 0) | (found % 10**scale != 0)
    return np.select([none, unknown, broken], [NONE, UNKNOWN, BROKEN], found // 10**scale).astype(np.int64)
