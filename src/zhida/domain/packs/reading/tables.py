"""A table of rules.yaml: its inputs, its rows of cells read by each input's type, and what each row gives."""

from __future__ import annotations

from decimal import Decimal

from zhida.domain.errors import AuthorError
from zhida.domain.packs.reading.expressions import parse_placed, place_of
from zhida.domain.packs.reading.fields import Fields, as_boolean
from zhida.domain.packs.reading.nodes import ListNode, Node, Problems, RecordNode, TextNode
from zhida.domain.rules import FactType, Input, Literal, Place, Row, Table, parse
from zhida.domain.rules import Node as Expression
from zhida.domain.rules.nodes import Call, In, Name

HITS = ("unique", "first", "collect_sum", "marginal")
_ANY = "-"
_BEFORE = "x in "
NOTHING = Literal("number", Decimal(0))


def read_table(
    name: str, fields: Fields, cites: tuple[str, ...], facts: dict[str, FactType], problems: Problems
) -> Table:
    """One table. `by` lists facts, or gives each column a heading and an expression; a cell is a value, a list
    of values, an interval such as `[30..49]` or `>= 5000`, or `-` for anything."""
    clause = cites[0] if cites else ""
    inputs = _inputs(fields, problems, clause)
    rows = tuple(_row(row, inputs, facts, problems, clause) for row in fields.records("rows"))
    return Table(
        name=name,
        hit=fields.choice("hit", HITS),  # type: ignore[arg-type]
        by=tuple(inputs),
        rows=rows,
        cap=parse_placed(fields.placed("cap", required=False), problems, clause),
        cites=cites,
        place=place_of(fields.spot, clause),
    )


def _inputs(fields: Fields, problems: Problems, clause: str) -> list[Input]:
    node = fields.node("by")
    if isinstance(node, ListNode):
        named: list[tuple[str, Node]] = [(item.text if isinstance(item, TextNode) else "", item) for item in node.items]
    elif isinstance(node, RecordNode):
        named = list(node.values.items())
    else:
        named = []
    if not named:
        fields.wrong(fields.spot_of("by"), "no_input", f"{fields.where} says nothing to look up by", "by: [a_fact]")
    found = []
    for heading, value in named:
        text = value if isinstance(value, TextNode) else None
        found.append(Input(heading, parse_placed(text, problems, clause) or NOTHING))
    return found


def _row(fields: Fields, inputs: list[Input], facts: dict[str, FactType], problems: Problems, clause: str) -> Row:
    cells = tuple(_cell(fields.node(column.name), column, facts, problems, clause) for column in inputs)
    gives = parse_placed(fields.placed("gives"), problems, clause)
    fields.close()
    return Row(cells, gives or NOTHING, place_of(fields.spot, clause))


def _cell(
    node: Node | None, column: Input, facts: dict[str, FactType], problems: Problems, clause: str
) -> tuple[Expression, ...]:
    members = node.items if isinstance(node, ListNode) else (node,) if node else ()
    texts = [member for member in members if isinstance(member, TextNode)]
    if len(texts) == 1 and texts[0].text == _ANY:
        return ()
    kind = kind_of(column.value, facts)
    tests = [test for text in texts for test in _tests(text, kind, problems, clause)]
    if node is not None and not tests:
        problems.add(node.spot, "malformed_cell", f"a cell under {column.name} is no value, list or interval")
    return tuple(tests)


def kind_of(value: Expression, facts: dict[str, FactType]) -> str:
    """The kind of a table's input where it is a plain fact, "" for any other expression."""
    if isinstance(value, Name | Call) and value.name in facts:
        return facts[value.name].kind
    return ""


def _tests(found: TextNode, kind: str, problems: Problems, clause: str) -> tuple[Expression, ...]:
    if kind == "text":
        return (Literal("text", found.text),)
    if kind == "boolean" and as_boolean(found.text) is not None:
        return (Literal("boolean", found.text == "true"),)
    spot = found.spot
    place = Place(spot.file, spot.line, spot.column - len(_BEFORE), spot.column, clause)
    try:
        node = parse(_BEFORE + found.text, place)
    except AuthorError as error:
        problems.extend(error.problems)
        return (NOTHING,)
    return node.tests if isinstance(node, In) else (NOTHING,)
