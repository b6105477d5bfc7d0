"""Items for a whole population at once, over Arrow columns: exact, and equal to engine one row by row.

What a column cannot do exactly goes to engine one, row by row; the result names it and counts the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.answers import AmountState, Answer
from zhida.domain.rules.engines.columns import lanes
from zhida.domain.rules.engines.columns.batch import Batch, Shared
from zhida.domain.rules.engines.columns.frames import Frame
from zhida.domain.rules.engines.columns.reading import Columns
from zhida.domain.rules.engines.columns.vector_functions import matches
from zhida.domain.rules.engines.columns.vectors import FALSE, TRUE, UNSURE, YES, Mask, Numbers, Truths, Unsupported
from zhida.domain.rules.engines.keys import keys_read
from zhida.domain.rules.engines.one import assess
from zhida.domain.rules.numbers import FEEL
from zhida.domain.rules.program import Program, Requirement
from zhida.domain.rules.schema import FactType, Schema
from zhida.domain.values import Fact, FactKey, Facts

NOTHING: Mapping[str, date] = {}


@dataclass(frozen=True)
class Screened:
    """One item over all rows: `sure` marks who is entitled, `possible` who may be (the rest are not). `amount_fen`
    means something where `amount_known` is set; `amount_none` marks rows without an amount; elsewhere it is unknown.
    `fallback` says why engine one decided the rows, "" where columns did."""

    item: str
    sure: Mask
    possible: Mask
    amount_fen: NDArray[np.int64]
    amount_known: Mask
    amount_none: Mask
    fallback: str = ""


@dataclass(frozen=True)
class Screening:
    """The results in the order of the programs. `fallbacks` counts the rows that engine one decided, by reason."""

    results: tuple[Screened, ...]
    fallbacks: Mapping[str, int]


def screen(
    programs: Iterable[Program], columns: pa.Table, as_of: date, *, observed_on: Mapping[str, date] = NOTHING
) -> Screening:
    """Assesses every row of a table of subjects for every program, without rulings.

    Columns are named by written fact keys (`sales@2025`); null is unknown; numbers are int64 times 10^-scale of the
    dictionary, dates date32, relations lists of structs. `observed_on` dates columns, for facts that grow stale.
    Raises InvariantBroken as `assess` does, and for a column of the wrong type.
    """
    shared = Shared(Columns(columns, as_of, observed_on))
    batches: dict[tuple[int, str, str], Batch] = {}
    results = []
    for program in programs:
        batch = Batch(shared, program.schema, program.within, program.for_each)
        results.append(screened(program, batches.setdefault(batch.own, batch)))
    fallbacks: dict[str, int] = {}
    for result in results:
        if result.fallback:
            fallbacks[result.fallback] = fallbacks.get(result.fallback, 0) + columns.num_rows
    return Screening(tuple(results), fallbacks)


def screened(program: Program, batch: Batch) -> Screened:
    """One program over the rows of its batch; what columns cannot do goes to engine one."""
    try:
        return _of_records(program, batch) if program.for_each else _of_subjects(program, batch)
    except Unsupported as unsupported:
        return _row_by_row(program, batch, str(unsupported))


def _of_subjects(program: Program, batch: Batch) -> Screened:
    amount = _fen_of(program, batch.root)
    answer = _required(program, batch.root) & _reserved(program, batch)
    rows = batch.columns.table.num_rows
    return _result(program.item, rows, answer, amount)


def _of_records(program: Program, batch: Batch) -> Screened:
    """A subject is entitled where any record is, and the amounts of the entitled records are added."""
    source = batch.records(program.for_each)
    amount, rows = _fen_of(program, batch.base), batch.columns.table.num_rows
    reserved = _reserved(program, batch)
    each = (_required(program, batch.base) & reserved.take(source.owners)).over(len(source.owners))
    sure, may = source.any(each.sure), source.any(each.may) | (~source.known & reserved.may)
    total = Truths(sure, may).over(rows)
    best = np.where(total.sure[source.owners], each.sure, each.may & ~each.sure)
    fen = np.broadcast_to(amount.known & ~amount.none, best.shape)
    some_unknown, some_known = source.any(best & ~amount.known), source.any(best & fen)
    counted = np.where(each.sure & fen, amount.values, 0)
    if lanes.bound(amount) * int(source.lengths.max(initial=0)) >= 2**63:
        raise Unsupported("amounts of many records, past 64 bits")
    none = (source.known & ~some_unknown & ~some_known) | (source.known & ~total.may)
    if program.amount is None:
        none = YES
    known = (total.sure & some_known & ~some_unknown) | none
    return _result(program.item, rows, total, Numbers(source.each(counted), known, 0, none))


def _result(item: str, rows: int, answer: Truths, amount: Numbers) -> Screened:
    whole = answer.over(rows)
    known, none = np.broadcast_to(amount.known, rows), np.broadcast_to(amount.none, rows)
    values = np.where(known & ~none, amount.values, 0)
    return Screened(item, whole.sure, whole.may & ~whole.sure, values, known & ~none, none)


def _required(program: Program, frame: Frame) -> Truths:
    answer = TRUE
    for requirement in program.requires:
        answer = answer & _met(requirement, frame)
    return answer


def _met(requirement: Requirement, frame: Frame) -> Truths:
    if requirement.kind != "computed":
        return TRUE if requirement.kind == "undertaken" else UNSURE
    answer = FALSE
    for alternative in requirement.alternatives:
        answer = answer | frame.truths(alternative.when)
    return answer


def _reserved(program: Program, batch: Batch) -> Truths:
    as_of, answer = batch.columns.as_of, TRUE
    if as_of not in program.valid or as_of not in program.window:
        answer = FALSE
    if program.within and program.region:
        answer = answer & matches(batch, batch.region(), batch.constant(program.region))
    return answer & UNSURE if program.quota else answer


def _fen_of(program: Program, frame: Frame) -> Numbers:
    """The amounts in int64 fen. Raises InvariantBroken for one that is no whole number of fen from 0 to 2^63."""
    if program.amount is None:
        return Numbers(np.zeros(1, dtype=np.int64), YES, 0, YES)
    amount = frame.numbers(program.amount)
    fen = lanes.rounded("floor", amount, 0)
    given = amount.known & ~amount.none
    fits = lanes.compared("=", fen, amount).sure & lanes.compared(">=", fen, lanes.constant(Decimal(0))).sure
    if (given & ~fits).any() or fen.scale is None:
        words = f"{program.item} gives an amount that is no whole number of fen from 0 to 2^63"
        raise InvariantBroken("amount_not_in_fen", words)
    return fen


def _row_by_row(program: Program, batch: Batch, reason: str) -> Screened:
    """Engine one for every row: slow, and exact."""
    columns = batch.columns
    found = [assess(program, facts, columns.as_of) for facts in facts_of_rows(program, columns)]
    amounts = [assessment.amount for assessment in found]
    fen = [assessment.amount_fen or 0 for assessment in found]
    return Screened(
        program.item,
        np.array([assessment.answer is Answer.ENTITLED for assessment in found], dtype=bool),
        np.array([assessment.answer is Answer.POSSIBLE for assessment in found], dtype=bool),
        np.array(fen, dtype=np.int64),
        np.array([amount is AmountState.KNOWN for amount in amounts], dtype=bool),
        np.array([amount is AmountState.NONE for amount in amounts], dtype=bool),
        f"{program.item}: {reason}",
    )


def facts_of_rows(program: Program, columns: Columns) -> Iterator[Facts]:
    """The rows as engine one reads facts, with the columns that the program may read."""
    read = {key.attribute for key in keys_read([program], columns.as_of)}
    keys = {name: FactKey.parse(name) for name in columns.table.column_names}
    names = [name for name, key in keys.items() if key.attribute in read]
    values = [columns.table.column(name).to_pylist() for name in names]
    for row in zip(*values, strict=True) if names else repeat((), columns.table.num_rows):
        known = {
            keys[name]: Fact(plain, observed_on=columns.observed_on.get(name))
            for name, value in zip(names, row, strict=True)
            if (plain := _plain(program.schema, keys[name].attribute, value)) is not None
        }
        yield Facts(known)


def _plain(schema: Schema, name: str, value: Any) -> Any:
    """A cell as a fact's value; None stays what it is: not known."""
    relation = schema.relations.get(name)
    if value is None or relation is None:
        return _scaled(schema.facts[name], value) if name in schema.facts else None
    return tuple(
        {field: _scaled(relation.fields[field], part) for field, part in record.items() if field in relation.fields}
        for record in value
    )


def _scaled(fact: FactType, value: Any) -> Any:
    return FEEL.scaleb(Decimal(value), -fact.scale) if fact.kind == "number" and value is not None else value
