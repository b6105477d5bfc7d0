"""One subject's row of a snapshot, found through an index beside the file; only its row group is read."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa

from zhida.kernel.registry import storage
from zhida.kernel.registry.joining import Positions

ORIGIN = "~"
_INDEX = np.dtype([("key", "<i8"), ("row", "<i4")])


def write_index(path: str, subjects: Positions) -> None:
    """Writes `<root>.rows.npy` beside a snapshot: pairs of subject key and row, in the order of the keys."""
    pairs = np.empty(len(subjects), dtype=_INDEX)
    order = np.argsort(subjects, kind="stable")
    pairs["key"], pairs["row"] = subjects[order], order
    target = storage.place(_index_of(path))
    draft = target.with_suffix(".draft.npy")
    np.save(draft, pairs)
    draft.replace(target)


def row_of(path: str, key: int) -> pa.Table | None:
    """The row of a subject as a table of one row, or None where the snapshot does not hold it."""
    index = _index(path)
    keys = index["key"]
    place = int(np.searchsorted(keys, key))
    if place == len(index) or keys[place] != key:
        return None
    group, offset = divmod(int(index["row"][place]), storage.ROW_GROUP)
    return _group(path, group).slice(offset, 1)


def _index_of(path: str) -> str:
    return path.removesuffix(".parquet") + ".rows.npy"


@lru_cache(maxsize=8)
def _index(path: str) -> np.ndarray:
    pairs: np.ndarray = np.load(storage.place(_index_of(path)), mmap_mode="r")
    return pairs


@lru_cache(maxsize=4)
def _group(path: str, group: int) -> pa.Table:
    return storage.open_file(path).read_row_group(group)
