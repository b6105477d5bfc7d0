"""The columns engine answers every golden case as the exact one does, to the fen, and never falls back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from tests.golden.province import province
from zhida.domain.packs import GoldenCase, Item, Pack
from zhida.domain.packs.golden import with_own_past
from zhida.domain.rules import AmountState, Answer, FactType, Schema, assess
from zhida.domain.rules.engines.columns import screen
from zhida.domain.values import FactKey, Facts

CASES = [
    (name, item, as_of)
    for name, pack in sorted(province().packs.items())
    for item in pack.items
    for as_of in sorted({case.as_of for case in pack.golden})
]


@pytest.mark.parametrize(("name", "item_name", "as_of"), CASES)
def test_columns_agree_with_the_exact_engine(name: str, item_name: str, as_of: date) -> None:
    pack = province().packs[name]
    item = pack.items[item_name]
    subjects = [with_own_past(case.facts, pack.schema) for case in _of_day(pack, as_of)]
    screening = screen([item.program], _columns(subjects, pack.schema), as_of)
    assert screening.fallbacks == {}
    (result,) = screening.results
    for row, facts in enumerate(subjects):
        exact = assess(item.program, facts, as_of)
        assert bool(result.sure[row]) is (exact.answer is Answer.ENTITLED)
        assert bool(result.possible[row]) is (exact.answer is Answer.POSSIBLE)
        _check_amount(item, exact.amount, exact.amount_fen, result, row)


def _check_amount(item: Item, state: AmountState, fen: int | None, result: Any, row: int) -> None:
    if item.for_each and not (result.sure[row] or result.possible[row]):
        return
    assert bool(result.amount_known[row]) is (state is AmountState.KNOWN)
    assert bool(result.amount_none[row]) is (state is AmountState.NONE)
    if fen is not None:
        assert int(result.amount_fen[row]) == fen


def _of_day(pack: Pack, as_of: date) -> Iterator[GoldenCase]:
    return (case for case in pack.golden if case.as_of == as_of)


def _columns(subjects: list[Facts], schema: Schema) -> pa.Table:
    keys = sorted({key for facts in subjects for key in facts}, key=str)
    return pa.table({str(key): _column(key, subjects, schema) for key in keys})


def _column(key: FactKey, subjects: list[Facts], schema: Schema) -> pa.Array:
    fact = schema.facts.get(key.attribute) or FactType(key.attribute, "relation")
    values = [found.value if (found := facts.get(key)) else None for facts in subjects]
    return pa.array([_cell(fact, value, schema) for value in values], _type(fact, schema))


def _type(fact: FactType, schema: Schema) -> pa.DataType:
    if fact.kind == "relation":
        fields = schema.relations[fact.name].fields
        return pa.list_(pa.struct([(name, _type(field, schema)) for name, field in fields.items()]))
    kinds = {"number": pa.int64(), "boolean": pa.bool_(), "date": pa.date32(), "texts": pa.list_(pa.string())}
    return kinds.get(fact.kind, pa.string())


def _cell(fact: FactType, value: Any, schema: Schema) -> Any:
    if fact.kind == "relation" and value is not None:
        fields = schema.relations[fact.name].fields
        return [{name: _cell(field, record.get(name), schema) for name, field in fields.items()} for record in value]
    return int(Decimal(value).scaleb(fact.scale)) if fact.kind == "number" and value is not None else value
