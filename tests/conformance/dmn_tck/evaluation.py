"""FEEL on our nodes. What both dialects mean alike is the domain's; null, contexts and functions are here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from tests.conformance.dmn_tck.arithmetic import computed, negated
from tests.conformance.dmn_tck.closures import Closure
from tests.conformance.dmn_tck.comparison import equal, holds, is_within, ordered
from tests.conformance.dmn_tck.functions import BUILTINS
from tests.conformance.dmn_tck.iteration import rounds
from tests.conformance.dmn_tck.properties import property_of
from tests.conformance.dmn_tck.types import ANY, Types
from tests.conformance.dmn_tck.values import Function, Range, read_temporal
from zhida.domain.errors import AuthorError
from zhida.domain.rules import feel_nodes, nodes
from zhida.domain.rules.answers import Unknown
from zhida.domain.rules.engines.evaluation import Evaluation
from zhida.domain.rules.engines.kleene import all_of, any_of
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.rules.language.reading import Dialect, parse, parse_unary_tests
from zhida.domain.rules.nodes import Node, walk
from zhida.domain.rules.numbers import FEEL
from zhida.domain.rules.schema import Schema
from zhida.domain.values import Facts

Scope = Mapping[str, Any]
TESTED = "?"
PROPERTY_NAMES = ("time offset", "start included", "end included")
_SIMPLE_NAME = re.compile(r"[A-Za-z_]\w*")


class FeelEvaluation(Evaluation):
    """Expressions of one model. `unread` gathers the texts that are no FEEL; their value is null."""

    def __init__(self, types: Types, names: Iterable[str] = ()) -> None:
        super().__init__(Subject(Schema(), Facts(), date.min))
        self.scope = {}
        self.types = types
        self.names = frozenset(names) | frozenset(PROPERTY_NAMES)
        self.unread: dict[str, str] = {}

    def text(self, text: str, scope: Scope) -> Any:
        """The value of an expression's text, null where it cannot be read."""
        node = self.read(text, scope, False)
        return None if node is None else self.value(node, scope)

    def passes(self, text: str, value: Any, scope: Scope) -> bool:
        """Whether a value passes the unary tests of a cell."""
        node = self.read(text, scope, True)
        return node is not None and self.value(node, {**scope, TESTED: value}) is True

    def read(self, text: str, scope: Scope, is_cell: bool) -> Node | None:
        """The node of a text, read with the names that its scope knows."""
        try:
            return _parsed(text.strip(), self.names | _long_names(scope), is_cell)
        except AuthorError as problems:
            self.unread[text] = str(problems)
            return None

    def value(self, node: Node, scope: Scope | None = None) -> Any:
        """As the domain has it, with null for what it does not know."""
        rule = _RULES.get(type(node))
        found = rule(self, node, self.scope if scope is None else scope) if rule else super().value(node, scope)
        return None if isinstance(found, Unknown) else found

    def literal(self, node: nodes.Literal, scope: Scope) -> Any:
        if not isinstance(node.value, Decimal):
            return super().literal(node, scope)
        number = FEEL.plus(node.value)
        return number if number.is_finite() else None

    def name(self, node: nodes.Name, scope: Scope) -> Any:
        return scope[node.name] if node.name in scope else BUILTINS.get(node.name)

    def temporal(self, node: feel_nodes.AtLiteral, scope: Scope) -> Any:
        return read_temporal(node.text)

    def null(self, node: feel_nodes.Null, scope: Scope) -> None:
        return None

    def path(self, node: nodes.Path, scope: Scope) -> Any:
        return property_of(self.value(node.source, scope), node.field)

    def negate(self, node: nodes.Negate, scope: Scope) -> Any:
        return negated(self.value(node.operand, scope))

    def arithmetic(self, node: nodes.Arithmetic, scope: Scope) -> Any:
        return computed(node.operator, self.value(node.left, scope), self.value(node.right, scope))

    def compare(self, node: nodes.Compare, scope: Scope) -> Any:
        return holds(node.operator, self.value(node.left, scope), self.value(node.right, scope))

    def interval(self, node: nodes.Interval, scope: Scope) -> Range | None:
        ends = [self.value(end, scope) for end in (node.low, node.high) if end is not None]
        if None in ends or ordered("<=", ends[0], ends[-1]) is None:
            return None
        low, high = (None if node.low is None else ends[0]), (None if node.high is None else ends[-1])
        return Range(low, high, node.includes_low, node.includes_high)

    def bound(self, operator: str, value: Any, limit: Node | None, scope: Scope | None) -> Any:
        return True if limit is None else holds(operator, value, self.value(limit, scope))

    def test(self, value: Any, test: Node, scope: Scope | None) -> Any:
        """One test of `in` or of a cell: an interval by the domain, else a value, a range, or a list of these."""
        if isinstance(test, nodes.Interval):
            return super().test(value, test, scope)
        if isinstance(test, feel_nodes.Test):
            return holds(test.operator, value, self.value(test.operand, scope))
        return self.matched(value, self.value(test, scope))

    def matched(self, value: Any, expected: Any) -> Any:
        if isinstance(expected, Range):
            return is_within(value, expected)
        same = equal(value, expected)
        if not isinstance(expected, list) or same is True:
            return same
        return any(self.matched(value, member) is True for member in expected)

    def unary_tests(self, node: feel_nodes.UnaryTests, scope: Scope) -> Any:
        """Whether the tested value passes (clause 10.3.2.7): a test that reads `?` must itself be true."""
        if not node.tests:
            return True
        passed = any_of(self.cell_test(test, scope) for test in node.tests)
        return (not passed if isinstance(passed, bool) else passed) if node.negated else passed

    def cell_test(self, test: Node, scope: Scope) -> Any:
        value = scope[TESTED]
        if any(isinstance(part, nodes.Name) and part.name == TESTED for part in walk(test)):
            return self.value(test, scope)
        if isinstance(test, nodes.Compare | nodes.And | nodes.Or | nodes.In) and not isinstance(value, bool):
            return self.value(test, scope)
        return self.test(value, test, scope)

    def operator_test(self, node: feel_nodes.Test, scope: Scope) -> Range | None:
        """`(= x)` on its own is the range of one value; `(!= x)` is none."""
        value = self.value(node.operand, scope)
        return Range(value, value, True, True) if node.operator == "=" and value is not None else None

    def conditional(self, node: nodes.If, scope: Scope) -> Any:
        """FEEL takes the else branch for null, where a pack would not know."""
        return self.value(node.then if self.value(node.condition, scope) is True else node.otherwise, scope)

    def list_of(self, node: nodes.ListOf, scope: Scope) -> list[Any]:
        return [self.value(item, scope) for item in node.items]

    def context_of(self, node: feel_nodes.ContextOf, scope: Scope) -> Any:
        """The entries one after the other; a function among them may call itself."""
        found: dict[str, Any] = {}
        inner = dict(scope)
        for name, entry in node.entries:
            if name in found:
                return None
            found[name] = inner[name] = self.value(entry, inner)
        return found

    def function_of(self, node: feel_nodes.FunctionOf, scope: Scope) -> Closure | None:
        if node.external:
            return None
        parameters = tuple((name, self.types.read(written)) for name, written in node.parameters)
        return Closure(parameters, ANY, lambda bound: self.value(node.body, {**scope, **bound}), self.types)

    def invoke(self, node: feel_nodes.Invoke, scope: Scope) -> Any:
        function = self.value(node.function, scope)
        arguments = [self.value(argument, scope) for argument in node.arguments]
        return function.call(arguments, node.names) if isinstance(function, Function) else None

    def instance_of(self, node: feel_nodes.InstanceOf, scope: Scope) -> bool | None:
        value, kind = self.value(node.value, scope), self.types.read(node.type_name)
        if not self.types.is_known(kind):
            return None
        return value is not None and self.types.conforms(value, kind)

    def iterated(self, node: feel_nodes.Iteration, scope: Scope) -> Any:
        """`for`, `some` and `every`; the quantifiers are the domain's Kleene logic over all rounds."""
        sources = [(one.name, self.source(one)) for one in node.iterators]
        found = rounds(sources, scope)
        if found is None:
            return None
        if node.quantifier != "for":
            return (any_of if node.quantifier == "some" else all_of)(self.value(node.result, bound) for bound in found)
        results: list[Any] = []
        for bound in found:
            results.append(self.value(node.result, {**bound, "partial": list(results)}))
        return results

    def source(self, one: feel_nodes.Iterator) -> Callable[[Scope], Any]:
        def members(scope: Scope) -> Any:
            first = self.value(one.source, scope)
            return first if one.until is None else (first, self.value(one.until, scope))

        return members

    def filter(self, node: nodes.Filter, scope: Scope) -> Any:
        return self.filtered(self.value(node.source, scope), scope, lambda bound: self.value(node.condition, bound))

    def filtered(self, source: Any, scope: Scope, condition: Callable[[Scope], Any]) -> Any:
        """The member at a position, or the members for which a condition holds."""
        if source is None:
            return None
        members = source if isinstance(source, list) else [source]
        tested = [condition(_bound_member(member, scope)) for member in members] or [condition(scope)]
        if isinstance(tested[0], Decimal):
            position = int(tested[0])
            fits = position == tested[0] and 1 <= abs(position) <= len(members)
            return members[position - 1 if position > 0 else position] if fits else None
        return [member for member, holds_for in zip(members, tested, strict=False) if holds_for is True]


