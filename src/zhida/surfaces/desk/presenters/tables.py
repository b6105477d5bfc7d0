"""The page of a table of rules: what its columns look at, its rows, what each gives, and what is wrong beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.packs.grids import Grid, grid_of, hows_of, words_of_cell
from zhida.domain.packs.sentences import PERIODS
from zhida.domain.packs.sentences import words_of_period as period_words
from zhida.domain.rules import FactType
from zhida.services.authoring import checking
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import Sheet
from zhida.surfaces.desk.drafting_records import DraftHead
from zhida.surfaces.desk.presenters.composing import clause_question, how_question
from zhida.surfaces.desk.presenters.drafts import head_of
from zhida.surfaces.desk.presenters.entries import HITS, amounts_of, cited
from zhida.surfaces.desk.presenters.formulas import in_words
from zhida.surfaces.desk.presenters.saying import known_facts
from zhida.surfaces.desk.presenters.typed import (
    FEN,
    MOST_COLUMNS,
    MOST_ROWS,
    RESULTS,
    SHARE,
    Facing,
    TypedGrid,
    result_of,
    typed_of,
)
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Choice, Question
from zhida.surfaces.look.telling import facts as fact_words

HIT_WORDS = {
    "unique": "每种情形只中一行（有空缺或重叠就写不进去）", "first": "从上往下，中第一行",
    "collect_sum": "中几行，加几行", "marginal": "分段累计：每一段按自己那行算，再相加",
}  # fmt: skip


@dataclass(frozen=True)
class ColumnFields:
    """One column: what it looks at, for which period, what that is made of where it is an amount of the pack, and what
    is wrong with it."""

    number: int
    name: str
    what: str
    periods: tuple[Choice, ...]
    head: str
    made_of: str
    fault: str
    period_fault: str


@dataclass(frozen=True)
class CellFields:
    """One cell: its field's id, what it is called to those who only listen, its comparisons, what is wrong, and the
    list of what could stand there."""

    id: str
    label: str
    head: str
    hows: tuple[Choice, ...]
    value: str
    fault: str
    suggested: str = ""


@dataclass(frozen=True)
class RowFields:
    """One row."""

    number: int
    cells: tuple[CellFields, ...]
    gives: CellFields


@dataclass(frozen=True)
class GridFields:
    """The fields of a whole table."""

    questions: tuple[Question, ...]
    columns: tuple[ColumnFields, ...]
    rows: tuple[RowFields, ...]
    gives: str
    known: tuple[tuple[str, str], ...]
    how: Question
    can_widen: bool
    can_grow: bool


@dataclass(frozen=True)
class TablePage:
    """A table of a draft; one to begin has no name and asks for its `clause`, one that `waits` is used by nothing."""

    head: DraftHead
    name: str
    title: str
    grid: GridFields
    clauses: tuple[tuple[str, str, str], ...]
    clause: Question | None = None
    waits: bool = False


def grid_at(pack: Pack, name: str) -> Grid | None:
    """A table of a pack as a form; None where there is none or no form says it."""
    table = pack.schema.tables.get(name)
    return grid_of(table, pack.schema.facts) if table else None


def typed_at(pack: Pack, dictionary: Dictionary, name: str) -> TypedGrid:
    """A table as its author would type it; an empty one where there is none."""
    grid = grid_at(pack, name)
    if grid is None:
        return TypedGrid()
    return typed_of(grid, table_result(pack, name, grid), Facing(pack, dictionary))


def table_result(pack: Pack, name: str, grid: Grid) -> str:
    """What a table's last column holds."""
    direct = amounts_of(pack) | {item: one.program.amount or "" for item, one in pack.items.items()}
    return result_of(name, grid, direct)


def table_title(grid: Grid, facing: Facing) -> str:
    """What a table is called: by what it is looked up."""
    told = [_named(*facing.asked(column.source)) for column in grid.columns]
    return say("按{what}查的表", what=say("、").join(told))


def rows_said(grid: Grid, facing: Facing, result: str) -> tuple[str, ...]:
    """The rows of a table in words."""
    typed = typed_of(grid, result, facing)
    told = []
    for row in typed.rows:
        parts = []
        for number, cell in enumerate(row.cells):
            column, fact = typed.columns[number], facing.fact(grid.columns[number].source)
            if cell.value:
                how = words_of_cell(cell.how, spoken(), in_tree=bool(fact.code_tree))
                parts.append(f"{_named(column.what, column.period)} {how} {cell.value}{_unit(fact)}")
        told.append(f"{say('，').join(parts) or say('其余')} → {row.gives}{_result_unit(result)}")
    return tuple(told)


