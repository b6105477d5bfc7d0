"""Polars, lazy: each item a column of booleans with nulls, equal parts computed once; null is "unknown" as with us."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_, or_

import numpy as np
import polars as pl

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
from benchmarks.screening.peers.groups import by_pack, by_region

UNKNOWN = pl.lit(None, dtype=pl.Boolean)


class PolarsWhole:
    """Many items in one query over the whole table."""

    name = "Polars, whole table"
    version = pl.__version__
    licence = "MIT"
    shape = "lazy, 100 items in one query over all rows, common parts once; boolean columns, sets not made"
    cores = THREADS
    most = 100

    def __init__(self, engine: Engine) -> None:
        self.world = engine.world
        self.total = len(self.world.cases)
        self.frame = pl.from_arrow(self.world.prepared).rechunk()  # type: ignore[union-attr]
        self.written = [expression(case.whole) for case in self.world.cases]

    def groups(self) -> Sequence[Sequence[int]]:
        return by_pack(self.world, self.most)

    def units(self, group: Sequence[int]) -> int:
        return len(group)

    def run(self, group: Sequence[int]) -> pl.DataFrame:
        return self._query(self.frame, group)

    def _query(self, frame: pl.DataFrame, group: Sequence[int]) -> pl.DataFrame:
        return frame.lazy().select(self.written[item].alias(str(item)) for item in group).collect()

    def findings(self, group: Sequence[int], outcome: pl.DataFrame, judge: Judge) -> Iterator[Finding]:
        return judge.sets(_sets(outcome, np.arange(len(self.frame))))


class PolarsSlices(PolarsWhole):
    """The items of one region in one query over the rows that it can reach."""

    name = "Polars, our region slices"
    shape = "lazy, up to 32 items of one region in one query over that region's rows; boolean columns, sets not made"
    most = 32

    def groups(self) -> Sequence[Sequence[int]]:
        return by_region(self.world, self.most)

    def run(self, group: Sequence[int]) -> pl.DataFrame:
        slices = [self.frame[start:stop] for start, stop in self.world.rows_of(self.world.cases[group[0]])]
        return self._query(pl.concat(slices, rechunk=False), group)

    def findings(self, group: Sequence[int], outcome: pl.DataFrame, judge: Judge) -> Iterator[Finding]:
        ranges = self.world.rows_of(self.world.cases[group[0]])
        return judge.sets(_sets(outcome, np.concatenate([np.arange(start, stop) for start, stop in ranges])))


class PolarsItems(PolarsSlices):
    """One item in a query, as somebody would ask who does not know that regions repeat."""

    name = "Polars, our region slices, item by item"
    shape = "lazy, one item a query over its region's rows; boolean columns, sets not made"
    most = 1


def _sets(outcome: pl.DataFrame, rows: np.ndarray) -> Iterator[Sets]:
    for column in outcome:
        sure, possible = column.fill_null(False).to_numpy(), column.is_null().to_numpy()
        yield Sets(int(column.name), np.sort(rows[sure]), np.sort(rows[possible]))


def expression(condition: Condition) -> pl.Expr:
    """A condition as Polars has it."""
    match condition:
        case Span():
            return _span(condition)
        case Among(column, codes):
            return reduce(or_, [pl.col(column) == code for code in codes])
        case Within(column, ranges, coarse):
            inside = [pl.col(column).is_between(low, high) for low, high in ranges]
            return reduce(or_, inside + [UNKNOWN & (pl.col(column) == code) for code in coarse])
        case Flag(column):
            return pl.col(column)
        case Holds():
            return pl.col(condition.flag)
        case Growth(now, before, percent):
            return pl.col(now) * 100 >= pl.col(before) * percent
        case Not(part):
            return ~expression(part)
        case Both(parts):
            return reduce(and_, map(expression, parts))
        case Either(parts):
            return reduce(or_, map(expression, parts))


def _span(span: Span) -> pl.Expr:
    column = pl.col(span.column)
    if span.low is None:
        return column <= span.high
    return column >= span.low if span.high is None else column.is_between(span.low, span.high)
