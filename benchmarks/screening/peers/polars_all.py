"""Polars, with all outputs: a city at a time, booleans for many items in one query, then the same job as ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from operator import and_
from typing import NamedTuple

import polars as pl

from benchmarks.screening.blocks import Piece, blocks
from benchmarks.screening.conditions import Condition, Growth, leaves
from benchmarks.screening.engine import THREADS, Engine
from benchmarks.screening.judging import Finding, Judge
from benchmarks.screening.outputs import Bench, Outputs, Totals
from benchmarks.screening.payments import Banded, Coded, Fixed, Payment, Share, Units, payment_of
from benchmarks.screening.peers.polars_slices import expression
from zhida.domain.rules.engines.table import AMOUNT_UNKNOWN, NO_AMOUNT, Total


class Found(NamedTuple):
    """All outputs of a block: pairs entitled with their amounts by item, pairs possible, the former by subject, and
    totals."""

    entitled: pl.DataFrame
    possible: pl.DataFrame
    listed: pl.DataFrame
    by_item: pl.DataFrame
    by_region: pl.DataFrame
    by_office: pl.DataFrame


class PolarsAll:
    """Sets, amounts, lists by subject, totals."""

    name = "Polars, our region slices, all outputs"
    version = pl.__version__
    licence = "MIT"
    shape = (
        "a city at a time, up to 128 items in one query over the rows they reach, region given, narrow whole numbers; "
        "sets as row numbers, amounts by vector over the entitled, one sort for the lists by subject, totals grouped"
    )
    cores = THREADS
    most = 128

    def __init__(self, engine: Engine) -> None:
        self.world = engine.world
        self.blocks = blocks(self.world, self.most)
        self.total = sum(block.pairs for block in self.blocks)
        self.frame = _narrowed(pl.from_arrow(self.world.prepared).rechunk(), self._wide())  # type: ignore[arg-type,union-attr]
        self.asked = [_asked(case.whole.parts[bool(case.region) :]) for case in self.world.cases]
        self.ways = _ways([payment_of(program, self.world.translation) for program in self.world.programs])
        nowhere = len(self.world.translation.orders["region"].first)
        self.region = self.frame["registered_region"].fill_null(nowhere)
        self.offices = pl.Series("office", [item.owner for item in engine.plan.items], pl.Categorical)

    def _wide(self) -> set[str]:
        """Columns that are multiplied in a condition."""
        held = [leaf for case in self.world.cases for leaf in leaves(case.whole) if isinstance(leaf, Growth)]
        return {column for leaf in held for column in (leaf.now, leaf.before)}

    def groups(self) -> Sequence[Sequence[int]]:
        return [[place] for place in range(len(self.blocks))]

    def units(self, group: Sequence[int]) -> int:
        return self.blocks[group[0]].pairs

    def run(self, group: Sequence[int]) -> Found:
        with ThreadPoolExecutor(THREADS) as pool:
            held = [*pool.map(self._answered, self.blocks[group[0]].pieces)]
        sure = pl.concat([one for one, _ in held])
        possible = pl.concat([one for _, one in held])
        entitled = pl.concat(pl.collect_all([self._paid(sure, way) for way in self.ways]))
        return self._totalled(entitled, _pairs(possible.lazy()).select("item", "row").collect())

    def _answered(self, piece: Piece) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows of each item, surely and possibly, as lists."""
        rows = self.frame[piece.start : piece.stop].lazy()
        asked = [self.asked[item] if piece.sure else self.asked[item].fill_null(True) for item in piece.items]
        answers = rows.select(one.alias(str(item)) for item, one in zip(piece.items, asked, strict=True)).collect()
        met = _sets(piece, answers.lazy().select(pl.all().arg_true().implode()).collect())
        if not piece.sure:
            return met.clear(), met
        return met, _sets(piece, answers.lazy().select(pl.all().is_null().arg_true().implode()).collect())

    def _paid(self, sure: pl.DataFrame, way: Way) -> pl.LazyFrame:
        """Those entitled to the items that pay in one way, and what each of them gets."""
        pairs = _pairs(sure.lazy().join(way.items.lazy(), on="item"))
        if way.column:
            pairs = pairs.with_columns(value=pl.lit(self.frame[way.column]).gather(pl.col("row")).cast(pl.Int64))
        return pairs.select("item", "row", fen=way.fen)

    def _totalled(self, entitled: pl.DataFrame, possible: pl.DataFrame) -> Found:
        listed = entitled.sort("row")
        known = pl.col("fen")
        counted = (
            pl.len().alias("entitled"),
            (known == AMOUNT_UNKNOWN).sum().alias("unknown"),
            known.clip(0).sum().alias("fen"),
        )
        region = pl.lit(self.region).gather(pl.col("row")).alias("region")
        item, place, doubt, doubt_at = pl.collect_all(
            [
                entitled.lazy().group_by("item").agg(counted),
                listed.lazy().select(region, "fen").group_by("region").agg(counted),
                possible.lazy().group_by("item").agg(pl.len().alias("possible")),
                possible.lazy().select(region).group_by("region").agg(pl.len().alias("possible")),
            ]
        )
        by_item = item.join(doubt, on="item", how="full", coalesce=True).fill_null(0)
        by_office = by_item.with_columns(office=self.offices.gather(by_item["item"])).group_by("office").agg(_SUMS)
        by_region = place.join(doubt_at, on="region", how="full", coalesce=True).fill_null(0)
        return Found(entitled, possible, listed, by_item, by_region, by_office)

    def findings(self, group: Sequence[int], outcome: Found, judge: Judge) -> Iterator[Finding]:
        entitled, listed = outcome.entitled.sort("item", "row"), outcome.listed.sort("row", "item")
        possible = outcome.possible.sort("item", "row")
        outputs = Outputs(
            tuple(entitled[name].cast(pl.Int64).to_numpy() for name in ("item", "row", "fen")),  # type: ignore[arg-type]
            tuple(possible[name].cast(pl.Int64).to_numpy() for name in ("item", "row")),  # type: ignore[arg-type]
            tuple(listed[name].cast(pl.Int64).to_numpy() for name in ("item", "row", "fen")),  # type: ignore[arg-type]
            _totals(outcome.by_item, "item"),
            _totals(outcome.by_region, "region"),
            _totals(outcome.by_office, "office"),
        )
        return Bench(judge).findings(self.blocks[group[0]], outputs)


