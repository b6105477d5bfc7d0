"""Sets of row numbers as portable Roaring bytes, which CRoaring, pyroaring and Java read alike.

RoaringFormatSpec (github.com/RoaringBitmap/RoaringFormatSpec), 32 bits, without run containers: a cookie, one key
and count for each 65,536 rows that hold anything, their offsets, and a container each: up to 4,096 rows as sorted
uint16, more as 65,536 bits. A chunk is one container, so a set is its chunks' containers behind a header.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

COOKIE, MOST_LISTED, BITMAP = 12346, 4096, 8192
Positions: TypeAlias = NDArray[np.uint16]


def container(rows: Positions) -> bytes:
    """The container of the sorted rows of one chunk."""
    if len(rows) <= MOST_LISTED:
        return rows.astype("<u2").tobytes()
    mask = np.zeros(65_536, dtype=bool)
    mask[rows] = True
    return np.packbits(mask, bitorder="little").tobytes()


def rows_in(held: bytes | memoryview, count: int) -> Positions:
    """The sorted rows of a container."""
    if count <= MOST_LISTED:
        return np.frombuffer(held, dtype="<u2")
    return np.flatnonzero(np.unpackbits(np.frombuffer(held, dtype=np.uint8), bitorder="little")).astype(np.uint16)


def size_of(count: int) -> int:
    """The bytes of a container that holds so many rows."""
    return 2 * count if count <= MOST_LISTED else BITMAP


def joined(parts: Sequence[tuple[int, int, bytes | memoryview]]) -> bytes:
    """The set made of containers: (chunk, count, bytes), in the order of their chunks, none of them empty."""
    header = np.array([COOKIE, len(parts)], dtype="<u4").tobytes()
    keys = np.array([(chunk, count - 1) for chunk, count, _ in parts], dtype="<u2").tobytes()
    sizes = [len(held) for _, _, held in parts]
    offsets = len(header) + 8 * len(parts) + np.cumsum([0, *sizes])[:-1]
    return b"".join((header, keys, offsets.astype("<u4").tobytes(), *(held for _, _, held in parts)))


def rows_of(held: bytes) -> NDArray[np.int64]:
    """The sorted row numbers of a set that `joined` made."""
    cookie, size = np.frombuffer(held, dtype="<u4", count=2).tolist()
    if cookie != COOKIE:
        raise ValueError("not a Roaring set without runs")
    pairs = np.frombuffer(held, dtype="<u2", offset=8, count=2 * size).reshape(-1, 2).astype(np.int64)
    starts = np.frombuffer(held, dtype="<u4", offset=8 + 4 * size, count=size)
    found = [
        rows_in(held[start : start + size_of(count + 1)], count + 1).astype(np.int64) + (chunk << 16)
        for (chunk, count), start in zip(pairs.tolist(), starts.tolist(), strict=True)
    ]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
