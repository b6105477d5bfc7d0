"""Conditions that decide nothing: never true, always true, following from what stands beside them; rows never reached.

Decided by the solver. A requirement is looked at alone, then each part of it among the others, then the requirements of
an item together: who meets all of them is entitled, and rows and branches of the amount are looked at for those.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from zhida.domain.packs.items import Item
from zhida.domain.packs.lint.findings import Finding, at_place
from zhida.domain.packs.lint.solving import Can, Solver
from zhida.domain.packs.lint.table_terms import row_gives
from zhida.domain.packs.lint.terms import Scope, Terms
from zhida.domain.rules import Alternative, Node, Place, Requirement, Table, nodes, walk, write
from zhida.domain.rules.language.guards import nonzero_when


@dataclass(frozen=True)
class Around:
    """What surrounds a part of an expression: its place, the rule it belongs to, the names bound there, and the terms
    that hold wherever the part is read."""

    place: Place
    about: str
    scope: Scope
    sure: tuple[Any, ...] = ()


class Conditions:
    """One item's conditions as terms; `entitled` is what all computed requirements ask together."""

    def __init__(self, item: Item, solver: Solver, prefix: str = "") -> None:
        self.item = item
        self.z3 = z3 = solver.z3
        self.solver = solver
        self.terms = Terms(item.program, solver, prefix)
        computed = [each for each in item.program.requires if each.kind == "computed"]
        self.met = {each.name: self._any(each) for each in computed}
        self.requirements = {each.name: each for each in computed}
        self.entitled = z3.And(*self.met.values())

    def _any(self, requirement: Requirement) -> Any:
        return self.z3.Or(*(self.terms.term(each.when) for each in requirement.alternatives))

    def never(self, *conditions: Any) -> bool:
        """Whether no subject can be so."""
        return self.solver.can(*conditions) is Can.NO

    def around(self, place: Place, about: str, *sure: Any) -> Around:
        """Where an expression of the item stands, and what is taken for granted there."""
        return Around(place, about, self.terms.bound, sure)

    def findings(self) -> Iterator[Finding]:
        """Everything that is told of the item's requirements."""
        hopeless = set()
        for name, requirement in self.requirements.items():
            found = [*self._of_requirement(requirement)]
            hopeless |= {name for each in found if each.code in ("never_true", "always_true")}
            yield from found
        yield from self._together([name for name in self.met if name not in hopeless])

    def _of_requirement(self, requirement: Requirement) -> Iterator[Finding]:
        terms = [self.terms.term(each.when) for each in requirement.alternatives]
        dead = [position for position, term in enumerate(terms) if self.never(term)]
        for position in dead:
            yield _never(requirement, requirement.alternatives[position])
        if self.never(self.z3.Not(self.met[requirement.name])):
            yield _always(requirement)
            return
        alive = [position for position in range(len(terms)) if position not in dead]
        for position in alive:
            others = [terms[each] for each in alive if each != position]
            alternative = requirement.alternatives[position]
            if others and self.never(terms[position], self.z3.Not(self.z3.Or(*others))):
                yield _alternative_adds_nothing(requirement, alternative)
                alive = [each for each in alive if each != position]
            else:
                yield from self.parts(alternative.when, self.around(alternative.place, requirement.name))

    def parts(self, node: Node, at: Around) -> Iterator[Finding]:
        """The parts of a condition, each among what stands beside it."""
        if isinstance(node, nodes.And | nodes.Or):
            yield from self._operands(node, at)
        elif isinstance(node, nodes.Not):
            yield from self.parts(node.operand, at)
        elif isinstance(node, nodes.In):
            yield from self._tests(node, at)
        elif isinstance(node, nodes.Quantified):
            member = self.terms.member(node, at.scope)
            if member is not None:
                yield from self.parts(node.condition, replace(at, scope=member[0], sure=(*at.sure, member[1])))
        else:
            yield from self.branches(node, at)

    def _operands(self, node: nodes.And | nodes.Or, at: Around) -> Iterator[Finding]:
        is_and, no = isinstance(node, nodes.And), self.z3.Not
        terms = [self.terms.term(each, at.scope) for each in node.operands]
        guards = _divisors(node)
        kept = [*range(len(terms))]
        for position in reversed(range(len(terms))):
            others = [terms[each] for each in kept if each != position]
            operand, term = node.operands[position], terms[position]
            sides = (*others, no(term)) if is_and else (term, *(no(each) for each in others))
            if not (guards & nonzero_when(operand, is_and)) and self.never(*at.sure, *sides):
                yield _operand_adds_nothing(at, operand, is_and)
                kept.remove(position)
        for position in kept:
            beside = [terms[each] for each in kept if each != position]
            sure = (*at.sure, *(beside if is_and else (no(each) for each in beside)))
            yield from self.parts(node.operands[position], replace(at, sure=sure))

    def _tests(self, node: nodes.In, at: Around) -> Iterator[Finding]:
        value = self.terms.term(node.value, at.scope)
        tests = [each for test in node.tests for each in (test.items if isinstance(test, nodes.ListOf) else (test,))]
        before: list[Any] = []
        for test in tests:
            term = self.terms.test(value, test, at.scope)
            if self.never(*at.sure, term, *(self.z3.Not(each) for each in before)):
                yield _test_adds_nothing(at, test)
            before.append(term)

    def branches(self, node: Node, at: Around) -> Iterator[Finding]:
        """The branches of every `if` inside an expression: each must be one that somebody takes. The constant that
        stands in where a divisor is zero need not be."""
        if isinstance(node, nodes.If):
            condition = self.terms.term(node.condition, at.scope)
            for branch, truth in ((node.then, True), (node.otherwise, False)):
                term = condition if truth else self.z3.Not(condition)
                if not self.never(*at.sure, term):
                    yield from self.branches(branch, replace(at, sure=(*at.sure, term)))
                elif not (nonzero_when(node.condition, not truth) and isinstance(branch, nodes.Literal)):
                    yield _branch_dead(at, branch)
        elif not isinstance(node, nodes.Quantified | nodes.For | nodes.Filter):
            for child in nodes.children(node):
                yield from self.branches(child, at)

    def _together(self, names: list[str]) -> Iterator[Finding]:
        terms = {name: self.met[name] for name in names}
        if len(terms) < 2:
            return
        if self.never(*terms.values()):
            yield self._contradiction(names)
            return
        for name in reversed(names):
            others = [term for each, term in terms.items() if each != name]
            if others and self.never(*others, self.z3.Not(terms[name])):
                yield _requirement_adds_nothing(self.requirements[name])
                del terms[name]

    def _contradiction(self, names: list[str]) -> Finding:
        """The fewest requirements that cannot be met together."""
        kept = [*names]
        for name in names:
            rest = [self.met[each] for each in kept if each != name]
            if len(rest) > 1 and self.never(*rest):
                kept.remove(name)
        place = self.requirements[kept[-1]].alternatives[0].place
        listed = "、".join(kept)
        zh = f"{self.item.name} 的条件 {listed} 不可能同时满足，没有人能够享受"
        en = f"{self.item.name}: nobody can meet {', '.join(kept)} together, so nobody is ever entitled"
        return replace(at_place(place, None, "never_entitled", zh, en, self.item.name), names=tuple(kept))

    def rows(self, table: Table, *, pays: bool) -> Iterator[Finding]:
        """Rows that no subject reaches, and, where the table pays, rows that nobody entitled reaches.

        A row that gives nothing is there so that the table is whole; nobody need reach it.
        """
        for position, row in enumerate(table.rows):
            reached = row_gives(self.terms, table, position) if table.hit != "marginal" else self._band(table, position)
            if self.never(reached):
                yield _row_never_taken(table, position)
            elif pays and row.gives != nodes.Literal("number", 0) and self.never(self.entitled, reached):  # type: ignore[arg-type]
                yield _row_never_paid(table, position, self.item.name)

    def _band(self, table: Table, position: int) -> Any:
        interval = table.rows[position].cells[0][0]
        low = interval.low if isinstance(interval, nodes.Interval) else None
        units = self.terms.term(table.by[0].value)
        return units > self.terms.term(low) if low is not None else self.z3.BoolVal(True)


