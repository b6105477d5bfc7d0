"""What an expression means before it runs: every name known, every type and unit fitting, every division guarded."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rapidfuzz import process

from zhida.domain.errors import AuthorError, Problem
from zhida.domain.rules import nodes
from zhida.domain.rules.language.builtins import BUILTINS, NAMES_FROM_DATE
from zhida.domain.rules.language.calls import builtin_type, period_type
from zhida.domain.rules.language.coverage import has_gap, problems_of, scale_of
from zhida.domain.rules.language.guards import is_surely_nonzero, nonzero_when
from zhida.domain.rules.language.interfaces import Guards, Scope
from zhida.domain.rules.language.types import (
    ANY,
    BOOLEAN,
    CURES,
    DATE,
    NUMBER,
    WHOLE,
    Type,
    decimals_of,
    fields_of,
    list_of,
    merged,
    misfit,
    type_of_constant,
    type_of_fact,
)
from zhida.domain.rules.language.writing import write
from zhida.domain.rules.nodes import Node
from zhida.domain.rules.places import NOWHERE, Place
from zhida.domain.rules.schema import Amount, FactType, Schema
from zhida.domain.rules.tables import Table
from zhida.domain.sentences import tell

MAX_POWER = 100
NO_GUARDS: Guards = frozenset()
NO_NAMES: Scope = {}


def check(
    node: Node, schema: Schema, place: Place = NOWHERE, *, expects: Type | None = None, bound: Scope = NO_NAMES
) -> Type:
    """The type of an expression. `bound` types the names bound around it (the record of a `for_each` item).

    Raises AuthorError with every Problem found, each with a hint.
    """
    checker = Checker(schema, place, bound)
    found = checker.type_of(node, bound, NO_GUARDS)
    if expects is not None:
        checker.fits(found, expects, node)
    checker.close()
    return found


class Checker:
    """Types nodes one by one and gathers problems. `known` remembers the types of tables and amounts by name."""

    def __init__(self, schema: Schema, place: Place = NOWHERE, bound: Scope = NO_NAMES) -> None:
        self.schema = schema
        self.place = place
        self.bound = bound
        self.problems: list[Problem] = []
        self.known: dict[str, Type] = {}

    def at(self, place: Place) -> Checker:
        """The same checker, telling problems of an expression that stands elsewhere."""
        other = copy(self)
        other.place = place
        return other

    def close(self) -> None:
        """Raises AuthorError where anything was found."""
        if self.problems:
            raise AuthorError(self.problems)

    def refuse(self, node: Node, code: str, words: str, hint: str = "") -> Type:
        """Notes a problem and goes on with a type that fits everything, so that one mistake is told once."""
        self.problems.append(self.place.problem(node.at, code, words, hint))
        return ANY

    def type_of(self, node: Node, scope: Scope, guards: Guards) -> Type:
        rule = _RULES.get(type(node))
        if rule is None:
            return self.refuse(node, "not_in_packs", tell("packs do not use {kind}", kind=type(node).__name__))
        return rule(self, node, scope, guards)

    def fits(self, found: Type, wanted: Type, node: Node) -> bool:
        """Notes a problem where one type does not fit another."""
        if merged(found, wanted) is not None:
            return True
        words = tell("expected {wanted}, found {found}", wanted=wanted.told, found=found.told)
        self.refuse(node, misfit(found, wanted), words, CURES.get((found.kind, wanted.kind), ""))
        return False

    def together(self, left: Type, right: Type, node: Node) -> Type:
        """The type of a value that is one or the other; notes a problem where the right one does not fit. A code does
        not go together with a text of no tree."""
        found = merged(left, right) if left.code_tree == right.code_tree else None
        if found is None and "any" not in (left.kind, right.kind):
            words = tell("expected {left}, as on the other side, found {right}", left=left.told, right=right.told)
            self.refuse(node, misfit(left, right), words)
        return found or ANY

    def sure(self, node: Node, scope: Scope, guards: Guards, wanted: Type) -> Type:
        """The type of an operand that must be given: a table that may give none stands only in amounts."""
        found = self.type_of(node, scope, guards)
        if found.gapped:
            hint = "add a row for the rest (`-` in every cell)"
            return self.refuse(node, "may_give_none", "this table has no row for some subjects", hint)
        return found if self.fits(found, wanted, node) else ANY

    def literal(self, node: nodes.Literal, scope: Scope, guards: Guards) -> Type:
        return type_of_constant(node.value)

    def name(self, node: nodes.Name, scope: Scope, guards: Guards) -> Type:
        name, schema = node.name, self.schema
        if name in scope:
            return scope[name]
        if name in NAMES_FROM_DATE:
            return DATE if name == "as_of" else WHOLE
        if name in schema.tangled:
            return self.tangled(node, name)
        if name in schema.facts:
            return self.fact_without_period(node, schema.facts[name])
        if name in schema.relations:
            return list_of(Type("record", relation=schema.relations[name]))
        if name in schema.tables or name in schema.amounts:
            return self.named_type(name)
        if name == "parameters":
            return self.refuse(node, "unknown_name", "`parameters` needs a name behind it", "write parameters.name")
        names = [*scope, *NAMES_FROM_DATE, *schema.facts, *schema.relations, *schema.tables, *schema.amounts]
        return self.unknown_name(node, name, names)

    def unknown_name(self, node: Node, name: str, names: list[str], code: str = "unknown_name") -> Type:
        close = process.extractOne(name, names, score_cutoff=65)
        hint = tell("did you mean `{name}`?", name=close[0]) if close else "declare it in the dictionary or in the pack"
        return self.refuse(node, code, tell("`{name}` is not known", name=name), hint)

    def fact_without_period(self, node: Node, fact: FactType) -> Type:
        if fact.period == "none":
            return type_of_fact(fact, self.schema.relations.get(fact.name))
        argument = {"year": "year - 1", "month": "month - 1", "interval": "as_of"}[fact.period]
        words = tell("`{fact}` is a fact of a {period}, and none is given", fact=fact.name, period=tell(fact.period))
        hint = tell("write {fact}({argument})", fact=fact.name, argument=argument)
        return self.refuse(node, "period_missing", words, hint)

    def tangled(self, node: Node, name: str) -> Type:
        words = tell("`{name}` is found inside itself, or stands on too long a chain of names", name=name)
        return self.refuse(node, "name_in_itself", words, "a name is made of names that stand before it")

    def named_type(self, name: str) -> Type:
        """The type of a table or an amount, checked at its own place, once."""
        if name not in self.known:
            table = self.schema.tables.get(name)
            self.known[name] = self.table_type(table) if table else self.amount_type(self.schema.amounts[name])
        return self.known[name]

    def amount_type(self, amount: Amount) -> Type:
        inner = self.at(amount.place)
        found = inner.type_of(amount.value, self.bound, NO_GUARDS)
        inner.fits(found, NUMBER, amount.value)
        return found

    def table_type(self, table: Table) -> Type:
        """The type of what a table gives; notes what is wrong with its inputs, cells and rows."""
        inner = self.at(table.place)
        inputs = [inner.sure(column.value, self.bound, NO_GUARDS, ANY) for column in table.by]
        given = [(row.gives, self.at(row.place)) for row in table.rows]
        given += [(table.cap, inner)] if table.cap else []
        found = ANY
        for index, (gives, at) in enumerate(given):
            kind = at.type_of(gives, self.bound, NO_GUARDS)
            found = at.together(found, kind, gives) if index else kind
        if table.hit in ("collect_sum", "marginal") or table.cap:
            inner.fits(found, NUMBER, table.rows[0].gives if table.rows else nodes.Name(table.name))
        shape = problems_of(table, inputs, self.schema)
        self.problems += shape
        scale = None if shape else scale_of(table, inputs, found)
        gapped = found.gapped or has_gap(table, inputs, self.schema)
        return replace(found, scale=scale, low=None, high=None, gapped=gapped)

    def negate(self, node: nodes.Negate, scope: Scope, guards: Guards) -> Type:
        found = self.number(node.operand, scope, guards)
        return replace(found, low=None, high=None)

    def number(self, node: Node, scope: Scope, guards: Guards) -> Type:
        found = self.type_of(node, scope, guards)
        return found if self.fits(found, NUMBER, node) else ANY

    def arithmetic(self, node: nodes.Arithmetic, scope: Scope, guards: Guards) -> Type:
        left, right = self.number(node.left, scope, guards), self.number(node.right, scope, guards)
        if "any" in (left.kind, right.kind):
            return ANY
        gapped = left.gapped or right.gapped
        if node.operator in "+-":
            return replace(self.together(left, right, node.right), low=None, high=None)
        if node.operator == "**":
            return replace(self.power(node, left), gapped=gapped)
        if node.operator == "/":
            return replace(self.quotient(node, left, right, guards), gapped=gapped)
        unit = "" if left.unit and right.unit else left.unit or right.unit
        known = left.scale is not None and right.scale is not None
        return Type("number", unit, (left.scale or 0) + (right.scale or 0) if known else None, gapped=gapped)

    def power(self, node: nodes.Arithmetic, base: Type) -> Type:
        power = node.right.value if isinstance(node.right, nodes.Literal) else None
        if not isinstance(power, Decimal) or decimals_of(power) or not 0 <= power <= MAX_POWER:
            words = tell("an exponent is a constant whole number from 0 to {most}", most=MAX_POWER)
            return self.refuse(node.right, "exponent_not_constant", words)
        return Type("number", scale=None if base.scale is None else base.scale * int(power))

    def quotient(self, node: nodes.Arithmetic, left: Type, right: Type, guards: Guards) -> Type:
        if not is_surely_nonzero(node.right, guards, self.schema):
            divisor = write(node.right)
            words = tell("`{divisor}` may be zero", divisor=divisor)
            hint = tell("write if {divisor} = 0 then … else …", divisor=divisor)
            self.refuse(node.right, "division_unguarded", words, hint)
        return Type("number", left.unit if not right.unit else "")

    def compare(self, node: nodes.Compare, scope: Scope, guards: Guards) -> Type:
        left = self.sure(node.left, scope, guards, ANY)
        right = self.sure(node.right, scope, guards, ANY)
        if not self.fits(right, left, node.right):
            return BOOLEAN
        ordered = node.operator not in ("=", "!=")
        if {left.kind, right.kind} & {"list", "record"} or (ordered and {left.kind, right.kind} & {"text", "boolean"}):
            words = tell("{left} has no `{operator}`", left=left.told, operator=node.operator)
            self.refuse(node, "not_comparable", words, "see `in`, `list contains`, `some`")
        elif left.code_tree or right.code_tree:
            hint = "write within(code, …) or code in (…): both know that a code may be too coarse to tell"
            words = tell("codes of a tree have no `{operator}`", operator=node.operator)
            self.refuse(node, "code_compared", words, hint)
        self.listed(node.right, left)
        self.listed(node.left, right)
        return BOOLEAN

    def listed(self, node: Node, other: Type) -> None:
        """Notes a text constant that is not in the other side's closed list or tree."""
        if not isinstance(node, nodes.Literal) or not isinstance(node.value, str):
            return
        tree = self.schema.code_trees.get(other.code_tree)
        known = tree.parents if tree is not None else other.values
        if (tree is not None or other.values) and node.value not in known:
            self.unknown_name(node, node.value, list(known), "value_not_listed")

    def membership(self, node: nodes.In, scope: Scope, guards: Guards) -> Type:
        value = self.sure(node.value, scope, guards, ANY)
        for test in node.tests:
            self.test(test, value, scope, guards)
        return BOOLEAN

    def test(self, test: Node, value: Type, scope: Scope, guards: Guards) -> None:
        """Notes what does not fit between a value and one test of it."""
        if isinstance(test, nodes.Interval):
            if value.kind not in ("number", "date", "any"):
                words = tell("{value} has no order", value=value.told)
                self.refuse(test, "wrong_type", words, "an interval holds numbers or dates")
                return
            for limit in filter(None, (test.low, test.high)):
                self.sure(limit, scope, guards, value)
            return
        found = self.sure(test, scope, guards, ANY)
        expected = found.item if found.kind == "list" and found.item else found
        if value.kind in ("list", "record"):
            words = tell("{value} is not looked up", value=value.told)
            self.refuse(test, "not_comparable", words, "see `list contains` and `some`")
        elif self.fits(expected, value, test):
            for item in test.items if isinstance(test, nodes.ListOf) else (test,):
                self.listed(item, value)

    def interval(self, node: nodes.Interval, scope: Scope, guards: Guards) -> Type:
        return self.refuse(node, "interval_alone", "an interval stands only behind `in`", "write x in [a..b]")

    def junction(self, node: nodes.And | nodes.Or, scope: Scope, guards: Guards) -> Type:
        for operand in node.operands:
            self.sure(operand, scope, guards, BOOLEAN)
            guards |= nonzero_when(operand, isinstance(node, nodes.And))
        return BOOLEAN

    def negation(self, node: nodes.Not, scope: Scope, guards: Guards) -> Type:
        self.sure(node.operand, scope, guards, BOOLEAN)
        return BOOLEAN

    def conditional(self, node: nodes.If, scope: Scope, guards: Guards) -> Type:
        self.sure(node.condition, scope, guards, BOOLEAN)
        then = self.type_of(node.then, scope, guards | nonzero_when(node.condition, True))
        otherwise = self.type_of(node.otherwise, scope, guards | nonzero_when(node.condition, False))
        return self.together(then, otherwise, node.otherwise)

    def list_of(self, node: nodes.ListOf, scope: Scope, guards: Guards) -> Type:
        if not node.items:
            return self.refuse(node, "empty_list", "a list that is written out has a member")
        first, *rest = (self.sure(item, scope, guards, ANY) for item in node.items)
        for found, item in zip(rest, node.items[1:], strict=True):
            first = self.together(first, found, item)
        return self.listing(first, node)

    def listing(self, item: Type, node: Node) -> Type:
        if item.kind == "list":
            return self.refuse(node, "list_in_list", "a list holds single values")
        return ANY if item.kind == "any" else list_of(item)

    def source(self, node: Node, scope: Scope, guards: Guards) -> Type:
        """The member type of a list that is walked."""
        found = self.type_of(node, scope, guards)
        if found.kind not in ("list", "any"):
            self.refuse(node, "wrong_type", tell("expected a list, found {found}", found=found.told))
        return found.item or ANY

    def binding(self, name: str, item: Type, scope: Scope, node: Node) -> Scope:
        schema = self.schema
        taken = (*scope, *NAMES_FROM_DATE, "parameters", *schema.facts, *schema.relations, *schema.tables)
        if name in taken or name in schema.amounts:
            self.refuse(node, "name_taken", tell("`{name}` already means something", name=name), "choose another name")
        return {**scope, name: item}

    def quantified(self, node: nodes.Quantified, scope: Scope, guards: Guards) -> Type:
        item = self.source(node.source, scope, guards)
        self.sure(node.condition, self.binding(node.variable, item, scope, node), guards, BOOLEAN)
        return BOOLEAN

    def iteration(self, node: nodes.For, scope: Scope, guards: Guards) -> Type:
        item = self.source(node.source, scope, guards)
        return self.listing(self.type_of(node.result, self.binding(node.variable, item, scope, node), guards), node)

    def filter(self, node: nodes.Filter, scope: Scope, guards: Guards) -> Type:
        item = self.source(node.source, scope, guards)
        fields = fields_of(item)
        hidden = guards if not fields else NO_GUARDS
        self.sure(node.condition, {**scope, **fields, "item": item}, hidden, BOOLEAN)
        return self.listing(item, node)

    def path(self, node: nodes.Path, scope: Scope, guards: Guards) -> Type:
        if node.source == nodes.Name("parameters") and "parameters" not in scope:
            return self.parameter(node)
        source = self.type_of(node.source, scope, guards)
        record = source.item if source.kind == "list" and source.item else source
        if record.kind == "any":
            return ANY
        fields = fields_of(record)
        if node.field in fields:
            return self.listing(fields[node.field], node) if source.kind == "list" else fields[node.field]
        if not fields:
            return self.refuse(node, "wrong_type", tell("{source} has no fields", source=source.told))
        return self.unknown_name(node, node.field, list(fields))

    def parameter(self, node: nodes.Path) -> Type:
        series = self.schema.parameters.get(node.field)
        if series is None:
            return self.unknown_name(node, node.field, list(self.schema.parameters))
        types = [type_of_constant(row.value) for row in series.rows]
        found = types[0] if types else ANY
        for other in types[1:]:
            found = merged(found, other) or ANY
        return replace(found, unit=series.unit)

    def call(self, node: nodes.Call, scope: Scope, guards: Guards) -> Type:
        if node.name in BUILTINS:
            return builtin_type(self, node, scope, guards)
        fact = self.schema.facts.get(node.name)
        if fact is None:
            return self.unknown_name(node, node.name, [*BUILTINS, *self.schema.facts])
        if node.name in self.schema.tangled:
            return self.tangled(node, node.name)
        return period_type(self, node, fact, scope)


_RULES: dict[type[Node], Callable[[Checker, Any, Scope, Guards], Type]] = {
    nodes.Literal: Checker.literal,
    nodes.Name: Checker.name,
    nodes.Call: Checker.call,
    nodes.Path: Checker.path,
    nodes.Negate: Checker.negate,
    nodes.Arithmetic: Checker.arithmetic,
    nodes.Compare: Checker.compare,
    nodes.In: Checker.membership,
    nodes.Interval: Checker.interval,
    nodes.And: Checker.junction,
    nodes.Or: Checker.junction,
    nodes.Not: Checker.negation,
    nodes.If: Checker.conditional,
    nodes.ListOf: Checker.list_of,
    nodes.Quantified: Checker.quantified,
    nodes.For: Checker.iteration,
    nodes.Filter: Checker.filter,
}
