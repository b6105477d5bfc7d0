"""The engines of packs, judged by the TCK's own results: every decision that a pack can say becomes a requirement.

A decision of true or false is the requirement itself; one of a number, a text or a date is compared with what the TCK
expects; null is unknown, so the item must be merely possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from tests.conformance.dmn_tck.calendar import Day
from tests.conformance.dmn_tck.decisions import Run
from tests.conformance.dmn_tck.judging import TOLERANCE, is_rounded
from tests.conformance.dmn_tck.model import Decision, Table, Text
from tests.conformance.dmn_tck.translation import NotInPacks, agrees_about_null, in_pack_words
from zhida.domain import rules
from zhida.domain.errors import AuthorError
from zhida.domain.rules import feel_nodes, nodes
from zhida.domain.rules.nodes import Node
from zhida.domain.values import Facts, SubjectKind

AS_OF = date(2026, 1, 1)
TABLE = "table"
_HITS = {("UNIQUE", ""): "unique", ("FIRST", ""): "first", ("COLLECT", "SUM"): "collect_sum"}
Given = Mapping[str, Any]


@dataclass(frozen=True)
class Judged:
    """What both engines said of one decision. `fallback` is why the table engine left it to engine one, "" if it did
    not."""

    decision: str
    expected: str
    one: str
    table: str
    fallback: str

    @property
    def agrees(self) -> bool:
        """Whether both say what the TCK expects."""
        return self.one == self.table == self.expected


def judge(run: Run, decision: Decision, scope: Given, expected: Any) -> list[Judged]:
    """The verdicts on a decision, one for each output that a pack can say; none where it can say nothing of it."""
    found = []
    for schema, names, node, wanted in _statements(run, decision, scope, expected):
        if None in scope.values() and not agrees_about_null(node):
            continue
        requirement = rules.Requirement("holds", alternatives=(rules.Alternative("", _claim(node, wanted)),))
        program = rules.Program("tck/item", SubjectKind.PERSON, schema, requires=(requirement,))
        if _is_accepted(program):
            answer = "possible" if wanted is None else "not" if wanted is False else "entitled"
            found.append(_asked(program, decision.name, answer, {names[name]: scope[name] for name in names}))
    return found


Statement = tuple[rules.Schema, dict[str, str], Node, Any]


def _statements(run: Run, decision: Decision, scope: Given, expected: Any) -> Iterator[Statement]:
    names = {name: f"given_{index}" for index, name in enumerate(scope)}
    found = {names[name]: _fact(names[name], value) for name, value in scope.items()}
    facts = {name: fact for name, fact in found.items() if fact is not None}
    if len(facts) < len(found):
        return
    logic = decision.logic
    if isinstance(logic, Text):
        node = run.evaluation.read(logic.text, scope, False)
        if node is not None:
            yield from _translated(rules.Schema(facts=facts), names, node, expected)
    if isinstance(logic, Table) and (logic.hit_policy, logic.aggregation) in _HITS:
        schema = rules.Schema(facts={**facts, **_closed(run, logic, scope, names)})
        yield from _tabled(run, logic, scope, (schema, names), expected)


def _tabled(
    run: Run, table: Table, scope: Given, known: tuple[rules.Schema, dict[str, str]], expected: Any
) -> Iterator[Statement]:
    """One statement for each output of a decision table that gives one row or one sum."""
    schema, names = known
    results = expected if isinstance(expected, dict) else {table.outputs[0].name: expected}
    for index, output in enumerate(table.outputs):
        found = _pack_table(run, table, index, scope, names)
        if found and results.get(output.name) is not None:
            yield replace(schema, tables={TABLE: found}), names, nodes.Name(TABLE), results[output.name]


def _translated(schema: rules.Schema, names: dict[str, str], node: Node, expected: Any) -> Iterator[Statement]:
    try:
        yield schema, names, in_pack_words(node, names), expected
    except NotInPacks:
        return


def _fact(name: str, value: Any) -> rules.FactType | None:
    """A fact that can hold the value; null may be any, so it is a boolean. None where packs hold no such value."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return rules.FactType(name, "number", scale=max(0, -exponent) if isinstance(exponent, int) else 0)
    if value is None or isinstance(value, bool):
        return rules.FactType(name, "boolean")
    if isinstance(value, str):
        return rules.FactType(name, "text")
    return rules.FactType(name, "date") if isinstance(value, Day) else None


