"""Random programs and random subjects for the property tests of the rule engines: every node, every kind of fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import reject
from hypothesis import strategies as st

from zhida.domain.errors import AuthorError
from zhida.domain.rules import (
    Alternative,
    Amount,
    FactType,
    Input,
    Node,
    ParameterRow,
    ParameterSeries,
    Program,
    RelationType,
    Requirement,
    Row,
    Schema,
    Table,
    Type,
    parse,
    parse_cell,
)
from zhida.domain.values import CodeTree, Facts, Span, SubjectKind

AS_OF = date(2026, 6, 15)
CODES = ("1", "11", "111", "112", "12", "2", "21", "211")
TREE = CodeTree("places", {code: code[:-1] for code in CODES})
TEXTS = ("a", "b", "c")
NUMBER, TEXT, CODE, DATE, BOOLEAN = (
    Type("number"),
    Type("text", values=TEXTS),
    Type("text", code_tree="places"),
    Type("date"),
    Type("boolean"),
)
HIRES = RelationType(
    "hires",
    "hire",
    {
        "wage": FactType("wage", "number", scale=2),
        "age": FactType("age", "number"),
        "skill": FactType("skill", "text", values=TEXTS),
        "place": FactType("place", "text", code_tree="places"),
        "started_on": FactType("started_on", "date"),
        "insured": FactType("insured", "boolean"),
    },
)
FACTS = {
    fact.name: fact
    for fact in (
        FactType("open", "boolean"),
        FactType("listed", "boolean"),
        FactType("heads", "number"),
        FactType("rate", "number", scale=4),
        FactType("sales", "number", scale=2, period="year"),
        FactType("paid", "number", period="month"),
        FactType("grade", "number", period="interval"),
        FactType("size", "text", values=TEXTS),
        FactType("region", "text", code_tree="places"),
        FactType("born_on", "date"),
        FactType("seen_on", "date", stale_after_days=30),
        FactType("tags", "texts", values=TEXTS),
        FactType("hires", "relation"),
        FactType("age", "number", expression=parse("years_between(born_on, as_of)"), derived="inlined"),
        FactType("growth", "number", scale=2, period="year", expression=parse("sales(year) - sales(year - 1)")),
    )
}


def _table(name: str, hit: Any, by: str, kind: Type, rows: list[tuple[Any, str]], cap: str = "") -> Table:
    parsed = tuple(Row((parse_cell(cell, kind),), parse(gives)) for cell, gives in rows)
    return Table(name, hit, (Input(by, parse(by)),), parsed, parse(cap) if cap else None)


TABLES = {
    table.name: table
    for table in (
        _table("by_size", "unique", "size", TEXT, [("a", "0.3"), (["b", "c"], "0.6")]),
        _table("by_heads", "unique", "heads", NUMBER, [("< 10", "heads"), ("[10..20)", "5"), (">= 20", "7.25")]),
        _table("by_place", "first", "region", CODE, [("111", "3"), ("11", "2"), ("-", "1")]),
        _table("gapped", "first", "heads", NUMBER, [("[0..5]", "100"), ("[3..9]", "100"), ("> 20", "heads * 3")]),
        _table("added", "collect_sum", "heads", NUMBER, [("> 0", "10"), ("> 10", "rate * 2"), ("> 20", "5")], "25"),
        _table(
            "banded", "marginal", "heads", NUMBER, [("(0..3]", "200"), ("(3..10]", "rate"), ("> 10", "by_size")], "99"
        ),
        _table("by_hire", "first", "hire.age", NUMBER, [("< 30", "1.5"), (">= 50", "hire.wage"), ("-", "by_size")]),
        _table("is_big", "first", "heads", NUMBER, [("> 15", "true"), ("-", "listed")]),
    )
}
PARAMETERS = {
    "target": ParameterSeries(
        "target", (ParameterRow(date(2024, 1, 1), Decimal("0.055")), ParameterRow(date(2026, 1, 1), Decimal("0.052")))
    ),
    "wage_floor": ParameterSeries(
        "wage_floor",
        (
            ParameterRow(date(2025, 1, 1), Decimal(10)),
            ParameterRow(date(2026, 1, 1), Decimal(12), "1"),
            ParameterRow(date(2026, 1, 1), Decimal(15), "111"),
            ParameterRow(date(2026, 2, 1), Decimal(12), "12"),
            ParameterRow(date(2027, 1, 1), Decimal(99), "2"),
        ),
    ),
    "local": ParameterSeries("local", (ParameterRow(date(2026, 1, 1), Decimal(2), "11"),)),
}
AMOUNTS = {
    "bonus": Amount("bonus", parse("floor(heads * 1.5) + by_place")),
    "hire_bonus": Amount("hire_bonus", parse("floor(hire.wage) + by_hire")),
}
SCHEMA = Schema(FACTS, {"hires": HIRES}, PARAMETERS, TABLES, {"places": TREE}, AMOUNTS)

_NUMBERS = ["0", "1", "2.5", "10", "-3", "0.052", "100", "1000000000000", "9000000000000000000"]
_FACT_NUMBERS = ["heads", "rate", "sales(year - 1)", "sales(2026)", "paid(month - 6)", "grade(as_of)", "age", "year"]
_FACT_NUMBERS += ["growth(year - 1)", "by_size", "by_heads", "by_place", "parameters.target", "parameters.wage_floor"]
_FACT_NUMBERS += ["parameters.local", "bonus", "banded", "month(born_on)", "count(hires)", "count(tags)"]
_SIGNS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
_CODES = st.sampled_from([f'"{code}"' for code in CODES])


@st.composite
def numbers(draw: st.DrawFn, depth: int, record: str = "") -> str:
    """The text of a number."""
    if depth == 0:
        own = [f"{record}.wage", f"{record}.age"] if record else []
        own += ["by_hire", "hire_bonus"] if record == "hire" else []
        return draw(st.sampled_from(_NUMBERS + _FACT_NUMBERS + own))
    part = numbers(depth - 1, record)
    shape = draw(st.sampled_from(_SHAPES if record else [*_SHAPES, _fold, _fold]))
    return shape(draw, draw(part), draw(part), depth - 1, record)


def _fold(draw: st.DrawFn, one: str, other: str, depth: int, record: str) -> str:
    source = draw(lists(depth))
    function = draw(st.sampled_from(["sum", "count", "max", "min"]))
    if function == "count":
        return f"count({source})"
    body = draw(numbers(depth, "h"))
    items = draw(st.sampled_from([f"{source}.wage", f"(for h in {source} return {body})"]))
    return f"sum({items})" if function == "sum" else f"if count({source}) > 0 then {function}({items}) else 0"


def _between(draw: st.DrawFn, one: str, other: str, depth: int, record: str) -> str:
    function = draw(st.sampled_from(["years_between", "months_between", "days_between"]))
    return f"{function}({draw(dates(record))}, {draw(dates(record))})"


def _rounded(draw: st.DrawFn, one: str, other: str, depth: int, record: str) -> str:
    return f"{draw(st.sampled_from(['floor', 'ceiling', 'round half up']))}({one}, {draw(st.integers(-2, 3))})"


def _chosen(draw: st.DrawFn, one: str, other: str, depth: int, record: str) -> str:
    return f"if {draw(conditions(depth, record))} then {one} else {other}"


_SHAPES: list[Callable[[st.DrawFn, str, str, int, str], str]] = [
    lambda draw, one, other, depth, record: f"if {one} = 0 then {other} else {other} / ({one})",
    lambda draw, one, other, depth, record: f"{draw(st.sampled_from(['min', 'max', 'sum']))}({one}, {other})",
    lambda draw, one, other, depth, record: f"abs(-({one}))",
    lambda draw, one, other, depth, record: f"({one}) ** {draw(st.integers(0, 3))}",
    lambda draw, one, other, depth, record: f"({one}) {draw(st.sampled_from('+-*'))} ({other})",
    lambda draw, one, other, depth, record: f"({one}) {draw(st.sampled_from('+-*'))} ({other})",
    _between,
    _rounded,
    _chosen,
]


@st.composite
def dates(draw: st.DrawFn, record: str = "") -> str:
    """The text of a date."""
    leaves = ["born_on", "seen_on", "as_of", 'date("2000-02-29")'] + ([f"{record}.started_on"] if record else [])
    day = draw(st.sampled_from(leaves))
    return f"add_months({day}, {draw(st.integers(-30, 30))})" if draw(st.booleans()) else day


@st.composite
def lists(draw: st.DrawFn, depth: int) -> str:
    """The text of a list of hires."""
    if depth <= 0 or draw(st.booleans()):
        return "hires"
    own = draw(
        st.sampled_from(["insured", "wage > 3000", "age >= 50 or insured", 'within(place, "11")', "item.age < heads"])
    )
    return f"hires[{draw(st.sampled_from([own, draw(conditions(depth - 1, 'item'))]))}]"


@st.composite
def conditions(draw: st.DrawFn, depth: int, record: str = "") -> str:
    """The text of a condition."""
    if depth == 0:
        return draw(_simple_conditions(record))
    part = conditions(depth - 1, record)
    kind = draw(st.integers(0, 7))
    if kind == 0:
        return f"not({draw(part)})"
    if kind == 1:
        return f"{draw(numbers(depth - 1, record))} {draw(_SIGNS)} {draw(numbers(depth - 1, record))}"
    if kind == 2:
        return f"if {draw(part)} then {draw(part)} else {draw(part)}"
    if kind == 3 and not record:
        word = draw(st.sampled_from(["some", "every"]))
        return f"({word} h in {draw(lists(depth - 1))} satisfies {draw(conditions(depth - 1, 'h'))})"
    if kind == 4:
        low, high = draw(numbers(0, record)), draw(numbers(0, record))
        ends = draw(st.sampled_from(["[]", "(]", "[)", "()"]))
        return f"{draw(numbers(depth - 1, record))} in {ends[0]}{low}..{high}{ends[1]}"
    word = draw(st.sampled_from(["and", "or"]))
    return f"({draw(part)} {word} {draw(part)})"


_LEAVES = [
    "open",
    "listed",
    "is_big",
    'size = "a"',
    'size in ("b", "c")',
    "within(region, CODE)",
    "within(region, [CODE, CODE])",
    "region in (CODE, CODE)",
    "heads SIGN NUMBER",
    "DATE SIGN DATE",
    "heads in (1, [3..5], > 20)",
    "rate between 0.01 and parameters.target",
    'list contains(tags, "a")',
    "size in tags",
    '(some t in tags satisfies t != "b")',
    "(some p in hires satisfies some q in hires satisfies p.age > q.age + 10)",
    'contains(size, "a")',
    "open = listed",
]


@st.composite
def _simple_conditions(draw: st.DrawFn, record: str) -> str:
    own = [f"{record}.insured", f"{record}.skill = size", f"within({record}.place, CODE)"] if record else []
    text = draw(st.sampled_from(_LEAVES + own))
    holes = {"CODE": _CODES, "SIGN": _SIGNS, "NUMBER": st.sampled_from(_FACT_NUMBERS), "DATE": dates(record)}
    for hole, filling in holes.items():
        while hole in text:
            text = text.replace(hole, draw(filling), 1)
    return text


def parsed(text: str) -> Node:
    """The text's nodes; one that goes past a limit of the language is not worth an example."""
    try:
        return parse(text)
    except AuthorError:
        reject()


