"""The edges of an item that examples have to show: each threshold, each requirement refused, each fact unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from zhida.domain.errors import AuthorError
from zhida.domain.packs.golden import CaseResult, with_own_past
from zhida.domain.packs.items import Item
from zhida.domain.packs.usage import usage_of
from zhida.domain.rules import Node, Table, bound_names, check, keys_read, nodes, walk, write, write_constant
from zhida.domain.rules.engines.evaluation import Evaluation
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.rules.engines.values import Members
from zhida.domain.sentences import tell
from zhida.domain.values import FactKey, Facts

AT, BELOW, ABOVE = "at", "below", "above"
_CLOSE = Decimal("0.0001")


@dataclass(frozen=True)
class Edge:
    """A value that an expression is compared with, and the side of it that an example stands on: `at` it, or next to it
    on either side. `step` is what next means: a last digit, or a day."""

    rule: str
    value: Node
    bound: Decimal | date
    side: str

    @property
    def told(self) -> str:
        """The edge in a line."""
        side, bound = _SIDES[self.side], write_constant(self.bound)
        return tell("{rule}: {value} {side} {bound}", rule=self.rule, value=write(self.value), side=side, bound=bound)


@dataclass(frozen=True)
class Refused:
    """A requirement that somebody fails."""

    rule: str

    @property
    def told(self) -> str:
        """The edge in a line."""
        return tell("{rule}: refused", rule=self.rule)


@dataclass(frozen=True)
class Unknown:
    """A fact that is not known of somebody, and that could still change the answer or the amount."""

    key: FactKey

    @property
    def told(self) -> str:
        """The edge in a line."""
        return tell("{fact}: unknown", fact=self.key.attribute)


Goal = Edge | Refused | Unknown
_SIDES = {AT: "=", BELOW: tell("just below"), ABOVE: tell("just above")}


def goals_of(item: Item, as_of: date) -> tuple[Goal, ...]:
    """Every edge of an item, in the order of its rules. Comparisons inside a quantifier or a filter are left out: they
    speak of one record among several."""
    goals: dict[Goal, None] = {}
    for requirement in item.program.requires:
        goals |= {Refused(requirement.name): None} if requirement.kind != "undertaken" else {}
        pairs = (pair for alternative in requirement.alternatives for pair in _compared(alternative.when))
        goals |= {edge: None for value, bound in pairs for edge in _edges(item, requirement.name, value, bound)}
    usage = usage_of(item.expressions, item.program.schema)
    for name in sorted(usage.tables):
        goals |= dict.fromkeys(_edges_of_table(item, item.program.schema.tables[name]))
    goals |= {Unknown(key): None for key in _keys(item, as_of)}
    return tuple(goals)


def _edges(item: Item, rule: str, value: Node, bound: Decimal | date) -> Iterator[Edge]:
    """The value itself and its neighbours, without what lies below the least that the dictionary allows."""
    try:
        low = check(value, item.program.schema, bound=bound_names(item.program)).low
    except AuthorError:
        low = None
    is_least = low is not None and isinstance(bound, Decimal) and bound <= low
    for side in (AT, ABOVE) if is_least else (AT, BELOW, ABOVE):
        yield Edge(rule, value, bound, side)


def _edges_of_table(item: Item, table: Table) -> Iterator[Edge]:
    for row in table.rows:
        for column, cell in zip(table.by, row.cells, strict=True):
            for bound in (bound for test in cell for bound in _bounds(test)):
                yield from _edges(item, table.name, column.value, bound)


def _keys(item: Item, as_of: date) -> Iterator[FactKey]:
    """The facts that the item's own rules name, and what an age is counted from; not what a stored fact could have been
    derived from, nor the platform's own record of grants."""
    schema = item.program.schema
    usage = usage_of(item.expressions, schema)
    written = [*item.expressions]
    written += [schema.amounts[name].value for name in usage.amounts]
    written += [each for name in usage.tables for each in schema.tables[name].expressions]
    counted = [schema.facts[name].expression for name in usage.facts if not schema.facts[name].reads_stored]
    named = {
        part.name
        for node in (*written, *(each for each in counted if each is not None))
        for part in walk(node)
        if isinstance(part, nodes.Name | nodes.Call)
    }
    for key in keys_read([item.program], as_of):
        fact = schema.facts.get(key.attribute)
        if key.attribute in named - {"grants"} and (fact is None or fact.reads_stored):
            yield key


def _compared(node: Node) -> Iterator[tuple[Node, Decimal | date]]:
    if isinstance(node, nodes.Compare):
        for side, other in ((node.right, node.left), (node.left, node.right)):
            if isinstance(side, nodes.Literal) and isinstance(side.value, Decimal | date):
                yield other, side.value
    elif isinstance(node, nodes.In):
        for test in node.tests:
            yield from ((node.value, bound) for bound in _bounds(test))
    elif isinstance(node, nodes.And | nodes.Or | nodes.Not):
        for child in nodes.children(node):
            yield from _compared(child)


def _bounds(test: Node) -> Iterator[Decimal | date]:
    parts = (test.low, test.high) if isinstance(test, nodes.Interval) else (test,)
    for part in parts:
        if isinstance(part, nodes.Literal) and isinstance(part.value, Decimal | date):
            yield part.value


def step_of(item: Item, value: Node) -> Decimal | None:
    """The last digit of a number, None where nothing proves how many it has, or where it is none."""
    try:
        kind = check(value, item.program.schema, bound=bound_names(item.program))
    except AuthorError:
        return None
    return Decimal(1).scaleb(-kind.scale) if kind.kind == "number" and kind.scale is not None else None


def is_reached(goal: Goal, item: Item, result: CaseResult) -> bool:
    """Whether an example shows an edge."""
    actual = result.actual
    if actual is None:
        return False
    parts = [actual, *(each for _, each in actual.each)]
    if isinstance(goal, Refused):
        return any(goal.rule in part.because for part in parts)
    if isinstance(goal, Unknown):
        told = {
            key.attribute for part in parts for key in (*part.missing, *(k for r in part.reasons for k in r.missing))
        }
        return goal.key.attribute in told or any(name.startswith(f"{goal.key.attribute}.") for name in told)
    return any(
        is_on_side(goal, each, item) for each in values_in(goal.value, item, result.case.facts, result.case.as_of)
    )


def values_in(value: Node, item: Item, facts: Facts, as_of: date) -> Iterator[Any]:
    """What an expression is worth for a subject: once, or once for each record of a `for_each` item."""
    program = item.program
    subject = Subject(program.schema, with_own_past(facts, program.schema), as_of)
    relation = program.schema.relations.get(program.for_each)
    if relation is None:
        yield Evaluation(subject, program.within).value(value)
        return
    records = Evaluation(subject, program.within).named(relation.name)
    for record, _ in records.items if isinstance(records, Members) else ():
        subject.memory = {}
        yield Evaluation(subject, program.within, {relation.singular: record}).value(value)


def is_on_side(edge: Edge, found: Any, item: Item) -> bool:
    """Whether a value stands at an edge, or next to it on the edge's side."""
    bound = edge.bound
    if isinstance(bound, date) and isinstance(found, date):
        return found == bound + timedelta(days={AT: 0, BELOW: -1, ABOVE: 1}[edge.side])
    if isinstance(bound, date) or not isinstance(found, Decimal):
        return False
    if edge.side == AT:
        return found == bound
    near = step_of(item, edge.value) or abs(bound) * _CLOSE
    gap = bound - found if edge.side == BELOW else found - bound
    return 0 < gap <= near
