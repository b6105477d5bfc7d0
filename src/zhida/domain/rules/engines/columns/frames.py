"""What each node is worth for all rows of a frame at once: engine one's meaning, column by column.

The root frame has one row a subject. Walking a list opens a frame with one row a member, which looks up what it does
not bind itself in the frame around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from zhida.domain.rules import nodes
from zhida.domain.rules.engines.columns import lanes
from zhida.domain.rules.engines.columns.interfaces import Names
from zhida.domain.rules.engines.columns.merging import Agreement
from zhida.domain.rules.engines.columns.vector_functions import FUNCTIONS, has_member, matches
from zhida.domain.rules.engines.columns.vectors import (
    FALSE,
    TRUE,
    YES,
    Days,
    Lists,
    Numbers,
    Records,
    Texts,
    Truths,
    Unsupported,
    Vector,
    Whole,
    truths_of,
)
from zhida.domain.rules.nodes import Node

_EPOCH = date(1970, 1, 1).toordinal()
MAX_MEMBERS = 50_000_000


class Frame:
    """Rows, what they bind by name, and the frame around them. `index` gives each row's row in that frame; None says
    that both have the same rows."""

    def __init__(
        self, batch: Names, scope: Mapping[str, Any], parent: Frame | None = None, index: Whole | None = None
    ) -> None:
        self.batch = batch
        self.scope = scope
        self.parent = parent
        self.index = index
        self.memory: dict[object, Vector | Unsupported] = {}

    def vector(self, node: Node) -> Vector:
        """The node's column. Raises Unsupported where only engine one can tell."""
        if self.parent is not None and not self.binds(node):
            found = self.parent.vector(node)
            return found if self.index is None else found.take(self.index)
        key = self.batch.key(node)
        if key not in self.memory:
            self.memory[key] = self._attempt(node)
        found_or_not = self.memory[key]
        if isinstance(found_or_not, Unsupported):
            raise Unsupported(*found_or_not.args)
        return found_or_not

    def _attempt(self, node: Node) -> Vector | Unsupported:
        try:
            return _RULES[type(node)](self, node)
        except Unsupported as unsupported:
            return Unsupported(*unsupported.args)  # one that was raised refers to this frame, which would refer to it

    def binds(self, node: Node) -> bool:
        """Whether the node uses a name that this frame binds, or one that is read in it (see `Batch.reads`)."""
        names = self.batch.names(node)
        return not names.isdisjoint(self.scope) or self.batch.reads(self, names)

    def truths(self, node: Node) -> Truths:
        found = self.vector(node)
        if isinstance(found, Truths):
            return found
        raise Unsupported("a condition that is not yes or no")

    def numbers(self, node: Node) -> Numbers:
        found = self.vector(node)
        if isinstance(found, Numbers):
            return found
        raise Unsupported("a number that is none")

    def lists(self, node: Node) -> Lists:
        found = self.vector(node)
        if isinstance(found, Lists):
            return found
        raise Unsupported("a list that is written out")

    def inside(self, source: Lists, scope: Mapping[str, Any]) -> Frame:
        """The frame of a list's members."""
        owners = source.owners
        if len(owners) > MAX_MEMBERS:
            raise Unsupported("lists walked inside each other with too many members")
        return Frame(self.batch, scope, self, owners)

    def literal(self, node: nodes.Literal) -> Vector:
        return self.batch.constant(node.value)

    def name(self, node: nodes.Name) -> Vector:
        found = self.scope.get(node.name)
        if found is None:
            return self.batch.named(node.name)
        if isinstance(found, Decimal | date):
            return self.batch.constant(found)
        return found() if callable(found) else found  # type: ignore[no-any-return]

    def call(self, node: nodes.Call) -> Vector:
        function = FUNCTIONS.get(node.name)
        if function is not None:
            return function(self, node.arguments)
        return self.batch.fact_called(node, self.dates())

    def dates(self) -> Mapping[str, Any]:
        """The built-in names as this frame has them."""
        around = {} if self.parent is None else self.parent.dates()
        return {**around, **{name: value for name, value in self.scope.items() if isinstance(value, Decimal | date)}}

    def path(self, node: nodes.Path) -> Vector:
        if isinstance(node.source, nodes.Name) and node.source.name == "parameters":
            return self.batch.parameter(node.field)
        source = self.vector(node.source)
        if isinstance(source, Records):
            return source.field(node.field)
        if isinstance(source, Lists) and isinstance(source.items, Records):
            return Lists(source.known, source.starts, source.lengths, source.member, source.items.field(node.field))
        raise Unsupported("a field of something else than records")

    def negate(self, node: nodes.Negate) -> Vector:
        return lanes.negated(self.numbers(node.operand))

    def arithmetic(self, node: nodes.Arithmetic) -> Vector:
        return lanes.arithmetic(node.operator, self.numbers(node.left), self.numbers(node.right))

    def compare(self, node: nodes.Compare) -> Vector:
        return compared(node.operator, self.vector(node.left), self.vector(node.right))

    def membership(self, node: nodes.In) -> Vector:
        return self.tested(self.vector(node.value), node.tests)

    def tested(self, value: Vector, tests: tuple[Node, ...]) -> Truths:
        """Whether any test holds for each row's value."""
        found = FALSE
        for test in tests:
            found = found | self.test(value, test)
        return found

    def test(self, value: Vector, test: Node) -> Truths:
        if isinstance(test, nodes.Interval):
            low = self.bound(">=" if test.includes_low else ">", value, test.low)
            return low & self.bound("<=" if test.includes_high else "<", value, test.high)
        if isinstance(test, nodes.ListOf):
            return self.tested(value, test.items)
        expected = self.vector(test)
        if isinstance(expected, Lists):
            return has_member(self.batch, expected, value)
        return matches(self.batch, value, expected)

    def bound(self, operator: str, value: Vector, limit: Node | None) -> Truths:
        return TRUE if limit is None else compared(operator, value, self.vector(limit))

    def conjunction(self, node: nodes.And) -> Vector:
        found = TRUE
        for operand in node.operands:
            found = found & self.truths(operand)
        return found

    def disjunction(self, node: nodes.Or) -> Vector:
        found = FALSE
        for operand in node.operands:
            found = found | self.truths(operand)
        return found

    def negation(self, node: nodes.Not) -> Vector:
        return ~self.truths(node.operand)

    def conditional(self, node: nodes.If) -> Vector:
        condition, choice = self.truths(node.condition), Agreement()
        choice.offer(condition, self.vector(node.then))
        choice.offer(TRUE, self.vector(node.otherwise))
        return choice.agreed()

    def quantified(self, node: nodes.Quantified) -> Vector:
        source = self.lists(node.source)
        holds = self.inside(source, {node.variable: source.items}).truths(node.condition)
        return found_among(source, holds) if node.quantifier == "some" else ~found_among(source, ~holds)

    def iteration(self, node: nodes.For) -> Vector:
        source = self.lists(node.source)
        items = self.inside(source, {node.variable: source.items}).vector(node.result)
        return Lists(source.known, source.starts, source.lengths, source.member, items)

    def filter(self, node: nodes.Filter) -> Vector:
        source = self.lists(node.source)
        scope: dict[str, Any] = {"item": source.items}
        if isinstance(source.items, Records):
            fields = {name: _field(source.items, name) for name in source.items.relation.fields}
            scope = {**fields, **scope}
        holds = self.inside(source, scope).truths(node.condition)
        return Lists(source.known, source.starts, source.lengths, source.member & holds, source.items)

    def refused(self, node: Node) -> Vector:
        raise Unsupported(f"a {type(node).__name__} where a value is expected")


