"""Examples proposed for an author: people and firms with names who stand at the edges that no golden case shows yet.

An example begins with somebody entitled (a golden case, else a subject of the solver's) and changes what one edge asks
for. What is expected of it is what the rules say now: the author accepts it where that is what the text means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs.boundaries import ABOVE, AT, BELOW, Edge, Goal, Refused, Unknown, goals_of, is_reached
from zhida.domain.packs.cases import Expectation, GoldenCase
from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.example_names import named
from zhida.domain.packs.golden import CaseResult, run_case
from zhida.domain.packs.items import Item
from zhida.domain.packs.lint.conditions import Conditions
from zhida.domain.packs.lint.solving import Solver, z3_or_none
from zhida.domain.packs.lint.witnesses import Witness, witness_of
from zhida.domain.packs.mutants import Mutant
from zhida.domain.packs.noticing import Noticed, caps_of, filled, goal_of, is_noticed, moved, unnoticed
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.source.nodes import Spot
from zhida.domain.rules import Assessment, Node, nodes
from zhida.domain.rules.engines.evaluation import Evaluation, period_of
from zhida.domain.rules.engines.subject import Subject, day_span
from zhida.domain.rules.numbers import add_months
from zhida.domain.sentences import tell
from zhida.domain.values import Fact, FactKey, Facts, Span


@dataclass(frozen=True)
class Entitled:
    """Somebody who meets everything that an item asks; looked for only while no case shows one."""

    item: str

    @property
    def told(self) -> str:
        """The edge in a line."""
        return tell("{item}: entitled", item=self.item)


@dataclass(frozen=True)
class Example:
    """A proposed case of one item: the edge that it shows, and the case with what the rules say now."""

    goal: Goal | Entitled | Noticed
    case: GoldenCase
    item: str


@dataclass(frozen=True)
class Coverage:
    """The edges of an item: those that golden cases show, those that an example is proposed for, and those left."""

    item: str
    shown: tuple[Goal, ...]
    proposed: tuple[Example, ...]
    left: tuple[Goal | Entitled | Noticed, ...]


def coverage_of(pack: Pack, item: Item, dictionary: Dictionary) -> Coverage:
    """What golden cases show of an item's edges, with an example for each other edge that one can be made for."""
    results = [run_case(case, item, item.program) for case in pack.golden if item.name in case.expected]
    base = _base(item, results)
    if base is None:
        return Coverage(item.id, (), (), goals_of(item, item.window.start or pack.valid.start or date(2026, 1, 1)))
    goals = goals_of(item, base.as_of)
    shown = tuple(goal for goal in goals if any(is_reached(goal, item, result) for result in results))
    maker = _Maker(pack, item, base, dictionary)
    proposed: list[Example] = []
    left: list[Goal | Entitled | Noticed] = []
    first = () if any(_shows_entitled(result) for result in results) else (Entitled(item.name),)
    for goal in (*first, *(goal for goal in goals if goal not in shown)):
        example = maker.example(goal, len(proposed))
        if example is None:
            left.append(goal)
        else:
            proposed.append(example)
    there = [*results, *(run_case(each.case, item, item.program) for each in proposed)]
    more, unseen = maker.noticing(unnoticed(pack, item, there), len(proposed))
    return Coverage(item.id, shown, (*proposed, *more), (*left, *unseen))


def _shows_entitled(result: CaseResult) -> bool:
    return result.actual is not None and result.actual.answer == "entitled"


def _base(item: Item, results: list[CaseResult]) -> GoldenCase | None:
    """Somebody entitled: of a golden case with an amount, else of the solver's making."""
    for result in results:
        actual = result.actual
        if actual is not None and actual.answer == "entitled" and not actual.missing and not result.case.held:
            return result.case
    witness = _witness(item)
    if witness is None:
        return None
    ruled = [each.name for each in item.program.requires if each.kind != "computed"] + ["quota"] * item.program.quota
    base = GoldenCase("", witness.as_of, witness.facts, dict.fromkeys(ruled, True), {}, {}, Spot(""))
    if _shows_entitled(_run(base, item)):
        return filled(base, item)
    return next((filled(each, item) for each in _moved(base) if _shows_entitled(_run(each, item))), None)


def _moved(case: GoldenCase) -> Iterator[GoldenCase]:
    """A case with its days moved: the solver counts years in days, so that its subject may stand just past an age."""
    days = {key: fact.value for key, fact in case.facts.known.items() if isinstance(fact.value, date)}
    for by in (40, -40, 400, -400) if days else ():
        moved = {key: Fact(day + timedelta(days=by), "golden") for key, day in days.items()}
        yield replace(case, facts=case.facts.with_facts(moved))