def _divisors(node: Node) -> frozenset[Node]:
    """What is divided by inside an expression: a part that keeps it from zero is there for that."""
    products = (each for each in walk(node) if isinstance(each, nodes.Arithmetic) and each.operator == "/")
    return frozenset(each.right for each in products)


def _named(requirement: Requirement, alternative: Alternative) -> str:
    return f"{requirement.name}.{alternative.name}" if alternative.name else requirement.name


def _never(requirement: Requirement, alternative: Alternative) -> Finding:
    name = _named(requirement, alternative)
    zh, en = f"条件 {name} 永远不成立，没有人能够满足", f"{name} is never true: nobody can meet it"
    return at_place(alternative.place, alternative.when, "never_true", zh, en, requirement.name)


def _always(requirement: Requirement) -> Finding:
    alternative = requirement.alternatives[0]
    zh = f"条件 {requirement.name} 永远成立，拦不住任何人（数据未知时才不确定）"
    en = f"{requirement.name} is always true: it refuses nobody, and is at most unknown"
    return at_place(alternative.place, alternative.when, "always_true", zh, en, requirement.name)


def _alternative_adds_nothing(requirement: Requirement, alternative: Alternative) -> Finding:
    name = _named(requirement, alternative)
    zh = f"{name} 多余：满足它的人必然已满足同一条件的其他情形"
    en = f"{name} adds nothing: whoever meets it meets another alternative already"
    return at_place(alternative.place, alternative.when, "adds_nothing", zh, en, requirement.name)


