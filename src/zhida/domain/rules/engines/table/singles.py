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
from zhida.domain.rules import nodes
from zhida.domain.rules.answers import UNKNOWN, AmountState, Answer, Assessment
from zhida.domain.rules.engines.evaluation import Evaluation, dates_of
from zhida.domain.rules.engines.one import assess
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.rules.engines.table import amounts, exact
from zhida.domain.rules.engines.table.amounts import BROKEN, NONE, fen_exactly
from zhida.domain.rules.engines.table.coding import Codes
from zhida.domain.rules.engines.table.encoding import Encoder
from zhida.domain.rules.engines.table.joints import Few, Layered, Truths
from zhida.domain.rules.engines.table.meanings import Source
from zhida.domain.rules.engines.table.plan import Kind, Plan
from zhida.domain.rules.engines.table.results import AMOUNT_UNKNOWN, NO_AMOUNT, Ints
from zhida.domain.rules.engines.values import Members, plain
from zhida.domain.rules.nodes import Node
from zhida.domain.rules.program import Program
from zhida.domain.rules.schema import FactType
from zhida.domain.values import Facts

SURELY, MAYBE = 3, 2
Places = NDArray[np.int64]
MANY_REGIONS = 50
"""From so many regions on it is quicker to look at the items of all regions at once than region by region."""


@dataclass(frozen=True)
class Eligible:
    """What one subject can have: items surely, each with fen, AMOUNT_UNKNOWN or NO_AMOUNT; and items possibly."""

    entitled: dict[str, int]
    possible: tuple[str, ...]


