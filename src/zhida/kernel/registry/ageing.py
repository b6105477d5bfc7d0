"""Columns read some time after they were built: what has grown too old since counts as unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from zhida.kernel.registry import storage
from zhida.kernel.registry.rowfiles import ORIGIN

Origins = Mapping[str, Sequence[Sequence[str]]]


def without_stale(table: pa.Table, path: str, origins: Origins, on: date) -> pa.Table:
    """The columns with null where a value is older on a day than its dictionary entry allows.

    `origins` are the snapshot's (source, observed_on, batch) by column; the file at `path` says which one each row has.
    """
    kept = set(storage.open_file(path).schema_arrow.names)
    for place, field in enumerate(table.schema):
        limit = (field.metadata or {}).get(b"stale_after_days", b"")
        stale = [at for at, origin in enumerate(origins.get(field.name, ())) if limit and _age(origin, on) > int(limit)]
        if not stale:
            continue
        spoken_by = storage.read(path, [ORIGIN + field.name])[0] if ORIGIN + field.name in kept else pa.scalar(0)
        is_stale = pc.is_in(spoken_by, pa.array(stale, pa.int16()).cast(spoken_by.type))
        fresh = pc.if_else(is_stale, pa.scalar(None, field.type), table.column(place))
        table = table.set_column(place, field, fresh)
    return table


def _age(origin: Sequence[str], on: date) -> int:
    return (on - date.fromisoformat(origin[1])).days
