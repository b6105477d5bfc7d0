"""One chunk of a store through a plan: sets, amounts, lists and tallies; the same whichever back end computes them."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.engines.table import kernels_numpy
from zhida.domain.rules.engines.table.amounts import BROKEN
from zhida.domain.rules.engines.table.plan import Plan
from zhida.domain.rules.engines.table.results import NO_LISTS, ChunkResult, Result, Sets, Whole, combine
from zhida.domain.rules.engines.table.store import Store


def match_chunk(store: Store, plan: Plan, chunk: int, kernel: ModuleType = kernels_numpy) -> ChunkResult:
    """Every item over the rows of one chunk; from as many threads as the caller likes.

    Raises ConflictError `store_of_another_plan`, and InvariantBroken `amount_not_in_fen` where somebody entitled
    would get an amount that is no whole number of fen from 0 to 2^63.
    """
    store.refuse_other_than(plan)
    return matched(store, plan, chunk, kernel)


def matched(store: Store, plan: Plan, chunk: int, kernel: ModuleType, *, is_listed: bool = True) -> ChunkResult:
    """`match_chunk` where the plan is known to read the store's own columns; with or without each row's list."""
    sets, fen = answered(store, plan, chunk, kernel)
    rows = store.rows_of(chunk)
    starts, listed = kernel.lists_of(sets, rows) if is_listed else NO_LISTS
    regions = store.regions[chunk << 16 : (chunk << 16) + rows]
    return ChunkResult(chunk, rows, sets, fen, starts, listed, kernel.tallies_of(sets, fen, regions))


def answered(store: Store, plan: Plan, chunk: int, kernel: ModuleType) -> tuple[Sets, Whole]:
    """Sets and amounts alone: for whoever adds up in another way. Raises InvariantBroken `amount_not_in_fen`."""
    sets = kernel.sets_of(store, plan.graph, chunk)
    fen: Whole = kernel.fen_of(store, plan, chunk, sets)
    if fen.min(initial=0) == BROKEN:
        item = sets.items[np.searchsorted(np.cumsum(sets.counts[:, 0]), fen.argmin(), side="right")]
        words = f"{plan.items[item].id} gives an amount that is no whole number of fen from 0 to 2^63"
        raise InvariantBroken("amount_not_in_fen", words)
    return sets, fen


def match(store: Store, plan: Plan, kernel: ModuleType = kernels_numpy) -> Result:
    """Everyone times everything, chunk after chunk in this thread."""
    chunks = [match_chunk(store, plan, chunk, kernel) for chunk in range(store.chunks)]
    return combine(plan, chunks, store.region_words, store.fallbacks)
