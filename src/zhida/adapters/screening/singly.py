"""One subject times everything, and one item times everyone: what the calculator and publishing ask."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zhida.adapters.screening.parts import Parts
from zhida.adapters.screening.plans import read_plan
from zhida.adapters.screening.threads import in_threads
from zhida.adapters.screening.working import kernel_for
from zhida.domain.errors import ConflictError
from zhida.domain.rules import Program
from zhida.domain.rules.engines.table import (
    CHUNK,
    ItemRows,
    Plan,
    Single,
    Store,
    combine,
    compile_plan,
    encode,
    match_chunk,
    match_new,
)
from zhida.kernel.entitlements.results import Outcome


@lru_cache(maxsize=4)
def single_of(path: Path, packs: str) -> Single:
    """A kept plan made ready for one subject at a time, once a process."""
    return Single(read_plan(path, packs))


def reached(parts: Parts, plan: Plan, store: Store, program: Program) -> Outcome:
    """Who is entitled to an item or may be, on the plan's day; `store` holds the rows of the files for `plan`.

    Only chunks in which rows were laid are read again, or all where the item asks what the store does not hold.
    """
    try:
        found = match_new(store, plan, program, kernel=kernel_for(store.rows)).item(program.item)
        again = sorted(parts.touched)
    except ConflictError as error:
        if error.code != "store_lacks_columns":
            raise
        found, again = ItemRows(*(np.zeros(0, dtype=np.int64) for _ in range(3))), list(range(parts.chunks))
    own = compile_plan([program], plan.as_of)

    def look(chunk: int) -> ItemRows:
        part = encode(parts.part(chunk), own)
        rows = combine(own, [match_chunk(part, own, 0)], part.region_words).item(program.item)
        return ItemRows(rows.entitled + chunk * CHUNK, rows.fen, rows.possible + chunk * CHUNK)

    kept, possible = (~np.isin(rows // CHUNK, again) for rows in (found.entitled, found.possible))
    first = ItemRows(found.entitled[kept], found.fen[kept], found.possible[possible])
    return _outcome([first, *in_threads(look, again)], parts)


def _outcome(found: list[ItemRows], parts: Parts) -> Outcome:
    entitled, fen, possible = (np.concatenate(column) for column in zip(*found, strict=True))
    rows = np.concatenate([entitled, possible])
    keys: NDArray[np.int64] = parts.column("subject").to_numpy()[rows]
    order = np.argsort(keys, kind="stable")
    regions = parts.column("region").take(rows[order]).cast("string").fill_null("")
    fen = np.concatenate([np.maximum(fen, -1), np.full(len(possible), -1, dtype=np.int64)])
    return Outcome(keys[order], order < len(entitled), fen[order], regions.to_numpy(zero_copy_only=False))
