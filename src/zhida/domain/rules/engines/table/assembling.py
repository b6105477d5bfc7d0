"""Compiled items put together as a plan: columns numbered, tests turned into ranges of codes, the graph into arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain

import numpy as np

from zhida.domain.rules.engines.table.coding import Between, Test, coding_of, ranges_of
from zhida.domain.rules.engines.table.compiling import EVERYWHERE, UNSURE, Compiled, Compiler, Joint
from zhida.domain.rules.engines.table.literals import Leaf
from zhida.domain.rules.engines.table.lookups import Lookup
from zhida.domain.rules.engines.table.manifest import Trees
from zhida.domain.rules.engines.table.plan import Bits, Column, Graph, Item, Kind, Plan
from zhida.domain.rules.engines.table.prices import Amount, Ints, Pieces
from zhida.domain.rules.engines.table.pricing import AmountPlan, Quantity
from zhida.domain.rules.program import Program
from zhida.domain.rules.schema import FactType

NO_OWNERS: Mapping[str, str] = {}
NO_COLUMNS: Mapping[str, Column] = {}


def compile_plan(
    programs: Iterable[Program],
    as_of: date,
    *,
    packs: str = "",
    owners: Mapping[str, str] = NO_OWNERS,
    known: Mapping[str, Column] = NO_COLUMNS,
    trees: Trees | None = None,
) -> Plan:
    """Compiles the items of a pack root for one date. `packs` is the digest of the revisions that they come from,
    `owners` names each item's department. Equal expressions become one column, whichever pack they stand in; of the
    columns `known` by key, those are taken as they are that can tell all that is asked of them, and `trees` are code
    trees that need no digest any more."""
    compiler, compiled, items = Compiler(as_of, trees), [], []
    for program in programs:  # which may be read as they are asked for, and need not fit into memory together
        compiled.append(compiler.compile(program))
        items.append(Item(program.item, str(program.audience), owners.get(program.item, "")))
    assembling = _Assembling(compiler, compiled, known)
    amounts, amount_of = assembling.amounts()
    return Plan(
        as_of,
        packs,
        tuple(items),
        tuple(assembling.columns.values()),
        tuple(assembling.bits.values()),
        tuple(assembling.quantities.values()),
        assembling.pieces(),
        assembling.graph(),
        amounts,
        amount_of,
        compiler.meanings.trees,
    )


class _Assembling:
    def __init__(self, compiler: Compiler, compiled: Sequence[Compiled], known: Mapping[str, Column]) -> None:
        self.known = known
        self.held = compiler.graph.nodes
        self.compiled = compiled
        self.used = self._used()
        self.columns: dict[str, Column] = {}
        self.bits: dict[str, Bits] = {}
        self.quantities: dict[str, Quantity] = {}
        self.keys: dict[int, str] = {}
        leaves = [node for node in (self.held[place] for place in self.used) if isinstance(node, Leaf)]
        self.lookups = {held.key: held for one in compiled for held in one.amount.operands if isinstance(held, Lookup)}
        self._number_columns([leaf for leaf in (*leaves, *(held.leaf for held in self.lookups.values())) if leaf.tests])
        for leaf in leaves:
            if not leaf.tests:
                self.bits.setdefault(leaf.key[0], Bits(leaf.key[0], leaf.source))
        for place in self.used:
            node = self.held[place]
            if isinstance(node, Program):
                key = compiler.meanings.whole(node)
                self.bits.setdefault(key, Bits(key, compiler.meanings.bare(node)))
                self.keys[place] = key
        self.column_at = {key: place for place, key in enumerate(self.columns)}
        self.quantity_at = {key: place for place, key in enumerate(self.quantities)}
        self.lookup_at = {key: place for place, key in enumerate(self.lookups)}
        self.bits_at = {key: place for place, key in enumerate(self.bits)}

    def _used(self) -> list[int]:
        """The nodes that items reach, in their order: operands first."""
        waiting = [part for one in self.compiled for part in (*(one.parts or ()), one.region) if part != EVERYWHERE]
        found = {UNSURE}
        while waiting:
            place = waiting.pop()
            if place not in found:
                found.add(place)
                node = self.held[place]
                waiting.extend(node.parts if isinstance(node, Joint) else ())
        return sorted(found)

    def _number_columns(self, leaves: Sequence[Leaf]) -> None:
        tests: dict[str, list[Test]] = {}
        for leaf in leaves:
            tests.setdefault(leaf.key[0], []).extend(leaf.tests)
        for leaf in leaves:
            key = leaf.key[0]
            if key not in self.columns:
                held = self.known.get(key)
                if held is None or not all(held.coding.covers(test) for test in tests[key]):
                    held = Column(key, leaf.source, coding_of(tests[key], leaf.words, leaf.tree))
                self.columns[key] = held
                self._keep_numbers(leaf)

    def _keep_numbers(self, leaf: Leaf) -> None:
        """Numbers of stored facts stay beside their codes, for thresholds that only a later item knows."""
        name = getattr(leaf.source.node, "name", "")
        fact: FactType | None = leaf.source.schema.facts.get(name)
        if isinstance(leaf.tests[0], Between) and fact is not None and fact.expression is None:
            key = f"{leaf.source.key}/{fact.scale}"
            self.quantities.setdefault(key, Quantity(key, leaf.source, fact.scale))

    def pieces(self) -> tuple[Pieces, ...]:
        """What each table looked up gives, by the codes of its column."""
        held = ((self.column_at[one.leaf.source.key], one) for one in self.lookups.values())
        return tuple((at, one.pieces(list(self.columns.values())[at].coding)) for at, one in held)

    def amounts(self) -> tuple[tuple[Amount, ...], Ints]:
        """The different amounts, and each item's place among them."""
        found: dict[Amount, int] = {Amount((), (), 0): 0}
        places = [found.setdefault(self._amount(one.amount), len(found)) for one in self.compiled]
        return tuple(found), np.array(places, dtype=np.int32)

    def _amount(self, plan: AmountPlan) -> Amount:
        operands = []
        for held in plan.operands:
            if isinstance(held, Quantity) and held.key not in self.quantity_at:
                self.quantity_at[held.key] = len(self.quantities)
                self.quantities[held.key] = held
            is_stored = isinstance(held, Quantity)
            operands.append(self.quantity_at[held.key] if is_stored else -1 - self.lookup_at[held.key])
        return Amount(tuple((int(op), int(argument)) for op, argument in plan.steps), tuple(operands), plan.scale)

    def graph(self) -> Graph:
        """The graph as arrays, its nodes numbered anew."""
        number, lists = {place: index for index, place in enumerate(self.used)}, _Lists()
        rows = []
        for place in self.used:
            node = self.held[place]
            if isinstance(node, Joint):
                parts = lists.add(number[part] for part in node.parts)
                rows.append((_joint(node), 0, 0, 0, 0, 0, *parts))
            else:
                kind, at, sure, doubt = self._leaf(node, place)
                rows.append((kind, at, *lists.add(chain(*sure)), *lists.add(chain(*doubt)), 0, 0))
        groups: dict[int, list[int]] = {}
        for index, one in enumerate(self.compiled):
            if one.parts is not None:
                groups.setdefault(number.get(one.region, EVERYWHERE), []).append(index)
        grouped = [(node, *lists.add(groups[node])) for node in sorted(groups)]
        needs = [lists.add(number[part] for part in one.parts or ()) for one in self.compiled]
        return Graph(
            _ints(rows, Kind.NODE_WIDTH), _ints(grouped, Kind.GROUP_WIDTH), _ints(needs, Kind.ITEM_WIDTH), lists.array()
        )

    def _leaf(self, node: object, place: int) -> tuple[int, int, Iterable[tuple[int, int]], Iterable[tuple[int, int]]]:
        if isinstance(node, Leaf) and node.tests:
            key = node.key[0]
            sure, doubt = ranges_of(self.columns[key].coding, node.tests, node.negated)
            return Kind.CODES, self.column_at[key], sure, doubt
        if isinstance(node, Leaf):
            return Kind.NOT_BITS if node.negated else Kind.BITS, self.bits_at[node.key[0]], (), ()
        return (Kind.BITS, self.bits_at[self.keys[place]], (), ()) if place in self.keys else (Kind.UNSURE, 0, (), ())


def _joint(node: Joint) -> int:
    return Kind.ALL if node.is_all else Kind.ANY


def _ints(rows: Sequence[Sequence[int]], width: int) -> Ints:
    return np.array(rows, dtype=np.int32).reshape(-1, width)


class _Lists:
    """Lists behind each other; equal ones stand once."""

    def __init__(self) -> None:
        self.held: list[int] = []
        self.places: dict[tuple[int, ...], tuple[int, int]] = {}

    def add(self, values: Iterable[int]) -> tuple[int, int]:
        """From where to where a list stands."""
        made = tuple(values)
        if made not in self.places:
            self.places[made] = (len(self.held), len(self.held) + len(made))
            self.held.extend(made)
        return self.places[made]

    def array(self) -> Ints:
        return np.array(self.held, dtype=np.int32)
