"""One chunk's results as one row of an Arrow table: small, mapped when read, the same from whatever engine.

Items stand in the order of the plan; each has its sure rows listed, its possible rows as a Roaring container, and its
amounts as what they are above the least of them, in as few bytes as that takes (1, 2, 4 or 8).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhida.adapters.screening.folders import read_table
from zhida.domain.rules.engines.table import ChunkResult, roaring

Ints = NDArray[np.int32]
Whole = NDArray[np.int64]
WIDTHS = (1, 2, 4, 8)
_COUNTED = struct.Struct("<IIqB")
_KINDS = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}


class Circumstances(NamedTuple):
    """What is known of a chunk besides its results: the digest of all that it was made from, the keys of its rows, the
    words for its regions, the rows that engine one decided by expression, and the pairs that share a region."""

    made_from: str
    subjects: Whole
    region_words: tuple[str, ...]
    fallbacks: Mapping[str, int]
    in_scope: int


def piece_of(found: ChunkResult, about: Circumstances) -> pa.Table:
    """A chunk's results; the keys of its subjects are part of what the digests prove."""
    sets, tallies = found.sets, found.tallies.columns
    possible = [bytes(found.container(place, 1)) for place in range(len(sets.items))]
    amounts = _packed(found)
    names, at = np.unique(tallies[:, 1], return_inverse=True)
    columns: dict[str, Any] = {
        "chunk": pa.array([found.chunk], pa.int32()),
        "rows": pa.array([found.rows], pa.int32()),
        "made_from": pa.array([about.made_from]),
        "items": _list(sets.items),
        "counts": _list(sets.counts.reshape(-1)),
        "sure": _list(sets.rows),
        "possible": _list(np.frombuffer(b"".join(possible), dtype=np.uint8)),
        "possible_from": _list(np.cumsum([0, *map(len, possible)], dtype=np.int64)),
        "least_fen": _list(amounts.least),
        "width": _list(amounts.width),
        **{f"fen_{8 * each}": _list(held) for each, held in amounts.above.items()},
        "digests": _list(np.frombuffer(_digests(found, about.subjects, possible, amounts), dtype=np.uint8)),
        "fallbacks": pa.array([list(about.fallbacks.items())], pa.map_(pa.string(), pa.int64())),
        "in_scope": pa.array([about.in_scope], pa.int64()),
        "regions": pa.array([[about.region_words[name] for name in names.tolist()]], pa.list_(pa.string())),
        "tallies": _list(np.column_stack([tallies[:, 0], at, tallies[:, 2:5]]).astype(np.int32).reshape(-1)),
        "tallied_fen": _list(tallies[:, 5].astype(np.int64)),
    }
    return pa.table(columns)


def _list(values: NDArray[Any]) -> pa.Array:
    array = pa.array(np.ascontiguousarray(values))
    return pa.LargeListArray.from_arrays(pa.array([0, len(array)], pa.int64()), array)


class Amounts(NamedTuple):
    """For each item the least amount, and in how many bytes each of its rows says what it gets above that; and those,
    by their width, item after item."""

    least: Whole
    width: NDArray[np.uint8]
    above: dict[int, NDArray[Any]]


def _packed(found: ChunkResult) -> Amounts:
    counts = found.sets.counts[:, 0]
    held = np.flatnonzero(counts)
    starts = found.row_from[:-1][held]
    least = np.zeros(len(counts), dtype=np.int64)
    width = np.zeros(len(counts), dtype=np.uint8)
    if len(held):
        least[held] = np.minimum.reduceat(found.fen, starts)
        span = np.maximum.reduceat(found.fen, starts) - least[held]
        width[held] = np.select([span == 0, span < 1 << 8, span < 1 << 16, span < 1 << 32], [0, 1, 2, 4], 8)
    above = found.fen - np.repeat(least, counts)
    of_row = np.repeat(width, counts)
    return Amounts(least, width, {each: above[of_row == each].astype(_KINDS[each]) for each in WIDTHS})


