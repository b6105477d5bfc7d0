"""A table of rules.yaml: its inputs, its rows of cells read by each input's type, and what each row gives."""

from __future__ import annotations

from decimal import Decimal

from zhida.domain.errors import AuthorError
from zhida.domain.packs.reading.expressions import parse_placed, place_of
from zhida.domain.packs.source.fields import Fields
from zhida.domain.packs.source.nodes import ListNode, Node, Problems, RecordNode, TextNode
from zhida.domain.rules import FactType, Input, Literal, Row, Table, Type, parse_cell
from zhida.domain.rules import Node as Expression
from zhida.domain.rules.nodes import Call, Name
from zhida.domain.sentences import tell

HITS = ("unique", "first", "collect_sum", "marginal")
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
        words = tell("{where} says nothing to look up by", where=fields.where)
        fields.wrong(fields.spot_of("by"), "no_input", words, "by: [a_fact]")
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
    if node is not None and len(texts) < max(1, len(members)):
        words = tell("a cell under {column} is no value, list or interval", column=column.name)
        problems.add(node.spot, "malformed_cell", words)
        return ()
    if isinstance(node, ListNode) and len(texts) == 1 and ".." in texts[0].text:
        # An unquoted [30..49] is a YAML list of one text.
        texts = [TextNode(node.spot, f"[{texts[0].text}]")]
    kind = type_of_input(column.value, facts)
    return tuple(test for text in texts for test in _tests(text, kind, problems, clause))


def type_of_input(value: Expression, facts: dict[str, FactType]) -> Type:
    """The type that reads a column's cells: that of a plain fact, a number for any other expression."""
    if isinstance(value, Name | Call) and value.name in facts:
        kind = facts[value.name].kind
        return Type("text") if kind == "texts" else Type(kind)  # type: ignore[arg-type]
    return Type("number")


def _tests(found: TextNode, kind: Type, problems: Problems, clause: str) -> tuple[Expression, ...]:
    try:
        return parse_cell(found.text, kind, place_of(found.spot, clause))
    except AuthorError as error:
        problems.extend(error.problems)
        return (NOTHING,)
