"""Ours: the plan and the encoded store of a world, kept as files, and everyone times everything on plain threads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.screening.world import World, keep_file, version_of
from zhida.domain.rules import engines
from zhida.domain.rules.engines import table
from zhida.domain.rules.engines.table import kernels_numba
from zhida.services.demonstration.generation import province

THREADS = 2


@dataclass(frozen=True)
class Engine:
    """The engine over a world. Its files depend on the engine's own sources, and are made again when these change."""

    world: World

    @cached_property
    def folder(self) -> Path:
        """Where plan and store are kept."""
        return self.world.folder / f"engine-{version_of(Path(engines.__file__).parent)}"

    @cached_property
    def plan(self) -> table.Plan:
        """All items, compiled; the office for an item's region owns it."""
        path = self.folder / "plan.arrow"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            owners = {program.item: f"office-{program.region}" for program in self.world.programs}
            plan = table.compile_plan(self.world.programs, province.AS_OF, owners=owners)
            keep_file(path, plan.to_bytes())
        return table.Plan.from_bytes(path.read_bytes())

    @cached_property
    def store(self) -> table.Store:
        """Everyone, encoded, mapped from files."""
        if not (self.folder / "store.json").exists():
            keep(encode(self.world.people, self.plan), self.folder)
        return opened(self.folder)


def encode(people: Path, plan: table.Plan) -> table.Store:
    """A snapshot read from Parquet and encoded, chunk by chunk on plain threads."""
    snapshot = pq.ParquetFile(people)
    encoder = table.Encoder(plan)
    shapes = table.shapes_of(plan, snapshot.metadata.num_rows)
    arrays = {name: np.empty(shape, kind) for name, (shape, kind) in shapes.items()}
    head = snapshot.read(columns=["subject", "region"])
    arrays["regions"][:], words = encoder.regions(head)
    arrays["subjects"][:] = encoder.subjects(head)

    def fill(chunk: int) -> Mapping[str, int]:
        with pq.ParquetFile(people) as own:
            rows: pa.Table = own.read_row_group(chunk)
        return encoder.fill(arrays, chunk, rows)

    with ThreadPoolExecutor(THREADS) as pool:
        fallbacks = [*pool.map(fill, range(snapshot.num_row_groups))]
    told = {name: sum(one.get(name, 0) for one in fallbacks) for one in fallbacks for name in one}
    described = {"layout": plan.layout, "rows": snapshot.metadata.num_rows, "region_words": words, "fallbacks": told}
    return table.Store.opened(described, arrays)


def keep(store: table.Store, folder: Path) -> None:
    """Writes a store as files that can be mapped; the description last, so that half a store is none."""
    for name, array in store.arrays().items():
        np.save(folder / f"{name}.npy", array)
    keep_file(folder / "store.json", json.dumps(store.described()).encode())


def opened(folder: Path) -> table.Store:
    """The store that was kept in a folder, mapped."""
    described: dict[str, Any] = json.loads((folder / "store.json").read_text("utf-8"))
    arrays = {path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")}
    return table.Store.opened(described, arrays)


def screen(
    store: table.Store, plan: table.Plan, *, kernel: ModuleType = kernels_numba, threads: int = THREADS
) -> table.Result:
    """Everyone times everything with all outputs: sets, lists, amounts, and the totals by item, region and office."""
    with ThreadPoolExecutor(threads) as pool:
        chunks = [*pool.map(lambda chunk: table.match_chunk(store, plan, chunk, kernel), range(store.chunks))]
    result = table.combine(plan, chunks, store.region_words, store.fallbacks)
    result.by_item(), result.by_region(), result.by_owner()
    return result
