"""The whole distributed interface: a table of subjects and a plan in, a table of sets out; and those put together.

A task reads its own file, so that paths travel and rows do not. Its rows are whole chunks of 65,536 (the last may be
short); an int64 column `row` numbers them, from 0 where it is absent. Nothing is shuffled: combining is concatenation.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.engines.table import kernels_numpy, roaring
from zhida.domain.rules.engines.table.encoding import encode
from zhida.domain.rules.engines.table.kernels import kernel_named
from zhida.domain.rules.engines.table.matching import match_chunk
from zhida.domain.rules.engines.table.plan import Plan
from zhida.domain.rules.engines.table.results import ChunkResult, Result, Sets, Tallies, combine
from zhida.domain.rules.engines.table.store import CHUNK

_TALLY = pa.struct(
    [("region", pa.string()), *((name, pa.int64()) for name in ("entitled", "possible", "amount_unknown", "fen"))]
)
SCHEMA = pa.schema(
    [
        ("chunk", pa.int32()),
        ("rows", pa.int32()),
        ("item", pa.int32()),
        ("entitled", pa.int32()),
        ("possible", pa.int32()),
        ("entitled_rows", pa.binary()),
        ("possible_rows", pa.binary()),
        ("fen", pa.list_(pa.int64())),
        ("tallies", pa.list_(_TALLY)),
    ]
)
"""A row for each item and chunk that has anyone: the item's place in the plan, counts, a Roaring container each for
those entitled and those possible, fen of the entitled (AMOUNT_UNKNOWN, NO_AMOUNT), and counts by region. A chunk in
which nobody has anything gives one row with item -1."""


def match_table(table: pa.Table, plan: Plan, kernel: ModuleType | None = None) -> pa.Table:
    """Every item over a table of subjects, in the shape of `SCHEMA`. Raises what `encode` and `match_chunk` raise, and
    InvariantBroken `rows_out_of_place` where rows are no run of whole chunks."""
    rows = table["row"].to_numpy() if "row" in table.column_names else np.arange(table.num_rows)
    if len(rows) and (rows[0] % CHUNK or (np.diff(rows) != 1).any()):
        raise InvariantBroken("rows_out_of_place", "rows are not consecutive from a multiple of 65,536 on")
    store = encode(table.drop_columns(["row"]) if "row" in table.column_names else table, plan)
    first = int(rows[0]) // CHUNK if len(rows) else 0
    found = (match_chunk(store, plan, chunk, kernel or kernel_named()) for chunk in range(store.chunks))
    parts = [_written(one, first + one.chunk, store.region_words) for one in found]
    return pa.concat_tables([SCHEMA.empty_table(), *parts])


def _written(one: ChunkResult, chunk: int, words: tuple[str, ...]) -> pa.Table:
    sets, size = one.sets, len(one.sets.items)
    if not size:
        nothing = {name: [None] for name in SCHEMA.names[3:]}
        return pa.table({"chunk": [chunk], "rows": [one.rows], "item": [-1], **nothing}, schema=SCHEMA)
    tallied = one.tallies.columns
    tallied = tallied[np.argsort(tallied[:, 0], kind="stable")]
    edges = np.searchsorted(tallied[:, 0], sets.items)
    names = pa.array([words[place] for place in tallied[:, 1].tolist()], pa.string())
    fields = [names, *(pa.array(tallied[:, column]) for column in range(2, 6))]
    tallies = pa.StructArray.from_arrays(fields, fields=list(_TALLY))
    return pa.table(
        {
            "chunk": np.full(size, chunk, dtype=np.int32),
            "rows": np.full(size, one.rows, dtype=np.int32),
            "item": sets.items,
            "entitled": sets.counts[:, 0],
            "possible": sets.counts[:, 1],
            "entitled_rows": [bytes(one.container(place, 0)) for place in range(size)],
            "possible_rows": [bytes(one.container(place, 1)) for place in range(size)],
            "fen": pa.ListArray.from_arrays(pa.array(one.row_from.astype(np.int32)), pa.array(one.fen)),
            "tallies": pa.ListArray.from_arrays(_offsets(edges, len(tallied)), tallies),
        },
        schema=SCHEMA,
    )


def _offsets(edges: Any, size: int) -> pa.Array:
    return pa.array(np.append(edges, size).astype(np.int32))


def combine_tables(plan: Plan, tables: Iterable[pa.Table]) -> Result:
    """The result of a run from the tables that its tasks gave, in any order: the same, byte for byte, as `combine`
    gives. Raises InvariantBroken `incomplete_run` where a chunk is missing or there twice."""
    whole = (
        pa.concat_tables([SCHEMA.empty_table(), *tables])
        .combine_chunks()
        .sort_by([("chunk", "ascending"), ("item", "ascending")])
    )
    flat = whole["tallies"].combine_chunks().flatten()
    words = sorted(set(flat.field("region").to_pylist()))
    places = {word: place for place, word in enumerate(words)}
    numbers, first = whole["chunk"].to_numpy(), 0
    chunks = []
    for chunk, size in zip(*np.unique(numbers, return_counts=True), strict=True):
        chunks.append(_read(whole.slice(first, int(size)), int(chunk), places))
        first += int(size)
    return combine(plan, chunks, tuple(words))


def _read(part: pa.Table, chunk: int, places: dict[str, int]) -> ChunkResult:
    rows = part["rows"][0].as_py()
    part = part.filter(np.asarray(part["item"].to_numpy()) >= 0)
    items = part["item"].to_numpy().astype(np.int32)
    counts = np.stack([part[name].to_numpy() for name in ("entitled", "possible")], axis=1).astype(np.int32)
    pairs = zip(part["entitled_rows"].to_pylist(), part["possible_rows"].to_pylist(), strict=True)
    held = [container for pair in pairs for container in pair]
    padded = [container + bytes(-len(container) % 8) for container in held]
    listed = [roaring.rows_in(held[2 * place], int(count)) for place, count in enumerate(counts[:, 0])]
    sets = Sets(
        items,
        counts,
        np.cumsum([0, *(len(container) for container in padded)]).astype(np.int64),
        np.frombuffer(b"".join(padded), dtype=np.uint8),
        np.concatenate([np.zeros(0, dtype=np.uint16), *listed]),
    )
    fen = part["fen"].combine_chunks().flatten().to_numpy()
    tallies = part["tallies"].combine_chunks()
    flat = tallies.flatten()
    owners = np.repeat(items, tallies.value_lengths().to_numpy())
    regions = np.array([places[word] for word in flat.field("region").to_pylist()], dtype=np.int64)
    columns = [owners.astype(np.int64), regions, *(flat.field(name).to_numpy() for name in _TALLY.names[1:])]
    return ChunkResult(chunk, rows, sets, fen, *kernels_numpy.lists_of(sets, rows), Tallies(np.stack(columns, axis=1)))