@st.composite
def programs(draw: st.DrawFn, for_each: bool | None = None) -> Program:
    """A program; with `for_each` it speaks of one hire."""
    each = draw(st.booleans()) if for_each is None else for_each
    record = "hire" if each else ""
    requires = tuple(
        Requirement(
            f"r{index}", "computed", tuple(Alternative(f"a{way}", parsed(text)) for way, text in enumerate(texts))
        )
        for index, texts in enumerate(
            draw(st.lists(st.lists(conditions(2, record), min_size=1, max_size=2), max_size=3))
        )
    )
    if draw(st.integers(0, 9)) == 0:
        requires += (Requirement("seen", draw(st.sampled_from(["evidenced", "judged", "undertaken"]))),)
    text = draw(st.sampled_from(["", "gapped", "floor(added)", "floor(abs(gapped * rate))", "", "", "", ""]))
    if not text and draw(st.integers(0, 5)):
        text = f"floor(max(0, min(1000000, {draw(numbers(2, record))})))"
    return Program(
        "pack/item",
        SubjectKind.ORGANISATION,
        SCHEMA,
        draw(st.sampled_from(["", "1", "11", "111"])),
        "region",
        Span(date(2026, 1, 1), date(2027, 1, 1)) if draw(st.integers(0, 9)) else Span(date(2030, 1, 1)),
        requires=requires,
        amount=parsed(text) if text else None,
        for_each="hires" if each else "",
        quota=draw(st.integers(0, 9)) == 0,
    )


