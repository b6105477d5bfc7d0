"""One subject times everything: what the calculator asks, many thousand items in about a millisecond.

The one row goes through the same graph, all nodes of a level at once; a byte a node holds both rails, 1 sure and 2
possible. What the columns hold, engine one evaluates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.answers import AmountState, Answer, Assessment
from zhida.domain.rules.engines.evaluation import Evaluation
from zhida.domain.rules.engines.one import assess
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.rules.engines.table import exact
from zhida.domain.rules.engines.table.amounts import BROKEN, NONE, UNKNOWN, fen_exactly
from zhida.domain.rules.engines.table.encoding import Encoder
from zhida.domain.rules.engines.table.meanings import Source
from zhida.domain.rules.engines.table.plan import Kind, Plan
from zhida.domain.rules.engines.table.results import AMOUNT_UNKNOWN, NO_AMOUNT
from zhida.domain.rules.program import Program
from zhida.domain.values import Facts

SURELY, MAYBE = 3, 2
Truths = NDArray[np.uint8]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Eligible:
    """What one subject can have: items surely, each with fen, AMOUNT_UNKNOWN or NO_AMOUNT; and items possibly."""

    entitled: dict[str, int]
    possible: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Level:
    """Joints of one kind whose parts are all known: each one's parts behind each other, and where they begin."""

    is_all: bool
    nodes: Places
    parts: Places
    starts: Places


