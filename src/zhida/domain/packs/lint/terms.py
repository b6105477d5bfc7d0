"""A program's expressions as the solver's terms: what could be true of any subject whose facts are all known.

Kleene logic never answers less when more is known, so a condition that no fully known subject meets is met by nobody:
unknown facts need no term of their own. Whatever the solver cannot follow (a sum over records, a text inside another)
becomes a free term, held to what is sure of it. So the terms allow for more subjects than there are: what they rule out
is ruled out, and what they allow is told only after the judge engine has confirmed it (`witnesses`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.packs.lint.calendar_terms import CalendarTerms
from zhida.domain.packs.lint.solving import Solver
from zhida.domain.packs.lint.table_terms import exact, given
from zhida.domain.rules import FactType, Node, Program, RelationType, Table, nodes, write

Scope = Mapping[str, Any]
NO_SCOPE: Scope = {}


@dataclass(frozen=True)
class Record:
    """Any one record of a relation; `prefix` tells its fields apart from other records' fields."""

    prefix: str
    relation: RelationType


@dataclass(frozen=True)
class Listed:
    """A list. `key` is how it is written; `member` makes a record that could be in it, with what is sure of that."""

    key: str
    relation: RelationType | None
    conditions: tuple[tuple[Node, Scope], ...] = ()


@dataclass(frozen=True)
class Code:
    """A code of a tree, known by the places that it lies in."""

    name: str
    tree: str


@dataclass(frozen=True)
class FactTerm:
    """A fact that the solver chooses: its type, the arguments of its period, and the term (or Code) that stands for
    it."""

    fact: FactType
    arguments: tuple[Node, ...]
    term: Any


