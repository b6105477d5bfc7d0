"""What a source's new rows change of what the same source said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhida.domain.registers.joining import Voice, join, plain

LANDED, UPDATED, UNCHANGED = 0, 1, 2
WORDS = ("landed", "updated", "unchanged")

Verdicts = npt.NDArray[np.int8]


def compare(
    table: pa.Table, earlier: Mapping[str, Sequence[Voice]], known: Iterable[np.ndarray], *, complete: bool
) -> Verdicts:
    """For each row of a batch: landed (the source had never named the subject), updated, or unchanged.

    `earlier` are the source's former voices by column, `known` the subjects of its former batches. A null of an
    incomplete batch says nothing, so it changes nothing.
    """
    keys = table["subject"].to_numpy()
    order = np.argsort(keys, kind="stable")
    subjects = keys[order]
    named = np.zeros(len(keys), dtype=bool)
    for others in known:
        named |= np.isin(keys, others)
    verdicts = np.where(named, UNCHANGED, LANDED).astype(np.int8)
    for name in table.column_names:
        if name == "subject" or not named.any():
            continue
        fresh = table[name].combine_chunks()
        kind = fresh.type
        former = join(earlier.get(name, ()), subjects, kind, None).values
        back = np.empty(len(keys), dtype=np.int64)
        back[order] = np.arange(len(keys))
        differs = ~same(fresh, former.take(pa.array(back)))
        if not complete:
            differs &= np.asarray(fresh.is_valid())
        verdicts[named & differs] = UPDATED
    return verdicts


def same(left: pa.Array, right: pa.Array) -> npt.NDArray[np.bool_]:
    """Row by row, whether two columns hold the same value or are both unknown."""
    if pa.types.is_nested(left.type):
        return np.array(
            [one == other for one, other in zip(left.to_pylist(), right.to_pylist(), strict=True)], dtype=bool
        )
    kind = plain(left.type)
    equal = pc.fill_null(pc.equal(left.cast(kind), right.cast(kind)), False)
    neither = pc.and_(pc.is_null(left), pc.is_null(right))
    return np.asarray(pc.or_(equal, neither))


def tally(verdicts: Verdicts) -> Counter[str]:
    """How many rows landed, were updated, or stayed as they were."""
    counts = Counter(dict.fromkeys(WORDS, 0))
    for code, count in zip(*np.unique(verdicts, return_counts=True), strict=True):
        counts[WORDS[code]] += int(count)
    return counts
