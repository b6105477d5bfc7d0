"""The names of one pack over columns: facts and what derives them, tables, amounts, parameters by region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from weakref import proxy

import numpy as np

from zhida.domain.rules import nodes
from zhida.domain.rules.engines.columns import lanes
from zhida.domain.rules.engines.columns.frames import Frame, days_of
from zhida.domain.rules.engines.columns.merging import Agreement, blend, hidden, known_of
from zhida.domain.rules.engines.columns.reading import Columns
from zhida.domain.rules.engines.columns.vector_functions import matches
from zhida.domain.rules.engines.columns.vectors import (
    FALSE,
    TRUE,
    UNSURE,
    YES,
    Lists,
    Numbers,
    Texts,
    Truths,
    Unsupported,
    Vector,
)
from zhida.domain.rules.engines.evaluation import YEAR_OF_PERIOD, dates_in, dates_of
from zhida.domain.rules.engines.keys import period_called
from zhida.domain.rules.engines.subject import day_span
from zhida.domain.rules.nodes import Node, walk
from zhida.domain.rules.schema import FactType, Schema
from zhida.domain.rules.tables import Row, Table, band_of
from zhida.domain.values import FactKey, Period, Span


@dataclass
class Shared:
    """What the programs of one screening have in common: the columns, and the results of expressions over facts that
    mean the same in every pack."""

    columns: Columns
    results: dict[object, Any] = field(default_factory=dict)
    facts: dict[str, FactType] = field(default_factory=dict)


class Batch:
    """One pack's schema over the columns. `base` is the frame that tables and amounts are read in: the root, or the
    records of an item with one claim per record."""

    def __init__(self, shared: Shared, schema: Schema, within: str = "", for_each: str = "") -> None:
        self.shared = shared
        self.columns = shared.columns
        self.schema = schema
        self.within = within
        self.own = (id(schema), within, for_each)
        self.root = Frame(proxy(self), dates_of(self.columns.as_of))  # so that the vectors go when the batch does
        self.root.memory = shared.results
        self.base = self.root
        self.free_names: dict[int, frozenset[str]] = {}
        self.keys: dict[int, tuple[Node, object]] = {}

    def records(self, relation: str) -> Lists:
        """Makes the records of a relation the rows that the program speaks of."""
        source = self.root.lists(nodes.Name(relation))
        if self.base is self.root:
            self.base = self.root.inside(source, {self.schema.relations[relation].singular: source.items})
        return source

    def names(self, node: Node) -> frozenset[str]:
        """Every name that an expression uses, and the mark of the year where a month is counted in it."""
        if id(node) not in self.free_names:
            found = {part.name for part in walk(node) if isinstance(part, nodes.Name | nodes.Call)}
            if any(name in self.schema.facts and self.schema.facts[name].period == "month" for name in found):
                found.add(YEAR_OF_PERIOD)
            self.free_names[id(node)] = frozenset(found)
        return self.free_names[id(node)]

    def reads(self, frame: object, names: frozenset[str]) -> bool:
        """Whether tables and amounts among the names are read in this frame: they may speak of its records."""
        of_packs = not (names.isdisjoint(self.schema.tables) and names.isdisjoint(self.schema.amounts))
        return of_packs and frame is self.base

    def key(self, node: Node) -> object:
        """What a result is remembered by: the node alone where it means the same in every pack."""
        if id(node) not in self.keys:
            shared = self._is_shared(node)
            self.keys[id(node)] = (node, node if shared else (self.own, node))
        return self.keys[id(node)][1]

    def _is_shared(self, node: Node) -> bool:
        names = self.names(node)
        packs = (self.schema.tables, self.schema.amounts, self.schema.relations, {"parameters": None})
        if any(name in named for name in names for named in packs):
            return False
        return all(self._is_common(self.schema.facts[name]) for name in names if name in self.schema.facts)

    def _is_common(self, fact: FactType) -> bool:
        """Whether a stored fact means the same in every pack seen so far."""
        return fact.expression is None and self.shared.facts.setdefault(fact.name, fact) == fact

    def constant(self, value: Decimal | str | bool | date) -> Vector:
        if isinstance(value, bool):
            return TRUE if value else FALSE
        if isinstance(value, Decimal):
            return lanes.constant(value)
        if isinstance(value, str):
            return Texts(np.array([self.columns.word(value)], dtype=np.int64), YES)
        return days_of(value)

    def named(self, name: str) -> Vector:
        """A fact without a period, a table or an amount."""
        if name in self.schema.facts or name in self.schema.relations:
            return self.fact(name, None)
        table = self.schema.tables.get(name)
        return table_vector(table, self.base) if table else self.base.vector(self.schema.amounts[name].value)

    def fact_called(self, node: nodes.Call, dates: Mapping[str, Any]) -> Vector:
        return self.fact(node.name, period_called(node, self.schema, dates))

    def fact(self, name: str, period: Period | Span | None) -> Vector:
        """A fact's column, filled from its expression where it is not stored."""
        fact = self.schema.facts.get(name) or FactType(name, "relation")
        common = name in self.schema.facts and self._is_common(fact)
        key = FactKey(name, period) if common else (self.own, FactKey(name, period))
        if key not in self.shared.results:
            self.shared.results[key] = self._fact(fact, period)
        return self.shared.results[key]  # type: ignore[no-any-return]

    def _fact(self, fact: FactType, period: Period | Span | None) -> Vector:
        if fact.expression is None:
            return self.columns.stored(fact, period, self.schema)
        derived = Frame(self, dates_in(period), self.root).vector(fact.expression)
        if not fact.reads_stored:
            return derived
        stored = self.columns.stored(fact, period, self.schema)
        return blend(known_of(stored), stored, derived)

    def region(self) -> Vector:
        """The column of the subjects' regions."""
        is_interval = self.schema.facts[self.within].period == "interval"
        return self.fact(self.within, day_span(self.columns.as_of) if is_interval else None)

    def parameter(self, name: str) -> Vector:
        """The value in force in the narrowest region that contains each subject; unknown where rows that may apply
        differ."""
        series = self.schema.parameters[name]
        rows = series.in_force(self.columns.as_of)
        everywhere = rows.pop("", None)
        if not rows:
            value = self.constant(everywhere.value if everywhere else series.rows[0].value)
            return value if everywhere else hidden(value, YES)
        choice = Agreement()
        tree = self.schema.code_trees.get(self.schema.facts[self.within].code_tree) if self.within else None
        for region in sorted(rows, key=lambda place: -len(tree.ancestors(place)) if tree else 0):
            truth = matches(self, self.region(), self.constant(region)) if tree else UNSURE
            choice.offer(truth, self.constant(rows[region].value))
        if everywhere is None:
            return hidden(choice.agreed(), ~choice.closed)
        choice.offer(TRUE, self.constant(everywhere.value))
        return choice.agreed()


