"""numpy running our own plan over our own store: what the layout alone gives, without compiled kernels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.screening.engine import Engine
from benchmarks.screening.judging import Finding, Judge
from zhida.domain.rules.engines import table
from zhida.domain.rules.engines.table import kernels_numpy


class NumpyKernels:
    """Chunks of 65,536 rows, all items each, with all outputs."""

    name = "numpy, our plan and layout"
    version = np.__version__
    licence = "BSD-3-Clause"
    shape = "whole bitmaps of 65,536 rows, one thread, all outputs"
    cores = 1

    def __init__(self, engine: Engine) -> None:
        self.store, self.plan = engine.store, engine.plan
        self.total = self.store.rows

    def groups(self) -> Sequence[Sequence[int]]:
        return [[chunk] for chunk in range(self.store.chunks)]

    def units(self, group: Sequence[int]) -> int:
        return sum(self.store.rows_of(chunk) for chunk in group)

    def run(self, group: Sequence[int]) -> table.ChunkResult:
        return table.match_chunk(self.store, self.plan, group[0], kernels_numpy)

    def findings(self, group: Sequence[int], outcome: table.ChunkResult, judge: Judge) -> Iterator[Finding]:
        return judge.chunk(outcome)
