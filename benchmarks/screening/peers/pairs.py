"""What asks one subject about one item at a time: some subjects times all items, and the rest extrapolated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.screening.engine import Engine
from benchmarks.screening.judging import Answers, Finding, Judge


class PairPeer:
    """A group is one subject with all items. A peer writes `answers`."""

    cores = 1
    subjects = 200

    def __init__(self, engine: Engine) -> None:
        self.world = engine.world
        self.items: Sequence[int] = range(len(self.world.cases))
        self.total = self.world.scale.pairs
        rows = self.world.subjects(self.subjects)
        self.plain = dict(zip(rows, self.world.plain(rows), strict=True))

    def groups(self) -> Sequence[Sequence[int]]:
        """One subject each."""
        return [[row] for row in self.plain]

    def units(self, group: Sequence[int]) -> int:
        return len(self.items)

    def run(self, group: Sequence[int]) -> Answers:
        return np.array(self.answers(self.plain[group[0]]), dtype=np.int8)

    def findings(self, group: Sequence[int], outcome: Answers, judge: Judge) -> Iterator[Finding]:
        return judge.pairs(group[0], self.items, outcome)

    def answers(self, subject: Mapping[str, Any]) -> Sequence[int]:
        """The answer for every item: NOT, POSSIBLE or ENTITLED."""
        raise TypeError("a peer says how")
