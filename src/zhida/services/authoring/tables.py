"""A draft's tables and its values by date and region, written entry by entry: what did not change keeps its bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhida.domain.packs.grids import Grid, entry_of
from zhida.domain.packs.source.splicing import Bare, Rows, as_read
from zhida.domain.rules import ParameterSeries, write_constant
from zhida.domain.rules.schema import Scalar
from zhida.services.authoring.sheets import PARAMETERS, RULES, Sheet


@dataclass(frozen=True)
class Value:
    """One value of a series: in force from a day on, in a region ("" is everywhere), published on a day, and where."""

    effective: date
    published: date
    value: Scalar
    region: str
    source: str


def put_grid(sheet: Sheet, name: str, grid: Grid, cites: Sequence[str] = ()) -> None:
    """Writes a table; `cites` are the clauses of one that is not there yet."""
    before = sheet.get(RULES, "tables", name) or {}
    entry = entry_of(grid, before) | ({} if before else {"cites": [*cites]})
    for key, told in entry.items():
        if as_read(told) != before.get(key):
            sheet.set(RULES, ("tables", name, key), told)
    if "cap" in before and "cap" not in entry:
        sheet.drop(RULES, ("tables", name, "cap"))


def values_of(series: ParameterSeries) -> tuple[Value, ...]:
    """The values of a series as they stand."""
    return tuple(
        Value(row.effective, row.published or row.effective, row.value, row.region, row.source) for row in series.rows
    )


def put_values(sheet: Sheet, name: str, unit: str, values: Sequence[Value]) -> None:
    """Writes a series; rows that say the same keep their author's spelling."""
    before = sheet.get(PARAMETERS, name)
    old = before.get("rows") if isinstance(before, dict) else before
    spelled = {_meant(row): row for row in old or ()}
    rows = Rows(_row(one, spelled) for one in values)
    if before is not None and isinstance(before, dict) != bool(unit):
        sheet.drop(PARAMETERS, (name,))
        before = None
    if not unit:
        if as_read(rows) != before:
            sheet.set(PARAMETERS, (name,), rows)
        return
    if (before or {}).get("unit") != unit:
        sheet.set(PARAMETERS, (name, "unit"), unit)
    if as_read(rows) != (before or {}).get("rows"):
        sheet.set(PARAMETERS, (name, "rows"), rows)


def _row(one: Value, spelled: Mapping[tuple[str, ...], Any]) -> Mapping[str, Any]:
    made = {"effective": one.effective, "published": one.published, "value": _told(one.value)}
    row = made | ({"region": one.region} if one.region else {}) | {"source": one.source}
    kept = spelled.get(_meant(as_read(row)))
    return {key: _bare(key, text) for key, text in kept.items()} if kept else row


def _bare(key: str, text: str) -> str:
    return text if key in ("region", "source") else Bare(text)


def _meant(row: Mapping[str, str]) -> tuple[str, ...]:
    """What a row says, however its number is spelled."""
    value = row.get("value", "")
    number = value.rstrip("0").rstrip(".") if "." in value else value
    return (row.get("effective", ""), row.get("published", ""), number, row.get("region", ""), row.get("source", ""))


def _told(value: Scalar) -> Any:
    return value if isinstance(value, str | date) else Bare(write_constant(value))