def _decimals(scale: int, limit: int) -> st.SearchStrategy[Decimal]:
    edges = st.sampled_from([0, 1, 3, 5, 9, 10, 20, 21]).map(lambda value: value * 10**scale)
    return (st.integers(-limit, limit) | edges).map(lambda value: Decimal(value).scaleb(-scale))


_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "text": st.sampled_from(TEXTS),
    "code": st.sampled_from((*CODES, "9")),
    "date": st.integers(-20_000, 20_000).map(lambda days: AS_OF + timedelta(days=days)) | st.just(AS_OF),
    "texts": st.lists(st.sampled_from(TEXTS), max_size=3).map(tuple),
}


def _value(fact: FactType) -> st.SearchStrategy[Any]:
    if fact.kind == "number":
        return _decimals(fact.scale, 60 * 10**fact.scale) | _decimals(fact.scale, 9 * 10**18)
    return _VALUES["code" if fact.code_tree else fact.kind]


_RECORDS = st.lists(
    st.fixed_dictionaries({}, optional={name: _value(field) for name, field in HIRES.fields.items()}), max_size=3
).map(tuple)
_KEYS = {
    "sales": ["sales@2026", "sales@2025", "sales@2024"],
    "growth": ["growth@2025"],
    "paid": ["paid@2025-12"],
    "grade": ["grade@2025-01-01/2026-06-15", "grade@2026-06-15/", "grade@2020-01-01/2030-01-01"],
}
_COLUMNS = {key: fact for name, fact in FACTS.items() for key in _KEYS.get(name, [name]) if name != "age"}
_ROW = st.fixed_dictionaries(
    {}, optional={key: _RECORDS if fact.kind == "relation" else _value(fact) for key, fact in _COLUMNS.items()}
)
subjects = st.lists(_ROW, min_size=1, max_size=5)


def facts_of(row: dict[str, Any]) -> Facts:
    """A row as engine one reads it."""
    return Facts.of(row)


def table_of(rows: list[dict[str, Any]]) -> pa.Table:
    """The same rows as scaled columns, in the shapes that the table engine documents."""
    columns = {
        key: pa.array([_cell(fact, row.get(key)) for row in rows], _type(fact)) for key, fact in _COLUMNS.items()
    }
    return pa.table(columns)


def _type(fact: FactType) -> pa.DataType:
    if fact.kind == "relation":
        return pa.list_(pa.struct([(name, _type(field)) for name, field in HIRES.fields.items()]))
    kinds = {"number": pa.int64(), "boolean": pa.bool_(), "date": pa.date32(), "texts": pa.list_(pa.string())}
    return kinds.get(fact.kind, pa.string())


def _cell(fact: FactType, value: Any) -> Any:
    if fact.kind == "relation" and value is not None:
        return [{name: _cell(HIRES.fields[name], part) for name, part in record.items()} for record in value]
    if fact.kind == "texts" and value is not None:
        return list(value)
    return int(value.scaleb(fact.scale)) if fact.kind == "number" and value is not None else value
