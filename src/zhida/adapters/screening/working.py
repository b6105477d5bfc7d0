"""One chunk's work, on whatever machine: from rows and a plan to a piece, and to a file that others read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pyarrow as pa

from zhida.adapters.screening.folders import write_table
from zhida.adapters.screening.kept import piece_path
from zhida.adapters.screening.parts import Parts
from zhida.adapters.screening.pieces import Circumstances, piece_of
from zhida.adapters.screening.plans import read_plan
from zhida.domain.rules.engines.table import CHUNK, Plan, Store, encode, kernel_named, match_chunk
from zhida.domain.rules.engines.table.plan import Kind

WORTH_COMPILING = 50_000_000
"""Pairs of rows and items from which on machine code wins back the seconds that making or loading it takes."""


@dataclass(frozen=True)
class Work:
    """All that a worker is handed for a task: paths, which packs the plan must be of, and `made_from`, the digest of
    the snapshot's rows and the plan."""

    parts: Parts
    plan: str
    packs: str
    folder: str
    made_from: str

    def __call__(self, chunk: int) -> int:
        """Reads a chunk's rows, matches them, and keeps the piece; gives the chunk's number."""
        table, plan = self.parts.part(chunk), _plan(self.plan, self.packs)
        self.keep(answered(table, plan, chunk, self.key(chunk)), chunk)
        return chunk

    def keep(self, piece: pa.Table, chunk: int) -> None:
        """Keeps a piece where all can read it."""
        write_table(self.path(chunk), piece)

    def path(self, chunk: int) -> Path:
        """Where a chunk's piece is kept."""
        return piece_path(Path(self.folder), chunk)

    def key(self, chunk: int) -> str:
        """The digest of all that a chunk's piece is made from."""
        return hashlib.sha256(f"{self.made_from} {chunk} {self.parts.laid_digest(chunk)}".encode()).hexdigest()


def answered(table: pa.Table, plan: Plan, chunk: int, made_from: str) -> pa.Table:
    """The whole of what a worker computes: the rows of one chunk and a plan in, one row of results out."""
    store = encode(table, plan)
    return matched(plan, store, 0, chunk, store.fallbacks, made_from)


def matched(
    plan: Plan, store: Store, within: int, chunk: int, fallbacks: Mapping[str, int], made_from: str
) -> pa.Table:
    """The piece of chunk `within` of a store, which is `chunk` of the population."""
    found = match_chunk(store, plan, within, kernel_for(store.rows_of(within) * len(plan.items)))
    subjects = store.subjects[within * CHUNK : within * CHUNK + found.rows]
    in_scope = pairs_in_scope(store, plan, within)
    about = Circumstances(made_from, subjects, store.region_words, fallbacks, in_scope)
    return piece_of(replace(found, chunk=chunk), about)


def kernel_for(pairs: int) -> ModuleType:
    """The fast back end where it is installed and the work is worth it, else the plain one: they agree bit for bit."""
    return kernel_named("" if pairs >= WORTH_COMPILING else "numpy")


def pairs_in_scope(store: Store, plan: Plan, chunk: int) -> int:
    """How many pairs of a chunk's rows and items are left once those are out whose region is surely another."""
    graph, rows, pairs = plan.graph, store.rows_of(chunk), 0
    ends: dict[int, np.ndarray] = {}
    for group in graph.groups:
        node, items = int(group[Kind.REGION]), int(group[Kind.ITEMS + 1] - group[Kind.ITEMS])
        if node < 0 or graph.nodes[node, Kind.KIND] != Kind.CODES:
            pairs += rows * items
            continue
        column = int(graph.nodes[node, Kind.AT])
        if column not in ends:
            counts = np.bincount(store.codes[chunk, column, :rows], minlength=65_536)
            ends[column] = np.concatenate([[0], np.cumsum(counts)])
        parts = (graph.listed(graph.nodes, node, which).reshape(-1, 2) for which in (Kind.SURE, Kind.DOUBT))
        ranges = np.concatenate(list(parts))
        pairs += items * int((ends[column][ranges[:, 1]] - ends[column][ranges[:, 0]]).sum())
    return pairs


@lru_cache(maxsize=2)
def _plan(path: str, packs: str) -> Plan:
    return read_plan(Path(path), packs)
