"""A table of rules as a form: columns that look at something, cells of a comparison and its values, and back to the
same table; of several columns, and in bands of which each counts by itself.

What a cell cannot say (a bound that is computed, several intervals in one cell) makes `grid_of` give None, so that
nothing is lost by looking at a table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhida.domain.packs.reading.tables import type_of_input
from zhida.domain.packs.source.splicing import Bare, Rows
from zhida.domain.rules import FactType, Literal, Node, Table, parse_cell, write, write_constant
from zhida.domain.rules.language.types import Type
from zhida.domain.rules.nodes import Interval, Name, Path

ANY, ONE_OF = "any", "in"
ONE_SIDED = (">=", ">", "<=", "<")
BETWEEN = ("[]", "[)", "(]", "()")
HOWS = (ANY, ONE_OF, *ONE_SIDED, *BETWEEN)
GIVES = "gives"
MARGINAL = "marginal"
_WORDS = {
    ANY: ("不限", "anything"),
    ONE_OF: ("是", "is"),
    ">=": ("不少于（含）", "at least (counted)"),
    ">": ("大于（不含）", "above (not counted)"),
    "<=": ("不超过（含）", "at most (counted)"),
    "<": ("小于（不含）", "below (not counted)"),
    "[]": ("从…到…，两端都含", "from … to …, both counted"),
    "[)": ("从…（含）到…（不含）", "from … (counted) to … (not)"),
    "(]": ("从…（不含）到…（含）", "from … (not) to … (counted)"),
    "()": ("从…到…，两端都不含", "from … to …, neither counted"),
}
_NUMBER = re.compile(r"^-?(?:0|[1-9]\d*)(?:\.\d+)?$")
_LISTED = re.compile("[；;、|]")
_RANGE = re.compile("[；;]|至|到|～|~")
_DATE = re.compile(r'date\("(\d{4}-\d\d-\d\d)"\)')


@dataclass(frozen=True)
class Cell:
    """A comparison of `HOWS` and the constants that it compares with, as rules write them."""

    how: str = ANY
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """What a column is called in the file, the expression that it looks at, and the kind that its cells are read as."""

    name: str
    source: str
    kind: str = "number"


@dataclass(frozen=True)
class GridRow:
    """One cell for each column, and what the row gives."""

    cells: tuple[Cell, ...]
    gives: str


@dataclass(frozen=True)
class Grid:
    """A table as a form; `cap` is "" where the result is not bounded."""

    hit: str
    columns: tuple[Column, ...]
    rows: tuple[GridRow, ...]
    cap: str = ""


def grid_of(table: Table, facts: Mapping[str, FactType]) -> Grid | None:
    """The form that says exactly what a table says; None where none does."""
    columns = tuple(Column(one.name, write(one.value), type_of_input(one.value, {**facts}).kind) for one in table.by)
    rows = []
    for row in table.rows:
        cells = tuple(_cell_of(tests) for tests in row.cells)
        known = tuple(cell for cell in cells if cell is not None)
        if len(known) < len(columns):
            return None
        rows.append(GridRow(known, constant_of(row.gives)))
    return Grid(table.hit, columns, tuple(rows), constant_of(table.cap) if table.cap is not None else "")


def words_of_cell(how: str, lang: str, *, in_tree: bool = False) -> str:
    """What a comparison of a cell is called; whether each bound counts (含本数) is said with it. A code `in_tree` means
    itself and all below it."""
    if in_tree and how == ONE_OF:
        return ("在其范围内", "lies within")[lang == "en"]
    return _WORDS[how][lang == "en"]


def hows_of(kind: str) -> tuple[str, ...]:
    """The comparisons that a column of a kind offers: only what has an order has bounds."""
    return HOWS if kind in ("number", "date") else (ANY, ONE_OF)


def needed(how: str) -> int:
    """How many values a comparison asks for; of what it is one of, one at least."""
    return 0 if how == ANY else 2 if how in BETWEEN else 1


def parted(text: str, how: str) -> tuple[str, ...]:
    """What a person typed for a comparison, as its values: 30；50, 30 至 50, 大型、中型."""
    parts = _LISTED.split(text) if how == ONE_OF else _RANGE.split(text) if how in BETWEEN else [text]
    return tuple(part.strip() for part in parts if part.strip())


def entry_of(grid: Grid, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What rules.yaml holds of a table, without what it cites. `before` is the entry as it stands: what did not change
    keeps its author's spelling."""
    spelled = _spellings(grid, before or {})
    rows = Rows(
        {column.name: spelled.get((column.name, cell)) or _written(cell, column.kind) for column, cell in
         zip(grid.columns, row.cells, strict=True)} | {GIVES: spelled.get((GIVES, row.gives)) or _plain(row.gives)}
        for row in grid.rows
    )  # fmt: skip
    is_plain = all(column.name == column.source for column in grid.columns)
    names = [column.name for column in grid.columns]
    by = names if is_plain else {column.name: _plain(column.source) for column in grid.columns}
    return {"hit": grid.hit, "by": by, "rows": rows} | ({"cap": _plain(grid.cap)} if grid.cap else {})


