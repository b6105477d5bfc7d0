"""Programs to one graph of conditions in which equal parts stand once, with every `not` pushed down to the leaves.

An item is a conjunction of nodes under one region; a node is a leaf, all or any of other nodes, or "unsure" (what a
reviewer decides). Both rails, surely and possibly, go through the same graph: without a `not` above the leaves,
each rail is plain two-valued logic.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from zhida.domain.rules import nodes
from zhida.domain.rules.engines.table.coding import Place
from zhida.domain.rules.engines.table.literals import Leaf, Leaves
from zhida.domain.rules.engines.table.manifest import Trees
from zhida.domain.rules.engines.table.meanings import Meanings
from zhida.domain.rules.engines.table.pricing import AmountPlan, Amounts
from zhida.domain.rules.nodes import Node
from zhida.domain.rules.program import Program, Requirement

TRUE, FALSE, UNSURE = -1, -2, 0  # two that are folded away; the first node says "unsure"
EVERYWHERE = -1


class Joint(NamedTuple):
    """All, or any, of other nodes."""

    is_all: bool
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Compiled:
    """One item: the node of its region (EVERYWHERE without one), the nodes that must all hold (None: nobody's), and its
    amount."""

    item: str
    region: int
    parts: tuple[int, ...] | None
    amount: AmountPlan


@dataclass
class Graph:
    """The nodes so far; equal ones are one."""

    nodes: list[Leaf | Joint | Program | None] = field(default_factory=lambda: [None])
    places: dict[object, int] = field(default_factory=dict)

    def add(self, node: Leaf | Joint | Program, key: object) -> int:
        """The number of a node."""
        if key not in self.places:
            self.places[key] = len(self.nodes)
            self.nodes.append(node)
        return self.places[key]

    def joint(self, parts: Iterable[int], *, is_all: bool) -> int:
        """All, or any, of some nodes; constants are folded, and a joint inside one of its kind is opened."""
        absorbing, neutral = (FALSE, TRUE) if is_all else (TRUE, FALSE)
        flat: dict[int, None] = {}
        for part in parts:
            held = self.nodes[part] if part > UNSURE else None
            opened = held.parts if isinstance(held, Joint) and held.is_all == is_all else (part,)
            flat.update(dict.fromkeys(opened))
        if absorbing in flat:
            return absorbing
        flat.pop(neutral, None)
        if len(flat) < 2:
            return next(iter(flat), neutral)
        made = Joint(is_all, tuple(sorted(flat)))
        return self.add(made, made)


class Compiler:
    """Compiles programs, one after the other, into one graph."""

    def __init__(self, as_of: date, trees: Trees | None = None) -> None:
        self.as_of = as_of
        self.meanings = Meanings(trees)
        self.graph = Graph()
        self.amounts = Amounts(self.meanings, as_of)
        self._conditions: dict[tuple[int, str, Node, bool], int] = {}
        self._leaves: dict[tuple[int, str], Leaves] = {}

    def compile(self, program: Program) -> Compiled:
        """One item's part of the graph."""
        leaves = self._leaves_of(program)
        region, parts = EVERYWHERE, self._reserved(program)
        amount = self.amounts.plan(program)
        if program.for_each:
            whole = self.meanings.whole(program)
            return Compiled(program.item, region, self._conjunction([*parts, self.graph.add(program, whole)]), amount)
        if program.within and program.region:
            region = self._region(leaves, program)
        required = [self._requirement(leaves, requirement) for requirement in program.requires]
        return Compiled(program.item, region, self._conjunction([*parts, *required]), amount)

    def _leaves_of(self, program: Program) -> Leaves:
        key = (id(program.schema), program.within)
        if key not in self._leaves:
            self._leaves[key] = Leaves(self.meanings, program.schema, program.within, self.as_of)
        return self._leaves[key]

    def _conjunction(self, parts: Sequence[int]) -> tuple[int, ...] | None:
        joint = self.graph.joint(parts, is_all=True)
        if joint in (TRUE, FALSE):
            return () if joint == TRUE else None
        held = self.graph.nodes[joint]
        return held.parts if isinstance(held, Joint) and held.is_all else (joint,)

    def _reserved(self, program: Program) -> list[int]:
        if self.as_of not in program.valid or self.as_of not in program.window:
            return [FALSE]
        return [UNSURE] if program.quota else []

    def _region(self, leaves: Leaves, program: Program) -> int:
        is_interval = program.schema.facts[program.within].period == "interval"
        value: Node = nodes.Name(program.within)
        if is_interval:
            value = nodes.Call(program.within, (nodes.Name("as_of"),))
        leaf = leaves.test(value, [Place(program.region)], negated=False)
        return self.graph.add(leaf, leaf)

    def _requirement(self, leaves: Leaves, requirement: Requirement) -> int:
        if requirement.kind != "computed":
            return TRUE if requirement.kind == "undertaken" else UNSURE
        ways = [self._condition(leaves, alternative.when, False) for alternative in requirement.alternatives]
        return self.graph.joint(ways, is_all=False)

    def _condition(self, leaves: Leaves, node: Node, negated: bool) -> int:
        key = (id(leaves), leaves.within, node, negated)
        if key not in self._conditions:
            self._conditions[key] = self._compiled(leaves, node, negated)
        return self._conditions[key]

    def _compiled(self, leaves: Leaves, node: Node, negated: bool) -> int:
        if isinstance(node, nodes.And | nodes.Or):
            parts = [self._condition(leaves, operand, negated) for operand in node.operands]
            return self.graph.joint(parts, is_all=isinstance(node, nodes.And) != negated)
        if isinstance(node, nodes.Not):
            return self._condition(leaves, node.operand, not negated)
        if isinstance(node, nodes.Literal) and isinstance(node.value, bool):
            return TRUE if node.value != negated else FALSE
        if isinstance(node, nodes.If):
            return self._chosen(leaves, node, negated)
        leaf = leaves.leaf(node, negated)
        return self.graph.add(leaf, leaf)

    def _chosen(self, leaves: Leaves, node: nodes.If, negated: bool) -> int:
        """`if c then a else b` is (c and a) or (not c and b) or (a and b): the last is for an unknown c."""
        then = self._condition(leaves, node.then, negated)
        otherwise = self._condition(leaves, node.otherwise, negated)
        when, unless = (self._condition(leaves, node.condition, flipped) for flipped in (False, True))
        ways = [(when, then), (unless, otherwise), (then, otherwise)]
        return self.graph.joint([self.graph.joint(way, is_all=True) for way in ways], is_all=False)
