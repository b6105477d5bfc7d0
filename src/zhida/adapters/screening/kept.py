"""A kind's results as they are kept: a piece a chunk, whose rows they are, totals, and what each item came to."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhida.adapters.screening.folders import read_array, read_record, read_table, write_array, write_record, write_table
from zhida.adapters.screening.pieces import Piece
from zhida.domain.rules.engines.table import CHUNK
from zhida.kernel.entitlements.ports import Findings
from zhida.kernel.entitlements.results import Outcome, Totals

ABOUT, TOTALS = "about.json", "totals.arrow"
SUMS = ("entitled", "possible", "amount_unknown", "amount_fen")
Whole = NDArray[np.int64]


def piece_path(folder: Path, chunk: int) -> Path:
    """Where a chunk's results stand."""
    return folder / f"{chunk:05d}.arrow"


def write_rows(folder: Path, subjects: Whole, regions: pa.ChunkedArray) -> None:
    """Keeps whose rows they are: keys, regions, and the rows in the order of the keys."""
    encoded = regions.cast(pa.string()).fill_null("").combine_chunks().dictionary_encode()
    write_array(folder / "subjects.npy", subjects)
    write_array(folder / "by_key.npy", np.argsort(subjects, kind="stable").astype(np.int32))
    write_array(folder / "regions.npy", encoded.indices.to_numpy().astype(np.int32))
    write_record(folder / "regions.json", {"words": encoded.dictionary.to_pylist()})


def write_totals(folder: Path, items: Sequence[str], owners: Sequence[str], pieces: Sequence[Piece]) -> dict[str, Any]:
    """Adds the pieces up: totals by item and region, and a digest an item; gives both sums and digests."""
    words = sorted({word for piece in pieces for word in piece.regions})
    at = {word: place for place, word in enumerate(words)}
    rows = [np.zeros((0, 6), dtype=np.int64)]
    for piece in pieces:
        mine = np.array([at[word] for word in piece.regions], dtype=np.int64)
        tallies = piece.tallies
        tallies[:, 1] = mine[tallies[:, 1]] if len(tallies) else tallies[:, 1]
        rows.append(tallies)
    held = _summed(np.concatenate(rows), len(words))
    columns = {
        "item": pa.DictionaryArray.from_arrays(held[:, 0].astype(np.int32), pa.array(items, pa.string())),
        "owner": pa.DictionaryArray.from_arrays(held[:, 0].astype(np.int32), pa.array(owners, pa.string())),
        "region": pa.DictionaryArray.from_arrays(held[:, 1].astype(np.int32), pa.array(words, pa.string())),
        **{name: pa.array(held[:, 2 + place]) for place, name in enumerate(SUMS)},
    }
    write_table(folder / TOTALS, pa.table(columns))
    return {
        "entitled": int(held[:, 2].sum()),
        "possible": int(held[:, 3].sum()),
        "digests": dict(zip(items, _digests(len(items), pieces), strict=True)),
    }


def _summed(rows: Whole, regions: int) -> Whole:
    key = rows[:, 0] * max(1, regions) + rows[:, 1]
    order = np.argsort(key, kind="stable")
    firsts = np.flatnonzero(np.diff(key[order], prepend=-1))
    sums = np.add.reduceat(rows[order, 2:], firsts) if len(firsts) else rows[:, 2:]
    return np.hstack([rows[order[firsts], :2], sums])


def _digests(count: int, pieces: Sequence[Piece]) -> list[str]:
    """SHA-256 over an item's digests chunk by chunk; of none at all where nobody has it."""
    held: list[list[bytes]] = [[] for _ in range(count)]
    for piece in sorted(pieces, key=lambda each: each.chunk):
        digests = piece.array("digests").tobytes()
        for place, item in enumerate(piece.items.tolist()):
            held[item].append(digests[32 * place : 32 * place + 32])
    return [hashlib.sha256(b"".join(parts)).hexdigest() for parts in held]


class Kept:
    """One kind's results, mapped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.about = read_record(folder / ABOUT)
        self.items: tuple[str, ...] = tuple(self.about["items"])
        self.places = {item: place for place, item in enumerate(self.items)}
        self.subjects: Whole = read_array(folder / "subjects.npy")
        self.by_key = read_array(folder / "by_key.npy")
        self.regions = read_array(folder / "regions.npy")
        self.words = np.array(read_record(folder / "regions.json")["words"], dtype=object)

    @property
    def findings(self) -> Findings:
        """As `Results.findings`."""
        held = self.about["findings"]
        return Findings(**{**held, "absent": tuple(held.get("absent", ()))})

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The results chunk by chunk."""
        return tuple(Piece.read(piece_path(self.folder, chunk)) for chunk in range(self.about["chunks"]))

    def item(self, item_id: str) -> Outcome:
        """As `Results.item`."""
        rows, fen, entitled = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=bool)]
        for piece in self.pieces:
            place = piece.place(self.places[item_id])
            if place >= 0:
                sure, amounts, possible = piece.item(place)
                rows += [sure + piece.chunk * CHUNK, possible + piece.chunk * CHUNK]
                fen += [np.maximum(amounts, -1), np.full(len(possible), -1, dtype=np.int64)]
                entitled += [np.ones(len(sure), dtype=bool), np.zeros(len(possible), dtype=bool)]
        whole = np.concatenate(rows)
        keys = self.subjects[whole]
        order = np.argsort(keys, kind="stable")
        regions = self.words[self.regions[whole[order]]]
        return Outcome(keys[order], np.concatenate(entitled)[order], np.concatenate(fen)[order], regions)

    def subject(self, key: int) -> tuple[tuple[str, int], ...]:
        """As `Results.subject`."""
        row = self._row(key)
        found = self.pieces[row // CHUNK].subject(row % CHUNK) if row >= 0 else []
        return tuple((self.items[item], max(fen, -1)) for item, fen in sorted(found))

    def region_of(self, key: int) -> str:
        """As `Results.region_of`."""
        row = self._row(key)
        return str(self.words[self.regions[row]]) if row >= 0 else ""

    def _row(self, key: int) -> int:
        at = bisect_left(self.by_key, key, key=self.subjects.__getitem__)
        row = int(self.by_key[at]) if at < len(self.by_key) else -1
        return row if row >= 0 and self.subjects[row] == key else -1

    def totals(self) -> Totals:
        """As `Results.totals`."""
        held = read_table(self.folder / TOTALS)
        item, region = (held[name].combine_chunks() for name in ("item", "region"))
        sums = np.column_stack([held[name].to_numpy() for name in SUMS])
        return Totals(
            tuple(item.dictionary.to_pylist()),
            tuple(region.dictionary.to_pylist()),
            item.indices.to_numpy().astype(np.int64),
            region.indices.to_numpy().astype(np.int64),
            sums,
        )


@lru_cache(maxsize=8)
def opened(folder: Path) -> Kept:
    """A kind's results, opened once a process: they never change."""
    return Kept(folder)