def _digests(found: ChunkResult, subjects: Whole, possible: list[bytes], amounts: Amounts) -> bytes:
    """32 bytes an item: SHA-256 over the chunk, its subjects, who of them is entitled or may be, and the amounts as
    they are kept, which is one way only."""
    head = found.chunk.to_bytes(4, "little") + hashlib.sha256(subjects.astype("<i8").tobytes()).digest()
    rows, ends = memoryview(found.sets.rows.astype("<u2").tobytes()), found.row_from.tolist()
    above = {each: memoryview(held.astype(f"<u{each}").tobytes()) for each, held in amounts.above.items()}
    at = dict.fromkeys(WIDTHS, 0)
    digests = []
    for place, (maybe, least, width) in enumerate(
        zip(possible, amounts.least.tolist(), amounts.width.tolist(), strict=True)
    ):
        low, high = ends[place], ends[place + 1]
        state = hashlib.sha256(head)
        state.update(_COUNTED.pack(high - low, len(maybe), least, width))
        state.update(rows[2 * low : 2 * high])
        state.update(maybe)
        if width:
            end = at[width] + width * (high - low)
            state.update(above[width][at[width] : end])
            at[width] = end
        digests.append(state.digest())
    return b"".join(digests)


@dataclass(frozen=True, eq=False)
class Piece:
    """A chunk's results as read back."""

    table: pa.Table

    @classmethod
    def read(cls, path: Path) -> Piece:
        """A kept piece. Raises pyarrow.ArrowInvalid where it is cut off."""
        return cls(read_table(path))

    def array(self, name: str) -> NDArray[Any]:
        """A list of the row, as an array over the mapped file."""
        held: NDArray[Any] = self.table[name].chunk(0).values.to_numpy()
        return held

    @cached_property
    def chunk(self) -> int:
        """Which chunk it is."""
        number: int = self.table["chunk"][0].as_py()
        return number

    @property
    def made_from(self) -> str:
        """The digest of the rows and the plan that it was made from."""
        digest: str = self.table["made_from"][0].as_py()
        return digest

    @cached_property
    def fallbacks(self) -> dict[str, int]:
        """The rows that engine one decided, by expression."""
        return dict(self.table["fallbacks"][0].as_py())

    @cached_property
    def in_scope(self) -> int:
        """How many pairs of rows and items lie in one region, or may."""
        count: int = self.table["in_scope"][0].as_py()
        return count

    @cached_property
    def items(self) -> Ints:
        """The places of the items that anyone has here, ascending."""
        return self.array("items")

    @cached_property
    def counts(self) -> Ints:
        """How many rows each item has, surely and possibly."""
        return self.array("counts").reshape(-1, 2)

    @cached_property
    def sure_from(self) -> Whole:
        """Where each item's sure rows begin."""
        found: Whole = np.concatenate([[0], np.cumsum(self.counts[:, 0], dtype=np.int64)])
        return found

    @cached_property
    def tallies(self) -> Whole:
        """As `Tallies.columns`, regions being places in `regions`."""
        found: Whole = np.column_stack([self.array("tallies").reshape(-1, 5), self.array("tallied_fen")])
        return found

    @cached_property
    def regions(self) -> list[str]:
        """The regions that the tallies speak of."""
        names: list[str] = self.table["regions"][0].as_py()
        return names

    def place(self, item: int) -> int:
        """The place of an item here, -1 where nobody has it."""
        at = int(np.searchsorted(self.items, item))
        return at if at < len(self.items) and self.items[at] == item else -1

    def item(self, place: int) -> tuple[Whole, Whole, Whole]:
        """The sure rows of the item at a place, their amounts, and its possible rows; rows count from the chunk's."""
        start, end = self.sure_from[place : place + 2].tolist()
        low, high = self.array("possible_from")[place : place + 2].tolist()
        possible = roaring.rows_in(self.array("possible")[low:high].tobytes(), int(self.counts[place, 1]))
        return self.array("sure")[start:end].astype(np.int64), self._fen(place), possible.astype(np.int64)

    def _fen(self, place: int) -> Whole:
        width, count = int(self.array("width")[place]), int(self.counts[place, 0])
        least = np.full(count, self.array("least_fen")[place], dtype=np.int64)
        if width:
            start = int(self._amounts_from[place])
            least += self.array(f"fen_{8 * width}")[start : start + count].astype(np.int64)
        return least

    @cached_property
    def _amounts_from(self) -> Whole:
        """Where each item's amounts begin among those of its width."""
        found, width = np.zeros(len(self.items), dtype=np.int64), self.array("width")
        for each in WIDTHS:
            here = np.where(width == each, self.counts[:, 0], 0).astype(np.int64)
            found += np.where(width == each, np.cumsum(here) - here, 0)
        return found

    def subject(self, row: int) -> list[tuple[int, int]]:
        """What a row (counted from the chunk's first) is entitled to: the items' places, and fen."""
        found = []
        for at in np.flatnonzero(self.array("sure") == row).tolist():
            place = int(np.searchsorted(self.sure_from, at, side="right")) - 1
            found.append((int(self.items[place]), int(self._fen(place)[at - self.sure_from[place]])))
        return found