def _run(case: GoldenCase, item: Item) -> CaseResult:
    return run_case(replace(case, expected={item.name: Expectation("")}), item, item.program)


def _witness(item: Item, *conditions: tuple[Node, Decimal]) -> Witness | None:
    """A subject of the solver's for whom expressions have values; entitled where no expression is named."""
    z3 = z3_or_none()
    if z3 is None:
        return None
    made = Conditions(item, Solver(z3))
    equal = [made.terms.term(node) == z3.RealVal(format(value, "f")) for node, value in conditions]
    _, model = made.solver.model(*equal, *([] if conditions else [made.entitled]))
    return witness_of(made.terms, model) if model is not None else None


class _Maker:
    """Makes examples of one item from somebody entitled."""

    def __init__(self, pack: Pack, item: Item, base: GoldenCase, dictionary: Dictionary) -> None:
        self.pack = pack
        self.item = item
        self.base = base
        self.dictionary = dictionary
        self.schema = item.program.schema

    def example(self, goal: Goal | Entitled, number: int) -> Example | None:
        """The first changed subject that shows the edge, with what the rules say of it."""
        for facts, rulings in self._changed(goal):
            case = replace(self.base, facts=facts, rulings=rulings)
            try:
                result = _run(case, self.item)
            except InvariantBroken:
                continue
            is_shown = _shows_entitled(result) if isinstance(goal, Entitled) else is_reached(goal, self.item, result)
            if result.actual is not None and is_shown:
                return self._called(goal, number, case, result.actual)
        return None

    def noticing(self, mutants: tuple[Mutant, ...], number: int) -> tuple[list[Example], list[Noticed]]:
        """Examples that notice these changes of the rules, as few as come first, and the changes that none noticed."""
        found: list[Example] = []
        waiting = [*mutants]
        for facts in self._pool() if waiting else ():
            case = self._settled(replace(self.base, facts=facts))
            told = [mutant for mutant in waiting if case is not None and is_noticed(case, self.item, mutant)]
            if case is None or not told:
                continue
            actual = _run(case, self.item).actual
            found += [self._called(goal_of(told[0]), number + len(found), case, actual)] if actual else []
            waiting = [mutant for mutant in waiting if mutant not in told]
            if not waiting:
                break
        return found, [goal_of(mutant) for mutant in waiting]

    def _pool(self) -> Iterator[Facts]:
        """Whom a change may be noticed by: who is entitled, who stands at a cap, who differs in a fact or two."""
        yield self.base.facts
        for edge in caps_of(self.item):
            yield from self._at(edge.value, edge)
        yield from moved(self.base, self.item)

    def _settled(self, case: GoldenCase) -> GoldenCase | None:
        """The case with what the rules say now; None where they promise what they cannot keep."""
        actual = _run(case, self.item).actual
        return replace(case, expected={self.item.name: _expected(actual)}) if actual is not None else None

    def _called(self, goal: Goal | Entitled | Noticed, number: int, case: GoldenCase, actual: Assessment) -> Example:
        name = named(
            goal, number, pack=self.pack, item=self.item, dictionary=self.dictionary, base=self.base, case=case
        )
        told = replace(case, name=name, expected={self.item.name: _expected(actual)})
        return Example(goal, told, self.item.name)

    def _changed(self, goal: Goal | Entitled) -> Iterator[tuple[Facts, Mapping[str, bool]]]:
        base, rulings = self.base.facts, self.base.rulings
        if isinstance(goal, Entitled):
            yield base, rulings
        elif isinstance(goal, Unknown):
            known = {key: fact for key, fact in base.known.items() if not _is_of(key, goal.key)}
            yield Facts(known), rulings
        elif isinstance(goal, Refused):
            yield base, {**rulings, goal.rule: False}
            for requirement in self.item.program.requires:
                if requirement.name == goal.rule:
                    yield from ((facts, rulings) for facts in self._refusals(requirement.alternatives))
        else:
            yield from ((facts, rulings) for facts in self._at(goal.value, goal))

    def _refusals(self, alternatives: Any) -> Iterator[Facts]:
        """Each boolean turned, each listed text another one, each number far below and above, for what is read."""
        for name in (
            n.name for a in alternatives for n in nodes.walk(a.when) if isinstance(n, nodes.Name | nodes.Call)
        ):
            for key in [key for key in self.base.facts.known if key.attribute == name]:
                value = self.base.facts.known[key].value
                for other in self._others(name, value):
                    yield self.base.facts.with_facts({key: Fact(other, "golden")})

    def _others(self, name: str, value: Any) -> list[Any]:
        fact = self.schema.facts.get(name)
        if isinstance(value, bool):
            return [not value]
        if isinstance(value, int | Decimal):
            return [Decimal(0), Decimal(value) * 10 + 1]
        if isinstance(value, date):
            return [date(1960, 1, 1), self.base.as_of]
        tree = self.schema.code_trees.get(fact.code_tree) if fact else None
        return [*(fact.values if fact and fact.values else ()), *(tree.parents if tree else ())]

    def _at(self, value: Node, goal: Edge) -> Iterator[Facts]:
        """Facts that put an expression at an edge or next to it."""
        offset = {AT: 0, BELOW: -1, ABOVE: 1}[goal.side]
        key = self._key(value)
        if isinstance(goal.bound, date):
            if key is not None:
                yield self._with(key, goal.bound + timedelta(days=offset))
            return
        fact = self.schema.facts.get(key.attribute) if key else None
        if key is not None and fact is not None and fact.expression is None:
            yield self._with(key, goal.bound + offset * Decimal(1).scaleb(-fact.scale))
            return
        yield from self._by_age(value, goal)
        yield from self._solved(value, goal, offset)

    def _by_age(self, value: Node, goal: Edge) -> Iterator[Facts]:
        """A count of years or months since a day: full today, or full tomorrow."""
        fact = self.schema.facts.get(value.name) if isinstance(value, nodes.Name) else None
        call = fact.expression if fact is not None and fact.expression is not None else value
        counts = {"years_between": 12, "months_between": 1}
        if not isinstance(call, nodes.Call) or call.name not in counts or not isinstance(goal.bound, Decimal):
            return
        key, whole = self._key(call.arguments[0]), goal.bound + (1 if goal.side == ABOVE else 0)
        day = add_months(self.base.as_of, -whole * counts[call.name])
        if key is not None and isinstance(day, date):
            yield self._with(key, day + timedelta(days=1 if goal.side == BELOW else 0))

    def _solved(self, value: Node, goal: Edge, offset: int) -> Iterator[Facts]:
        """The solver's facts for an expression of several facts, then one of them moved by its last digit."""
        if not isinstance(goal.bound, Decimal) or self.item.for_each:
            return
        witness = _witness(self.item, (value, goal.bound))
        if witness is None or witness.as_of.year != self.base.as_of.year:
            return
        numbers = {key: fact for key, fact in witness.facts.known.items() if isinstance(fact.value, Decimal)}
        there = self.base.facts.with_facts(numbers)
        if not offset:
            yield there
            return
        for key, fact in numbers.items():
            step = Decimal(1).scaleb(-self.schema.facts[key.attribute].scale)
            for by in (step, -step):
                yield there.with_facts({key: Fact(fact.value + by, "golden")})

    def _with(self, key: FactKey, value: Any) -> Facts:
        if not self.item.for_each or "." not in key.attribute:
            return self.base.facts.with_facts({key: Fact(value, "golden")})
        relation = FactKey(self.item.for_each)
        records = self.base.facts.known[relation].value
        first = {**records[0], key.attribute.partition(".")[2]: value}
        return self.base.facts.with_facts({relation: Fact((first, *records[1:]), "golden")})

    def _key(self, node: Node) -> FactKey | None:
        """The key of a fact, or `record.field` of the claim's own record."""
        if isinstance(node, nodes.Path) and self.item.for_each and isinstance(node.source, nodes.Name):
            return FactKey(f"{node.source.name}.{node.field}")
        name = node.name if isinstance(node, nodes.Name | nodes.Call) else ""
        fact = self.schema.facts.get(name)
        if fact is None:
            return None
        if not isinstance(node, nodes.Call):
            return FactKey(name, day_span(self.base.as_of) if fact.period == "interval" else None)
        evaluation = Evaluation(Subject(self.schema, Facts(), self.base.as_of))
        arguments = [evaluation.value(each) for each in node.arguments]
        return FactKey(name, period_of(fact.period, arguments, evaluation.scope))


def _is_of(key: FactKey, wanted: FactKey) -> bool:
    """Whether a held key is what is to be unknown; an interval's span need only hold the day."""
    if key.attribute != wanted.attribute:
        return False
    return key.period == wanted.period or isinstance(key.period, Span)


def _expected(actual: Assessment) -> Expectation:
    is_not = actual.answer == "not"
    fen = actual.amount_fen if actual.answer == "entitled" else None
    because = tuple(str(each) for each in actual.because) if is_not else None
    missing = None if is_not else tuple(dict.fromkeys(key.attribute for key in actual.missing))
    gives_none = actual.answer == "entitled" and actual.amount == "none" and not actual.each
    return Expectation(str(actual.answer), "none" if gives_none else None, fen, because, missing)
