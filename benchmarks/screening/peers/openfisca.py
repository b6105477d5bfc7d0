"""OpenFisca-core, in an interpreter of its own: it is AGPL, and so no dependency of ours, not even here.

Who wants to measure it installs it elsewhere and names that interpreter:

    python3 -m venv /tmp/openfisca && /tmp/openfisca/bin/pip install OpenFisca-Core==46.0.1 pyarrow
    OPENFISCA=/tmp/openfisca/bin/python make bench
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.screening.conditions import Both, Condition, Either, Holds, Not
from benchmarks.screening.engine import Engine
from benchmarks.screening.judging import Finding, Judge, Sets

WORKER = Path(__file__).with_name("openfisca_worker.py")


class Openfisca:
    """Two variables an item, what is surely and what may be met, over vectors of everyone."""

    name = "OpenFisca-core"
    licence = "AGPL-3.0-or-later (not installed by us)"
    shape = "one thread, numpy vectors of everyone, two variables an item with known-flags beside every input"
    cores = 1

    def __init__(self, engine: Engine) -> None:
        world, interpreter = engine.world, os.environ.get("OPENFISCA", "")
        if not interpreter:
            raise ModuleNotFoundError("OPENFISCA names no interpreter that has OpenFisca-core")
        self.total = len(world.cases)
        self.told = [told(case.whole) for case in world.cases]
        self.outcome = world.folder / "openfisca.npz"
        command = [interpreter, str(WORKER), str(world.prepared_path), str(self.outcome)]
        self.worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.version: str = self._ask({})["version"]

    def _ask(self, question: dict[str, Any]) -> Any:
        if self.worker.stdin is None or self.worker.stdout is None:
            raise BrokenPipeError("the interpreter of OpenFisca has no pipes")
        self.worker.stdin.write(json.dumps(question) + "\n")
        self.worker.stdin.flush()
        return json.loads(self.worker.stdout.readline())

    def groups(self) -> Sequence[Sequence[int]]:
        return [[item] for item in range(self.total)]

    def units(self, group: Sequence[int]) -> int:
        return len(group)

    def run(self, group: Sequence[int]) -> None:
        self._ask({"item": group[0], "condition": self.told[group[0]]})

    def findings(self, group: Sequence[int], outcome: None, judge: Judge) -> Iterator[Finding]:
        self._ask({"keep": group[0]})
        with np.load(self.outcome) as rails:
            sure, may = rails["sure"], rails["may"]
        yield from judge.sets([Sets(group[0], np.flatnonzero(sure), np.flatnonzero(may & ~sure))])


def told(condition: Condition) -> list[Any]:
    """A condition as JSON: its kind, then its parts."""
    kind = type(condition).__name__
    if isinstance(condition, Both | Either):
        return [kind, [told(part) for part in condition.parts]]
    if isinstance(condition, Not):
        return [kind, told(condition.part)]
    if isinstance(condition, Holds):
        return ["Flag", condition.flag]
    return [kind, *astuple(condition)]
