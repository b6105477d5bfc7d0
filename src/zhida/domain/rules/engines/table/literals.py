"""Leaves of conditions: a test on one column ("is the code in these ranges?"), or a condition kept as bits.

What compares one expression with constants becomes a test, whether the expression is a stored fact or a derived one;
every other condition is computed once by engine `columns` and kept as two bits a subject, surely and possibly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.rules import nodes
from zhida.domain.rules.engines.evaluation import Evaluation
from zhida.domain.rules.engines.functions import FUNCTIONS
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.rules.engines.table.coding import Between, Cut, Place, Test, Word
from zhida.domain.rules.engines.table.meanings import Meanings, Source
from zhida.domain.rules.nodes import Node, walk
from zhida.domain.rules.schema import FactType, Schema
from zhida.domain.values import CodeTree, Facts

_EPOCH = date(1970, 1, 1).toordinal()
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_DATES = frozenset({"year", "month", "as_of"})


@dataclass(frozen=True)
class Leaf:
    """Whether any of the tests holds for the value of `source`; without tests, whether `source` itself is true."""

    key: tuple[str, tuple[Test, ...], bool]
    source: Source = field(compare=False)
    words: tuple[str, ...] = field(default=(), compare=False)
    tree: CodeTree | None = field(default=None, compare=False)

    @property
    def tests(self) -> tuple[Test, ...]:
        return self.key[1]

    @property
    def negated(self) -> bool:
        return self.key[2]


class Untestable(Exception):
    """No single value compared with constants: the condition is kept as bits."""


class Leaves:
    """The leaves of one pack's conditions on one date."""

    def __init__(self, meanings: Meanings, schema: Schema, within: str, as_of: date) -> None:
        self.meanings = meanings
        self.schema = schema
        self.within = within
        self.evaluation = Evaluation(Subject(schema, Facts(), as_of), within)

    def leaf(self, node: Node, negated: bool) -> Leaf:
        """The leaf of a condition that is no And, Or, Not or If."""
        try:
            value, tests, flipped = self._tested(node)
            return self.test(value, tests, negated != flipped)
        except Untestable:
            source = self.meanings.source(node, self.schema, self.within)
            return Leaf((source.key, (), negated), source)

    def test(self, value: Node, tests: Iterable[Test], negated: bool) -> Leaf:
        """A leaf that tests the value of an expression."""
        source, made = self.meanings.source(value, self.schema, self.within), tuple(sorted(set(tests), key=repr))
        fact, numeric = self.fact(value), {isinstance(test, Between) for test in made}
        if len(numeric) != 1 or (fact is None and numeric == {False}):
            raise Untestable
        if fact is None or numeric == {True}:
            return Leaf((source.key, made, negated), source)
        tree = self.schema.code_trees.get(fact.code_tree)
        return Leaf((source.key, made, negated), source, fact.values, tree)

    def fact(self, node: Node) -> FactType | None:
        """The fact that an expression is, if it is one and nothing else."""
        if not isinstance(node, nodes.Name | nodes.Call) or node.name in self.evaluation.scope:
            return None
        return None if node.name in FUNCTIONS else self.schema.facts.get(node.name)

    def constant(self, node: Node) -> Any:
        """The value of an expression that reads no fact. Raises Untestable where it reads one, or is unknown."""
        for part in walk(node):
            if isinstance(part, nodes.Call) and part.name not in FUNCTIONS:
                raise Untestable
            if isinstance(part, nodes.Name) and part.name not in (*_DATES, "parameters"):
                raise Untestable
            if isinstance(part, nodes.Path) and not self._is_plain(part):
                raise Untestable
        value = self.evaluation.value(node)
        if not isinstance(value, Decimal | str | date):
            raise Untestable
        return value

    def _is_plain(self, path: nodes.Path) -> bool:
        """Whether a path is a parameter with one value everywhere."""
        series = self.schema.parameters.get(path.field) if isinstance(path.source, nodes.Name) else None
        return series is not None and not any(row.region for row in series.rows)

    def _tested(self, node: Node) -> tuple[Node, list[Test], bool]:
        """The value that a condition tests, with what, and whether it says the opposite."""
        if isinstance(node, nodes.Compare):
            return self._compared(node)
        if isinstance(node, nodes.In):
            self._refuse_constant(node.value)
            return node.value, list(self.tests_of(node.value, node.tests)), False
        if isinstance(node, nodes.Call) and node.name == "within":
            return node.arguments[0], list(self._of_test(node.arguments[0], node.arguments[1])), False
        raise Untestable

    def _refuse_constant(self, node: Node) -> None:
        """Bits keep what reads no fact: a column for it would only repeat itself."""
        if not any(isinstance(part, nodes.Name | nodes.Call) and part.name not in _DATES for part in walk(node)):
            raise Untestable

    def _compared(self, node: nodes.Compare) -> tuple[Node, list[Test], bool]:
        value, sign = node.left, node.operator
        try:
            limit = self.constant(node.right)
        except Untestable:
            value, sign, limit = node.right, _MIRRORED[sign], self.constant(node.left)  # type: ignore[assignment]
        self._refuse_constant(value)
        if isinstance(limit, str):
            if sign not in ("=", "!="):
                raise Untestable
            return value, [Word(str(limit))], sign == "!="
        return value, [_between(sign, limit)], sign == "!="

    def tests_of(self, value: Node, tests: Iterable[Node]) -> tuple[Test, ...]:
        """The tests of a value that an `in`, or a cell of a table, makes. Raises Untestable for no constant."""
        return tuple(made for test in tests for made in self._of_test(value, test))

    def _of_test(self, value: Node, test: Node) -> Iterator[Test]:
        if isinstance(test, nodes.ListOf):
            for item in test.items:
                yield from self._of_test(value, item)
        elif isinstance(test, nodes.Interval):
            low = None if test.low is None else Cut(_number(self.constant(test.low)), not test.includes_low)
            high = None if test.high is None else Cut(_number(self.constant(test.high)), test.includes_high)
            yield Between(low, high)
        else:
            expected = self.constant(test)
            if not isinstance(expected, str):
                yield _between("=", expected)
            else:
                fact = self.fact(value)
                yield Place(str(expected)) if fact is not None and fact.code_tree else Word(str(expected))


def _number(value: Any) -> Decimal:
    """A number, or a date as days since 1970-01-01."""
    if isinstance(value, date):
        return Decimal(value.toordinal() - _EPOCH)
    if not isinstance(value, Decimal):
        raise Untestable
    return value


def _between(sign: str, limit: Any) -> Between:
    at = _number(limit)
    tests: Mapping[str, Between] = {
        "=": Between(Cut(at, False), Cut(at, True)),
        "!=": Between(Cut(at, False), Cut(at, True)),
        "<": Between(None, Cut(at, False)),
        "<=": Between(None, Cut(at, True)),
        ">": Between(Cut(at, True), None),
        ">=": Between(Cut(at, False), None),
    }
    return tests[sign]
