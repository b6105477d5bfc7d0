"""Arrow columns as vectors: written fact keys name them, null is unknown, numbers are scaled int64."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.engines.columns.lanes import MAX_SCALE, bound, widened
from zhida.domain.rules.engines.columns.merging import blend
from zhida.domain.rules.engines.columns.vectors import (
    NO,
    TRUE,
    UNSURE,
    Days,
    Lists,
    Mask,
    Numbers,
    Records,
    Texts,
    Vector,
    Whole,
    gathered,
    truths_of,
)
from zhida.domain.rules.schema import FactType, Schema
from zhida.domain.values import FactKey, Period, Span


class Columns:
    """The columns of one table of subjects. `observed_on` dates whole columns, for facts that grow stale."""

    def __init__(self, table: pa.Table, as_of: date, observed_on: Mapping[str, date]) -> None:
        self.table = table
        self.as_of = as_of
        self.observed_on = observed_on
        self.vocabulary: dict[str, int] = {"": 0}
        self.words: list[str] = [""]
        self.found_distinct: dict[int, tuple[Whole, Whole, Whole]] = {}
        self.spans: dict[str, list[tuple[Span, str]]] = {}
        for name in table.column_names:
            key = FactKey.parse(name)
            if isinstance(key.period, Span):
                self.spans.setdefault(key.attribute, []).append((key.period, name))

    def word(self, text: str) -> int:
        """The number of a text in the vocabulary."""
        number = self.vocabulary.setdefault(text, len(self.words))
        if number == len(self.words):
            self.words.append(text)
        return number

    def distinct(self, ids: Whole) -> tuple[Whole, Whole]:
        """The different ids of a column and, for each row, which of them it has; found once for each column."""
        if id(ids) not in self.found_distinct:
            self.found_distinct[id(ids)] = (ids, *np.unique(ids, return_inverse=True))
        _, distinct, index = self.found_distinct[id(ids)]
        return distinct, index

    def stored(self, fact: FactType, period: Period | Span | None, schema: Schema) -> Vector:
        """A fact's column, unknown throughout where the table has none or it is too old.

        Of the spans that hold an interval fact's day, the one that begins last counts where it has a value.
        """
        names = self._names(fact, period)
        found = nothing_known(fact, schema)
        for name in names:
            array = self.table.column(name).unify_dictionaries().combine_chunks()
            column = self._read(fact, array, schema)
            known = _mask(pc.is_valid(array))
            if self._is_stale(fact, name):
                column = nothing_known(fact, schema)
            found = column if name is names[0] else blend(known, column, found)
        return found

    def _names(self, fact: FactType, period: Period | Span | None) -> list[str]:
        if fact.period != "interval" or not isinstance(period, Span):
            name = str(FactKey(fact.name, period))
            return [name] if name in self.table.column_names else []
        day = period.start or date.min
        held = [(span.start or date.min, name) for span, name in self.spans.get(fact.name, []) if day in span]
        return [name for _, name in sorted(held)]

    def _is_stale(self, fact: FactType, name: str) -> bool:
        observed = self.observed_on.get(name)
        if fact.stale_after_days is None or observed is None:
            return False
        return (self.as_of - observed).days > fact.stale_after_days

    def _read(self, fact: FactType, array: Any, schema: Schema) -> Vector:
        if pa.types.is_null(array.type):
            return nothing_known(fact, schema)
        if not _FITS[fact.kind](array.type):
            raise InvariantBroken("column_of_wrong_type", f"{fact.name} is a {fact.kind}, its column {array.type}")
        known = _mask(pc.is_valid(array))
        if fact.kind == "number":
            return _number(array, known, fact.scale)
        if fact.kind == "boolean":
            return truths_of(_mask(pc.fill_null(array, False)), known)
        if fact.kind == "date":
            days = pc.fill_null(pc.cast(pc.cast(array, pa.date32()), pa.int32()), 0)
            return Days(_whole(days), known)
        if fact.kind == "text":
            return Texts(self._ids(array), known, fact.code_tree)
        return self._list(fact, array, known, schema)

    def _ids(self, array: Any) -> Whole:
        encoded = array if pa.types.is_dictionary(array.type) else pc.dictionary_encode(array)
        places, words = self.vocabulary, list[int]()
        for text in encoded.dictionary.to_pylist():
            words.append(number := places.setdefault(text or "", len(places)))
            if number == len(self.words):
                self.words.append(text)
        return np.array(words or [0], dtype=np.int64)[_whole(pc.fill_null(encoded.indices, 0))]

    def _list(self, fact: FactType, array: Any, known: Mask, schema: Schema) -> Lists:
        offsets, values = _whole(array.offsets), array.values
        starts, lengths = offsets[:-1], np.where(known, np.diff(offsets), 0)
        items = self._members(fact, values, schema)
        if int(lengths.sum()) != len(values):  # a slice, or members behind a null
            items = items.take(gathered(starts, lengths))
        return Lists(known, np.cumsum(lengths) - lengths, lengths, TRUE, items)

    def _members(self, fact: FactType, values: Any, schema: Schema) -> Vector:
        if fact.kind == "texts":
            return self._read(FactType(fact.name, "text", code_tree=fact.code_tree), values, schema)
        relation = schema.relations[fact.name]
        held = {field.name: index for index, field in enumerate(values.type)}

        def read(name: str) -> Vector:
            field = relation.fields[name]
            if name not in held:
                return nothing_known(field, schema)
            return self._read(field, values.flatten()[held[name]], schema)

        return Records(relation, read)


def _is_text(kind: pa.DataType) -> bool:
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(plain) or pa.types.is_large_string(plain))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


_FITS: dict[str, Callable[[pa.DataType], bool]] = {
    "number": pa.types.is_integer,
    "boolean": pa.types.is_boolean,
    "date": pa.types.is_date,
    "text": _is_text,
    "texts": lambda kind: _is_list(kind) and _is_text(kind.value_type),
    "relation": lambda kind: _is_list(kind) and pa.types.is_struct(kind.value_type),
}


def _number(array: Any, known: Mask, scale: int) -> Numbers:
    numbers = Numbers(_whole(pc.fill_null(pc.cast(array, pa.int64()), 0)), known, scale)
    return widened(numbers) if bound(numbers) >= 2**63 or scale > MAX_SCALE else numbers


def _whole(array: Any) -> Whole:
    found: Whole = array.to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def _mask(array: Any) -> Mask:
    found: Mask = array.to_numpy(zero_copy_only=False).astype(bool)
    return found


def nothing_known(fact: FactType, schema: Schema) -> Vector:
    """A fact of which no row is known."""
    zero = np.zeros(1, dtype=np.int64)
    if fact.kind == "number":
        return Numbers(zero, NO, fact.scale)
    if fact.kind == "boolean":
        return UNSURE
    if fact.kind == "date":
        return Days(zero, NO)
    if fact.kind == "text":
        return Texts(zero, NO, fact.code_tree)
    if fact.kind == "texts":
        return Lists(NO, zero, zero, TRUE, Texts(zero, NO, fact.code_tree))
    relation = schema.relations[fact.name]
    records = Records(relation, lambda name: nothing_known(relation.fields[name], schema))
    return Lists(NO, zero, zero, TRUE, records)
