"""What ours does by itself: the whole run with its floor, memory, the ways in, one subject, a new item, growth.

Each part is run in a process of its own, so that none pays for another's memory.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.screening import singles
from benchmarks.screening.engine import THREADS, Engine, encode, opened, screen
from benchmarks.screening.floor import floor_of, measured_speeds
from benchmarks.screening.machine import load
from benchmarks.screening.scales import Scale
from benchmarks.screening.trials import leave_alone, timed
from benchmarks.screening.world import World

Told = Mapping[str, Any]
_ROUNDS = 9
_SHARES = (0.1163, 0.25, 0.5, 1)
"""Half a million of 4.3 million, a quarter, a half, all."""


def full(engine: Engine) -> Told:
    """The whole run with all outputs, and the floor under it."""
    store, plan = engine.store, engine.plan
    result = screen(store, plan)
    speeds = measured_speeds()
    floor = floor_of(store, result, speeds)
    entitled, possible, unknown_amounts, fen = result.tallies[:, 2:].sum(axis=0).tolist()
    reached = [sum(stop - start for start, stop in engine.world.rows_of(case)) for case in engine.world.cases]
    del result
    times = best_of(lambda: screen(store, plan))
    alone = best_of(lambda: screen(store, plan, threads=1), 3)
    return {
        "full_s": min(times),
        "median_s": statistics.median(times),
        "one_thread_s": min(alone),
        "rounds": times,
        "threads": THREADS,
        "pairs": engine.world.scale.pairs,
        "pairs_in_reach": sum(reached),
        "entitled": entitled,
        "possible": possible,
        "amounts_unknown": unknown_amounts,
        "fen": fen,
        "fallbacks": dict(store.fallbacks),
        "speeds_gb_s": speeds._asdict(),
        "floor": floor._asdict(),
        "store_bytes": {name: array.nbytes for name, array in store.arrays().items()},
        "load": load(),
    }


def best_of(work: Callable[[], object], rounds: int = _ROUNDS) -> list[float]:
    """Seconds of each round."""
    leave_alone()
    return [timed(work) for _ in range(rounds)]


def memory(engine: Engine) -> Told:
    """The most that a process held which opened a kept store and ran everyone times everything once."""
    store, plan = engine.store, engine.plan
    before = _peak_gb()
    result = screen(store, plan)
    return {"before_gb": before, "peak_gb": _peak_gb(), "rows": result.rows}


def _peak_gb() -> float:
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 2**20
    raise OSError("this system does not tell a process its greatest memory")


def ways_in(engine: Engine) -> Told:
    """From Parquet on disk, and from a kept store, to results; kernels are warm, files in the page cache."""
    people, plan, folder = engine.world.people, engine.plan, engine.folder
    screen(engine.store, plan)
    from_parquet = best_of(lambda: screen(encode(people, plan), plan), 2)
    from_store = best_of(lambda: screen(opened(folder), plan), 3)
    return {"from_parquet_s": min(from_parquet), "from_store_s": min(from_store)}


def growth(engine: Engine) -> Told:
    """The whole run over fewer subjects, and over fewer items."""
    scale = engine.world.scale
    shares = _SHARES[1:] if scale.name == "small" else _SHARES
    whole = {"subjects": scale.organisations, "items": scale.items}
    many = {kind: [round(size * share) for share in shares] for kind, size in whole.items()}
    points: dict[str, list[list[float]]] = {"subjects": [], "items": []}
    for kind, sizes in many.items():
        for size in sizes:
            smaller = (size, scale.items) if kind == "subjects" else (scale.organisations, size)
            found = engine if size == sizes[-1] else Engine(World(Scale("", *smaller, 0, 0)))
            screen(found.store, found.plan)
            points[kind].append([size, min(best_of(lambda found=found: screen(found.store, found.plan)))])  # type: ignore[misc]
    return {**points, "off_line": {kind: off_line(held) for kind, held in points.items()}}


def off_line(points: list[list[float]]) -> float:
    """How far the worst point lies from the straight line that fits them best, as a share of its own height."""
    sizes, times = np.array(points, dtype=np.float64).T
    slope, start = np.polyfit(sizes, times, 1)
    apart: npt.NDArray[np.float64] = np.abs(times - (start + slope * sizes)) / times
    return float(apart.max())


PARTS: Mapping[str, Callable[[Engine], Told]] = {
    "full": full,
    "memory": memory,
    "ways_in": ways_in,
    "one": singles.one,
    "new_item": singles.new_item,
    "changed": singles.changed,
    "growth": growth,
}
"""Each part by name."""
