"""Taking in a batch: a source's facts of one date, as a table of columns or as rows, under one root in the ledger."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.registers.columns import arrow_field, canonical, column
from zhida.domain.registers.comparing import compare, tally
from zhida.domain.registers.shapes import Shape, refuse_derived, shape_of
from zhida.domain.values import Actor, FactKey, SubjectKind, new_id
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry import storage
from zhida.kernel.registry.dictionary import shapes
from zhida.kernel.registry.identities import keys_of
from zhida.kernel.registry.models import Batch, QuarantinedRow
from zhida.kernel.registry.personal_numbers import seal_line
from zhida.kernel.registry.records import BatchReport
from zhida.kernel.registry.ties import tie
from zhida.kernel.registry.voices import Choir

IDENTITY = ("subject", "credit_code", "number")


def receive_batch(
    *,
    kind: SubjectKind,
    source: str,
    observed_on: date,
    by: Actor,
    as_of: datetime,
    table: pa.Table | None = None,
    rows: Sequence[Mapping[str, Any]] = (),
    is_complete: bool = False,
) -> BatchReport:
    """Lands one source's facts, given as an Arrow `table` (numbers scaled as the dictionary says) or as `rows`.

    Each row names its subject by `subject` (id, or key for a table of int64), `credit_code` or `number`; the other
    columns are written fact keys, null is unknown. A row of a subject that the registry does not know, or that it has
    met in this batch, is quarantined. The same content from the same source is received once; a repeat changes nothing
    and says so. Raises ConflictError for an attribute the dictionary does not have, AccessError for a derived one.
    The file is written before the transaction that receives it, so that nobody waits for it.
    """
    known = shapes()
    given = _typed(table, known, source) if table is not None else _table_of(rows, known, source)
    keys, refused = _identify(given, kind)
    facts = given.drop_columns([name for name in IDENTITY if name in given.column_names])
    landing = sorted_by_subject(facts.add_column(0, "subject", pa.array(keys)).filter(pa.array(refused == "")))
    path, root = storage.keep(landing, "batches")
    lines = given.filter(pa.array(refused != "")).to_pylist()
    head = canonical([kind, observed_on.isoformat(), is_complete, root, lines])
    digest = hashlib.sha256(head).hexdigest()
    earlier = Batch.objects.filter(source=source, content_hash=digest).first()
    if earlier is not None:
        return report_of(earlier, is_repeat=True)
    batch = Batch(
        id=new_id("batch"),
        kind=kind,
        source=source,
        observed_on=observed_on,
        is_complete=is_complete,
        content_hash=digest,
        path=path,
        root=root,
        opened_at=as_of,
    )
    reasons = Counter(str(reason) for reason in refused if reason)
    counts = {"read": given.num_rows, **_compared(landing, batch), "quarantined": len(lines), "refused": reasons}
    with transaction.atomic():
        report = close_batch(batch, landing, counts, by=by, as_of=as_of)
        _quarantine(batch, lines, refused)
    return report


def sorted_by_subject(table: pa.Table) -> pa.Table:
    """The rows in the order of their subject keys, as every batch file has them."""
    return table.take(pc.sort_indices(table, [("subject", "ascending")]))


def close_batch(batch: Batch, table: pa.Table, counts: Mapping[str, Any], *, by: Actor, as_of: datetime) -> BatchReport:
    """Keeps a batch, whose file is written, as received, with its one fact in the ledger; inside a transaction."""
    tie(table)
    batch.columns = [name for name in table.column_names if name != "subject"]
    batch.counts = dict(counts)
    batch.state = "received"
    batch.received_at = as_of
    batch.entry = ledger.record(
        kind="attributes.received",
        about=batch.id,
        fields={
            "source": batch.source,
            "subjects": batch.kind,
            "observed_on": batch.observed_on.isoformat(),
            "root": batch.root,
            "rows": table.num_rows,
            "columns": batch.columns,
            "is_complete": batch.is_complete,
        },
        by=by,
        as_of=as_of,
    )
    batch.save()
    return report_of(batch)


def report_of(batch: Batch, *, is_repeat: bool = False) -> BatchReport:
    """The figures kept with a received batch. Raises ConflictError where it is still open."""
    if batch.state != "received":
        raise ConflictError("batch_open", f"{batch.id} is not received yet", "finish the import that opened it")
    counts = batch.counts
    figures = {name: counts[name] for name in ("read", "landed", "updated", "unchanged", "quarantined")}
    return BatchReport(
        batch=batch.id,
        root=batch.root,
        **figures,
        flags=counts.get("flags", {}),
        refused=counts.get("refused", {}),
        is_repeat=is_repeat,
    )


def _typed(table: pa.Table, known: Mapping[str, Shape], source: str) -> pa.Table:
    """The table with each fact column in its dictionary's type. Raises ConflictError where a type does not fit."""
    fields, columns = [], []
    for name in table.column_names:
        values = table[name]
        field = pa.field(name, values.type) if name in IDENTITY else _field(name, known, source)
        try:
            columns.append(values if values.type.equals(field.type) else values.cast(field.type))
        except pa.ArrowInvalid as caught:
            raise ConflictError(
                "wrong_type", f"column {name} is {values.type}, not {field.type}", str(caught)
            ) from caught
        fields.append(field)
    return pa.table(columns, schema=pa.schema(fields))


