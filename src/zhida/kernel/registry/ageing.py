"""Columns read some time after they were built: what has grown too old since counts as unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa

Origins = Mapping[str, Sequence[Sequence[str]]]


def too_old(schema: pa.Schema, origins: Origins, on: date) -> dict[str, tuple[int, ...]]:
    """The places of the origins of each column that are older on a day than its dictionary entry allows.

    `origins` are the snapshot's (source, observed_on, batch) by column.
    """
    found = {}
    for field in schema:
        limit = (field.metadata or {}).get(b"stale_after_days", b"")
        said = enumerate(origins.get(field.name, ()))
        if stale := tuple(at for at, origin in said if limit and _age(origin, on) > int(limit)):
            found[field.name] = stale
    return found


def _age(origin: Sequence[str], on: date) -> int:
    return (on - date.fromisoformat(origin[1])).days