def _closed(run: Run, table: Table, scope: Given, names: dict[str, str]) -> dict[str, rules.FactType]:
    """The texts that a table's columns close to a list."""
    found = {}
    for column in table.inputs:
        if column.name in names and isinstance(scope[column.name], str) and column.values:
            values = run.evaluation.text(f"[{column.values}]", scope) or []
            found[names[column.name]] = rules.FactType(names[column.name], "text", values=tuple(values))
    return found


def _pack_table(run: Run, table: Table, output: int, scope: Given, names: dict[str, str]) -> rules.Table | None:
    """One output of a decision table as a table of a pack."""
    try:
        by = tuple(rules.Input(column.name, _node(run, column.name, scope, names)) for column in table.inputs)
        rows = tuple(
            rules.Row(
                tuple(_cell(run, test, scope, names) for test in row.tests),
                _node(run, row.outputs[output], scope, names),
            )
            for row in table.rules
        )
    except NotInPacks:
        return None
    return rules.Table(TABLE, _HITS[table.hit_policy, table.aggregation], by, rows)  # type: ignore[arg-type]


def _node(run: Run, text: str, scope: Given, names: dict[str, str]) -> Node:
    node = run.evaluation.read(text, scope, False)
    if node is None:
        raise NotInPacks
    return in_pack_words(node, names)


def _cell(run: Run, text: str, scope: Given, names: dict[str, str]) -> tuple[Node, ...]:
    cell = run.evaluation.read(text or "-", scope, True)
    if not isinstance(cell, feel_nodes.UnaryTests) or cell.negated:
        raise NotInPacks
    return tuple(in_pack_words(test, names) for test in cell.tests)


def _claim(node: Node, expected: Any) -> Node:
    """What must hold where the decision is worth what is expected."""
    if isinstance(expected, Decimal):
        if not is_rounded(expected):
            return nodes.Compare("=", node, nodes.Literal("number", expected))
        low, high = (nodes.Literal("number", expected + shift) for shift in (-TOLERANCE, TOLERANCE))
        return nodes.In(node, (nodes.Interval(low, high, True, True),))
    if isinstance(expected, str):
        return nodes.Compare("=", node, nodes.Literal("text", expected))
    if isinstance(expected, Day):
        return nodes.Compare("=", node, nodes.Literal("date", _date(expected)))
    return node


def _is_accepted(program: rules.Program) -> bool:
    try:
        for table in program.schema.tables.values():
            rules.check_table(table, program.schema)
        rules.check_program(program)
    except AuthorError:
        return False
    return True


def _asked(program: rules.Program, name: str, expected: str, given: Mapping[str, Any]) -> Judged:
    known = {fact: _date(value) if isinstance(value, Day) else value for fact, value in given.items()}
    facts = Facts.of({fact: value for fact, value in known.items() if value is not None})
    screened = rules.screen([program], _columns(program.schema, known), AS_OF).results[0]
    table = "entitled" if screened.sure[0] else "possible" if screened.possible[0] else "not"
    return Judged(name, expected, str(rules.assess(program, facts, AS_OF).answer), table, screened.fallback)


def _columns(schema: rules.Schema, known: Mapping[str, Any]) -> pa.Table:
    columns: dict[str, Sequence[Any]] = {"row": [0]}
    for name, value in known.items():
        is_number = isinstance(value, Decimal)
        columns[name] = [int(value.scaleb(schema.facts[name].scale)) if is_number else value]
    return pa.table(columns)


def _date(day: Day) -> date:
    return date(day.year, day.month, day.day)