def table_page(
    draft: DraftRecord, name: str, typed: TypedGrid, given: Mapping[str, str], faults: Mapping[str, str]
) -> TablePage | None:  # fmt: skip
    """The page of one table, or of one to begin where `name` is empty; None where there is none of this name that a
    form says."""
    reading = checking.read(draft)
    pack, dictionary = reading.pack, reading.root.dictionary
    grid = grid_at(pack, name) if pack else None
    if pack is None or (name and grid is None):
        return None
    head, fields = head_of(draft, "rules"), grid_fields(typed, pack, dictionary, grid, given.get("how", ""), faults)
    if grid is None:
        clause = clause_question(pack, given.get("clause", ""), faults)
        return TablePage(head, name, say("新的表"), fields, (), clause)
    title, clauses = table_title(grid, Facing(pack, dictionary)), cited(pack, pack.schema.tables[name].cites, draft)
    return TablePage(head, name, title, fields, clauses, waits=name in Sheet(draft).waiting)


def grid_fields(
    typed: TypedGrid, pack: Pack, dictionary: Dictionary, now: Grid | None, how: str, faults: Mapping[str, str]
) -> GridFields:  # fmt: skip
    """The fields of a table as typed; `now` is the table as it stands."""
    facing, amounts = Facing(pack, dictionary), amounts_of(pack)
    facts = [facing.fact(facing.kept(column, now) or "0") for column in typed.columns]
    heads = [
        f"{_named(one.what, one.period)}{_in_brackets(fact)}" for one, fact in zip(typed.columns, facts, strict=True)
    ]
    columns = tuple(
        ColumnFields(
            number,
            one.name,
            one.what,
            tuple(Choice(p, period_words(p, spoken()) or say("不分期"), p == one.period) for p in PERIODS),
            heads[number - 1] or say("第 {n} 列", n=number),
            in_words(amounts.get(one.what, ""), pack, dictionary),
            faults.get(f"c-{number}-what", ""),
            faults.get(f"c-{number}-period", ""),
        )
        for number, one in enumerate(typed.columns, start=1)
    )
    gives = say("给：{what}", what=say(RESULTS[typed.result]))
    rows = []
    for at, row in enumerate(typed.rows, start=1):
        cells = []
        for number, cell in enumerate(row.cells, start=1):
            id_, head = f"r-{at}-{number}", columns[number - 1].head
            label = say("第 {row} 行，{column}", row=at, column=head)
            cells.append(
                CellFields(id_, label, head, _hows(facts[number - 1], cell.how), cell.value, faults.get(id_, ""))
            )
        id_ = f"r-{at}-gives"
        label = say("第 {row} 行，{column}", row=at, column=gives)
        rows.append(RowFields(at, tuple(cells), CellFields(id_, label, gives, (), row.gives, faults.get(id_, ""))))
    return GridFields(
        _questions(typed, faults), columns, tuple(rows), gives, known_facts(pack, dictionary), how_question(how),
        len(columns) < MOST_COLUMNS, len(rows) < MOST_ROWS,
    )  # fmt: skip


def _questions(typed: TypedGrid, faults: Mapping[str, str]) -> tuple[Question, ...]:
    hits = tuple(Choice(value, say(HIT_WORDS[value]), value == typed.hit) for value in HITS)
    results = tuple(Choice(value, say(words), value == typed.result) for value, words in RESULTS.items())
    return (
        Question("table-hit", say("怎么取"), "select", choices=hits),
        Question("table-result", say("最后一列写的是"), "select", choices=results),
        Question(
            "table-cap", say("查出来的最高到多少"), "text", value=typed.cap, fault=faults.get("table-cap", ""),
            is_optional=True,
        ),
    )  # fmt: skip


def _hows(fact: FactType, chosen: str) -> tuple[Choice, ...]:
    in_tree = bool(fact.code_tree)
    return tuple(
        Choice(how, words_of_cell(how, spoken(), in_tree=in_tree), how == chosen) for how in hows_of(fact.kind)
    )


def _named(what: str, period: str) -> str:
    words = period_words(period, spoken()) if period not in ("", "as_of") else ""
    return f"{words}{what}" if spoken() == "zh" else " ".join(part for part in (what, words) if part)


def _unit(fact: FactType) -> str:
    return say(fact_words.UNIT_NAMES[fact.unit]) if fact.unit in fact_words.UNIT_NAMES else ""


def _in_brackets(fact: FactType) -> str:
    return say("（{unit}）", unit=_unit(fact)) if _unit(fact) else ""


def _result_unit(result: str) -> str:
    return {FEN: say("元"), SHARE: "%"}.get(result, "")
