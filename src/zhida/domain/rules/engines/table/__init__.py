"""The table engine: all items for everyone at once, compiled, exact, and as fast as the memory allows.

Read it in this order. `literals` and `coding`: a test on a fact becomes "is its code in these ranges?".
`compiling` and `assembling`: items become one graph of such tests, a `plan`. `encoding`: a snapshot becomes a `store`
of codes and bits. `kernels_numpy`: the graph over one chunk, surely and possibly; `kernels_numba`: the same, fast.
`amounts`: exact arithmetic for those who are entitled. `matching` and `results`: chunk by chunk, then together.

    plan = compile_plan(programs, as_of, packs=digest, owners={item: office})
    store = encode(snapshot, plan)
    result = match(store, plan, kernel_named())        everyone x everything; from threads: match_chunk, combine
    result.sets(item), result.item(item), result.subject(row), result.by_item(), result.by_region(), result.by_owner()
    Single(plan).match(facts)                          one subject x everything
    match_new(store, plan, program)                    one new or changed item x everyone
    match(encode(changed, plan), plan, kernel)         changed subjects x everything
    combine_tables(plan, [match_table(part, plan)])    the same on any engine that has tables

The reader's page is docs/explanation/screening.md.
"""

from zhida.domain.rules.engines.table.assembling import compile_plan
from zhida.domain.rules.engines.table.encoding import Encoder, encode
from zhida.domain.rules.engines.table.interchange import combine_tables, match_table
from zhida.domain.rules.engines.table.kernels import kernel_named
from zhida.domain.rules.engines.table.matching import match, match_chunk
from zhida.domain.rules.engines.table.novelties import Novelty, match_new
from zhida.domain.rules.engines.table.plan import Item, Plan
from zhida.domain.rules.engines.table.results import (
    AMOUNT_UNKNOWN,
    NO_AMOUNT,
    ChunkResult,
    ItemRows,
    Result,
    Total,
    combine,
)
from zhida.domain.rules.engines.table.singles import Eligible, Single
from zhida.domain.rules.engines.table.store import CHUNK, Store, shapes_of

__all__ = [
    "AMOUNT_UNKNOWN",
    "CHUNK",
    "NO_AMOUNT",
    "ChunkResult",
    "Eligible",
    "Encoder",
    "Item",
    "ItemRows",
    "Novelty",
    "Plan",
    "Result",
    "Single",
    "Store",
    "Total",
    "combine",
    "combine_tables",
    "compile_plan",
    "encode",
    "kernel_named",
    "match",
    "match_chunk",
    "match_new",
    "match_table",
    "shapes_of",
]