class Single:
    """A plan made ready for one subject at a time; making it takes a moment, so keep it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        encoder = Encoder(plan)
        self.unions, self.union_of = encoder.unions, encoder.union_of
        graph, kinds = plan.graph, plan.graph.nodes[:, Kind.KIND]
        self.kinds = kinds
        self.coded = np.flatnonzero(kinds == Kind.CODES)
        self.range_node, self.ranges, self.range_truth = self._ranges()
        self.levels = self._levels()
        groups = [graph.listed(graph.groups, group, Kind.ITEMS) for group in range(len(graph.groups))]
        self.items = np.concatenate([np.zeros(0, dtype=np.int64), *groups]).astype(np.int64)
        regions = np.repeat(graph.groups[:, Kind.REGION], [len(items) for items in groups])
        always = len(kinds)  # a place behind the nodes that is always sure
        needs = [
            [always if region < 0 else region, *graph.listed(graph.items, item, 0).tolist()]
            for region, item in zip(regions.tolist(), self.items.tolist(), strict=True)
        ]
        self.needs, self.need_starts = _behind(needs)

    def _ranges(self) -> tuple[Places, Places, Truths]:
        nodes: list[int] = []
        ranges: list[int] = []
        truths: list[int] = []
        graph = self.plan.graph
        for node in self.coded.tolist():
            for column, truth in ((Kind.SURE, SURELY), (Kind.DOUBT, MAYBE)):
                held = graph.listed(graph.nodes, node, column).tolist()
                ranges += held
                nodes += [node] * (len(held) // 2)
                truths += [truth] * (len(held) // 2)
        pairs = np.array(ranges, dtype=np.int64).reshape(-1, 2)
        return np.array(nodes, dtype=np.int64), pairs, np.array(truths, dtype=np.uint8)

    def _levels(self) -> list[_Level]:
        depth = np.zeros(len(self.kinds), dtype=np.int64)
        graph, held = self.plan.graph, {}
        for node in np.flatnonzero(self.kinds >= Kind.ALL).tolist():
            held[node] = graph.listed(graph.nodes, node, Kind.PARTS).tolist()
            depth[node] = 1 + depth[held[node]].max()
        found = []
        for level in range(1, int(depth.max(initial=0)) + 1):
            for kind in (Kind.ALL, Kind.ANY):
                nodes = np.flatnonzero((depth == level) & (self.kinds == kind))
                if len(nodes):
                    found.append(_Level(kind == Kind.ALL, nodes, *_behind([held[node] for node in nodes.tolist()])))
        return found

    def match(self, facts: Facts) -> Eligible:
        """What a subject with these facts can have on the plan's date. Raises InvariantBroken as `match_chunk` does,
        and for a fact of the wrong type."""
        asking = _Asking(self, facts)
        truth = np.zeros(len(self.kinds) + 1, dtype=np.uint8)
        truth[0], truth[-1] = MAYBE, SURELY
        codes = np.array(
            [exact.code(one.coding, asking.value(one.source)) for one in self.plan.columns], dtype=np.int64
        )
        nodes, at = self.range_node, self.plan.graph.nodes[:, Kind.AT]
        held = codes[at[nodes]] if len(nodes) else nodes
        inside = (held >= self.ranges[:, 0]) & (held < self.ranges[:, 1])
        truth[nodes[inside]] = self.range_truth[inside]
        bits = np.array([asking.truth(one.key, one.source) for one in self.plan.bits], dtype=np.uint8)
        for kind, of_kind in ((Kind.BITS, bits), (Kind.NOT_BITS, _opposite(bits))):
            chosen = np.flatnonzero(self.kinds == kind)
            truth[chosen] = of_kind[at[chosen]] if len(chosen) else 0
        for level in self.levels:
            joined = np.bitwise_and if level.is_all else np.bitwise_or
            truth[level.nodes] = joined.reduceat(truth[level.parts], level.starts)
        found = np.bitwise_and.reduceat(truth[self.needs], self.need_starts) if len(self.items) else truth[:0]
        entitled, possible = self.items[found == SURELY], self.items[found == MAYBE]
        return Eligible(
            {self.plan.items[item].id: self._fen(item, codes, asking) for item in np.sort(entitled).tolist()},
            tuple(self.plan.items[item].id for item in np.sort(possible).tolist()),
        )

    def _fen(self, item: int, codes: Places, asking: _Asking) -> int:
        amount = self.plan.amounts[int(self.plan.amount_of[item])]
        if not amount.steps:
            return NO_AMOUNT
        operands = []
        for operand in amount.operands:
            if operand >= 0:
                operands.append(asking.number(operand))
            else:
                column, pieces = self.plan.lookups[-1 - operand]
                operands.append(next(value for end, value in pieces if codes[column] < end))
        fen = fen_exactly(amount.steps, operands, amount.scale)
        if fen == BROKEN:
            words = f"{self.plan.items[item].id} gives an amount that is no whole number of fen from 0 to 2^63"
            raise InvariantBroken("amount_not_in_fen", words)
        return {UNKNOWN: AMOUNT_UNKNOWN, NONE: NO_AMOUNT}.get(fen, fen)


class _Asking:
    """One subject's facts, asked as engine one asks."""

    def __init__(self, single: Single, facts: Facts) -> None:
        self.single = single
        self.facts = facts
        plan = single.plan
        subjects = [(Subject(schema, facts, plan.as_of), within) for schema, within in single.unions]
        self.evaluations = [Evaluation(subject, within) for subject, within in subjects]
        self.numbers: dict[int, int] = {}
        self.wholes: dict[str, Assessment] = {}

    def value(self, source: Source) -> object:
        return self.evaluations[self.single.union_of[source.key]].value(source.node)

    def truth(self, key: str, source: Source | Program) -> int:
        """1 surely, 2 possibly; both where sure."""
        if isinstance(source, Program):
            answer = self.whole(key, source).answer
            return {Answer.ENTITLED: SURELY, Answer.POSSIBLE: MAYBE, Answer.NOT: 0}[answer]
        value = self.value(source)
        return SURELY if value is True else 0 if value is False else MAYBE

    def number(self, place: int) -> int:
        if place not in self.numbers:
            key, source, scale = self.single.plan.quantities[place]
            if isinstance(source, Program):
                found = self.whole(key, source)
                state = {AmountState.UNKNOWN: UNKNOWN, AmountState.NONE: NONE, AmountState.KNOWN: found.amount_fen}
                self.numbers[place] = int(state[found.amount] or 0)
            else:
                self.numbers[place] = exact.number(self.value(source), scale)
        return self.numbers[place]

    def whole(self, key: str, program: Program) -> Assessment:
        """An item with one claim per record."""
        if key not in self.wholes:
            self.wholes[key] = assess(program, self.facts, self.single.plan.as_of)
        return self.wholes[key]


def _opposite(bits: Truths) -> Truths:
    """The truths of the opposite: what may be is not surely not."""
    sure, may = bits & 1, bits >> 1
    return ((1 - may) | ((1 - sure) << 1)).astype(np.uint8)


def _behind(lists: Sequence[Sequence[int]]) -> tuple[Places, Places]:
    """Lists behind each other, and where each begins; none of them is empty."""
    starts = np.cumsum([0, *(len(one) for one in lists)])[:-1]
    return np.array([value for one in lists for value in one], dtype=np.int64), starts
