"""What the machine's memory allows at best: every byte of the store read once, every byte of the results written once.

Speeds are measured in the same run, in the manner of STREAM: vectors far larger than any cache, one part a thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from benchmarks.screening.engine import THREADS
from benchmarks.screening.trials import timed
from zhida.domain.rules.engines import table

_EACH = 1 << 25
_ROUNDS = 5
Vector = npt.NDArray[np.int64]


class Speeds(NamedTuple):
    """Gigabytes a second."""

    read: float
    write: float
    triad: float


class Floor(NamedTuple):
    """Bytes that must move, and the seconds which that takes at least."""

    read_bytes: int
    written_bytes: int
    seconds: float


@numba.njit(nogil=True)
def _total(one: Vector) -> int:
    total = 0
    for at in range(len(one)):
        total += one[at]
    return total


@numba.njit(nogil=True)
def _fill(one: Vector, value: int) -> None:
    for at in range(len(one)):
        one[at] = value


@numba.njit(nogil=True)
def _triad(one: Vector, two: Vector, three: Vector) -> None:
    for at in range(len(one)):
        one[at] = two[at] + 3 * three[at]


def measured_speeds() -> Speeds:
    """The best of several rounds on all threads."""
    held = [[np.ones(_EACH, dtype=np.int64) for _ in range(3)] for _ in range(THREADS)]
    moved = THREADS * held[0][0].nbytes / 1e9
    works: list[tuple[Callable[[list[Vector]], Any], int]] = [
        (lambda own: _total(own[0]), 1),
        (lambda own: _fill(own[0], 7), 1),
        (lambda own: _triad(*own), 3),
    ]
    with ThreadPoolExecutor(THREADS) as pool:
        best = [
            moved * times / min(timed(lambda work=work: [*pool.map(work, held)]) for _ in range(_ROUNDS))  # type: ignore[misc]
            for work, times in works
        ]
    return Speeds(*best)


def floor_of(store: table.Store, result: table.Result, speeds: Speeds) -> Floor:
    """The floor of one run. Numbers that only amounts look at are left out: few of them must be read."""
    read = sum(part.nbytes for part in (store.codes, store.bits, store.regions))
    written = sum(_bytes_of(chunk) for chunk in result.chunks)
    return Floor(read, written, read / speeds.read / 1e9 + written / speeds.write / 1e9)


def _bytes_of(chunk: table.ChunkResult) -> int:
    """Sets, amounts, lists and totals of a chunk."""
    lists = chunk.list_from.nbytes + chunk.listed.nbytes
    return int(chunk.sets.starts[-1]) + chunk.fen.nbytes + lists + chunk.tallies.columns.nbytes
