"""What an author types for a table of rules, as the table that it says: everything that is wrong beside its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import count

from zhida.domain.errors import AuthorError
from zhida.domain.packs.grids import (
    ANY,
    BETWEEN,
    ONE_OF,
    Cell,
    Column,
    Grid,
    GridRow,
    constant_of,
    hows_of,
    is_constant,
    needed,
    parted,
)
from zhida.domain.packs.reading.tables import HITS, type_of_input
from zhida.domain.packs.sentences import constant
from zhida.domain.rules import FactType, Literal, parse, write, write_constant
from zhida.surfaces.desk.presenters.saying import fact_of
from zhida.surfaces.desk.presenters.typed import (
    FEN,
    MOST_COLUMNS,
    MOST_ROWS,
    RESULTS,
    SHARE,
    Facing,
    TypedCell,
    TypedColumn,
    TypedGrid,
    TypedRow,
)
from zhida.surfaces.desk.speaking import Speaking, written
from zhida.surfaces.look.language import say

_SUM = FactType("sum", "number", unit="fen")
_PLAIN = FactType("value", "number")
_ONLY_WORDS = re.compile(r"^[\u4e00-\u9fff]+$")


def typed_grid(given: Mapping[str, str]) -> TypedGrid:
    """The table that a form's fields say, whatever is wrong in them."""

    def text(name: str) -> str:
        return given.get(name, "").strip()

    columns = range(1, counted(given, "columns", MOST_COLUMNS) + 1)
    return TypedGrid(
        text("table-hit") if text("table-hit") in HITS else "first",
        text("table-result") if text("table-result") in RESULTS else FEN,
        text("table-cap"),
        tuple(TypedColumn(text(f"c-{n}-name"), text(f"c-{n}-what"), text(f"c-{n}-period")) for n in columns),
        tuple(
            TypedRow(
                tuple(TypedCell(text(f"r-{at}-{n}-how") or ANY, text(f"r-{at}-{n}")) for n in columns),
                text(f"r-{at}-gives"),
            )
            for at in range(1, counted(given, "rows", MOST_ROWS) + 1)
        ),
    )


def counted(given: Mapping[str, str], name: str, most: int) -> int:
    """How many of something a form says that it holds; one at least."""
    text = given.get(name, "")
    return min(int(text), most) if text.isdecimal() and len(text) < 4 else 1


def altered(grid: TypedGrid, do: str) -> TypedGrid:
    """The table with a row or column more (`row`, `column`) or one out (`row-3`, `column-2`); else as it is."""
    what, _, place = do.partition("-")
    at = int(place) - 1 if place.isdecimal() else -1
    columns, rows = [*grid.columns], [*grid.rows]
    if what == "row" and not place and len(rows) < MOST_ROWS:
        rows.append(TypedRow(tuple(TypedCell() for _ in columns)))
    elif what == "column" and not place and len(columns) < MOST_COLUMNS:
        columns.append(TypedColumn())
        rows = [replace(row, cells=(*row.cells, TypedCell())) for row in rows]
    elif what == "row" and 0 <= at < len(rows) and len(rows) > 1:
        del rows[at]
    elif what == "column" and 0 <= at < len(columns) and len(columns) > 1:
        del columns[at]
        rows = [replace(row, cells=(*row.cells[:at], *row.cells[at + 1 :])) for row in rows]
    return replace(grid, columns=tuple(columns), rows=tuple(rows))


