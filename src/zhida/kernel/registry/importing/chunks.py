"""One chunk of an import: subjects registered or brought up to date, facts kept as a part, doubts noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from zhida.domain.registers.columns import arrow_field, column
from zhida.domain.registers.comparing import UNCHANGED, UPDATED, compare, tally
from zhida.domain.registers.joining import Voice, flat, join
from zhida.domain.registers.mapping import FileMapping
from zhida.domain.registers.shapes import Shape, shape_of
from zhida.domain.values import Actor, FactKey, SubjectKind, new_id
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.outbox import actions as outbox
from zhida.kernel.registry import storage
from zhida.kernel.registry.importing.rows import Landing, Refusal
from zhida.kernel.registry.models import Batch, FlaggedRow, QuarantinedRow, Subject
from zhida.kernel.registry.personal_numbers import number_index, seal_line
from zhida.kernel.registry.questions import QUESTION
from zhida.kernel.registry.receiving import sorted_by_subject
from zhida.kernel.registry.subjects import NewSubject, register_subjects
from zhida.kernel.registry.voices import Choir

_CHANGEABLE = ("name", "region", "code_state", "status")


@dataclass
class Chunk:
    """Some rows of a file in their order, each subject once; `rows` counts them all."""

    landings: list[Landing]
    refusals: list[Refusal]
    rows: int


class Taker:
    """Takes the chunks of one batch, and knows what its source has said before: in former batches and former chunks."""

    def __init__(
        self, batch: Batch, mapping: FileMapping, known: Mapping[str, Shape], by: Actor, as_of: datetime
    ) -> None:
        self._batch = batch
        self._mapping = mapping
        self._by = by
        self._as_of = as_of
        names = sorted([*mapping.facts, *mapping.place_facts])
        self._shapes = {name: shape_of(FactKey.parse(name), known) for name in names}
        choir = Choir(batch.kind, batch.source)
        self._earlier = {name: list(choir.voices(name)) for name in names}
        self._named = list(choir.everyone())
        self._parts: list[pa.Table] = []
        for path in sorted(storage.folder("parts", batch.id).glob("*.parquet")):
            if int(path.stem) <= batch.position:
                self._remember(pq.read_table(path))

    @transaction.atomic
    def take(self, chunk: Chunk) -> None:
        """Lands one chunk and moves the batch's place behind it, all or nothing."""
        held = self._held(chunk)
        fresh = [landing for landing in chunk.landings if self._index(landing) not in held]
        changed = self._bring_up_to_date(chunk, held)
        held |= self._register(fresh)
        table = self._table(chunk, held)
        verdicts = compare(table, self._earlier, self._named, complete=self._batch.is_complete)
        touched = np.isin(table["subject"].to_numpy(), np.array(sorted(changed), dtype=np.int64))
        verdicts[touched & (verdicts == UNCHANGED)] = UPDATED
        self._note(chunk, held)
        self._ask(fresh, held)
        self._count(chunk, tally(verdicts))
        self._batch.position += chunk.rows
        self._batch.save(update_fields=["position", "counts"])
        part = sorted_by_subject(table)
        pq.write_table(part, storage.folder("parts", self._batch.id) / f"{self._batch.position:012d}.parquet")
        self._remember(part)

    def whole(self) -> pa.Table:
        """All parts as one table, each subject once, the later row over the earlier."""
        if not self._parts:
            return pa.table({"subject": pa.array([], pa.int64())})
        keys = np.unique(np.concatenate([part["subject"].to_numpy() for part in self._parts]))
        columns: dict[str, pa.Array] = {}
        for name in self._shapes:
            kind = self._parts[0][name].type
            columns[name] = join([self._voice(part, name) for part in self._parts], keys, kind, None).values
        fields = [pa.field("subject", pa.int64()), *(arrow_field(name, shape) for name, shape in self._shapes.items())]
        return pa.table([pa.array(keys), *columns.values()], schema=pa.schema(fields))

    def _remember(self, part: pa.Table) -> None:
        self._parts.append(part)
        self._named.append(part["subject"].to_numpy())
        for name in self._shapes:
            self._earlier[name].append(self._voice(part, name))

    def _voice(self, part: pa.Table, name: str) -> Voice:
        values = flat(part[name], part[name].type)
        subjects = part["subject"].to_numpy()
        return Voice(self._batch.id, self._batch.source, self._batch.observed_on, False, subjects, values)

    @property
    def _is_firm(self) -> bool:
        return self._mapping.subjects is SubjectKind.ORGANISATION

    def _index(self, landing: Landing) -> str:
        return landing.code if self._is_firm else number_index(landing.code)

    def _held(self, chunk: Chunk) -> dict[str, Subject]:
        field = "credit_code" if self._is_firm else "number_index"
        wanted = [self._index(landing) for landing in chunk.landings]
        rows = Subject.objects.filter(kind=self._batch.kind, **{f"{field}__in": wanted})
        return {getattr(row, field): row for row in rows}

    def _bring_up_to_date(self, chunk: Chunk, held: Mapping[str, Subject]) -> set[int]:
        changed = []
        for landing in chunk.landings:
            row = held.get(self._index(landing))
            if row is None:
                continue
            fields = {"name": landing.name, "region": landing.region or row.region}
            if row.code_state not in {"confirmed", "denied"}:
                fields |= {"code_state": landing.code_state}
            before = {name: getattr(row, name) for name in fields}
            if before != fields:
                for name, value in fields.items():
                    setattr(row, name, value)
                changed.append(row)
        if changed:
            Subject.objects.bulk_update(changed, list(_CHANGEABLE))
            fields_told = {"subjects": [row.id for row in changed], "batch": self._batch.id}
            ledger.record(
                kind="subject.changed", about=self._batch.id, fields=fields_told, by=self._by, as_of=self._as_of
            )
        return {row.key for row in changed}

    def _register(self, fresh: list[Landing]) -> dict[str, Subject]:
        subjects = [
            NewSubject(
                id=new_id("subject"),
                kind=self._mapping.subjects,
                name=landing.name,
                region=landing.region,
                credit_code=landing.code if self._is_firm else "",
                number="" if self._is_firm else landing.code,
                code_state=landing.code_state,
                status=landing.status,
            )
            for landing in fresh
        ]
        keys = register_subjects(subjects=subjects, by=self._by, as_of=self._as_of)
        return {
            self._index(landing): Subject(id=subject.id, key=key)
            for landing, subject, key in zip(fresh, subjects, keys, strict=True)
        }

    def _table(self, chunk: Chunk, held: Mapping[str, Subject]) -> pa.Table:
        keys = [held[self._index(landing)].key for landing in chunk.landings]
        columns = [pa.array(keys, type=pa.int64())]
        fields = [pa.field("subject", pa.int64())]
        for name, shape in self._shapes.items():
            columns.append(column(shape, [landing.facts[name] for landing in chunk.landings]))
            fields.append(arrow_field(name, shape))
        return pa.table(columns, schema=pa.schema(fields))

    def _note(self, chunk: Chunk, held: Mapping[str, Subject]) -> None:
        FlaggedRow.objects.bulk_create(
            FlaggedRow(
                batch=self._batch,
                line=landing.line,
                field=field,
                reason=reason,
                subject_id=held[self._index(landing)].id,
            )
            for landing in chunk.landings
            for field, reason in dict.fromkeys(landing.flags)
        )
        QuarantinedRow.objects.bulk_create(
            QuarantinedRow(
                batch=self._batch,
                line=refusal.line,
                field=refusal.field,
                reason=refusal.reason,
                raw_sealed=seal_line(self._batch.id, refusal.raw),
            )
            for refusal in chunk.refusals
        )

    def _ask(self, fresh: list[Landing], held: Mapping[str, Subject]) -> None:
        for landing in fresh:
            if landing.code_state == "asked":
                payload = {"subject": held[self._index(landing)].id, "credit_code": landing.code}
                outbox.enqueue(kind=QUESTION, key=landing.code, payload=payload, as_of=self._as_of)

    def _count(self, chunk: Chunk, verdicts: Counter[str]) -> None:
        counts = self._batch.counts
        for name, count in {"read": chunk.rows, "quarantined": len(chunk.refusals), **verdicts}.items():
            counts[name] = counts.get(name, 0) + count
        reasons = {
            "flags": [reason for landing in chunk.landings for _, reason in landing.flags],
            "refused": [refusal.reason for refusal in chunk.refusals],
        }
        for name, found in reasons.items():
            counts[name] = dict(Counter(counts.get(name, {})) + Counter(found))