def _bound_member(member: Any, scope: Scope) -> Scope:
    return {**scope, "item": member, **(member if isinstance(member, dict) else {})}


def _long_names(scope: Scope) -> frozenset[str]:
    """The names of several tokens that a scope binds, and those of the contexts in it."""
    found: set[str] = set()
    waiting: list[Any] = [dict(scope)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            found.update(name for name in value if not _SIMPLE_NAME.fullmatch(name))
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return frozenset(found)


@lru_cache(maxsize=4096)
def _parsed(text: str, names: frozenset[str], is_cell: bool) -> Node:
    if is_cell:
        return parse_unary_tests(text, names=sorted(names))
    return parse(text, dialect=Dialect.CONFORMANCE, names=sorted(names))


_RULES: dict[type[Node], Callable[[FeelEvaluation, Any, Scope], Any]] = {
    nodes.Literal: FeelEvaluation.literal,
    nodes.Name: FeelEvaluation.name,
    nodes.Path: FeelEvaluation.path,
    nodes.Negate: FeelEvaluation.negate,
    nodes.Arithmetic: FeelEvaluation.arithmetic,
    nodes.Compare: FeelEvaluation.compare,
    nodes.Interval: FeelEvaluation.interval,
    nodes.If: FeelEvaluation.conditional,
    nodes.ListOf: FeelEvaluation.list_of,
    nodes.Filter: FeelEvaluation.filter,
    feel_nodes.Null: FeelEvaluation.null,
    feel_nodes.AtLiteral: FeelEvaluation.temporal,
    feel_nodes.ContextOf: FeelEvaluation.context_of,
    feel_nodes.FunctionOf: FeelEvaluation.function_of,
    feel_nodes.Invoke: FeelEvaluation.invoke,
    feel_nodes.InstanceOf: FeelEvaluation.instance_of,
    feel_nodes.Iteration: FeelEvaluation.iterated,
    feel_nodes.Test: FeelEvaluation.operator_test,
    feel_nodes.UnaryTests: FeelEvaluation.unary_tests,
}