def table_vector(table: Table, frame: Frame) -> Vector:
    """What a table gives in each row of a frame, held under its cap."""
    inputs = [frame.vector(column.value) for column in table.by]
    if table.hit == "marginal":
        result: Vector = _marginal(table, inputs[0], frame)
    elif table.hit == "collect_sum":
        result = _collected(table, inputs, frame)
    else:
        result = _chosen(table, inputs, frame)
    if table.cap is None:
        return result
    if not isinstance(result, Numbers):
        raise Unsupported("a cap on something else than numbers")
    return lanes.extreme("min", result, frame.numbers(table.cap))


def _holds(row: Row, inputs: list[Vector], frame: Frame) -> Truths:
    found = TRUE
    for value, cell in zip(inputs, row.cells, strict=True):
        found = found & (frame.tested(value, cell) if cell else TRUE)
    return found


def _chosen(table: Table, inputs: list[Vector], frame: Frame) -> Vector:
    choice = Agreement()
    for row in table.rows:
        choice.offer(_holds(row, inputs, frame), frame.vector(row.gives))
    if table.hit == "unique":
        if not choice.has.all():
            raise Unsupported(f"subjects without a row in the unique table {table.name}")
        return choice.agreed()
    if not choice.closed.all():
        none = Numbers(np.zeros(1, dtype=np.int64), YES, 0, YES)
        choice.offer(TRUE, none)
    return choice.agreed()


def _collected(table: Table, inputs: list[Vector], frame: Frame) -> Vector:
    total, none, known = lanes.constant(Decimal(0)), YES, YES
    for row in table.rows:
        holds, gives = _holds(row, inputs, frame), frame.numbers(row.gives)
        known = known & holds.known
        counted = Numbers(gives.values, gives.known | ~holds.sure, gives.scale, gives.none & holds.sure)
        zero = lanes.constant(Decimal(0))
        part = blend(holds.sure, counted, zero)
        total = lanes.arithmetic("+", total, part if isinstance(part, Numbers) else zero)
        none = none & ~holds.sure
    return Numbers(total.values, known & (total.known | none), total.scale, (total.none | none) & known)


def _marginal(table: Table, units: Vector, frame: Frame) -> Vector:
    if not isinstance(units, Numbers):
        raise Unsupported("bands over something else than numbers")
    total = lanes.constant(Decimal(0))
    for row in table.rows:
        low, high = band_of(row)
        upper = units if high is None else lanes.extreme("min", units, lanes.constant(high))
        inside = lanes.arithmetic("-", upper, lanes.constant(low))
        filled = lanes.compared(">", inside, lanes.constant(Decimal(0)))
        part = blend(filled.sure, lanes.arithmetic("*", inside, frame.numbers(row.gives)), lanes.constant(Decimal(0)))
        total = lanes.arithmetic("+", total, part if isinstance(part, Numbers) else total)
    known = total.known & units.known | units.none
    return Numbers(total.values, known, total.scale, total.none | units.none)