def _operand_adds_nothing(at: Around, operand: Node, is_and: bool) -> Finding:
    written = write(operand)
    zh = f"“{written}”多余：其余部分已经{'包含它' if is_and else '涵盖它'}"
    en = f"`{written}` adds nothing: the rest {'asks for it' if is_and else 'allows it'} already"
    return at_place(at.place, operand, "adds_nothing", zh, en, at.about)


def _requirement_adds_nothing(requirement: Requirement) -> Finding:
    alternative = requirement.alternatives[0]
    zh = f"条件 {requirement.name} 多余：满足本事项其余条件的人必然满足它"
    en = f"{requirement.name} adds nothing: whoever meets the item's other requirements meets it"
    return at_place(alternative.place, alternative.when, "adds_nothing", zh, en, requirement.name)


def _test_adds_nothing(at: Around, test: Node) -> Finding:
    zh = f"“{write(test)}”多余：不可能取到，或者前面已经列出"
    en = f"`{write(test)}` adds nothing: it cannot be, or stands before already"
    return at_place(at.place, test, "adds_nothing", zh, en, at.about)


def _branch_dead(at: Around, branch: Node) -> Finding:
    zh = f"分支“{write(branch)}”永远走不到"
    en = f"no subject ever takes the branch `{write(branch)}`"
    return at_place(at.place, branch, "dead_branch", zh, en, at.about)


def _row_never_taken(table: Table, position: int) -> Finding:
    zh = f"表 {table.name} 第 {position + 1} 行永远用不到：前面的行已经涵盖，或者取不到这样的值"
    en = f"row {position + 1} of {table.name} is never taken: rows above take all of it, or nothing can be so"
    return at_place(table.rows[position].place, None, "row_never_taken", zh, en, table.name)


def _row_never_paid(table: Table, position: int, item: str) -> Finding:
    zh = f"表 {table.name} 第 {position + 1} 行：符合 {item} 条件的人都用不到这一档"
    en = f"row {position + 1} of {table.name}: nobody entitled to {item} ever reaches it"
    return at_place(table.rows[position].place, None, "row_never_paid", zh, en, table.name)
