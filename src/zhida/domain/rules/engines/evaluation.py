"""What each node is worth for one subject: the meaning of the language, which the other engines must match."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules import nodes
from zhida.domain.rules.answers import UNKNOWN, Unknown
from zhida.domain.rules.engines.functions import FUNCTIONS
from zhida.domain.rules.engines.kleene import all_of, any_of, compared, has_member, matches
from zhida.domain.rules.engines.lookup import parameter_value, table_value
from zhida.domain.rules.engines.subject import Subject, day_span
from zhida.domain.rules.engines.values import NONE, Members, Record, agreed, unknown_of
from zhida.domain.rules.nodes import Node
from zhida.domain.rules.numbers import FEEL, calculate
from zhida.domain.rules.schema import FactType
from zhida.domain.values import Period, Span

Scope = Mapping[str, Any]
MAX_STEPS = 2_000_000
YEAR_OF_PERIOD = "@year"  # `year` itself may be hidden by a record's field of that name


class Evaluation:
    """Expressions of one program for one subject (and one record of it). `scope` binds `year`, `month`, `as_of` and,
    for an item with one claim per record, the record. `within` names the fact that holds the subject's region."""

    def __init__(self, subject: Subject, within: str = "", bound: Scope | None = None) -> None:
        self.subject = subject
        self.schema = subject.schema
        self.within = within
        self.scope: Scope = {**dates_of(subject.as_of), **(bound or {})}
        self.steps = 0

    @property
    def as_of(self) -> date:
        """The day that is assessed."""
        return self.subject.as_of

    def value(self, node: Node, scope: Scope | None = None) -> Any:
        """The node's value. Raises InvariantBroken past the step budget, which only a huge relation can reach."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise InvariantBroken("step_budget", f"an expression took more than {MAX_STEPS} steps")
        return _RULES[type(node)](self, node, self.scope if scope is None else scope)

    def literal(self, node: nodes.Literal, scope: Scope) -> Any:
        return node.value

    def name(self, node: nodes.Name, scope: Scope) -> Any:
        if node.name in scope:
            return scope[node.name]
        return self.named(node.name)

    def named(self, name: str) -> Any:
        """The value of a fact without a period, a table or an amount."""
        if name in self.schema.facts or name in self.schema.relations:
            return self.fact(name, None)
        if name in self.schema.tables:
            table = self.schema.tables[name]
            return self.subject.remember(("table", name), lambda: table_value(table, self))
        amount = self.schema.amounts[name]
        return self.subject.remember(("amount", name), lambda: self.value(amount.value))

    def fact(self, name: str, period: Period | Span | None) -> Any:
        """A fact's value: the stored one, or its expression read for the same period."""
        fact = self.schema.facts.get(name) or FactType(name, "relation")
        expression = fact.expression
        if expression is None:
            return self.subject.stored(fact, period)
        return self.subject.remember((name, period), lambda: self.derived(fact, period, expression))

    def derived(self, fact: FactType, period: Period | Span | None, expression: Node) -> Any:
        before = dict(self.subject.touched)
        value = self.subject.stored(fact, period) if fact.reads_stored else UNKNOWN
        if not isinstance(value, Unknown):
            return value
        self.subject.touched = before
        return self.value(expression, {**self.scope, **dates_in(period)})

    def region(self) -> Any:
        """The subject's region: a Code, or UNKNOWN."""
        if not self.within:
            return UNKNOWN
        is_interval = self.schema.facts[self.within].period == "interval"
        return self.fact(self.within, day_span(self.subject.as_of) if is_interval else None)

    def call(self, node: nodes.Call, scope: Scope) -> Any:
        arguments = [self.value(argument, scope) for argument in node.arguments]
        function = FUNCTIONS.get(node.name)
        if function is not None:
            return function(*arguments)
        kind = self.schema.facts[node.name].period
        return self.fact(node.name, period_of(kind, arguments, scope))

    def path(self, node: nodes.Path, scope: Scope) -> Any:
        if isinstance(node.source, nodes.Name) and node.source.name == "parameters":
            return parameter_value(self.schema.parameters[node.field], self)
        source = self.value(node.source, scope)
        if isinstance(source, Record):
            return source.get(node.field)
        if isinstance(source, Members):
            return Members(tuple((record.get(node.field), doubt) for record, doubt in source.items))
        return unknown_of(source)

    def negate(self, node: nodes.Negate, scope: Scope) -> Any:
        operand = self.value(node.operand, scope)
        return FEEL.minus(operand) if isinstance(operand, Decimal) else operand

    def arithmetic(self, node: nodes.Arithmetic, scope: Scope) -> Any:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            return calculate(node.operator, left, right)
        return NONE if left is NONE or right is NONE else unknown_of(left, right)

    def compare(self, node: nodes.Compare, scope: Scope) -> Any:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        return compared(node.operator, left, right)

    def membership(self, node: nodes.In, scope: Scope) -> Any:
        return self.tested(self.value(node.value, scope), node.tests, scope)

    def tested(self, value: Any, tests: tuple[Node, ...], scope: Scope | None = None) -> Any:
        """Whether any test holds for a value, Kleene."""
        return any_of(self.test(value, test, scope) for test in tests)

    def test(self, value: Any, test: Node, scope: Scope | None) -> Any:
        if isinstance(test, nodes.Interval):
            low = self.bound(">=" if test.includes_low else ">", value, test.low, scope)
            high = self.bound("<=" if test.includes_high else "<", value, test.high, scope)
            return all_of((low, high))
        expected = self.value(test, scope)
        return has_member(expected, value) if isinstance(expected, Members) else matches(value, expected)

    def bound(self, operator: str, value: Any, limit: Node | None, scope: Scope | None) -> Any:
        return True if limit is None else compared(operator, value, self.value(limit, scope))

    def conjunction(self, node: nodes.And, scope: Scope) -> Any:
        return all_of(self.value(operand, scope) for operand in node.operands)

    def disjunction(self, node: nodes.Or, scope: Scope) -> Any:
        return any_of(self.value(operand, scope) for operand in node.operands)

    def negation(self, node: nodes.Not, scope: Scope) -> Any:
        operand = self.value(node.operand, scope)
        return not operand if isinstance(operand, bool) else unknown_of(operand)

    def conditional(self, node: nodes.If, scope: Scope) -> Any:
        condition = self.value(node.condition, scope)
        if isinstance(condition, bool):
            return self.value(node.then if condition else node.otherwise, scope)
        return agreed([self.value(node.then, scope), self.value(node.otherwise, scope)], condition)

    def list_of(self, node: nodes.ListOf, scope: Scope) -> Any:
        return Members.of(self.value(item, scope) for item in node.items)

    def quantified(self, node: nodes.Quantified, scope: Scope) -> Any:
        source = self.value(node.source, scope)
        if not isinstance(source, Members):
            return unknown_of(source)
        decisive = node.quantifier == "some"
        doubts: list[Any] = []
        for member, doubt in source.items:
            value = self.value(node.condition, {**scope, node.variable: member})
            if value is decisive and doubt is None:
                return decisive
            if value is not (not decisive):
                doubts += [value, doubt]
        return unknown_of(*doubts) if doubts else not decisive

    def iteration(self, node: nodes.For, scope: Scope) -> Any:
        source = self.value(node.source, scope)
        if not isinstance(source, Members):
            return unknown_of(source)
        return Members(
            tuple((self.value(node.result, {**scope, node.variable: item}), doubt) for item, doubt in source.items)
        )

    def filter(self, node: nodes.Filter, scope: Scope) -> Any:
        source = self.value(node.source, scope)
        if not isinstance(source, Members):
            return unknown_of(source)
        kept = []
        for member, doubt in source.items:
            value = self.value(node.condition, {**scope, **_fields(member), "item": member})
            if value is not False:
                unsure = value is not True or doubt is not None
                kept.append((member, unknown_of(value, doubt) if unsure else None))
        return Members(tuple(kept))


