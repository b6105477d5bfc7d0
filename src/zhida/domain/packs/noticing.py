"""Examples that notice a change of the rules which no case notices: a share a point higher, a cap a fen lower, a
rounding the other way.

Somebody entitled is moved, one fact or two at a time, until the item answers or pays otherwise under the changed rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, islice
from typing import Any

from zhida.domain.packs.boundaries import ABOVE, AT, BELOW, Edge
from zhida.domain.packs.cases import Expectation, GoldenCase
from zhida.domain.packs.golden import CaseResult, run_case
from zhida.domain.packs.items import Item
from zhida.domain.packs.mutants import Mutant, is_refused, mutants_of, program_of
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.usage import parts_of, usage_of
from zhida.domain.rules import FactType, Node, Schema, keys_read, nodes, walk
from zhida.domain.sentences import tell
from zhida.domain.values import Fact, FactKey, Facts

_SIDES = (ABOVE, AT, BELOW)
_MOST_PAIRS = 300
_MOST_CODES = 40
_ODD = Decimal(1_234_567)
"""No share of it in whole per cent is a whole number: what is rounded of it shows which way."""
_LADDER = (_ODD, Decimal(7), Decimal(0), Decimal(1), Decimal(10) * _ODD, Decimal(1000) * _ODD, Decimal(10**5) * _ODD)
_COUNTS = (Decimal(7), Decimal(3), Decimal(1), Decimal(0), Decimal(45), Decimal(123), _ODD)


@dataclass(frozen=True)
class Noticed:
    """A change of the rules that somebody's answer or amount tells from what stands there."""

    rule: str
    before: str
    after: str

    @property
    def told(self) -> str:
        """The change in a line."""
        return tell("{rule}: {after} instead of {before}", rule=self.rule, after=self.after, before=self.before)


def unnoticed(pack: Pack, item: Item, results: Iterable[CaseResult]) -> tuple[Mutant, ...]:
    """The changes of an item's own rules that none of these results of the item would show."""
    shown = [result for result in results if result.actual is not None]
    return tuple(
        mutant
        for mutant in mutants_of(pack)
        if _concerns(item, mutant, pack) and not _is_noticed_by(shown, item, mutant)
    )


def _concerns(item: Item, mutant: Mutant, pack: Pack) -> bool:
    if mutant.schema is pack.schema:
        return any(mutant.requirements[name] is not pack.requirements[name] for name in item.requires)
    usage = usage_of(item.expressions, pack.schema)
    return mutant.where.partition(" ")[0] in usage.tables | usage.amounts | usage.parameters


def _is_noticed_by(results: list[CaseResult], item: Item, mutant: Mutant) -> bool:
    program = program_of(item, mutant)
    return is_refused(program) or any(not run_case(each.case, item, program).passed for each in results)


def goal_of(mutant: Mutant) -> Noticed:
    """What an example has to show for a change to be noticed."""
    return Noticed(mutant.where, mutant.before, mutant.after)


def is_noticed(case: GoldenCase, item: Item, mutant: Mutant) -> bool:
    """Whether a case that says what the rules say now fails under a change."""
    return not run_case(case, item, program_of(item, mutant)).passed


def caps_of(item: Item) -> Iterator[Edge]:
    """Where a sum meets its cap or floor: exactly, and on either side."""
    schema = item.program.schema
    usage = usage_of(item.expressions, schema)
    written = [(name, schema.amounts[name].value) for name in sorted(usage.amounts)]
    written += [(name, part) for name in sorted(usage.tables) for part in parts_of(schema.tables[name])]
    for name, value in written:
        for node in walk(value):
            if not (isinstance(node, nodes.Call) and node.name in ("min", "max")):
                continue
            figures = (one.value for one in node.arguments if isinstance(one, nodes.Literal))
            bounds = [value for value in figures if isinstance(value, Decimal)]
            others = [one for one in node.arguments if not isinstance(one, nodes.Literal)]
            yield from (Edge(name, one, bound, side) for bound in bounds for one in others for side in _SIDES)


def moved(case: GoldenCase, item: Item) -> Iterator[Facts]:
    """The facts of somebody with one fact changed, then with two; the commonest values first."""
    schema = item.program.schema
    single = [
        {key: Fact(value, "golden")}
        for key in keys_read([item.program], case.as_of)
        if key.attribute in schema.facts and schema.facts[key.attribute].reads_stored
        for value in values_for(schema.facts[key.attribute], schema, case.as_of, _figures(item))
    ]
    yield from (case.facts.with_facts(one) for one in single)
    pairs = ((one, two) for one, two in combinations(single, 2) if one.keys() != two.keys())
    yield from (case.facts.with_facts({**one, **two}) for one, two in islice(pairs, _MOST_PAIRS))


def filled(case: GoldenCase, item: Item) -> GoldenCase:
    """Somebody entitled with the facts that the amount still asks for, so that it is known; as it was where no value
    does."""
    schema = item.program.schema
    for _ in range(len(schema.facts)):
        actual = _run(case, item)
        missing = [key for key in actual.missing if key.attribute in schema.facts] if actual else []
        found = next(filter(None, (_with_one(case, item, key) for key in missing)), None)
        if found is None:
            return case
        case = found
    return case


def _with_one(case: GoldenCase, item: Item, key: FactKey) -> GoldenCase | None:
    """The case with a value for one missing fact, the first with which somebody is still entitled."""
    schema = item.program.schema
    for value in values_for(schema.facts[key.attribute], schema, case.as_of, ()):
        found = replace(case, facts=case.facts.with_facts({key: Fact(value, "golden")}))
        actual = _run(found, item)
        if actual is not None and actual.answer == "entitled" and key not in actual.missing:
            return found
    return None


def _run(case: GoldenCase, item: Item) -> Any:
    return run_case(replace(case, expected={item.name: Expectation("")}), item, item.program).actual


def values_for(fact: FactType, schema: Schema, as_of: date, figures: Iterable[Decimal]) -> Iterator[Any]:
    """Values that a fact may have, the commonest first; `figures` are those that the rules name."""
    if fact.kind == "boolean":
        yield from (True, False)
    elif fact.kind == "number":
        ladder = _LADDER if fact.unit == "fen" else _COUNTS
        unit = Decimal(1).scaleb(-fact.scale)
        near = [each for figure in figures for each in (figure, figure - unit, figure + unit)]
        for value in dict.fromkeys([*ladder, *near]):
            if (fact.minimum is None or value >= fact.minimum) and (fact.maximum is None or value <= fact.maximum):
                yield value
    elif fact.kind == "date":
        yield from (as_of - timedelta(days=days) for days in (400, 4000, 30, 20000))
    elif fact.code_tree in schema.code_trees:
        yield from islice(schema.code_trees[fact.code_tree].parents, _MOST_CODES)
    else:
        yield from fact.values


def _figures(item: Item) -> tuple[Decimal, ...]:
    """The numbers that an item's tables and amounts name."""
    schema = item.program.schema
    usage = usage_of(item.expressions, schema)
    written: list[Node] = [schema.amounts[name].value for name in sorted(usage.amounts)]
    written += [part for name in sorted(usage.tables) for part in parts_of(schema.tables[name])]
    found = (part.value for node in written for part in walk(node) if isinstance(part, nodes.Literal))
    return tuple(dict.fromkeys(value for value in found if isinstance(value, Decimal)))
