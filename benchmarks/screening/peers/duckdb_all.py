"""DuckDB, with all outputs: an item's conditions as filters one after the other, so that most rows leave early."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.screening.blocks import Piece, blocks
from benchmarks.screening.engine import THREADS, Engine
from benchmarks.screening.judging import Finding, Judge
from benchmarks.screening.outputs import Bench, Ints, Outputs, Totals
from benchmarks.screening.payments import Banded, Coded, Fixed, Payment, Share, Units, payment_of
from benchmarks.screening.peers.duckdb_ranges import DuckdbRanges, expression
from zhida.domain.rules.engines.table import AMOUNT_UNKNOWN, NO_AMOUNT, Total

_COUNTS = (
    "count(*) FILTER (sure), count(*) FILTER (NOT sure), "
    f"count(*) FILTER (sure AND fen = {AMOUNT_UNKNOWN}), coalesce(sum(fen) FILTER (sure AND fen > 0), 0)::BIGINT"
)
_SUMS = "sum(counts[1])::BIGINT, sum(counts[2])::BIGINT, sum(counts[3])::BIGINT, sum(counts[4])::BIGINT"
Rows = list[tuple[object, ...]]


class Found(NamedTuple):
    """All outputs of a block: pairs entitled with their amounts by item, pairs possible, the former by subject, and
    totals."""

    entitled: pa.Table
    possible: pa.Table
    listed: pa.Table
    by_item: Rows
    by_region: Rows
    by_office: Rows


class DuckdbAll:
    """Sets, amounts, lists by subject, totals."""

    name = "DuckDB, our row ranges, all outputs"
    version = duckdb.__version__
    licence = "MIT"
    shape = (
        "own table in memory, a city at a time, up to 32 items in one query over our row ranges, region given; filters "
        "that let the possible through, amounts of who is left, one sort for the lists by subject, totals grouped"
    )
    cores = THREADS
    most, share = 32, 8

    def __init__(self, engine: Engine) -> None:
        self.world = engine.world
        self.blocks = blocks(self.world, self.most, self.share)
        self.total = sum(block.pairs for block in self.blocks)
        self.connection = DuckdbRanges(engine).connection
        offices = pa.table({"item": range(len(engine.plan.items)), "office": [one.owner for one in engine.plan.items]})
        self.connection.register("owners", offices)
        self.connection.execute("CREATE TABLE offices AS SELECT item::USMALLINT AS item, office FROM owners")
        nowhere = len(self.world.translation.orders["region"].first)
        self.region = f"coalesce(registered_region, {nowhere})"
        self.parts = [[*map(expression, case.whole.parts[bool(case.region) :])] for case in self.world.cases]
        self.paid = [_fen(payment_of(program, self.world.translation)) for program in self.world.programs]

    def groups(self) -> Sequence[Sequence[int]]:
        return [[place] for place in range(len(self.blocks))]

    def units(self, group: Sequence[int]) -> int:
        return self.blocks[group[0]].pairs

    def run(self, group: Sequence[int]) -> Found:
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE pairs "
            "(item USMALLINT, row UINTEGER, region SMALLINT, sure BOOLEAN, fen BIGINT)"
        )
        for piece in self.blocks[group[0]].pieces:
            asked = " UNION ALL ".join(self._asked(item, piece) for item in piece.items)
            self.connection.execute(f"INSERT INTO pairs {asked}")
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE items AS SELECT item, office, [{_COUNTS}] AS counts "
            "FROM pairs JOIN offices USING (item) GROUP BY item, office"
        )
        return Found(
            self.connection.sql("SELECT item, row, fen FROM pairs WHERE sure").to_arrow_table(),
            self.connection.sql("SELECT item, row FROM pairs WHERE NOT sure").to_arrow_table(),
            self.connection.sql("SELECT item, row, fen FROM pairs WHERE sure ORDER BY row").to_arrow_table(),
            self.connection.sql(f"SELECT item, {_SUMS} FROM items GROUP BY item").fetchall(),
            self.connection.sql(f"SELECT region, {_COUNTS} FROM pairs GROUP BY region").fetchall(),
            self.connection.sql(f"SELECT office, {_SUMS} FROM items GROUP BY office").fetchall(),
        )

    def _asked(self, item: int, piece: Piece) -> str:
        """Who may have an item, whether surely, and how much."""
        parts = self.parts[item]
        met = " AND ".join(f"{part} IS NOT FALSE" for part in parts)
        sure = f"coalesce({' AND '.join(parts)}, FALSE)" if piece.sure else "FALSE"
        fen = f"CASE WHEN {sure} THEN {self.paid[item]} END" if piece.sure else "NULL"
        return (
            f"SELECT {item}, row, {self.region}, {sure}, {fen} FROM people "
            f"WHERE row BETWEEN {piece.start} AND {piece.stop - 1} AND {met}"
        )

    def findings(self, group: Sequence[int], outcome: Found, judge: Judge) -> Iterator[Finding]:
        outputs = Outputs(
            (*_ordered(outcome.entitled, "item", "row", "fen"),),  # type: ignore[arg-type]
            (*_ordered(outcome.possible, "item", "row"),),  # type: ignore[arg-type]
            _listed(outcome.listed),
            *(_totals(rows) for rows in (outcome.by_item, outcome.by_region, outcome.by_office)),
        )
        return Bench(judge).findings(self.blocks[group[0]], outputs)


def _fen(payment: Payment | None) -> str:
    """What an item pays, in SQL."""
    match payment:
        case None:
            return str(NO_AMOUNT)
        case Fixed(fen):
            return str(fen)
        case Share(column, percent, cap):
            found = f'least("{column}" * {percent} // 100, {cap})'
        case Coded(column, fen):
            found = f'CASE "{column}" {" ".join(f"WHEN {at} THEN {sum_}" for at, sum_ in enumerate(fen))} END'
        case Banded(column, bounds, cap):
            ways = " ".join(f'WHEN "{column}" >= {bound} THEN {min(fen, cap)}' for bound, fen in bounds)
            found = f"CASE {ways} ELSE {NO_AMOUNT} END"
        case Units(column, bound, first, further, cap):
            found = (
                f'least(greatest(least("{column}", {bound}), 0) * {first} '
                f'+ greatest("{column}" - {bound}, 0) * {further}, {cap})'
            )
    return f'CASE WHEN "{payment.column}" IS NULL THEN {AMOUNT_UNKNOWN} ELSE {found} END'


def _ordered(found: pa.Table, *names: str) -> tuple[Ints, ...]:
    columns = [found[name].to_numpy().astype(np.int64) for name in names]
    order = np.lexsort((columns[1], columns[0]))
    return tuple(column[order] for column in columns)


def _listed(found: pa.Table) -> tuple[Ints, Ints, Ints]:
    """As it came, by row; only the items of one row are put into their order."""
    row, item, fen = (found[name].to_numpy().astype(np.int64) for name in ("row", "item", "fen"))
    order = np.arange(len(row)) if (np.diff(row) < 0).any() else np.lexsort((item, row))
    return item[order], row[order], fen[order]


def _totals(rows: Rows) -> Totals:
    return {name: Total(*map(int, numbers)) for name, *numbers in rows}  # type: ignore[call-overload]