class GridReader:
    """What was typed for a table, as rules write it; everything that is wrong goes to `faults` by the field's id.

    `now` is the table as it stands: a column whose words did not change keeps its expression.
    """

    def __init__(self, speaking: Speaking, faults: dict[str, str], now: Grid | None = None) -> None:
        self.speaking = speaking
        self.faults = faults
        self.facing = Facing(speaking.pack, speaking.dictionary)
        self.now = now
        self.made: dict[str, FactType] = {}

    def grid(self, typed: TypedGrid) -> Grid | None:
        """The table; None where something is wrong."""
        columns = [self._column(number, column, typed) for number, column in enumerate(typed.columns, start=1)]
        rows = [self._row(at, row, columns, typed) for at, row in enumerate(typed.rows, start=1) if not row.is_blank]
        if not rows:
            self.faults.setdefault("r-1-gives", say("至少写一行"))
        cap = self._result("table-cap", typed.cap, typed.result) if typed.cap else ""
        if typed.hit == "marginal" and len(columns) > 1:
            self.faults.setdefault("c-2-what", say("分段累计只能看一个数：去掉多的列，或者换一种取法"))
        return None if self.faults else Grid(typed.hit, tuple(columns), tuple(rows), cap)

    def _column(self, number: int, column: TypedColumn, typed: TypedGrid) -> Column:
        source = self._source(number, column, typed)
        facts = {**self.speaking.pack.schema.facts, **self.made}
        kind = type_of_input(parse(source), facts).kind if source else "number"
        return Column(column.name or self._heading(source, number, typed), source, kind)

    def _heading(self, source: str, number: int, typed: TypedGrid) -> str:
        taken = {one.name for one in typed.columns}
        if source.isidentifier() and source not in taken:
            return source
        return next(name for at in count(number) if (name := f"column_{at}") not in taken)

    def _source(self, number: int, column: TypedColumn, typed: TypedGrid) -> str:
        name = f"c-{number}-what"
        if not column.what:
            self.faults[name] = say("请写上这一列看什么")
            return ""
        for one in self.now.columns if self.now else ():
            if one.name == column.name and self.facing.asked(one.source) == (column.what, column.period):
                return one.source
        found = self.facing.source(column.what, column.period)
        if found:
            if (
                fact_of(found, self.speaking.pack, self.speaking.dictionary)
                and self.facing.fact(found).period != "none"
            ):
                self.faults[f"c-{number}-period"] = say("请选是哪一期的")
            return found
        return self._new(name, column.what, [row.cells[number - 1] for row in typed.rows])

    def _new(self, name: str, what: str, cells: list[TypedCell]) -> str:
        """A fact that nothing holds yet, of the kind that its cells show; or an expression."""
        sample = next((cell for cell in cells if cell.value), TypedCell(">=", "1"))
        if _ONLY_WORDS.match(what):
            values = parted(sample.value, sample.how)
            fact = self.speaking.fact(what, "in" if sample.how == ONE_OF else ">=", values)
            if fact is None:
                self.faults[name] = self.speaking.unknown(what)
                return ""
            self.made[fact.name] = fact
            return fact.name
        return self._expression(name, what)

    def _expression(self, name: str, text: str) -> str:
        feel, unknown = self.speaking.expression(text)
        try:
            if not unknown:
                return write(parse(feel))
        except AuthorError:
            unknown = (text,)
        self.faults[name] = self.speaking.unknown(unknown[0])
        return ""

    def _row(self, at: int, row: TypedRow, columns: list[Column], typed: TypedGrid) -> GridRow:
        cells = tuple(
            self._cell(f"r-{at}-{number}", cell, columns[number - 1]) for number, cell in enumerate(row.cells, start=1)
        )
        if not row.gives:
            self.faults[f"r-{at}-gives"] = say("请写上这一行给多少")
            return GridRow(cells, "0")
        return GridRow(cells, self._result(f"r-{at}-gives", row.gives, typed.result))

    def _result(self, name: str, text: str, result: str) -> str:
        given = f"{text.rstrip('%％')}%" if result == SHARE else text
        try:
            return figure(written(given, _SUM if result == FEN else _PLAIN))
        except (AuthorError, InvalidOperation, ValueError):
            return self._expression(name, text)

    def _cell(self, name: str, cell: TypedCell, column: Column) -> Cell:
        fact = self.made.get(column.source) or self.facing.fact(column.source or "0")
        if cell.how not in hows_of(fact.kind):
            self.faults[name] = say("请选怎样比")
            return Cell()
        if cell.how == ANY:
            if cell.value:
                self.faults[name] = say("写了值，就选怎样比；不限的，把值清空")
            return Cell()
        parts = [cell.value] if self._is_one(cell, column) else parted(cell.value, cell.how)
        least, most = needed(cell.how), len(parts) if cell.how == ONE_OF else needed(cell.how)
        if not least <= len(parts) <= most:
            told = "请写两个值，中间用分号隔开" if least == 2 else "请写一个值"
            self.faults[name] = say(told)
            return Cell()
        values = tuple(self._value(name, part, fact, column.source) for part in parts)
        if cell.how in BETWEEN and name not in self.faults and _is_upside_down(values):
            self.faults[name] = say("前一个值应当小于后一个")
        return Cell(cell.how, values)

    def _is_one(self, cell: TypedCell, column: Column) -> bool:
        """Whether what is typed is one known value as a whole, whatever stands in it."""
        return cell.how == ONE_OF and cell.value in self.facing.choices(column.source).values()

    def _value(self, name: str, text: str, fact: FactType, source: str) -> str:
        """One constant; "" with a fault where it is none."""
        try:
            found = self._constant(text, fact, source)
            if is_constant(parse(found)):
                return found
        except (AuthorError, InvalidOperation, ValueError):
            pass
        told = {"date": "写成 2026-03-01 这样", "number": "请写一个数"}.get(fact.kind, "请从列出的里面选一个")
        self.faults[name] = say(told)
        return "0"

    def _constant(self, text: str, fact: FactType, source: str) -> str:
        if fact.kind == "date":
            return write_constant(date.fromisoformat(text))
        if fact.kind == "boolean":
            answers = {say("是"): "true", say("否"): "false"}
            return answers.get(text) or constant(text, fact)
        if fact.kind == "number":
            found_number = written(text, fact)
            return figure(found_number) if isinstance(parse(found_number), Literal) else found_number
        tree = self.speaking.dictionary.code_trees.get(fact.code_tree)
        if tree is not None:
            code = text.split()[0]
            found = [code] if code in tree else [one for one in tree.parents if tree.named(one) == text]
            return write_constant(found[0]) if len(found) == 1 else ""
        codes = {words: code for code, words in self.facing.choices(source).items()}
        found_code = codes.get(text, text)
        if fact.values and found_code not in fact.values:
            return ""
        return write_constant(found_code)


def figure(feel: str) -> str:
    """A constant number without idle zeros. Raises ValueError for what is none."""
    node = parse(feel)
    if not isinstance(node, Literal) or not isinstance(node.value, Decimal):
        raise ValueError(feel)
    return constant_of(node)


def _is_upside_down(values: tuple[str, ...]) -> bool:
    found = [node.value for node in map(parse, values) if isinstance(node, Literal)]
    if len(found) < 2:
        return False
    low, high = found
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        return low > high
    return isinstance(low, date) and isinstance(high, date) and low > high
