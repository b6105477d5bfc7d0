"""cel-python, CEL in pure Python, one call per pair; slow enough that only a sample of the items is asked.

As with the other engine of CEL, null where a value is needed is an error, and `&&` and `||` absorb errors that do not
matter. Its compiled runner (0.5.0) fails on every one of these expressions, so that its interpreter is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import celpy
import numpy as np
from celpy import celtypes

from benchmarks.screening.conditions import columns_of
from benchmarks.screening.engine import Engine
from benchmarks.screening.judging import ENTITLED, NOT, POSSIBLE
from benchmarks.screening.peers.cel import written
from benchmarks.screening.peers.pairs import PairPeer
from benchmarks.screening.world import spoken

_ITEMS = 100


class CelPython(PairPeer):
    """Programs compiled once, facts converted once; an item is handed only those that it reads."""

    name = "CEL (cel-python)"
    version = version("cel-python")
    licence = "Apache-2.0"
    shape = "one thread, compiled once, only the facts it reads, region first; 100 items spread evenly"

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        cases, environment = self.world.cases, celpy.Environment()
        self.items = np.linspace(0, len(cases) - 1, min(_ITEMS, len(cases))).astype(int).tolist()
        self.programs = [
            (
                environment.program(environment.compile(written(cases[item].whole))),
                sorted(map(spoken, columns_of(cases[item].whole))),
            )
            for item in self.items
        ]
        self.plain = {row: {name: _typed(value) for name, value in facts.items()} for row, facts in self.plain.items()}

    def answers(self, subject: Mapping[str, Any]) -> Sequence[int]:
        return [
            _answer(program, {name: subject[name] for name in names} | {"unknown": None})
            for program, names in self.programs
        ]


def _answer(program: celpy.Runner, facts: dict[str, Any]) -> int:
    try:
        found = program.evaluate(facts)
    except celpy.CELEvalError:
        return POSSIBLE
    return POSSIBLE if found is None else ENTITLED if found else NOT


def _typed(value: Any) -> Any:
    """A value as CEL has it."""
    if isinstance(value, bool):
        return celtypes.BoolType(value)
    if isinstance(value, int):
        return celtypes.IntType(value)
    return value if value is None else celtypes.ListType([celtypes.StringType(word) for word in value])
