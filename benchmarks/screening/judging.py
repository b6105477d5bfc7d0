"""What ours found, as the judge of every peer; and a difference told as a case that anybody can check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.screening.conditions import columns_of
from benchmarks.screening.engine import Engine
from benchmarks.screening.world import ROWS_EACH, Rows
from zhida.domain.rules import assess
from zhida.domain.rules.engines import table
from zhida.domain.rules.engines.table import roaring
from zhida.domain.values import Facts
from zhida.services.demonstration.generation import province

NOT, POSSIBLE, ENTITLED = range(3)
WORDS = ("not", "possible", "entitled")
Answers = npt.NDArray[np.int8]


class Finding(NamedTuple):
    """An item compared; where the answers differ, the first row of which they do, and what the peer says of it."""

    item: int
    row: int = -1
    said: int = NOT


class Sets(NamedTuple):
    """What a peer says of an item: the sorted rows surely entitled, and possibly."""

    item: int
    sure: Rows
    possible: Rows


@dataclass(frozen=True)
class Judge:
    """Our result of a whole run."""

    engine: Engine
    result: table.Result

    def sets(self, answers: Iterable[Sets]) -> Iterator[Finding]:
        """Compares whole sets."""
        for answer in answers:
            held = self.result.sets(self.result.plan.items[answer.item].id)
            sure, possible = (roaring.rows_of(one) for one in held)
            yield self._finding(answer, sure, possible)

    def _finding(self, answer: Sets, sure: Rows, possible: Rows) -> Finding:
        if np.array_equal(sure, answer.sure) and np.array_equal(possible, answer.possible):
            return Finding(answer.item)
        row = int(np.union1d(np.setxor1d(sure, answer.sure), np.setxor1d(possible, answer.possible))[0])
        said = ENTITLED if row in answer.sure else POSSIBLE if row in answer.possible else NOT
        return Finding(answer.item, row, said)

    def chunk(self, other: table.ChunkResult) -> Iterator[Finding]:
        """Compares all items of one chunk: sets, amounts, lists and totals, byte for byte."""
        mine = self.result.chunks[other.chunk]
        same = (
            np.array_equal(mine.sets.items, other.sets.items)
            and np.array_equal(mine.sets.counts, other.sets.counts)
            and np.array_equal(mine.sets.data[: mine.sets.starts[-1]], other.sets.data[: other.sets.starts[-1]])
            and np.array_equal(mine.fen, other.fen)
            and np.array_equal(mine.listed, other.listed)
            and np.array_equal(_sorted(mine.tallies.columns), _sorted(other.tallies.columns))
        )
        for item in range(len(self.result.plan.items)):
            yield Finding(item) if same else Finding(item, other.chunk * ROWS_EACH)

    def pairs(self, row: int, items: Iterable[int], answers: Answers) -> Iterator[Finding]:
        """Compares what a peer says of one subject."""
        mine = self.answers(row)
        for item, said in zip(items, answers.tolist(), strict=True):
            yield Finding(item) if mine[item] == said else Finding(item, row, said)

    def answers(self, row: int) -> Answers:
        """All our answers about one subject."""
        chunk, within = self.result.chunks[row // ROWS_EACH], row % ROWS_EACH
        found = np.zeros(len(self.result.plan.items), dtype=np.int8)
        for place, item in enumerate(chunk.sets.items.tolist()):
            for rail, answer in enumerate((ENTITLED, POSSIBLE)):
                rows = roaring.rows_in(chunk.container(place, rail), int(chunk.sets.counts[place, rail]))
                at = int(np.searchsorted(rows, within))
                if at < len(rows) and rows[at] == within:
                    found[item] = answer
        return found

    def tell(self, peer: str, finding: Finding) -> str:
        """A difference as a case that anybody can check: the facts it stands on, and the word of engine one."""
        world, item = self.engine.world, finding.item
        facts, program = world.facts([finding.row])[0], world.programs[item]
        read = {name: str(facts.get(name, "unknown")) for name in sorted(columns_of(world.cases[item].whole))}
        ours = WORDS[int(self.answers(finding.row)[item])]
        reference = assess(program, Facts.of(facts), province.AS_OF).answer
        said = f"{peer} says {WORDS[finding.said]}, ours says {ours}, the reference engine says {reference.value}"
        return f"{program.item}, row {finding.row}: {said}; {read}"


def _sorted(tallies: Rows) -> Rows:
    """Tallies by item and region: a back end may count the regions of an item in any order."""
    ordered: Rows = tallies[np.lexsort((tallies[:, 1], tallies[:, 0]))]
    return ordered