class Terms:
    """Terms of one program. `facts` are those chosen so far, by how they are written. Two programs in one solver share
    their facts and their day; a `prefix` tells apart what else each makes of its own expressions."""

    def __init__(self, program: Program, solver: Solver, prefix: str = "") -> None:
        self.program = program
        self.prefix = prefix
        self.schema = program.schema
        self.solver = solver
        self.z3 = solver.z3
        self.facts: dict[str, FactTerm] = {}
        self.texts = solver.texts
        self.places: dict[str, dict[str, Any]] = {}
        self._named: dict[str, Any] = {}
        self._free: dict[str, Any] = {}
        self.calendar = CalendarTerms(program, solver, prefix)
        relation = self.schema.relations.get(program.for_each)
        self.bound: Scope = {relation.singular: Record(relation.singular, relation)} if relation else NO_SCOPE
        if program.within and program.region:
            solver.know(self.within(self.fact(program.within, ()), program.region))

    def term(self, node: Node, scope: Scope | None = None) -> Any:
        """The term of an expression; `scope` is what names are bound to around it."""
        return _RULES[type(node)](self, node, self.bound if scope is None else scope)

    def free(self, key: str, sort: str) -> Any:
        """A term that may have any value, the same one for the same key."""
        if key not in self._free:
            self._free[key] = self._make(self.prefix + key, sort)
        return self._free[key]

    def _make(self, name: str, sort: str) -> Any:
        make = {"boolean": self.z3.Bool, "number": self.z3.Real, "text": self.z3.Int, "date": self.z3.Real}
        return make[sort](name)

    def known(self, key: str, sort: str, *sure: Callable[[Any], Any]) -> Any:
        """A free term of which something is sure, noted once."""
        is_new = key not in self._free
        term = self.free(key, sort)
        if is_new:
            self.solver.know(*(each(term) for each in sure))
        return term

    def text(self, value: str) -> Any:
        """A text as a number of its own."""
        return self.z3.IntVal(self.texts.setdefault(value, len(self.texts)))

    def fact(self, name: str, arguments: tuple[Node, ...]) -> Any:
        """A fact's term: its expression where it is always derived anew, else a free choice within its domain."""
        fact = self.schema.facts.get(name)
        if fact is None:
            return Listed(name, self.schema.relations[name])
        if fact.expression is not None and not fact.reads_stored and not arguments:
            return self.derived(fact, fact.expression)
        key = f"{name}({', '.join(map(write, arguments))})" if arguments else name
        return self.chosen(key, fact, arguments)

    def derived(self, fact: FactType, expression: Node) -> Any:
        """A fact that is derived anew each time, within the domain that the dictionary gives it."""
        if fact.name not in self._named:
            own, self.prefix, self.calendar.prefix = self.prefix, "", ""
            term = self.named(fact.name, expression)
            self.prefix = self.calendar.prefix = own
            self.solver.know(*(self._bounds(fact, term) if fact.kind == "number" else ()))
        return self._named[fact.name]

    def _bounds(self, fact: FactType, term: Any) -> list[Any]:
        low = [term >= exact(fact.minimum, self.z3)] if fact.minimum is not None else []
        return low + ([term <= exact(fact.maximum, self.z3)] if fact.maximum is not None else [])

    def chosen(self, key: str, fact: FactType, arguments: tuple[Node, ...] = ()) -> Any:
        """A free choice of a fact or of a record's field."""
        if key not in self.facts:
            self.facts[key] = FactTerm(fact, arguments, self._choice(key, fact))
        return self.facts[key].term

    def _choice(self, key: str, fact: FactType) -> Any:
        if fact.kind == "texts":
            return Listed(key, None)
        if fact.kind == "text" and fact.code_tree:
            return Code(key, fact.code_tree)
        term = self._make(key, fact.kind)
        if fact.kind == "number":
            self.solver.know(*self._bounds(fact, term))
            self.solver.know_whole(self.z3.IsInt(term * 10**fact.scale))
        elif fact.kind == "date":
            self.solver.know(term >= 1, term <= date.max.toordinal())
            self.solver.know_whole(self.z3.IsInt(term))
        elif fact.values:
            self.solver.know(self.z3.Or(*(term == self.text(value) for value in fact.values)))
        return term

    def named(self, name: str, expression: Node) -> Any:
        """The term of a named expression, made once."""
        if name not in self._named:
            self._named[name] = self.term(expression)
        return self._named[name]

    def within(self, code: Any, place: str) -> Any:
        """Whether a code lies in a place. Places lie in each other or apart, as their tree says."""
        if not isinstance(code, Code):
            return code == self.text(place)
        known, tree = self.places.setdefault(code.name, {}), self.schema.code_trees[code.tree]
        if place not in known:
            term = self.z3.Bool(f"{code.name} in {place}")
            for other, held in known.items():
                if tree.within(place, other):
                    self.solver.know(self.z3.Implies(term, held))
                elif tree.within(other, place):
                    self.solver.know(self.z3.Implies(held, term))
                else:
                    self.solver.know(self.z3.Not(self.z3.And(term, held)))
            known[place] = term
        return known[place]

    def literal(self, node: nodes.Literal, scope: Scope) -> Any:
        if isinstance(node.value, bool):
            return self.z3.BoolVal(node.value)
        if isinstance(node.value, Decimal):
            return exact(node.value, self.z3)
        return self.text(node.value) if isinstance(node.value, str) else self.z3.RealVal(node.value.toordinal())

    def name(self, node: nodes.Name, scope: Scope) -> Any:
        name = node.name
        if name in scope:
            return scope[name]
        if name in ("year", "month", "as_of"):
            return self.calendar.name(name)
        if name in self.schema.tables:
            return self.table(self.schema.tables[name])
        if name in self.schema.amounts:
            return self.named(name, self.schema.amounts[name].value)
        return self.fact(name, ())

    def call(self, node: nodes.Call, scope: Scope) -> Any:
        if node.name in self.schema.facts:
            return self.fact(node.name, node.arguments)
        if node.name == "within":
            places = node.arguments[1]
            listed = places.items if isinstance(places, nodes.ListOf) else (places,)
            code = self.term(node.arguments[0], scope)
            return self.z3.Or(
                *(self.within(code, str(each.value)) for each in listed if isinstance(each, nodes.Literal))
            )
        if node.name in ("contains", "list contains"):
            return self.free(self.key(node, scope), "boolean")
        arguments = [self.term(each, scope) for each in node.arguments]
        return (
            self.calendar.call(node, arguments, self.key(node, scope))
            if node.name in _DATES
            else self.number_call(node, arguments, scope)
        )

    def number_call(self, node: nodes.Call, arguments: list[Any], scope: Scope) -> Any:
        z3, key = self.z3, self.key(node, scope)
        if isinstance(arguments[0], Listed):
            return self.over_list(node, arguments[0], scope)
        if node.name in ("min", "max"):
            found = arguments[0]
            for other in arguments[1:]:
                found = z3.If(other < found if node.name == "min" else other > found, other, found)
            return found
        if node.name == "sum":
            return z3.Sum(*arguments)
        if node.name == "abs":
            return z3.If(arguments[0] < 0, -arguments[0], arguments[0])
        digits = node.arguments[1] if len(node.arguments) > 1 else None
        shift = int(digits.value) if isinstance(digits, nodes.Literal) else 0  # type: ignore[arg-type]
        unit = exact(Decimal(1).scaleb(-shift), z3)
        return self.rounded(node.name, arguments[0], unit, key)

    def rounded(self, name: str, value: Any, unit: Any, key: str) -> Any:
        """A number rounded to a unit: within a unit of the value on the side that the function says."""
        term = self.free(key, "number")
        if name in ("floor", "ceiling"):
            gap = value - term if name == "floor" else term - value
            self.solver.know(gap >= 0, gap < unit)
        else:
            self.solver.know(term - value <= unit / 2, value - term <= unit / 2)
        self.solver.know_whole(self.z3.IsInt(term / unit))
        return term

    def over_list(self, node: nodes.Call, listed: Listed, scope: Scope) -> Any:
        """A count or a sum over a list: not below zero where no member can be; above zero only with a member."""
        if node.name == "count":
            count = self.known(f"count {listed.key}", "number", lambda term: term >= 0)
            self.solver.know_whole(self.z3.IsInt(count))
            self.solver.know(self.z3.Implies(count > 0, self.belongs(f"member {listed.key}", listed)))
            return count
        term = self.known(self.key(node, scope), "number")
        if node.name == "sum" and self.is_never_negative(node.arguments[0], scope):
            self.solver.know(term >= 0)
        return term

    def belongs(self, prefix: str, listed: Listed) -> Any:
        """What is sure of a record that is in a list."""
        if listed.relation is None or not listed.conditions:
            return self.z3.BoolVal(True)
        record = Record(prefix, listed.relation)
        fields = {name: self.field(record, name) for name in listed.relation.fields}
        return self.z3.And(*(self.term(each, {**scope, **fields, "item": record}) for each, scope in listed.conditions))

    def field(self, record: Record, name: str) -> Any:
        return self.chosen(f"{record.prefix}.{name}", record.relation.fields[name])

    def is_never_negative(self, node: Node, scope: Scope) -> bool:
        """Whether every number that an expression gives is surely zero or more."""
        if isinstance(node, nodes.Literal):
            return isinstance(node.value, Decimal) and node.value >= 0
        if isinstance(node, nodes.For):
            return self.is_never_negative(node.result, scope)
        if isinstance(node, nodes.If):
            return self.is_never_negative(node.then, scope) and self.is_never_negative(node.otherwise, scope)
        field = node.field if isinstance(node, nodes.Path) else ""
        types = [each.fields[field] for each in self.schema.relations.values() if field in each.fields]
        return bool(types) and all(each.minimum is not None and each.minimum >= 0 for each in types)

    def path(self, node: nodes.Path, scope: Scope) -> Any:
        if node.source == nodes.Name("parameters"):
            return self.calendar.parameter(self.schema.parameters[node.field], self)
        source = self.term(node.source, scope)
        return self.field(source, node.field) if isinstance(source, Record) else Listed(self.key(node, scope), None)

    def arithmetic(self, node: nodes.Arithmetic, scope: Scope) -> Any:
        left, right = self.term(node.left, scope), self.term(node.right, scope)
        if node.operator == "+":
            return left + right
        if node.operator == "-":
            return left - right
        if node.operator == "/":
            return left / right
        return left * right if node.operator == "*" else left**right

    def compare(self, node: nodes.Compare, scope: Scope) -> Any:
        left, right = self.term(node.left, scope), self.term(node.right, scope)
        if isinstance(left, Code) or isinstance(right, Code) or isinstance(left, Listed | Record):
            return self.free(self.key(node, scope), "boolean")
        return _ORDERS[node.operator](left, right)

    def membership(self, node: nodes.In, scope: Scope) -> Any:
        value = self.term(node.value, scope)
        return self.z3.Or(*(self.test(value, test, scope) for test in node.tests))

    def test(self, value: Any, test: Node, scope: Scope) -> Any:
        """Whether one test holds for a value."""
        if isinstance(test, nodes.Interval):
            bounds = []
            if test.low is not None:
                bounds.append(_ORDERS[">=" if test.includes_low else ">"](value, self.term(test.low, scope)))
            if test.high is not None:
                bounds.append(_ORDERS["<=" if test.includes_high else "<"](value, self.term(test.high, scope)))
            return self.z3.And(*bounds)
        if isinstance(test, nodes.ListOf):
            return self.z3.Or(*(self.test(value, each, scope) for each in test.items))
        if isinstance(value, Code):
            if isinstance(test, nodes.Literal) and isinstance(test.value, str):
                return self.within(value, test.value)
            return self.free(f"{value.name} in {write(test)}", "boolean")
        expected = self.term(test, scope)
        return (
            self.free(f"in {self.key(test, scope)}", "boolean") if isinstance(expected, Listed) else value == expected
        )

    def quantified(self, node: nodes.Quantified, scope: Scope) -> Any:
        """`some` needs a record that fits, a failed `every` one that does not; nothing more is sure of either."""
        found = self.free(self.key(node, scope), "boolean")
        member = self.member(node, scope)
        if member is not None:
            inner, belongs = member
            holds = self.term(node.condition, inner)
            if node.quantifier == "some":
                self.solver.know(self.z3.Implies(found, self.z3.And(holds, belongs)))
            else:
                self.solver.know(self.z3.Implies(self.z3.Not(found), self.z3.And(self.z3.Not(holds), belongs)))
        return found

    def member(self, node: nodes.Quantified, scope: Scope) -> tuple[Scope, Any] | None:
        """The names inside a quantifier, with its record, and what is sure of that record; None for other lists."""
        source, key = self.term(node.source, scope), self.key(node, scope)
        if not isinstance(source, Listed) or source.relation is None:
            return None
        return {**scope, node.variable: Record(key, source.relation)}, self.belongs(key, source)

    def filter(self, node: nodes.Filter, scope: Scope) -> Any:
        source = self.term(node.source, scope)
        if not isinstance(source, Listed):
            return Listed(self.key(node, scope), None)
        return Listed(self.key(node, scope), source.relation, (*source.conditions, (node.condition, scope)))

    def table(self, table: Table) -> Any:
        """What a table gives, made once."""
        if table.name not in self._named:
            self._named[table.name] = given(self, table)
        return self._named[table.name]

    def key(self, node: Node, scope: Scope) -> str:
        """How a node is written, told apart by the records that its names are bound to."""
        records = sorted({value.prefix for value in scope.values() if isinstance(value, Record)} - {*self.bound})
        return " | ".join([write(node), *records])


_ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
_DATES = ("years_between", "months_between", "days_between", "add_months", "year", "month", "day")


_RULES: dict[type[Node], Callable[[Terms, Any, Scope], Any]] = {
    nodes.Literal: Terms.literal,
    nodes.Name: Terms.name,
    nodes.Call: Terms.call,
    nodes.Path: Terms.path,
    nodes.Negate: lambda terms, node, scope: -terms.term(node.operand, scope),
    nodes.Arithmetic: Terms.arithmetic,
    nodes.Compare: Terms.compare,
    nodes.In: Terms.membership,
    nodes.And: lambda terms, node, scope: terms.z3.And(*(terms.term(each, scope) for each in node.operands)),
    nodes.Or: lambda terms, node, scope: terms.z3.Or(*(terms.term(each, scope) for each in node.operands)),
    nodes.Not: lambda terms, node, scope: terms.z3.Not(terms.term(node.operand, scope)),
    nodes.If: lambda terms, node, scope: terms.z3.If(
        terms.term(node.condition, scope), terms.term(node.then, scope), terms.term(node.otherwise, scope)
    ),
    nodes.ListOf: lambda terms, node, scope: Listed(terms.key(node, scope), None),
    nodes.Quantified: Terms.quantified,
    nodes.For: lambda terms, node, scope: Listed(terms.key(node, scope), None),
    nodes.Filter: Terms.filter,
}
