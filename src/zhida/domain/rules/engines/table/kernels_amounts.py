"""Amounts of everyone who is entitled, step by step over a few hundred rows at a time; compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhida.domain.rules.engines.table import kernels_numpy, roaring
from zhida.domain.rules.engines.table.amounts import BROKEN, DEEPEST, LOWEST, NONE, UNKNOWN
from zhida.domain.rules.engines.table.jit import compiled
from zhida.domain.rules.engines.table.plan import Plan
from zhida.domain.rules.engines.table.prices import Ints, Prices
from zhida.domain.rules.engines.table.results import AMOUNT_UNKNOWN, NO_AMOUNT, Sets, Whole
from zhida.domain.rules.engines.table.store import Store

BATCH, UNFIXED = 256, -3
LOAD, CONSTANT, ADD, SUBTRACT, MULTIPLY, LEAST, MOST, NEGATE, ABSOLUTE, FLOOR, CEILING, ROUND = range(12)


def fen_of(store: Store, plan: Plan, chunk: int, sets: Sets) -> Whole:
    """As `kernels_numpy.fen_of`; an amount that may leave 64 bits is left to it."""
    found = np.empty(len(sets.rows), dtype=np.int64)
    narrow, place, ends = (
        plan.narrow(store.most),
        plan.amount_of[sets.items],
        np.cumsum(sets.counts[:, 0], dtype=np.int64),
    )
    held = np.where(narrow[place], place, 0).astype(np.int32)
    stack, state = np.empty((DEEPEST, BATCH), dtype=np.int64), np.empty(BATCH, dtype=np.int64)
    _pay(plan.prices, held, ends, sets.rows, store.codes[chunk], store.numbers[chunk], stack, state, found)
    for index in np.flatnonzero(~narrow[place]).tolist():
        rows = slice(int(ends[index]) - int(sets.counts[index, 0]), int(ends[index]))
        exactly = kernels_numpy.amounts_of(store, plan, chunk, int(place[index]), sets.rows[rows], is_narrow=False)
        found[rows] = exactly
    return found


@compiled
def _pay(
    prices: Prices,
    place: Ints,
    ends: Whole,
    rows: roaring.Positions,
    codes: NDArray[np.uint16],
    numbers: Whole,
    stack: Whole,
    state: Whole,
    found: Whole,
) -> None:
    """The amounts of all items' rows; `place` 0 has none."""
    start = 0
    for index in range(len(place)):
        amount = place[index]
        fixed = _fixed(prices, amount) if amount > 0 else NO_AMOUNT
        if fixed != UNFIXED:
            found[start : ends[index]] = fixed
        while fixed == UNFIXED and start < ends[index]:
            size = min(BATCH, ends[index] - start)
            state[:] = 0
            _run(prices, amount, rows[start : start + size], codes, numbers, stack, state)
            _settle(stack[0], state, prices.units[amount], size, found, start)
            start += size
        start = ends[index]


@compiled
def _fixed(prices: Prices, amount: int) -> int:
    """The fen of an amount that is the same for all, else UNFIXED."""
    first = prices.step_from[amount]
    is_fixed = prices.step_from[amount + 1] - first == 1 and prices.steps[first, 0] == CONSTANT
    return prices.steps[first, 1] if is_fixed and prices.units[amount] == 1 else UNFIXED


@compiled
def _settle(values: Whole, state: Whole, unit: int, size: int, found: Whole, start: int) -> None:
    """Results as whole fen, or what else they are; a division only where there are decimals."""
    for row in range(size):
        value, mark = values[row], state[row]
        if mark == NONE:
            found[start + row] = NO_AMOUNT
        elif mark == UNKNOWN:
            found[start + row] = AMOUNT_UNKNOWN
        elif mark == BROKEN or value < 0:
            found[start + row] = BROKEN
        elif unit == 1:
            found[start + row] = value
        else:
            found[start + row] = value // unit if value % unit == 0 else BROKEN


@compiled
def _run(
    prices: Prices,
    amount: int,
    rows: roaring.Positions,
    codes: NDArray[np.uint16],
    numbers: Whole,
    stack: Whole,
    state: Whole,
) -> None:
    """Runs the steps of an amount for a batch; the result is at the bottom of the stack."""
    depth = 0
    for at in range(prices.step_from[amount], prices.step_from[amount + 1]):
        op, argument = prices.steps[at, 0], prices.steps[at, 1]
        if op == LOAD:
            operand = prices.operands[prices.operand_from[amount] + argument]
            _load(prices, operand, rows, codes, numbers, stack[depth], state)
            depth += 1
        elif op == CONSTANT:
            stack[depth, : len(rows)] = argument
            depth += 1
        elif op <= MOST:
            depth -= 1
            _join(op, stack[depth - 1], stack[depth], len(rows))
        else:
            _change(op, argument, stack[depth - 1], len(rows))


@compiled
def _load(
    prices: Prices,
    operand: int,
    rows: roaring.Positions,
    codes: NDArray[np.uint16],
    numbers: Whole,
    values: Whole,
    state: Whole,
) -> None:
    """One operand of a batch. What is no number leaves its mark in `state`, none before unknown before broken."""
    for row in range(len(rows)):
        if operand >= 0:
            value = numbers[operand, rows[row]]
        else:
            table = -1 - operand
            code, piece = codes[prices.table_column[table], rows[row]], prices.piece_from[table]
            while prices.pieces[piece, 0] <= code:
                piece += 1
            value = prices.pieces[piece, 1]
        if value < LOWEST:
            if state[row] == 0 or value == NONE or (value == UNKNOWN and state[row] == BROKEN):
                state[row] = value
            value = np.int64(0)
        values[row] = value


@compiled
def _join(op: int, left: Whole, right: Whole, size: int) -> None:
    for row in range(size):
        if op == ADD:
            left[row] += right[row]
        elif op == SUBTRACT:
            left[row] -= right[row]
        elif op == MULTIPLY:
            left[row] *= right[row]
        elif op == LEAST:
            left[row] = min(left[row], right[row])
        else:
            left[row] = max(left[row], right[row])


@compiled
def _change(op: int, step: int, values: Whole, size: int) -> None:
    for row in range(size):
        value = values[row]
        if op == NEGATE:
            values[row] = -value
        elif op == ABSOLUTE:
            values[row] = abs(value)
        elif op == FLOOR:
            values[row] = value // step
        elif op == CEILING:
            values[row] = -(-value // step)
        else:
            rounded = (abs(value) + step // 2) // step
            values[row] = rounded if value >= 0 else -rounded
