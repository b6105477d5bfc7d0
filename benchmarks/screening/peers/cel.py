"""A CEL engine (common-expression-language, the Rust interpreter for Python), one call per pair.

Null where a value is needed is an error in CEL, and `&&` and `||` absorb errors that do not matter: which is
three-valued logic, with the error as "unknown".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import cel

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
)
from benchmarks.screening.engine import Engine
from benchmarks.screening.judging import ENTITLED, NOT, POSSIBLE
from benchmarks.screening.peers.pairs import PairPeer
from benchmarks.screening.world import spoken


class Cel(PairPeer):
    """Programs compiled once; a subject is handed over once, as a reusable context, and asked about every item."""

    name = "CEL (common-expression-language)"
    version = version("common-expression-language")
    licence = "Apache-2.0"
    shape = "one thread, compiled once, one reused context per subject, region first"

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.programs = [cel.compile(written(case.whole)) for case in self.world.cases]

    def answers(self, subject: Mapping[str, Any]) -> Sequence[int]:
        context = cel.Context(variables={**subject, "unknown": None})
        return [_answer(program, context) for program in self.programs]


def _answer(program: cel.Program, context: cel.Context) -> int:
    try:
        found = program.execute(context)
    except TypeError:
        return POSSIBLE
    return POSSIBLE if found is None else ENTITLED if found else NOT


def written(condition: Condition) -> str:
    """A condition in CEL."""
    match condition:
        case Span(column, low, high):
            name = spoken(column)
            bounds = [f"{name} >= {low}"] * (low is not None) + [f"{name} <= {high}"] * (high is not None)
            return f"({' && '.join(bounds)})"
        case Among(column, codes):
            return f"({' || '.join(f'{spoken(column)} == {code}' for code in codes)} || {_needed(column)})"
        case Within(column, ranges, coarse):
            name = spoken(column)
            inside = [f"({name} >= {low} && {name} <= {high})" for low, high in ranges]
            doubt = [f"({name} in {[*coarse]} && unknown)"] * bool(coarse)
            return f"({' || '.join(inside + doubt)})"
        case Flag(column):
            return f"({spoken(column)} || false)"
        case Holds(column, word):
            return f"('{word}' in {spoken(column)})"
        case Growth(now, before, percent):
            return f"({spoken(now)} * 100 >= {spoken(before)} * {percent})"
        case Not(part):
            return f"!{written(part)}"
        case Both(parts):
            return f"({' && '.join(map(written, parts))})"
        case Either(parts):
            return f"({' || '.join(map(written, parts))})"


def _needed(column: str) -> str:
    """False where a value is known: `null == 1` is false in CEL, not an error."""
    return f"{spoken(column)} < 0"
