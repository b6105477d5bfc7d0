"""Facts that the dictionary computes from others, materialised once when a snapshot is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.registers.columns import arrow_type, stored, value_of
from zhida.domain.registers.shapes import Shape
from zhida.domain.rules.answers import Unknown
from zhida.domain.rules.engines.columns.batch import Batch, Shared
from zhida.domain.rules.engines.columns.reading import Columns
from zhida.domain.rules.engines.columns.vectors import Days, Numbers, Texts, Truths, Unsupported
from zhida.domain.rules.engines.evaluation import Evaluation
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.rules.nodes import Call, Name, Node, walk
from zhida.domain.rules.schema import FactType, Schema
from zhida.domain.values import Fact, FactKey, Facts, Period


@dataclass
class Deriver:
    """Computes the materialised attributes of a dictionary over the columns of a kind, on one date.

    The rules' table engine computes whole columns; what it leaves to the slow engine is done row by row, rows with the
    same inputs once.
    """

    dictionary: Dictionary
    shapes: Mapping[str, Shape]
    kind: str
    on: date
    schema: Schema = field(init=False)

    def __post_init__(self) -> None:
        self.schema = Schema(
            facts=self.dictionary.facts,
            relations={name: entry.relation for name, entry in self.dictionary.relations.items()},
            parameters=self.dictionary.parameters,
            code_trees=self.dictionary.code_trees,
        )

    def columns(self, table: pa.Table) -> Iterator[tuple[FactKey, pa.Array]]:
        """Each derived column: what was supplied where the dictionary lets that win, computed elsewhere.

        Inputs that are themselves derived are read through their expressions, so the order does not matter.
        """
        for name, entry in self.dictionary.attributes.items():
            fact = entry.fact
            if fact.expression is None or fact.derived != "materialised" or self.kind not in entry.audience:
                continue
            read = self._read(fact.expression, {name})
            inputs = [each for each in table.column_names if FactKey.parse(each).attribute in read]
            for period in self._periods(fact, inputs):
                yield FactKey(name, period), self._column(fact, period, table.select(inputs))

    def _read(self, expression: Node, names: set[str]) -> set[str]:
        """Every attribute and relation that an expression can come to read, itself included."""
        for node in walk(expression):
            if isinstance(node, Name | Call) and node.name not in names:
                fact = self.schema.facts.get(node.name)
                if fact is not None or node.name in self.schema.relations:
                    names.add(node.name)
                if fact is not None and fact.expression is not None:
                    self._read(fact.expression, names)
        return names

    def _periods(self, fact: FactType, inputs: list[str]) -> Sequence[Period | None]:
        if fact.period == "none":
            return [None]
        held = {FactKey.parse(name).period for name in inputs}
        return sorted(
            period for period in held if isinstance(period, Period) and bool(period.month) == (fact.period == "month")
        )

    def _column(self, fact: FactType, period: Period | None, inputs: pa.Table) -> pa.Array:
        try:
            return self._at_once(fact, period, inputs)
        except Unsupported:
            return self._row_by_row(fact, period, inputs)

    def _at_once(self, fact: FactType, period: Period | None, inputs: pa.Table) -> pa.Array:
        """The column by the table engine. Raises Unsupported where only the slow one can tell."""
        columns = Columns(inputs, self.on, {})
        vector = Batch(Shared(columns), self.schema).fact(fact.name, period)
        rows, shape = inputs.num_rows, self.shapes[fact.name]
        match vector:
            case Truths():
                values = np.broadcast_to(vector.sure, rows)
            case Texts():
                words = pa.array(columns.words, type=pa.string())
                values = words.take(pa.array(np.broadcast_to(vector.ids, rows))).to_numpy(zero_copy_only=False)
            case Days():
                values = np.broadcast_to(vector.days, rows).astype("datetime64[D]")
            case Numbers(scale=scale) if scale == shape.scale and not vector.none.any():
                values = np.broadcast_to(vector.values, rows)
            case _:
                raise Unsupported("a column of another shape")
        return pa.array(values, mask=~np.broadcast_to(vector.known, rows)).cast(arrow_type(shape))

    def _row_by_row(self, fact: FactType, period: Period | None, inputs: pa.Table) -> pa.Array:
        shape = self.shapes[fact.name]
        known: dict[str, Any] = {}
        values = []
        keys = [(field, FactKey.parse(field.name)) for field in inputs.schema]
        for row in zip(*(column.to_pylist() for column in inputs.columns), strict=True):
            written = repr(row)
            if written not in known:
                known[written] = self._value(fact, period, keys, row)
            values.append(known[written])
        if not inputs.num_columns:
            values = [self._value(fact, period, [], ())] * inputs.num_rows
        return pa.array([_exactly(shape, value) for value in values], type=arrow_type(shape))

    def _value(
        self, fact: FactType, period: Period | None, keys: list[tuple[pa.Field, FactKey]], row: tuple[Any, ...]
    ) -> Any:
        facts = Facts(
            {key: Fact(value_of(field, held)) for (field, key), held in zip(keys, row, strict=True) if held is not None}
        )
        value = Evaluation(Subject(self.schema, facts, self.on)).fact(fact.name, period)
        return None if isinstance(value, Unknown) else value


def _exactly(shape: Shape, value: Any) -> Any:
    """The value as its column holds it; left to the rules, which compute it again, where the column would round it."""
    try:
        return stored(shape, value)
    except ValueError:
        return None