def _spellings(grid: Grid, before: Mapping[str, Any]) -> dict[tuple[str, Any], Any]:
    """How cells and results of an entry are spelled there, by column and meaning."""
    found: dict[tuple[str, Any], Any] = {}
    for row in before.get("rows") or ():
        for column in grid.columns:
            told = row.get(column.name)
            parts = told if isinstance(told, list) else [told or "-"]
            cell = _cell_of(tuple(test for part in parts for test in parse_cell(part, Type(column.kind))))  # type: ignore[arg-type]
            if told is not None and cell is not None:
                is_number = column.kind != "text" and isinstance(told, str)
                found.setdefault((column.name, cell), _plain(told) if is_number else told)
        gives = row.get(GIVES, "")
        if _NUMBER.match(gives):
            found.setdefault((GIVES, constant_of(Literal("number", Decimal(gives)))), Bare(gives))
    return found


def _cell_of(tests: tuple[Node, ...]) -> Cell | None:
    if not tests:
        return Cell()
    if all(is_constant(test) for test in tests):
        return Cell(ONE_OF, tuple(constant_of(test) for test in tests))
    test = tests[0]
    if len(tests) > 1 or not isinstance(test, Interval):
        return None
    bounds = [bound for bound in (test.low, test.high) if bound is not None]
    if not all(is_constant(bound) for bound in bounds):
        return None
    values = tuple(constant_of(bound) for bound in bounds)
    if len(bounds) == 2:
        return Cell(("[" if test.includes_low else "(") + ("]" if test.includes_high else ")"), values)
    if test.low is not None:
        return Cell(">=" if test.includes_low else ">", values)
    return Cell("<=" if test.includes_high else "<", values)


def constant_of(node: Node) -> str:
    """An expression as rules write it, a number without idle zeros."""
    if isinstance(node, Literal) and isinstance(node.value, Decimal) and node.value:
        return write_constant(Decimal(format(node.value.normalize(), "f")))
    return write(node)


def is_constant(node: Node) -> bool:
    """Whether a cell can compare with this: a constant, or a parameter."""
    return isinstance(node, Literal) or (isinstance(node, Path) and node.source == Name("parameters"))


def _written(cell: Cell, kind: str) -> Any:
    """A cell as pack files write it."""
    told = [_spelled(value, kind) for value in cell.values]
    if cell.how == ANY:
        return "-"
    if cell.how == ONE_OF:
        listed = told if kind == "text" else [_plain(one) for one in told]
        return listed[0] if len(listed) == 1 else listed
    if cell.how in ONE_SIDED:
        return f"{cell.how} {told[0]}"
    return f"{cell.how[0]}{told[0]}..{told[1]}{cell.how[1]}"


def _spelled(value: str, kind: str) -> str:
    """A constant as a cell of a kind is written: texts and dates without quotes where the column says the kind."""
    if kind == "date":
        return _DATE.sub(r"\1", value)
    inner = value[1:-1]
    is_safe = kind == "text" and inner == inner.strip() and inner not in ("", "-") and not {'"', "\\"} & {*inner}
    return inner if is_safe else value


def _plain(text: str) -> str:
    return Bare(text) if _NUMBER.match(text) or text in ("true", "false") else text
