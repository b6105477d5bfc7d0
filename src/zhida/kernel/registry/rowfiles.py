"""Subjects' rows of a snapshot, found through an index beside the file; only their row groups are read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa

from zhida.domain.registers.joining import Positions
from zhida.kernel.registry import storage

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


def rows_of(path: str, keys: Sequence[int]) -> pa.Table:
    """The rows of those subjects that the snapshot holds, in no order; `subject` says whose each is."""
    index = _index(path)
    places = np.searchsorted(index["key"], keys).clip(max=max(len(index) - 1, 0))
    rows = index["row"][places[index["key"][places] == keys]] if len(index) else np.empty(0, np.int32)
    groups = rows // storage.ROW_GROUP
    parts = [
        _group(path, int(group)).take(pa.array(rows[groups == group] % storage.ROW_GROUP))
        for group in np.unique(groups)
    ]
    return pa.concat_tables(parts) if parts else storage.open_file(path).schema_arrow.empty_table()


def _index_of(path: str) -> str:
    return path.removesuffix(".parquet") + ".rows.npy"


@lru_cache(maxsize=8)
def _index(path: str) -> np.ndarray:
    pairs: np.ndarray = np.load(storage.place(_index_of(path)), mmap_mode="r")
    return pairs


@lru_cache(maxsize=4)
def _group(path: str, group: int) -> pa.Table:
    return storage.open_file(path).read_row_group(group)
