"""zen-engine, one call per pair and rail.

ZEN is two-valued, and null where a value is needed is an error: so each item is two expressions, what is surely met
and what may be met, each with its guards against null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import zen

from benchmarks.screening.conditions import (
    Among,
    Both,
    Condition,
    Either,
    Flag,
    Growth,
    Holds,
    Not,
    Span,
    Within,
    columns_of,
)
from benchmarks.screening.engine import Engine
from benchmarks.screening.judging import ENTITLED, NOT, POSSIBLE
from benchmarks.screening.peers.pairs import PairPeer
from benchmarks.screening.world import spoken


class Zen(PairPeer):
    """Expressions compiled once; each is handed only those facts that it reads."""

    name = "zen-engine"
    version = version("zen-engine")
    licence = "MIT"
    shape = "one thread, two compiled expressions an item, only the facts it reads, region first"

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.rails = [
            (zen.compile_expression(may(case.whole)), zen.compile_expression(sure(case.whole)), _names(case.whole))
            for case in self.world.cases
        ]

    def answers(self, subject: Mapping[str, Any]) -> Sequence[int]:
        found = []
        for may_be, surely, names in self.rails:
            facts = {name: subject[name] for name in names}
            found.append(NOT if not may_be.evaluate(facts) else ENTITLED if surely.evaluate(facts) else POSSIBLE)
        return found


def _names(condition: Condition) -> tuple[str, ...]:
    return tuple(sorted(map(spoken, columns_of(condition))))


def sure(condition: Condition) -> str:
    """Whether a condition is surely met."""
    match condition:
        case Not(part):
            return f"not ({may(part)})"
        case Both(parts):
            return f"({' and '.join(map(sure, parts))})"
        case Either(parts):
            return f"({' or '.join(map(sure, parts))})"
        case Growth(now, before, _):
            return f"({spoken(now)} != null and {spoken(before)} != null and {_met(condition)})"
        case Span() | Among() | Within() | Flag() | Holds():
            return f"({spoken(condition.column)} != null and {_met(condition)})"


def may(condition: Condition) -> str:
    """Whether a condition is met, or unknown."""
    match condition:
        case Not(part):
            return f"not ({sure(part)})"
        case Both(parts):
            return f"({' and '.join(map(may, parts))})"
        case Either(parts):
            return f"({' or '.join(map(may, parts))})"
        case Growth(now, before, _):
            return f"({spoken(now)} == null or {spoken(before)} == null or {_met(condition)})"
        case Within(column, _, coarse):
            doubt = f" or {spoken(column)} in {[*coarse]}" if coarse else ""
            return f"({spoken(column)} == null or {_met(condition)}{doubt})"
        case Span() | Among() | Flag() | Holds():
            return f"({spoken(condition.column)} == null or {_met(condition)})"


def _met(condition: Span | Among | Within | Flag | Holds | Growth) -> str:
    """Whether a test on known values is met."""
    match condition:
        case Span(column, low, high):
            name = spoken(column)
            bounds = [f"{name} >= {low}"] * (low is not None) + [f"{name} <= {high}"] * (high is not None)
            return f"({' and '.join(bounds)})"
        case Among(column, codes):
            return f"{spoken(column)} in {[*codes]}"
        case Within(column, ranges, _):
            name = spoken(column)
            return f"({' or '.join(f'({name} >= {low} and {name} <= {high})' for low, high in ranges)})"
        case Flag(column):
            return f"{spoken(column)} == true"
        case Holds(column, word):
            return f"'{word}' in {spoken(column)}"
        case Growth(now, before, percent):
            return f"{spoken(now)} * 100 >= {spoken(before)} * {percent}"
