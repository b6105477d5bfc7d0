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
from zhida.domain.rules.engines.columns import lanes
from zhida.domain.rules.engines.columns.batch import Batch, Shared
from zhida.domain.rules.engines.columns.reading import Columns
from zhida.domain.rules.engines.columns.vectors import Numbers, Unsupported
from zhida.domain.rules.engines.table import exact
from zhida.domain.rules.engines.table.meanings import Meanings
from zhida.domain.scenarios.offers import Offer

_LAST = 2**63 - 1


class RankKeys(NamedTuple):
    """For each key of a quota the values of some claims."""

    values: tuple[Numbers, ...]


def rank_keys(offer: Offer, table: pa.Table, day: date) -> RankKeys:
    """The numbers that an offer's quota ranks these rows by."""
    keys = offer.quota.by if offer.quota is not None else ()
    columns = Columns(table, day, {})
    batch = Batch(Shared(columns), offer.program.schema, offer.program.within)
    return RankKeys(tuple(_values(one, offer, batch, columns) for one in keys))


def _values(ranking: Ranking, offer: Offer, batch: Batch, columns: Columns) -> Numbers:
    """The values of one key, one a row; what is not known, or none, is not `known`."""
    size: int = columns.table.num_rows
    try:
        vector = batch.root.vector(ranking.value)
    except Unsupported:
        source = Meanings().source(ranking.value, offer.program.schema, offer.program.within)
        return from_decimals(exact.values(source, columns))
    if not isinstance(vector, Numbers):
        return from_decimals([None] * size)
    known = np.broadcast_to(vector.known & ~vector.none, size)
    return Numbers(np.broadcast_to(vector.values, size), known, vector.scale)


def from_decimals(found: Sequence[Any]) -> Numbers:
    """Values as engine one finds them: what is no Decimal is not known."""
    values = np.empty(len(found), dtype=object)
    values[:] = [value if isinstance(value, Decimal) else Decimal(0) for value in found]
    return Numbers(values, np.array([isinstance(value, Decimal) for value in found], dtype=bool), None)


def ordered(keys: Sequence[RankKeys], rankings: Sequence[Ranking]) -> list[NDArray[np.int64]]:
    """The keys of all claims together, as `allotted` takes them: ascending, the best first, the unknown last."""
    found = []
    for place, ranking in enumerate(rankings):
        parts = [one.values[place] for one in keys]
        known = np.concatenate([one.known for one in parts]) if parts else np.zeros(0, dtype=bool)
        places = np.full(len(known), _LAST, dtype=np.int64)
        places[known] = _places(parts)
        if ranking.high_first:
            places[known] = -places[known]
        found.append(places)
    return found


def _places(parts: Sequence[Numbers]) -> NDArray[np.int64]:
    """The known values of all parts as whole numbers in their order, equals alike."""
    scale = max((one.scale or 0 for one in parts), default=0)
    narrow = [lanes.rescaled(one, scale) for one in parts]
    if all(one is not None for one in narrow):
        return np.concatenate([np.zeros(0, np.int64), *(one.values[one.known] for one in narrow if one is not None)])
    wide = [value for one in map(lanes.widened, parts) for value in one.values[one.known].tolist()]
    at = {value: place for place, value in enumerate(sorted(set(wide)))}
    return np.array([at[value] for value in wide], dtype=np.int64)
