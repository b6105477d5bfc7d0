"""What a screening gives: by item, by subject and in total, kept chunk by chunk as the kernels made it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.engines.table import roaring
from zhida.domain.rules.engines.table.plan import Plan

Ints: TypeAlias = NDArray[np.int32]
Whole: TypeAlias = NDArray[np.int64]
AMOUNT_UNKNOWN, NO_AMOUNT = -1, -2
NO_LISTS: tuple[Ints, Ints] = (np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))


@dataclass(frozen=True, eq=False)
class Sets:
    """The sets of one chunk: for each item that anyone has (`items`, ascending), its sure rows and its possible rows.

    `counts` [item, rail] are how many; `starts` [2 * item + rail] says where each container begins in `data`, always
    at a multiple of 8; and `rows` are the sure rows of all items behind each other, in the order of `items`.
    """

    items: Ints
    counts: Ints
    starts: Whole
    data: NDArray[np.uint8]
    rows: roaring.Positions


@dataclass(frozen=True, eq=False)
class Tallies:
    """Counts by item and region (a place in the store's `region_words`), one entry where anyone is counted.

    `columns` are item, region, entitled, possible, entitled with an unknown amount, and fen of the known amounts.
    """

    columns: Whole


@dataclass(frozen=True, eq=False)
class ChunkResult:
    """One chunk: its sets; the amounts of the sure rows beside `sets.rows` (fen, AMOUNT_UNKNOWN or NO_AMOUNT); each
    row's items (`listed` from `list_from[row]`) ascending; and the tallies. Where one item alone was matched, its rows
    say who has it and both lists are empty."""

    chunk: int
    rows: int
    sets: Sets
    fen: Whole
    list_from: Ints
    listed: Ints
    tallies: Tallies

    @cached_property
    def row_from(self) -> Whole:
        """Where each item's rows begin in `sets.rows`."""
        found: Whole = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(self.sets.counts[:, 0], dtype=np.int64)])
        return found

    def places_of(self, row: int) -> list[int]:
        """The places in `sets.items` of what a row may have: just those that it has, where lists were made."""
        if not len(self.list_from):
            return list(range(len(self.sets.items)))
        start, end = self.list_from[row : row + 2].tolist()
        places: list[int] = np.searchsorted(self.sets.items, self.listed[start:end]).tolist()
        return places

    def container(self, place: int, rail: int) -> memoryview:
        """The container of the sure (0) or possible (1) rows of the item at a place of `sets.items`."""
        start = int(self.sets.starts[2 * place + rail])
        return self.sets.data[start : start + roaring.size_of(int(self.sets.counts[place, rail]))].data


class ItemRows(NamedTuple):
    """One item over everyone: sorted rows surely entitled, their amounts, and rows possibly entitled."""

    entitled: Whole
    fen: Whole
    possible: Whole


class Total(NamedTuple):
    """Counts and fen of one item, region or department."""

    entitled: int
    possible: int
    amount_unknown: int
    fen: int


