"""A plan's amounts as arrays, for the compiled kernel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhida.domain.rules.engines.table.amounts import Step, Whole

Ints: TypeAlias = NDArray[np.int32]
Pieces: TypeAlias = tuple[int, tuple[tuple[int, int], ...]]


class Amount(NamedTuple):
    """Steps of `amounts`, and their operands: a quantity's place, or -1 - the place of a table looked up."""

    steps: tuple[Step, ...]
    operands: tuple[int, ...]
    scale: int


class Prices(NamedTuple):
    """A plan's amounts and the tables that they look up, as arrays; lists stand behind each other as in a graph."""

    step_from: Ints
    steps: Whole
    operand_from: Ints
    operands: Ints
    units: Whole
    table_column: Ints
    piece_from: Ints
    pieces: Whole


def prices_of(amounts: Sequence[Amount], tables: Sequence[Pieces]) -> Prices:
    """The amounts of a plan, and the tables that they look up, as arrays."""
    return Prices(
        _starts([len(amount.steps) for amount in amounts]),
        np.array([step for amount in amounts for step in amount.steps], dtype=np.int64).reshape(-1, 2),
        _starts([len(amount.operands) for amount in amounts]),
        np.array([operand for amount in amounts for operand in amount.operands], dtype=np.int32),
        np.array([10**amount.scale for amount in amounts], dtype=np.int64),
        np.array([column for column, _ in tables], dtype=np.int32),
        _starts([len(pieces) for _, pieces in tables]),
        np.array([piece for _, pieces in tables for piece in pieces], dtype=np.int64).reshape(-1, 2),
    )


def _starts(lengths: list[int]) -> Ints:
    return np.cumsum([0, *lengths]).astype(np.int32)
