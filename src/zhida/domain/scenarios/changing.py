"""What would make me eligible: the smallest change of facts that a person can act on, and what it would bring.

A refusal is taken apart into the conditions that fail; each is asked which single fact, moved how far, makes it true;
the cheapest combinations are then judged whole by engine one. What is proposed is therefore never a false yes. It is
the nearest change of its facts where a condition, once true, stays true on the way further, as thresholds do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import islice, product
from typing import Any, TypeAlias

from zhida.domain.rules import Alternative, Answer, Assessment, Program, Requirement, assess, keys_read, nodes
from zhida.domain.rules.engines.evaluation import Evaluation
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.rules.nodes import Node, walk
from zhida.domain.rules.schema import FactType
from zhida.domain.values import Fact, FactKey, Facts

MOST_WAYS, _MOST_PLANS, _MOST_COMBINED, _MOST_TRIED, _DOUBLINGS = 3, 24, 400, 48, 44
_DAYS_AHEAD = 3_660
Goal: TypeAlias = tuple[Node, bool]
Moves: TypeAlias = Mapping[FactKey, Any]


@dataclass(frozen=True)
class Change:
    """One fact as it is (None: not known) and as it would have to be."""

    key: FactKey
    before: Any
    after: Any


@dataclass(frozen=True)
class Way:
    """One way to become entitled: what changes, and the assessment that engine one then gives."""

    changes: tuple[Change, ...]
    then: Assessment


def ways_to(program: Program, facts: Facts, as_of: date, may_change: Mapping[str, str]) -> tuple[Way, ...]:
    """The nearest ways for a subject to become entitled, the nearest first; none where nothing it can act on helps.

    `may_change` gives attributes that can be acted on: more, less or any. Fewest facts come first, then the least
    change beside what there is. Evidence and judgement count as given; windows and quotas are not looked at; items
    with one claim per record have no ways.
    """
    decided = tuple(one for one in program.requires if one.kind == "computed")
    asked = replace(program, requires=decided, quota=False)
    if program.for_each or assess(asked, facts, as_of).answer is Answer.ENTITLED:
        return ()
    return tuple(islice(_Search(asked, facts, as_of, may_change).ways(), MOST_WAYS))


@dataclass(frozen=True, eq=False)
class _Search:
    program: Program
    facts: Facts
    as_of: date
    may_change: Mapping[str, str]

    def ways(self) -> Iterator[Way]:
        """Ways by ascending cost, each judged; one that only adds to another is none."""
        found: list[frozenset[tuple[FactKey, Any]]] = []
        for moves in islice(self._candidates(), _MOST_TRIED):
            told = frozenset(moves.items())
            if any(earlier <= told for earlier in found):
                continue
            then = assess(self.program, self._moved(moves), self.as_of)
            if then.answer is Answer.ENTITLED:
                found.append(told)
                changes = (Change(key, self._held(key), value) for key, value in sorted(moves.items()))
                yield Way(tuple(changes), then)

    def _candidates(self) -> list[Moves]:
        """Combinations of moves that make every failing condition true by itself, the cheapest first."""
        ways = [nodes.Or(tuple(way.when for way in one.alternatives)) for one in self.program.requires]
        found: dict[frozenset[tuple[FactKey, Any]], Moves] = {}
        for goals in self._plans(nodes.And(tuple(ways)), True):
            choices = [self._moves_for(goal) for goal in goals]
            for chosen in islice(product(*choices), _MOST_COMBINED):
                moves = dict(chosen)
                found.setdefault(frozenset(moves.items()), moves)
        return sorted(found.values(), key=self._cost)

    def _plans(self, node: Node, wanted: bool) -> list[tuple[Goal, ...]]:
        """The sets of conditions that would each make a node what is wanted; what is so already asks for nothing."""
        if self._is(node, wanted, self.facts):
            return [()]
        if isinstance(node, nodes.Not):
            return self._plans(node.operand, not wanted)
        if isinstance(node, nodes.And | nodes.Or):
            parts = [self._plans(part, wanted) for part in node.operands]
            if isinstance(node, nodes.And) == wanted:
                whole = (tuple(goal for part in chosen for goal in part) for chosen in product(*parts))
                return list(islice(whole, _MOST_PLANS))
            return [plan for part in parts for plan in part][:_MOST_PLANS]
        return [((node, wanted),)]

    def _moves_for(self, goal: Goal) -> list[tuple[FactKey, Any]]:
        """Single moves that reach a goal, each the least of its fact in its direction."""
        bare = Requirement("", alternatives=(Alternative("", goal[0]),))
        leaf = replace(self.program, requires=(bare,), amount=None, within="")
        found = []
        for key in keys_read([leaf], self.as_of):
            fact = self.program.schema.facts.get(key.attribute)
            if fact is not None and key.attribute in self.may_change:
                found += [(key, value) for value in self._values(key, fact, goal)]
        return found

    def _values(self, key: FactKey, fact: FactType, goal: Goal) -> Iterable[Any]:
        if fact.kind == "boolean":
            return (value for value in (True, False) if self._reaches(goal, key, value))
        if fact.kind == "text" and fact.values:
            return (value for value in fact.values if self._reaches(goal, key, value))
        if fact.kind in ("number", "date"):
            ways = {"more": (1,), "less": (-1,), "any": (1, -1)}[self.may_change[key.attribute]]
            return (value for way in ways for value in self._nearest(key, fact, goal, way))
        return ()

    def _nearest(self, key: FactKey, fact: FactType, goal: Goal, way: int) -> Iterator[Any]:
        """The first value in a direction that reaches the goal: bounds that the rule names, then ever longer steps."""
        scale = _Scale(fact, self._held(key), self.as_of)
        start = scale.start
        named = {scale.place(one.value) for one in walk(goal[0]) if isinstance(one, nodes.Literal)}
        bounds = sorted(way * (place + off - start) for place in named if place is not None for off in (-1, 0, 1))
        steps = [*(step for step in bounds if step > 0), *(2**power for power in range(_DOUBLINGS))]
        reached = [step for step in steps if self._at(goal, key, scale, start + way * step)]
        if not reached:
            return
        low, high = 0, min(reached)
        while high - low > 1:
            middle = (low + high) // 2
            is_there = self._at(goal, key, scale, start + way * middle)
            low, high = (low, middle) if is_there else (middle, high)
        yield scale.value(start + way * high)

    def _at(self, goal: Goal, key: FactKey, scale: _Scale, place: int) -> bool:
        return scale.holds(place) and self._reaches(goal, key, scale.value(place))

    def _reaches(self, goal: Goal, key: FactKey, value: Any) -> bool:
        return self._held(key) != value and self._is(*goal, self._moved({key: value}))

    def _is(self, node: Node, wanted: bool, facts: Facts) -> bool:
        evaluation = Evaluation(Subject(self.program.schema, facts, self.as_of), self.program.within)
        return evaluation.value(node) is wanted

    def _moved(self, moves: Moves) -> Facts:
        return self.facts.with_facts({key: Fact(value, observed_on=self.as_of) for key, value in moves.items()})

    def _held(self, key: FactKey) -> Any:
        fact = self.program.schema.facts[key.attribute]
        value = Subject(self.program.schema, self.facts, self.as_of).stored(fact, key.period)
        return None if type(value).__name__ == "Unknown" else value

    def _cost(self, moves: Moves) -> tuple[int, Decimal]:
        return len(moves), sum((self._distance(key, value) for key, value in moves.items()), Decimal(0))

    def _distance(self, key: FactKey, value: Any) -> Decimal:
        """How far a move goes beside what there is; a yes or no, or a word, counts as doubling a number."""
        before = self._held(key)
        if isinstance(value, Decimal) and isinstance(before, Decimal | int) and not isinstance(before, bool):
            return abs(value - before) / max(abs(Decimal(before)), Decimal(1))
        return Decimal(1)


@dataclass(frozen=True)
class _Scale:
    """The values of a number or date in the steps that its column keeps."""

    fact: FactType
    held: Any
    as_of: date

    @cached_property
    def start(self) -> int:
        """Where the subject stands; what is not known begins at zero, or today."""
        place = self.place(self.held)
        return place if place is not None else self.as_of.toordinal() if self.fact.kind == "date" else 0

    def place(self, value: Any) -> int | None:
        """The step of a value, None for one of another kind."""
        if isinstance(value, date):
            return value.toordinal() if self.fact.kind == "date" else None
        if isinstance(value, Decimal | int) and not isinstance(value, bool) and self.fact.kind == "number":
            return int(Decimal(value).scaleb(self.fact.scale))
        return None

    def value(self, place: int) -> Any:
        """The value of a step."""
        return date.fromordinal(place) if self.fact.kind == "date" else Decimal(place).scaleb(-self.fact.scale)

    def holds(self, place: int) -> bool:
        """Whether the dictionary allows a step; dates lie within ten years."""
        if self.fact.kind == "date":
            return abs(place - self.as_of.toordinal()) <= timedelta(days=_DAYS_AHEAD).days
        value, (low, high) = self.value(place), (self.fact.minimum, self.fact.maximum)
        return (low is None or value >= low) and (high is None or value <= high)
