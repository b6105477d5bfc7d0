"""One chunk of a store through a plan: sets, amounts, lists and tallies; the same whichever back end computes them."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.engines.table import amounts, kernels_numpy
from zhida.domain.rules.engines.table.plan import Plan
from zhida.domain.rules.engines.table.results import (
    AMOUNT_UNKNOWN,
    NO_AMOUNT,
    ChunkResult,
    Result,
    Sets,
    Whole,
    combine,
)
from zhida.domain.rules.engines.table.store import Store


def match_chunk(store: Store, plan: Plan, chunk: int, kernel: ModuleType = kernels_numpy) -> ChunkResult:
    """Every item over the rows of one chunk; from as many threads as the caller likes.

    Raises ConflictError `store_of_another_plan`, and InvariantBroken `amount_not_in_fen` where somebody entitled
    would get an amount that is no whole number of fen from 0 to 2^63.
    """
    store.refuse_other_than(plan)
    sets = kernel.sets_of(store, plan.graph, chunk)
    fen = _fen(store, plan, chunk, sets)
    rows = store.rows_of(chunk)
    starts, listed = kernel.lists_of(sets, rows)
    regions = store.regions[chunk << 16 : (chunk << 16) + rows]
    return ChunkResult(chunk, rows, sets, fen, starts, listed, kernel.tallies_of(sets, fen, regions))


def match(store: Store, plan: Plan, kernel: ModuleType = kernels_numpy) -> Result:
    """Everyone times everything, chunk after chunk in this thread."""
    chunks = [match_chunk(store, plan, chunk, kernel) for chunk in range(store.chunks)]
    return combine(plan, chunks, store.region_words, store.fallbacks)


def _fen(store: Store, plan: Plan, chunk: int, sets: Sets) -> Whole:
    """The amount of every sure row, item by item."""
    found = np.full(len(sets.rows), NO_AMOUNT, dtype=np.int64)
    numbers, bounds, at = store.numbers[chunk], store.bounds[chunk].tolist(), 0
    for item, count in zip(sets.items.tolist(), sets.counts[:, 0].tolist(), strict=True):
        steps, loads, scale = plan.amounts[int(plan.amount_of[item])]
        if steps and count:
            rows = sets.rows[at : at + count]
            is_narrow = amounts.is_narrow(steps, [bounds[load] for load in loads])
            fen = amounts.fen_of(steps, [numbers[load][rows] for load in loads], scale, is_narrow=is_narrow)
            if (fen == amounts.BROKEN).any():
                words = f"{plan.items[item].id} gives an amount that is no whole number of fen from 0 to 2^63"
                raise InvariantBroken("amount_not_in_fen", words)
            fen = np.where(fen == amounts.UNKNOWN, AMOUNT_UNKNOWN, np.where(fen == amounts.NONE, NO_AMOUNT, fen))
            found[at : at + count] = fen
        at += count
    return found