class Single:
    """A plan made ready for one subject at a time; making it takes a moment, so keep it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        encoder = Encoder(plan)
        self.unions, self.union_of = encoder.unions, encoder.union_of
        graph, kinds = plan.graph, plan.graph.nodes[:, Kind.KIND]
        self.kinds = kinds
        self.stored = self._stored()
        self.coded = np.flatnonzero(kinds == Kind.CODES)
        self.range_node, self.lows, self.spans, self.range_truth, self.ranges_of = self._ranges()
        self.levels = self._levels()
        self.lists: dict[tuple[int, Node], dict[str, int]] = {}
        self.unlisted = [place for place, bits in enumerate(plan.bits) if not self._asks_list(place, bits.source)]
        named = {place: self.stored.get(plan.bits[place].key) for place in self.unlisted}
        self.flags = {place: fact.name for place, fact in named.items() if fact is not None and _is_timeless(fact)}
        self.flag_places = np.array([*self.flags], dtype=np.int64)
        self.unlisted = [place for place in self.unlisted if place not in self.flags]
        chosen = [np.flatnonzero(kinds == kind) for kind in (Kind.BITS, Kind.NOT_BITS)]
        self.bits = [(leaves, graph.nodes[leaves, Kind.AT]) for leaves in chosen]
        self.regions = np.where(graph.groups[:, Kind.REGION] < 0, len(kinds), graph.groups[:, Kind.REGION])
        self.groups = [Few(*self._group([group])) for group in range(len(graph.groups))]
        self.everywhere = Layered(*self._group(range(len(graph.groups))))
        self.names = np.array([item.id for item in plan.items], dtype=object)

    def _stored(self) -> dict[str, FactType]:
        """By the key of a source that is no more than the name of a stored fact: that fact."""
        plan, dates = self.plan, dates_of(self.plan.as_of)
        held = [*(one.source for one in plan.columns), *(one.source for one in plan.bits)]
        found = {}
        for source in (*held, *(one.source for one in plan.quantities)):
            if isinstance(source, Source) and isinstance(source.node, nodes.Name) and source.node.name not in dates:
                fact = self.unions[self.union_of[source.key]][0].facts.get(source.node.name)
                if fact is not None and fact.expression is None:
                    found[source.key] = fact
        return found

    def _asks_list(self, place: int, source: Source | Program) -> bool:
        """Whether a condition asks if a list has a member; if so its place is noted by list and member."""
        asked = _membership(source)
        if asked is None or isinstance(source, Program):
            return False
        node, member = asked
        places = self.lists.setdefault((self.union_of[source.key], node), {})
        return places.setdefault(member, place) == place

    def _group(self, groups: Sequence[int]) -> tuple[list[int], list[list[int]]]:
        """The items of some regions, and what each needs: its region before all."""
        graph = self.plan.graph
        items: list[int] = []
        needs: list[list[int]] = []
        for group in groups:
            own = graph.listed(graph.groups, group, Kind.ITEMS).tolist()
            region = int(self.regions[group])
            items += own
            needs += [[region, *graph.listed(graph.items, item, 0).tolist()] for item in own]
        return items, needs

    def _ranges(self) -> tuple[Ints, Codes, Codes, Truths, Places]:
        """Column after column, the node of each range, its lowest code, how many it has, and what the node is to whom
        it holds; and how many ranges each column has."""
        owners: list[int] = []
        ranges: list[int] = []
        truths: list[int] = []
        graph = self.plan.graph
        at = graph.nodes[self.coded, Kind.AT]
        for node in self.coded[np.argsort(at, kind="stable")].tolist():
            for column, truth in ((Kind.SURE, SURELY), (Kind.DOUBT, MAYBE)):
                held = graph.listed(graph.nodes, node, column).tolist()
                ranges += held
                owners += [node] * (len(held) // 2)
                truths += [truth] * (len(held) // 2)
        lows, ends = np.array(ranges, dtype=np.uint16).reshape(-1, 2).T.copy()
        nodes = np.array(owners, dtype=np.int32)
        many = np.bincount(graph.nodes[nodes, Kind.AT], minlength=len(self.plan.columns))
        return nodes, lows, ends - lows, np.array(truths, dtype=np.uint8), many

    def _levels(self) -> list[tuple[bool, Layered]]:
        """Joints of one kind whose parts stand in the levels before."""
        depth = np.zeros(len(self.kinds), dtype=np.int64)
        graph, held = self.plan.graph, {}
        for node in np.flatnonzero(self.kinds >= Kind.ALL).tolist():
            held[node] = graph.listed(graph.nodes, node, Kind.PARTS).tolist()
            depth[node] = 1 + depth[held[node]].max()
        found = []
        for level in range(1, int(depth.max(initial=0)) + 1):
            for kind in (Kind.ALL, Kind.ANY):
                joints = np.flatnonzero((depth == level) & (self.kinds == kind)).tolist()
                if joints:
                    found.append((kind == Kind.ALL, Layered(joints, [held[node] for node in joints])))
        return found

    def match(self, facts: Facts) -> Eligible:
        """What a subject with these facts can have on the plan's date. Raises InvariantBroken as `match_chunk` does,
        and for a fact of the wrong type."""
        asking = _Asking(self, facts)
        truth = np.zeros(len(self.kinds) + 1, dtype=np.uint8)
        truth[0], truth[-1] = MAYBE, SURELY  # behind the nodes a place that is always sure: everywhere
        columns = self.plan.columns
        codes = np.array([exact.code(one.coding, asking.value(one.source)) for one in columns], dtype=np.uint16)
        inside = np.flatnonzero(codes.repeat(self.ranges_of) - self.lows < self.spans)
        truth[self.range_node.take(inside)] = self.range_truth.take(inside)
        bits = self._bits(asking)
        for (leaves, at), of_kind in zip(self.bits, (bits, _opposite(bits)), strict=True):
            truth[leaves] = of_kind[at] if len(leaves) else 0
        for is_all, level in self.levels:
            truth[level.order] = level.under(truth, is_all=is_all)
        return self._eligible(truth, codes.tolist(), asking)

    def _bits(self, asking: _Asking) -> Truths:
        """The truth of each condition; a list is looked at once, however many ask for its members."""
        bits = np.zeros(len(self.plan.bits), dtype=np.uint8)
        bits[self.flag_places] = [asking.flag(place, name) for place, name in self.flags.items()]
        asked = list(self.unlisted)
        for (union, node), places in self.lists.items():
            found = asking.evaluations[union].value(node)
            members = found.items if isinstance(found, Members) else ()
            if any(doubt is not None or type(item) is not str for item, doubt in members):
                asked += places.values()
            elif isinstance(found, Members):
                bits[[places[item] for item, _ in members if item in places]] = SURELY
            else:
                bits[list(places.values())] = MAYBE
        bits[asked] = [asking.truth(place) for place in asked]
        return bits

    def _eligible(self, truth: Truths, codes: list[int], asking: _Asking) -> Eligible:
        """The items of the regions that are possible, by what they need."""
        regions = np.flatnonzero(truth[self.regions]).tolist()
        found = np.zeros(len(self.names), dtype=np.uint8)
        if len(regions) < MANY_REGIONS:
            for group in (self.groups[region] for region in regions):
                found[group.order] = group.under(truth)
        else:
            found[self.everywhere.order] = self.everywhere.under(truth)
        return Eligible(
            {self.names[item]: self._fen(item, codes, asking) for item in np.flatnonzero(found == SURELY).tolist()},
            tuple(self.names[found == MAYBE].tolist()),
        )

    def _fen(self, item: int, codes: list[int], asking: _Asking) -> int:
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
        return {amounts.UNKNOWN: AMOUNT_UNKNOWN, NONE: NO_AMOUNT}.get(fen, fen)


class _Asking:
    """One subject's facts, asked as engine one asks."""

    def __init__(self, single: Single, facts: Facts) -> None:
        self.single = single
        self.facts = facts
        plan = single.plan
        subjects = [(Subject(schema, facts, plan.as_of), within) for schema, within in single.unions]
        self.evaluations = [Evaluation(subject, within) for subject, within in subjects]
        self.timeless = {key.attribute: fact for key, fact in facts.known.items() if key.period is None}
        self.numbers: dict[int, int] = {}
        self.wholes: dict[str, Assessment] = {}

    def value(self, source: Source) -> object:
        fact = self.single.stored.get(source.key)
        if fact is None:
            return self.evaluations[self.single.union_of[source.key]].value(source.node)
        return self._stored(fact, self.evaluations[self.single.union_of[source.key]].subject)

    def _stored(self, fact: FactType, subject: Subject) -> object:
        """A stored fact as `Subject.stored` reads it, which also notes what a reason would name: that takes longer than
        all that follows."""
        if not _is_timeless(fact):
            return subject.stored(fact, None)
        held = self.timeless.get(fact.name)
        return UNKNOWN if held is None else plain(fact, held.value, subject.schema.code_trees, fact.key)

    def flag(self, place: int, name: str) -> int:
        """`truth` of a condition that is a stored fact alone."""
        held = self.timeless.get(name)
        if held is None:
            return MAYBE
        return SURELY if held.value is True else 0 if held.value is False else self.truth(place)

    def truth(self, place: int) -> int:
        """1 surely, 2 possibly; both where sure."""
        asked = self.single.plan.bits[place]
        source = asked.source
        if isinstance(source, Program):
            answer = self.whole(asked.key, source).answer
            return {Answer.ENTITLED: SURELY, Answer.POSSIBLE: MAYBE, Answer.NOT: 0}[answer]
        value = self.value(source)
        return SURELY if value is True else 0 if value is False else MAYBE

    def number(self, place: int) -> int:
        if place not in self.numbers:
            key, source, scale = self.single.plan.quantities[place]
            if isinstance(source, Program):
                found = self.whole(key, source)
                marks = {AmountState.UNKNOWN: amounts.UNKNOWN, AmountState.NONE: NONE}
                self.numbers[place] = int(marks.get(found.amount, found.amount_fen) or 0)
            else:
                self.numbers[place] = exact.number(self.value(source), scale)
        return self.numbers[place]

    def whole(self, key: str, program: Program) -> Assessment:
        """An item with one claim per record."""
        if key not in self.wholes:
            self.wholes[key] = assess(program, self.facts, self.single.plan.as_of)
        return self.wholes[key]


def _is_timeless(fact: FactType) -> bool:
    """Whether a stored fact is one value whatever the day."""
    return fact.stale_after_days is None and fact.period != "interval"


def _membership(source: Source | Program) -> tuple[Node, str] | None:
    """The list and the text of `list contains(list, "text")`, where a condition is that."""
    node = source.node if isinstance(source, Source) else None
    if not isinstance(node, nodes.Call) or node.name != "list contains":
        return None
    held, text = node.arguments
    is_plain = isinstance(held, nodes.Name | nodes.Call) and isinstance(text, nodes.Literal)
    return (held, str(text.value)) if is_plain and isinstance(text, nodes.Literal) else None


def _opposite(bits: Truths) -> Truths:
    """The truths of the opposite: what may be is not surely not."""
    sure, may = bits & 1, bits >> 1
    return ((1 - may) | ((1 - sure) << 1)).astype(np.uint8)
