"""The tables of a pack as a person reads them: what each column tests, and what a row gives."""

from __future__ import annotations

from datetime import date

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.rules import FactType, Input, Node, Program, Table, nodes, walk, write
from zhida.domain.values import FactKey
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.policies import clauses_of
from zhida.surfaces.portal.records import TableFace


def tables_of(program: Program) -> tuple[Table, ...]:
    """The tables that an item's amount reads, through the amounts it names."""
    found: dict[str, Table] = {}
    waiting: list[Node] = [program.amount] if program.amount is not None else []
    seen: set[str] = set()
    while waiting:
        for node in walk(waiting.pop()):
            if not isinstance(node, nodes.Name) or node.name in seen:
                continue
            seen.add(node.name)
            if node.name in program.schema.tables:
                found[node.name] = program.schema.tables[node.name]
            elif node.name in program.schema.amounts:
                waiting.append(program.schema.amounts[node.name].value)
    return tuple(found.values())


def table_face(table: Table, pack: Pack, dictionary: Dictionary) -> TableFace:
    """A table with the names of its columns, its tests and what it gives in words."""
    names = tuple(column_of(column) for column in table.by)
    heads = tuple(fact_words.label(dictionary, FactKey(name), pack) for name in names)
    told_by = tuple((name, fact_words.fact_type(dictionary, name, pack)) for name in names)
    rows = tuple(
        (
            *(_cell(cell, told, pack, dictionary) for cell, told in zip(row.cells, told_by, strict=True)),
            given_words(row.gives, table),
        )
        for row in table.rows
    )
    return TableFace(say("、").join(heads), (*heads, say("标准")), rows, clauses_of(pack, table.cites))


def column_of(column: Input) -> str:
    """The fact or the record's field that a column tests; its own name where it tests something involved."""
    node = column.value
    if isinstance(node, nodes.Path) and isinstance(node.source, nodes.Name):
        return f"{node.source.name}.{node.field}"
    return node.name if isinstance(node, nodes.Name | nodes.Call) else column.name


def _cell(tests: tuple[Node, ...], told: tuple[str, FactType | None], pack: Pack, dictionary: Dictionary) -> str:
    if not tests:
        return say("不限")
    return say("、").join(test_words(test, told, pack, dictionary) for test in tests)


def test_words(test: Node, told: tuple[str, FactType | None], pack: Pack, dictionary: Dictionary) -> str:
    """What one cell asks for."""
    name, kind = told
    if isinstance(test, nodes.Literal):
        return fact_words.written(test.value, kind, dictionary, fact_words.choices_of(name, dictionary, pack))
    if not isinstance(test, nodes.Interval):
        return write(test)
    low = _bound(test.low, kind, say("不少于 {bound}") if test.includes_low else say("多于 {bound}"))
    high = _bound(test.high, kind, say("不多于 {bound}") if test.includes_high else say("少于 {bound}"))
    return say("，").join(words for words in (low, high) if words)


def _bound(node: Node | None, kind: FactType | None, words: str) -> str:
    if node is None:
        return ""
    value = node.value if isinstance(node, nodes.Literal) else None
    return words.format(bound=fact_words.number(value, kind) if value is not None else write(node))  # type: ignore[arg-type]


def given_words(node: Node, table: Table) -> str:
    """What a row gives: a share, an amount in yuan (a table of sums is named for its fen), or as it is written."""
    if isinstance(node, nodes.Literal) and not isinstance(node.value, str | bool | date):
        if 0 < node.value < 1:
            return f"{fact_words.plain(node.value * 100)}%"
        if table.name.endswith("_fen") and node.value:
            return say("{value} 元", value=f"{node.value / 100:,.2f}")
    return write(node)


def by_choice(table: Table, pack: Pack, dictionary: Dictionary) -> dict[str, str]:
    """Of a table that tests one thing only, each case and what it gives; of any other table nothing."""
    if len(table.by) != 1:
        return {}
    name = column_of(table.by[0])
    told = (name, fact_words.fact_type(dictionary, name, pack))
    return {
        test_words(test, told, pack, dictionary) if test else say("不限"): given_words(row.gives, table)
        for row in table.rows
        for test in row.cells[0] or (None,)
    }