def _sets(piece: Piece, found: pl.DataFrame) -> pl.DataFrame:
    """A list of places for each item, beside the row where the places begin."""
    items = pl.Series("item", piece.items, pl.UInt16)
    return found.unpivot().select(items, pl.lit(piece.start, pl.UInt32).alias("start"), pl.col("value").alias("row"))


def _pairs(sets: pl.LazyFrame) -> pl.LazyFrame:
    """Sets as a line for each item and row."""
    return sets.explode("row", empty_as_null=False).with_columns(row=pl.col("row") + pl.col("start"))


_SUMS = tuple(pl.col(name).sum() for name in ("entitled", "possible", "unknown", "fen"))


class Way(NamedTuple):
    """Items that pay in one way: the column that it reads ("" for none), their numbers beside them, and the sum."""

    column: str
    items: pl.DataFrame
    fen: pl.Expr


def _ways(payments: Sequence[Payment | None]) -> list[Way]:
    held: dict[tuple[type, str], list[tuple[int, ...]]] = {}
    for item, payment in enumerate(payments):
        held.setdefault((type(payment), getattr(payment, "column", "")), []).append((item, *_numbers(payment)))
    return [Way(column, _numbered(rows), _fen(kind, len(rows[0]) - 1)) for (kind, column), rows in held.items()]


def _numbers(payment: Payment | None) -> tuple[int, ...]:
    match payment:
        case None:
            return ()
        case Fixed(fen):
            return (fen,)
        case Share(_, percent, cap):
            return percent, cap
        case Coded(_, fen):
            return fen
        case Banded(_, bounds, cap):
            return *(number for bound in bounds for number in bound), cap
        case Units(_, bound, first, further, cap):
            return bound, first, further, cap


def _numbered(rows: Sequence[tuple[int, ...]]) -> pl.DataFrame:
    names = ["item", *(f"n{place}" for place in range(len(rows[0]) - 1))]
    return pl.DataFrame(rows, dict.fromkeys(names, pl.Int64), orient="row").with_columns(pl.col("item").cast(pl.UInt16))


def _fen(kind: type, many: int) -> pl.Expr:
    """The sum as an expression over the column's value and the item's numbers."""
    value, number = pl.col("value"), [pl.col(f"n{place}") for place in range(many)]
    if kind is type(None):
        return pl.lit(NO_AMOUNT, pl.Int64)
    if kind is Fixed:
        return number[0]
    if kind is Share:
        found = pl.min_horizontal(value * number[0] // 100, number[1])
    elif kind is Coded:
        found = reduce(lambda rest, at: pl.when(value == at).then(number[at]).otherwise(rest), range(many), number[0])
    elif kind is Banded:
        found = pl.lit(NO_AMOUNT, pl.Int64)
        for at in range(many - 3, -1, -2):
            found = pl.when(value >= number[at]).then(pl.min_horizontal(number[at + 1], number[-1])).otherwise(found)
    else:
        whole = value.clip(0, number[0]) * number[1] + (value - number[0]).clip(0) * number[2]
        found = pl.min_horizontal(whole, number[3])
    return pl.when(value.is_null()).then(pl.lit(AMOUNT_UNKNOWN, pl.Int64)).otherwise(found)


def _asked(parts: Sequence[Condition]) -> pl.Expr:
    """All that an item asks besides its region."""
    return reduce(and_, map(expression, parts))


def _narrowed(frame: pl.DataFrame, wide: set[str]) -> pl.DataFrame:
    """Whole numbers in the fewest bytes that hold them."""
    kept = {"row", *wide}
    return frame.with_columns(
        column.shrink_dtype() for column in frame if column.dtype.is_integer() and column.name not in kept
    )


def _totals(frame: pl.DataFrame, key: str) -> Totals:
    rows = frame.select(pl.col(key).cast(pl.String if key == "office" else pl.Int64), *_NAMES).iter_rows()
    return {name: Total(*numbers) for name, *numbers in rows}


_NAMES = ("entitled", "possible", "unknown", "fen")
