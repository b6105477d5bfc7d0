"""A table of rules as its author sees it: columns by what facts are called, cells in the units that people use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from zhida.domain.errors import AuthorError
from zhida.domain.packs import Dictionary, Pack
from zhida.domain.packs.grids import ANY, Grid
from zhida.domain.packs.sentences import PERIODS, form_of, shown
from zhida.domain.rules import FactType, Literal, check, parse
from zhida.surfaces.desk.presenters.formulas import in_words
from zhida.surfaces.desk.presenters.saying import fact_of, known_facts
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling import facts as fact_words

MOST_COLUMNS, MOST_ROWS = 6, 60
FEN, SHARE, NUMBER = "fen", "share", "number"
RESULTS = {FEN: "金额（元）", SHARE: "百分之几", NUMBER: "数目"}
_PLAIN = FactType("value", "number")


@dataclass(frozen=True)
class TypedColumn:
    """What a column looks at, in words, and for which period; `name` is its heading in the file."""

    name: str = ""
    what: str = ""
    period: str = ""


@dataclass(frozen=True)
class TypedCell:
    """A comparison and what it compares with, as typed."""

    how: str = ANY
    value: str = ""


@dataclass(frozen=True)
class TypedRow:
    """One row as typed."""

    cells: tuple[TypedCell, ...]
    gives: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing is typed in it."""
        return not self.gives and all(cell.how == ANY and not cell.value for cell in self.cells)


@dataclass(frozen=True)
class TypedGrid:
    """A whole table as typed; `result` says what its last column holds."""

    hit: str = "first"
    result: str = FEN
    cap: str = ""
    columns: tuple[TypedColumn, ...] = (TypedColumn(),)
    rows: tuple[TypedRow, ...] = (TypedRow((TypedCell(),)), TypedRow((TypedCell(),)))


def fields_of(grid: TypedGrid) -> dict[str, str]:
    """The form's fields that say a table."""
    found = {"table-hit": grid.hit, "table-result": grid.result, "table-cap": grid.cap}
    found |= {"columns": str(len(grid.columns)), "rows": str(len(grid.rows))}
    for number, column in enumerate(grid.columns, start=1):
        found |= {f"c-{number}-name": column.name, f"c-{number}-what": column.what, f"c-{number}-period": column.period}
    for at, row in enumerate(grid.rows, start=1):
        for number, cell in enumerate(row.cells, start=1):
            found |= {f"r-{at}-{number}-how": cell.how, f"r-{at}-{number}": cell.value}
        found[f"r-{at}-gives"] = row.gives
    return found


class Facing:
    """What expressions of a pack are called and which values they take, as an author sees them."""

    def __init__(self, pack: Pack, dictionary: Dictionary) -> None:
        self.pack = pack
        self.dictionary = dictionary
        known = known_facts(pack, dictionary)
        times: dict[str, int] = {}
        for _, words in known:
            times[words] = times.get(words, 0) + 1
        self.called = {name: words for name, words in known if times[words] == 1}

    def asked(self, source: str) -> tuple[str, str]:
        """An expression as a column's words and period."""
        try:
            form = form_of(parse(f"{source} >= 0"))
        except AuthorError:
            form = None
        if form is None:
            return in_words(source, self.pack, self.dictionary), ""
        name = form.lines[0].fact
        return self.called.get(name, name), form.lines[0].period

    def source(self, what: str, period: str) -> str:
        """The expression of a known fact, amount or table by its words; "" for anything else."""
        names = {words: name for name, words in self.called.items()}
        name = names.get(what, what)
        fact = fact_of(name, self.pack, self.dictionary)
        if fact is not None:
            return f"{name}({period})" if fact.period != "none" and period in PERIODS[1:] else name
        schema = self.pack.schema
        return name if name in schema.amounts or name in schema.tables else ""

    def kept(self, column: TypedColumn, now: Grid | None) -> str:
        """The expression of a column as typed, where it is known: that of the table as it stands, where its words did
        not change."""
        for one in now.columns if now else ():
            if one.name == column.name and self.asked(one.source) == (column.what, column.period):
                return one.source
        return self.source(column.what, column.period)

    def fact(self, source: str) -> FactType:
        """The type that an expression's values are shown and typed by."""
        name = self._name(source)
        found = fact_of(name, self.pack, self.dictionary) if name else None
        if found is not None:
            return found
        try:
            kind = check(parse(source), self.pack.schema)
        except AuthorError:
            return _PLAIN
        is_value = kind.kind in ("number", "text", "boolean", "date")
        return FactType("value", kind.kind, unit=kind.unit, values=kind.values) if is_value else _PLAIN  # type: ignore[arg-type]

    def choices(self, source: str) -> Mapping[str, str]:
        """What the values of a closed list are called, where each has a word of its own."""
        name = self._name(source)
        found = fact_words.choices_of(name, self.dictionary, self.pack) if name else {}
        return found if len({*found.values()}) == len(found) else {}

    def shown(self, value: str, source: str) -> str:
        """A constant of a cell as its author types it."""
        fact, node = self.fact(source), parse(value)
        if isinstance(node, Literal) and node.kind == "boolean":
            return say("是") if node.value else say("否")
        if not isinstance(node, Literal) or node.kind != "text":
            return shown(value, fact)
        tree = self.dictionary.code_trees.get(fact.code_tree)
        if tree is not None and node.value in tree:
            return f"{node.value} {tree.named(str(node.value))}".strip()
        return self.choices(source).get(str(node.value), str(node.value))

    def _name(self, source: str) -> str:
        try:
            form = form_of(parse(f"{source} >= 0"))
        except AuthorError:
            return ""
        return form.lines[0].fact if form else ""


def typed_of(grid: Grid, result: str, facing: Facing) -> TypedGrid:
    """A table as its author would type it."""
    rows = tuple(
        TypedRow(
            tuple(
                TypedCell(cell.how, "；".join(facing.shown(value, column.source) for value in cell.values))
                for cell, column in zip(row.cells, grid.columns, strict=True)
            ),
            result_shown(row.gives, result, facing),
        )
        for row in grid.rows
    )
    columns = tuple(TypedColumn(one.name, *facing.asked(one.source)) for one in grid.columns)
    cap = result_shown(grid.cap, result, facing) if grid.cap else ""
    return TypedGrid(grid.hit, result, cap, columns, rows)


def result_of(name: str, grid: Grid, amounts: Mapping[str, str]) -> str:
    """What a table's last column most likely holds: shares where one lies between 0 and 1, sums where the name or an
    amount that is the table says so, else numbers. It changes how figures are shown, never what they are."""
    values = [parse(row.gives) for row in grid.rows]
    figures = [node.value for node in values if isinstance(node, Literal) and isinstance(node.value, Decimal)]
    if any(0 < abs(figure) < 1 for figure in figures):
        return SHARE
    return FEN if name.endswith("_fen") or name in amounts.values() else NUMBER


def result_shown(gives: str, result: str, facing: Facing) -> str:
    """What a row gives as its author types it."""
    node = parse(gives)
    if not isinstance(node, Literal) or not isinstance(node.value, Decimal):
        return in_words(gives, facing.pack, facing.dictionary)
    number = {FEN: node.value / 100, SHARE: node.value * 100}.get(result, node.value)
    return format(number.normalize() if number else Decimal(0), "f")