def _field(records: Records, name: str) -> Callable[[], Vector]:
    return lambda: records.field(name)


def found_among(source: Lists, holds: Truths) -> Truths:
    """Whether any member of each row's list surely, or possibly, is one that holds."""
    held = source.member & holds
    return Truths(source.any(held.sure) & source.known, source.any(held.may) | ~source.known)


def compared(sign: str, left: Vector, right: Vector) -> Truths:
    """A comparison of two columns of one kind."""
    if isinstance(left, Numbers) and isinstance(right, Numbers):
        return lanes.compared(sign, left, right)
    if isinstance(left, Days) and isinstance(right, Days):
        return truths_of(lanes.ordered(sign, left.days, right.days), left.known & right.known)
    if isinstance(left, Texts) and isinstance(right, Texts):
        return truths_of(lanes.ordered(sign, left.ids, right.ids), left.known & right.known)
    if isinstance(left, Truths) and isinstance(right, Truths):
        return truths_of(lanes.ordered(sign, left.sure, right.sure), left.known & right.known)
    raise Unsupported("a comparison of lists")


def days_of(day: date) -> Days:
    """A date that is the same for all rows."""
    return Days(np.array([day.toordinal() - _EPOCH], dtype=np.int64), YES)


_RULES: dict[type[Node], Callable[[Frame, Any], Vector]] = {
    nodes.Literal: Frame.literal,
    nodes.Name: Frame.name,
    nodes.Call: Frame.call,
    nodes.Path: Frame.path,
    nodes.Negate: Frame.negate,
    nodes.Arithmetic: Frame.arithmetic,
    nodes.Compare: Frame.compare,
    nodes.In: Frame.membership,
    nodes.And: Frame.conjunction,
    nodes.Or: Frame.disjunction,
    nodes.Not: Frame.negation,
    nodes.If: Frame.conditional,
    nodes.Quantified: Frame.quantified,
    nodes.For: Frame.iteration,
    nodes.Filter: Frame.filter,
    nodes.ListOf: Frame.refused,
    nodes.Interval: Frame.refused,
}
