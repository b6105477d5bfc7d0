"""DuckDB: each item a boolean column with nulls, over the rows that its region can reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.screening.conditions import (
    Among,
    Both,
    Condition,
    Either,
    Flag,
    Growth,
    Holds,
    Not,
    Span,
    Within,
)
from benchmarks.screening.engine import THREADS, Engine
from benchmarks.screening.judging import Finding, Judge, Sets
from benchmarks.screening.peers.groups import by_region


class DuckdbRanges:
    """The items of one region in one query over the rows it can reach; DuckDB's own zone maps skip others."""

    name = "DuckDB, our row ranges"
    version = duckdb.__version__
    licence = "MIT"
    shape = "own table in memory, up to 32 items of one region in one query over our row ranges, result as Arrow"
    cores = THREADS
    most = 32

    def __init__(self, engine: Engine) -> None:
        self.world = engine.world
        self.total = len(self.world.cases)
        self.connection = duckdb.connect(config={"threads": THREADS})
        self.connection.register("prepared", self.world.prepared)
        self.connection.execute("CREATE TABLE people AS SELECT * FROM prepared")
        self.connection.unregister("prepared")
        self.written = [expression(case.whole) for case in self.world.cases]

    def groups(self) -> Sequence[Sequence[int]]:
        return by_region(self.world, self.most)

    def units(self, group: Sequence[int]) -> int:
        return len(group)

    def run(self, group: Sequence[int]) -> pa.Table:
        asked = ", ".join(f'{self.written[item]} AS "{item}"' for item in group)
        ranges = self.world.rows_of(self.world.cases[group[0]])
        reached = " OR ".join(f"row BETWEEN {start} AND {stop - 1}" for start, stop in ranges)
        return self.connection.sql(f"SELECT row, {asked} FROM people WHERE {reached}").to_arrow_table()

    def findings(self, group: Sequence[int], outcome: pa.Table, judge: Judge) -> Iterator[Finding]:
        return judge.sets(_sets(group, outcome))


def _sets(group: Sequence[int], outcome: pa.Table) -> Iterator[Sets]:
    rows = outcome["row"].to_numpy().astype(np.int64)
    for item in group:
        column = outcome[str(item)]
        sure = pc.fill_null(column, False).to_numpy(zero_copy_only=False)
        possible = pc.is_null(column).to_numpy(zero_copy_only=False)
        yield Sets(item, np.sort(rows[sure]), np.sort(rows[possible]))


def expression(condition: Condition) -> str:
    """A condition in SQL, whose null is "unknown" as with us."""
    match condition:
        case Span(column, low, high):
            bounds = [f'"{column}" >= {low}'] * (low is not None) + [f'"{column}" <= {high}'] * (high is not None)
            return f"({' AND '.join(bounds)})"
        case Among(column, codes):
            return f'("{column}" IN ({", ".join(map(str, codes))}))'
        case Within(column, ranges, coarse):
            inside = [f'("{column}" BETWEEN {low} AND {high})' for low, high in ranges]
            doubt = [f'(NULL AND "{column}" IN ({", ".join(map(str, coarse))}))'] * bool(coarse)
            return f"({' OR '.join(inside + doubt)})"
        case Flag(column):
            return f'"{column}"'
        case Holds():
            return f'"{condition.flag}"'
        case Growth(now, before, percent):
            return f'("{now}" * 100 >= "{before}" * {percent})'
        case Not(part):
            return f"(NOT {expression(part)})"
        case Both(parts):
            return f"({' AND '.join(map(expression, parts))})"
        case Either(parts):
            return f"({' OR '.join(map(expression, parts))})"