def dates_of(as_of: date) -> dict[str, Any]:
    """The built-in names of a day."""
    year = Decimal(as_of.year)
    return {"year": year, YEAR_OF_PERIOD: year, "month": Decimal(as_of.month), "as_of": as_of}


def dates_in(period: Period | Span | None) -> dict[str, Any]:
    """What `year`, `month` and `as_of` mean inside the expression of a derived fact of this period."""
    if isinstance(period, Period):
        month = {"month": Decimal(period.month)} if period.month else {}
        return {"year": Decimal(period.year), YEAR_OF_PERIOD: Decimal(period.year), **month}
    return dates_of(period.start) if period is not None and period.start is not None else {}


def period_of(kind: str, arguments: list[Any], scope: Scope) -> Period | Span | None:
    """The period that a fact's arguments name: a year; a month counted from January of the scope's year, or of a year
    given before it, so that 0 is last December; or the day that an interval fact is looked at."""
    if kind == "interval":
        return day_span(arguments[0])
    first, *rest = (int(argument) for argument in arguments)
    if kind == "year":
        return Period(first)
    return Period(first, 1).plus(rest[0] - 1) if rest else Period(int(scope[YEAR_OF_PERIOD]), 1).plus(first - 1)


def _fields(member: Any) -> dict[str, Any]:
    return {name: member.get(name) for name in member.relation.fields} if isinstance(member, Record) else {}


_RULES: dict[type[Node], Callable[[Evaluation, Any, Scope], Any]] = {
    nodes.Literal: Evaluation.literal,
    nodes.Name: Evaluation.name,
    nodes.Call: Evaluation.call,
    nodes.Path: Evaluation.path,
    nodes.Negate: Evaluation.negate,
    nodes.Arithmetic: Evaluation.arithmetic,
    nodes.Compare: Evaluation.compare,
    nodes.In: Evaluation.membership,
    nodes.And: Evaluation.conjunction,
    nodes.Or: Evaluation.disjunction,
    nodes.Not: Evaluation.negation,
    nodes.If: Evaluation.conditional,
    nodes.ListOf: Evaluation.list_of,
    nodes.Quantified: Evaluation.quantified,
    nodes.For: Evaluation.iteration,
    nodes.Filter: Evaluation.filter,
}
