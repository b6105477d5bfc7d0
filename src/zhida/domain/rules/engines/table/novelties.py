"""One new or changed item times everyone: what publishing asks. The store stays as it is.

The item is compiled against the store's own codes. A threshold that they do not know is tested on the stored numbers;
anything else that the store lacks is encoded anew from the snapshot, and only in the chunks that the item reaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from types import ModuleType

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhida.domain.errors import ConflictError
from zhida.domain.rules.engines.table import kernels_numpy
from zhida.domain.rules.engines.table.assembling import compile_plan
from zhida.domain.rules.engines.table.coding import NO_ROW, Codes, Numbering
from zhida.domain.rules.engines.table.encoding import Encoder
from zhida.domain.rules.engines.table.matching import matched
from zhida.domain.rules.engines.table.plan import Column, Kind, Plan
from zhida.domain.rules.engines.table.results import NO_LISTS, ChunkResult, Result, Sets, Tallies, combine
from zhida.domain.rules.engines.table.store import CHUNK, Store, shapes_of
from zhida.domain.rules.program import Program


def match_new(
    store: Store,
    plan: Plan,
    program: Program,
    *,
    snapshot: pa.Table | None = None,
    kernel: ModuleType = kernels_numpy,
) -> Result:
    """One item over everyone in a store that was encoded for `plan`, chunk after chunk in this thread (`Novelty`)."""
    novelty = Novelty(store, plan, program, snapshot)
    room = novelty.room()
    chunks = [novelty.match_chunk(chunk, kernel, room) for chunk in range(store.chunks)]
    return combine(novelty.plan, chunks, store.region_words, store.fallbacks)


_NONE, _NO_PLACES = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)
_NO_SETS = Sets(
    _NO_PLACES, _NO_PLACES.reshape(0, 2), np.zeros(1, dtype=np.int64), _NONE.view(np.uint8), _NONE.astype(np.uint16)
)
_NO_TALLIES = Tallies(_NONE.reshape(0, 6))


class Novelty:
    """One new or changed item: its own `plan`, and the store as that plan reads it, chunk by chunk.

    Raises ConflictError `store_of_another_plan`, and `store_lacks_columns` where the item asks what the store does not
    hold and no `snapshot` (the table that the store was made from) is given.
    """

    def __init__(self, store: Store, plan: Plan, program: Program, snapshot: pa.Table | None) -> None:
        store.refuse_other_than(plan)
        self.store = store
        self.snapshot = snapshot
        held = {column.key: column for column in plan.columns}
        self.plan = compile_plan([program], plan.as_of, packs=plan.packs, known=held, trees=plan.trees)
        self.column_at = {column.key: place for place, column in enumerate(plan.columns)}
        self.bits_at = {bits.key: place for place, bits in enumerate(plan.bits)}
        self.number_at = {quantity.key: place for place, quantity in enumerate(plan.quantities)}
        self.own = [column for column in self.plan.columns if held.get(column.key) is not column]
        self.numbers_of = {column.key: self._numbers_for(column) for column in self.own}
        lacking = [key for key, place in self.numbers_of.items() if place is None]
        lacking += [bits.key for bits in self.plan.bits if bits.key not in self.bits_at]
        lacking += [one.key for one in self.plan.quantities if one.key not in self.number_at]
        if lacking and snapshot is None:
            words = f"{program.item} asks {len(lacking)} thing(s) that the store does not hold"
            raise ConflictError("store_lacks_columns", words, "give the snapshot, or encode it for the new plan")
        self.encoder = Encoder(self.plan) if lacking else None

    def _numbers_for(self, column: Column) -> tuple[int, int] | None:
        """Where the numbers of a column stand, and their scale."""
        name = getattr(column.source.node, "name", "")
        fact = column.source.schema.facts.get(name)
        place = self.number_at.get(f"{column.key}/{fact.scale}") if fact is not None else None
        return None if place is None or fact is None else (place, fact.scale)

    def room(self) -> Codes:
        """Where one chunk's codes are put; to ask for new memory each time would cost more than the codes."""
        return np.empty((1, len(self.plan.columns), CHUNK), dtype=np.uint16)

    def match_chunk(self, chunk: int, kernel: ModuleType, room: Codes) -> ChunkResult:
        """The item over one chunk; from as many threads as the caller has rooms. Raises what `match_chunk` raises."""
        if not self.reaches[chunk]:
            return ChunkResult(chunk, self.store.rows_of(chunk), _NO_SETS, _NONE, *NO_LISTS, _NO_TALLIES)
        if self.encoder is not None and self.snapshot is not None:
            part = self._encoded(self.encoder, self.snapshot.slice(chunk * CHUNK, CHUNK), chunk)
            return replace(matched(part, self.plan, 0, kernel, is_listed=False), chunk=chunk)
        if self.own:
            return replace(
                matched(self._coded(chunk, room), self.on_own_codes, 0, kernel, is_listed=False), chunk=chunk
            )
        return matched(self.store, self.on_store, chunk, kernel, is_listed=False)

    @cached_property
    def on_store(self) -> Plan:
        """The item's plan with the store's own places for what it reads."""
        return self._placed([self.column_at[column.key] for column in self.plan.columns])

    @cached_property
    def on_own_codes(self) -> Plan:
        """The item's plan with the store's own places for bits and numbers, and its own for codes."""
        return self._placed(range(len(self.plan.columns)))

    def _placed(self, column_places: Sequence[int]) -> Plan:
        new, nodes = self.plan, self.plan.graph.nodes.copy()
        columns = np.array(column_places or [0], dtype=np.int32)
        bits = np.array([self.bits_at[held.key] for held in new.bits] or [0], dtype=np.int32)
        numbers = [self.number_at[quantity.key] for quantity in new.quantities]
        for kinds, places in (((Kind.CODES,), columns), ((Kind.BITS, Kind.NOT_BITS), bits)):
            chosen = np.isin(nodes[:, Kind.KIND], kinds)
            nodes[chosen, Kind.AT] = places[nodes[chosen, Kind.AT]]
        moved = [[numbers[at] if at >= 0 else at for at in amount.operands] for amount in new.amounts]
        amounts = [amount._replace(operands=tuple(at)) for amount, at in zip(new.amounts, moved, strict=True)]
        lookups = tuple((int(columns[at]), pieces) for at, pieces in new.lookups)
        return replace(new, graph=new.graph._replace(nodes=nodes), amounts=tuple(amounts), lookups=lookups)

    @cached_property
    def reaches(self) -> NDArray[np.bool_]:
        """For each chunk, whether anyone in it may live where the item applies."""
        graph, chunks = self.plan.graph, self.store.chunks
        region = int(graph.groups[0, Kind.REGION]) if len(graph.groups) else -1
        if region < 0 or graph.nodes[region, Kind.KIND] != Kind.CODES:
            return np.full(chunks, len(graph.groups) > 0)
        column = self.plan.columns[int(graph.nodes[region, Kind.AT])]
        if column in self.own:
            return np.full(chunks, True)
        codes = self.store.present(self.column_at[column.key])
        ranges = [*graph.listed(graph.nodes, region, Kind.SURE), *graph.listed(graph.nodes, region, Kind.DOUBT)]
        found = np.full(chunks, False)
        for low, high in zip(ranges[::2], ranges[1::2], strict=True):
            found |= codes[:, low:high].any(axis=1)
        return found

    def _coded(self, chunk: int, room: Codes) -> Store:
        """One chunk of the store with the codes that the new plan reads."""
        for column, codes in zip(self.plan.columns, room[0], strict=True):
            self._fill(codes, column, chunk)
        filled = room.view()
        filled.flags.writeable = False  # as all that a store holds: kernels are compiled for each type of array anew
        store, here, rows = self.store, slice(chunk, chunk + 1), self.store.rows_of(chunk)
        at = slice(chunk * CHUNK, chunk * CHUNK + rows)
        held = (filled, store.bits[here], store.numbers[here], store.bounds, store.subjects[at], store.regions[at])
        # The bounds are those of all chunks, so that it is proved but once how far an amount can go. No layout:
        # `matched` alone reads this store, and to write down all columns takes longer than to match a chunk.
        return Store("", rows, *held, store.region_words)

    def _encoded(self, encoder: Encoder, rows: pa.Table, chunk: int) -> Store:
        """One chunk, encoded anew from its rows."""
        shapes = shapes_of(self.plan, rows.num_rows)
        arrays = {name: np.empty(shape, kind) for name, (shape, kind) in shapes.items()}
        encoder.fill(arrays, 0, rows)
        store, at = self.store, slice(chunk * CHUNK, chunk * CHUNK + rows.num_rows)
        whole = {**arrays, "subjects": store.subjects[at], "regions": store.regions[at]}
        described = {"layout": "", "rows": rows.num_rows, "region_words": store.region_words, "fallbacks": {}}
        return Store.opened(described, whole)

    def _fill(self, codes: Codes, column: Column, chunk: int) -> None:
        held = self.numbers_of.get(column.key)
        if held is None or not isinstance(column.coding, Numbering):
            codes[:] = self.store.codes[chunk, self.column_at[column.key]]
            return
        place, scale = held
        codes[:] = column.coding.of_stored(self.store.numbers[chunk, place], scale)
        codes[self.store.rows_of(chunk) :] = NO_ROW