@dataclass(frozen=True, eq=False)
class Result:
    """A screening of everyone: `chunks` in their order, `region_words` as in the store."""

    plan: Plan
    rows: int
    chunks: tuple[ChunkResult, ...]
    region_words: tuple[str, ...]
    fallbacks: Mapping[str, int] = field(default_factory=dict)

    def sets(self, item: str) -> tuple[bytes, bytes]:
        """The rows surely entitled to an item, and those possibly: portable Roaring bytes each."""
        held = list(self._at(item))
        return self._set(held, 0), self._set(held, 1)

    def _set(self, held: list[tuple[ChunkResult, int]], rail: int) -> bytes:
        counted = [(chunk, place, int(chunk.sets.counts[place, rail])) for chunk, place in held]
        return roaring.joined(
            [(chunk.chunk, count, chunk.container(place, rail)) for chunk, place, count in counted if count]
        )

    def _at(self, item: str) -> Iterator[tuple[ChunkResult, int]]:
        wanted = self.plan.places[item]
        for chunk in self.chunks:
            place = int(np.searchsorted(chunk.sets.items, wanted))
            if place < len(chunk.sets.items) and chunk.sets.items[place] == wanted:
                yield chunk, place

    def item(self, item: str) -> ItemRows:
        """One item over everyone, as arrays."""
        entitled, fen, possible = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)], []
        for chunk, place in self._at(item):
            start, end = chunk.row_from[place : place + 2].tolist()
            entitled.append(chunk.sets.rows[start:end].astype(np.int64) + (chunk.chunk << 16))
            fen.append(chunk.fen[start:end])
        possible.append(roaring.rows_of(self.sets(item)[1]))
        return ItemRows(np.concatenate(entitled), np.concatenate(fen), np.concatenate(possible))

    def digest(self, item: str) -> str:
        """SHA-256 in hex over an item's two sets and its amounts: a leaf of the run's root."""
        state = hashlib.sha256()
        for held in self.sets(item):
            state.update(len(held).to_bytes(8, "big") + held)
        state.update(self.item(item).fen.astype("<i8").tobytes())
        return state.hexdigest()

    def subject(self, row: int) -> dict[str, int]:
        """The items that a row is surely entitled to, with fen, AMOUNT_UNKNOWN or NO_AMOUNT."""
        chunk, within = self.chunks[row >> 16], row & 0xFFFF
        found = {}
        for place in chunk.places_of(within):
            first, last = chunk.row_from[place : place + 2].tolist()
            at = first + int(np.searchsorted(chunk.sets.rows[first:last], within))
            if at < last and chunk.sets.rows[at] == within:
                found[self.plan.items[int(chunk.sets.items[place])].id] = int(chunk.fen[at])
        return found

    @cached_property
    def tallies(self) -> Whole:
        """The tallies of all chunks, one entry for each item and region; columns as in `Tallies`."""
        held = np.concatenate([np.zeros((0, 6), dtype=np.int64), *(chunk.tallies.columns for chunk in self.chunks)])
        key = held[:, 0] * max(1, len(self.region_words)) + held[:, 1]
        order = np.argsort(key, kind="stable")
        firsts = np.flatnonzero(np.diff(key[order], prepend=-1))
        sums = np.add.reduceat(held[order, 2:], firsts) if len(firsts) else held[:, 2:]
        found: Whole = np.hstack([held[order[firsts], :2], sums])
        return found

    def by_item(self) -> dict[str, Total]:
        """Totals by item; items that nobody has are left out."""
        return _named(self._sums_by_item, [item.id for item in self.plan.items])

    def by_region(self) -> dict[str, Total]:
        """Totals by the subjects' region."""
        sums = np.zeros((len(self.region_words), 4), dtype=np.int64)
        for chunk in self.chunks:
            _add(sums, chunk.tallies.columns[:, 1], chunk.tallies.columns[:, 2:])
        return _named(sums, self.region_words)

    def by_owner(self) -> dict[str, Total]:
        """Totals by the department that owns the item."""
        owners = sorted({item.owner for item in self.plan.items})
        place = {owner: index for index, owner in enumerate(owners)}
        of_item = np.array([place[item.owner] for item in self.plan.items], dtype=np.int64)
        sums = np.zeros((len(owners), 4), dtype=np.int64)
        _add(sums, of_item, self._sums_by_item)
        return _named(sums, owners)

    @cached_property
    def _sums_by_item(self) -> Whole:
        sums = np.zeros((len(self.plan.items), 4), dtype=np.int64)
        for chunk in self.chunks:
            _add(sums, chunk.tallies.columns[:, 0], chunk.tallies.columns[:, 2:])
        return sums


def _add(sums: Whole, key: Whole, rows: Whole) -> None:
    """Adds each row to the sums that its key names, column by column: `np.add.at` is quick in one dimension alone."""
    place = np.ascontiguousarray(key)
    for column in range(sums.shape[1]):
        np.add.at(sums[:, column], place, np.ascontiguousarray(rows[:, column]))


def _named(sums: Whole, names: Sequence[str]) -> dict[str, Total]:
    return {names[place]: Total(*sums[place].tolist()) for place in np.flatnonzero(sums.any(axis=1)).tolist()}


def combine(
    plan: Plan, chunks: Iterable[ChunkResult], region_words: tuple[str, ...], fallbacks: Mapping[str, int] | None = None
) -> Result:
    """The chunks of one run, in any order, as one result. Raises InvariantBroken `incomplete_run` where one is
    missing or there twice."""
    ordered = tuple(sorted(chunks, key=lambda chunk: chunk.chunk))
    if [chunk.chunk for chunk in ordered] != list(range(len(ordered))):
        raise InvariantBroken("incomplete_run", "a chunk is missing, or there twice", "run the screening again")
    return Result(plan, sum(chunk.rows for chunk in ordered), ordered, region_words, fallbacks or {})
