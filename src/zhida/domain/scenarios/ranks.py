"""What ranks the claims on an item whose places are short, for many claims at once, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhida.domain.packs import Ranking
from zhida.domain.rules.engines.columns.batch import Batch, Shared
from zhida.domain.rules.engines.columns.reading import Columns
from zhida.domain.rules.engines.columns.vectors import Numbers, Unsupported
from zhida.domain.rules.engines.table import exact
from zhida.domain.rules.engines.table.meanings import Meanings
from zhida.domain.scenarios.offers import Offer


class RankKeys(NamedTuple):
    """For each key of a quota the values of some claims, None where unknown."""

    values: tuple[tuple[Decimal | None, ...], ...]


def rank_keys(offer: Offer, table: pa.Table, day: date) -> RankKeys:
    """The numbers that an offer's quota ranks these rows by."""
    keys = offer.quota.by if offer.quota is not None else ()
    columns = Columns(table, day, {})
    batch = Batch(Shared(columns), offer.program.schema, offer.program.within)
    return RankKeys(tuple(_values(one, offer, batch, columns) for one in keys))


def _values(ranking: Ranking, offer: Offer, batch: Batch, columns: Columns) -> tuple[Decimal | None, ...]:
    size: int = columns.table.num_rows
    try:
        vector = batch.root.vector(ranking.value)
    except Unsupported:
        source = Meanings().source(ranking.value, offer.program.schema, offer.program.within)
        found: list[Any] = exact.values(source, columns)
        return tuple(value if isinstance(value, Decimal) else None for value in found)
    if not isinstance(vector, Numbers):
        return (None,) * size
    known = np.broadcast_to(vector.known & ~vector.none, size).tolist()
    numbers = np.broadcast_to(vector.values, size).tolist()
    return tuple(_decimal(number, vector.scale) if sure else None for number, sure in zip(numbers, known, strict=True))


def _decimal(number: Any, scale: int | None) -> Decimal:
    return Decimal(number) if scale is None else Decimal(number).scaleb(-scale)


def ordered(keys: Sequence[RankKeys], rankings: Sequence[Ranking]) -> list[NDArray[np.int64]]:
    """The keys of all claims together, as `allotted` takes them: ascending, the best first, the unknown last."""
    found = []
    for place, ranking in enumerate(rankings):
        values = [value for one in keys for value in one.values[place]]
        known = sorted({value for value in values if value is not None}, reverse=ranking.high_first)
        at = {value: rank for rank, value in enumerate(known)}
        found.append(np.array([len(known) if value is None else at[value] for value in values], dtype=np.int64))
    return found