def _table_of(rows: Sequence[Mapping[str, Any]], known: Mapping[str, Shape], source: str) -> pa.Table:
    names = list(dict.fromkeys(name for row in rows for name in row))
    fields, columns = [], []
    for name in names:
        values = [row.get(name) for row in rows]
        if name in IDENTITY:
            fields.append(pa.field(name, pa.string()))
            columns.append(pa.array(values, type=pa.string()))
            continue
        field = _field(name, known, source)
        try:
            columns.append(column(shape_of(FactKey.parse(name), known), values))
        except ValueError as caught:
            raise ConflictError("wrong_type", f"{name}: {caught}", "send values of the declared kind") from caught
        fields.append(field)
    return pa.table(columns, schema=pa.schema(fields))


def _field(name: str, known: Mapping[str, Shape], source: str) -> pa.Field:
    shape = shape_of(FactKey.parse(name), known)
    refuse_derived(shape, source)
    return arrow_field(name, shape)


def _identify(table: pa.Table, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """The subject key of each row (0 where refused), and the reason of each refusal ("" where there is none)."""
    named = [name for name in IDENTITY if name in table.column_names]
    if len(named) != 1:
        raise ConflictError("no_identity", f"a batch names its subjects by one of {', '.join(IDENTITY)}", "keep one")
    keys = keys_of(table[named[0]].combine_chunks(), named[0], kind)
    refused = np.where(keys == 0, "unknown_subject", "").astype(object)
    _, first = np.unique(keys, return_index=True)
    repeated = np.ones(len(keys), dtype=bool)
    repeated[first] = False
    refused[repeated & (keys != 0)] = "repeated_subject"
    return keys, refused


def _quarantine(batch: Batch, lines: Sequence[Mapping[str, Any]], refused: np.ndarray) -> None:
    QuarantinedRow.objects.bulk_create(
        QuarantinedRow(
            batch=batch,
            line=int(place) + 1,
            field="subject",
            reason=refused[place],
            raw_sealed=seal_line(batch.id, line),
        )
        for place, line in zip(np.flatnonzero(refused != ""), lines, strict=True)
    )


def _compared(table: pa.Table, batch: Batch) -> Counter[str]:
    choir = Choir(batch.kind, batch.source)
    earlier = {name: choir.voices(name) for name in table.column_names if name != "subject"}
    return tally(compare(table, earlier, choir.everyone(), complete=batch.is_complete))
