"""Putting a made-up population into the registry by the same doors as a real one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pyarrow as pa

from zhida.domain.values import Actor, SubjectKind
from zhida.kernel.registry.receiving import receive_batch
from zhida.kernel.registry.records import BatchReport
from zhida.kernel.registry.subjects import NewSubject, keys_by_id, register_subjects
from zhida.services.demonstration.generation.population import Population


def land(
    *, population: Population, by: Actor, as_of: datetime, step: Callable[[str], None] = lambda words: None
) -> tuple[BatchReport, ...]:
    """Registers the subjects that are not yet known and receives every source's table; gives the reports.

    Landing the same population again changes nothing. Each batch is a transaction of its own; `step` is told of each.
    """
    keys: dict[str, int] = {}
    for kind, table in population.subjects.items():
        keys |= _register(kind, table, by, as_of)
        step(f"{table.num_rows} {kind}")
    reports = []
    for part in population.tables:
        names = part.table["subject"].to_pylist()
        subjects = pa.array(np.array([keys[name] for name in names], dtype=np.int64))
        reports.append(
            receive_batch(
                kind=part.kind,
                source=part.source,
                observed_on=part.observed_on,
                table=part.table.set_column(0, "subject", subjects),
                is_complete=True,
                by=by,
                as_of=as_of,
            )
        )
        step(part.source)
    return tuple(reports)


def _register(kind: SubjectKind, table: pa.Table, by: Actor, as_of: datetime) -> dict[str, int]:
    rows = table.to_pylist()
    known = keys_by_id([row["id"] for row in rows])
    fresh = [
        NewSubject(row["id"], kind, row["name"], row["region"], row["credit_code"] or "", row["number"] or "")
        for row in rows
        if row["id"] not in known
    ]
    taken = register_subjects(subjects=fresh, by=by, as_of=as_of)
    return known | {subject.id: key for subject, key in zip(fresh, taken, strict=True)}
