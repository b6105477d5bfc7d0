"""Bands that leave a hole or share a bound (含本数), in tables that the language does not hold to be whole. Decided by
intervals: rows that differ in one column of numbers only are laid side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from zhida.domain.packs.lint.findings import Finding, at_place
from zhida.domain.packs.pack import Pack
from zhida.domain.rules import Node, Table, nodes, write_constant


@dataclass(frozen=True)
class Band:
    """One row's interval in the column that tells it from its neighbours; None is open."""

    row: int
    low: Decimal | None
    high: Decimal | None
    has_low: bool
    has_high: bool


def band_findings(pack: Pack) -> Iterator[Finding]:
    """Holes between two bands, and bounds that two bands hold. A table that ends in a row for everything else has no
    hole, and `first` with one-sided tests (`>= 0.40`, then `>= 0.30`) is a ladder, not bands."""
    for table in pack.schema.tables.values():
        if table.hit in ("first", "collect_sum"):
            for column in range(len(table.by)):
                for bands in _side_by_side(table, column):
                    yield from _between(table, bands)


def _side_by_side(table: Table, column: int) -> Iterator[list[Band]]:
    groups: dict[tuple[tuple[Node, ...], ...], list[Band]] = {}
    for position, row in enumerate(table.rows):
        cell = row.cells[column]
        test = cell[0] if len(cell) == 1 else None
        band = _band(position, test) if isinstance(test, nodes.Interval) else None
        if band is not None:
            others = (*row.cells[:column], *row.cells[column + 1 :])
            groups.setdefault(others, []).append(band)
    for bands in groups.values():
        if any(band.low is not None and band.high is not None for band in bands):
            yield sorted(bands, key=lambda band: (band.low is not None, band.low or Decimal(0)))


def _band(row: int, test: nodes.Interval) -> Band | None:
    low, high = _number(test.low), _number(test.high)
    if (test.low is not None and low is None) or (test.high is not None and high is None):
        return None
    return Band(row, low, high, test.includes_low, test.includes_high)


def _number(node: Node | None) -> Decimal | None:
    return node.value if isinstance(node, nodes.Literal) and isinstance(node.value, Decimal) else None


def _between(table: Table, bands: list[Band]) -> Iterator[Finding]:
    has_rest = any(all(not cell for cell in row.cells) for row in table.rows)
    for below, above in pairwise(bands):
        if below.high is None or above.low is None:
            continue
        place = table.rows[above.row].place
        bound, name = write_constant(above.low), table.name
        both = below.has_high and above.has_low
        if above.low < below.high or (above.low == below.high and both):
            zh = f"表 {name}：{bound} 同时落在第 {below.row + 1} 行和第 {above.row + 1} 行（含本数重复）"
            en = f"{name}: {bound} is in both row {below.row + 1} and row {above.row + 1}"
            yield at_place(place, None, "band_overlap", zh, en, name)
        elif not has_rest and _leaves_room(below, above):
            high, rows = write_constant(below.high), (below.row + 1, above.row + 1)
            zh = f"表 {name}：第 {rows[0]} 行与第 {rows[1]} 行之间有空档（{high} 至 {bound}）"
            en = f"{name}: nothing between row {rows[0]} and row {rows[1]} takes {high} to {bound}"
            yield at_place(place, None, "band_gap", zh, en, name)


def _leaves_room(below: Band, above: Band) -> bool:
    """Whether something fits between: the bound itself, or more than the step from [80..89] to [90..99]."""
    if below.high is None or above.low is None or above.low == below.high:
        return not (below.has_high or above.has_low)
    return not (below.has_high and above.has_low and above.low - below.high == 1)
