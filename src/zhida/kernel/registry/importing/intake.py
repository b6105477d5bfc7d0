"""The import of a file: chunk by chunk, each a transaction with its place remembered, so that a kill loses nothing."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.registers import PlaceBook
from zhida.domain.registers.columns import canonical
from zhida.domain.registers.mapping import FileMapping
from zhida.domain.values import Actor, new_id
from zhida.kernel.registry import storage
from zhida.kernel.registry.dictionary import shapes
from zhida.kernel.registry.importing.chunks import Chunk, Taker
from zhida.kernel.registry.importing.readers import rows_of
from zhida.kernel.registry.importing.rows import Landing, Refusal, RowReader
from zhida.kernel.registry.models import Batch
from zhida.kernel.registry.receiving import close_batch, report_of
from zhida.kernel.registry.records import BatchReport

CHUNK = 2_000
Items = Iterator[Landing | Refusal]


def import_file(
    *,
    path: Path,
    mapping: FileMapping,
    places: PlaceBook,
    by: Actor,
    as_of: datetime,
    source: str = "",
    observed_on: date | None = None,
    step: Callable[[int], None] = lambda rows: None,
) -> BatchReport:
    """Takes a file over as one batch and reports what became of every row; `step` is told how many rows are done.

    A good row registers its subject or brings it up to date, and its facts land; a row that cannot be read is
    quarantined with its line, field and reason. read = landed + updated + unchanged + quarantined. The same file with
    the same mapping is taken once. An import that was cut off goes on where it stopped when it is called again.
    A credit code with a wrong check digit lands as doubtful, and the register is asked about it through the outbox.
    Not atomic as a whole: each chunk of rows is. Raises ConflictError where source or date are not named.
    """
    speaker, seen_on = source or mapping.source, observed_on or mapping.observed_on
    if not speaker or seen_on is None:
        raise ConflictError(
            "no_source_or_date", "a batch has a source and a date", "name them in the mapping or the call"
        )
    _check_columns(path, mapping)
    batch = _open(path, mapping, speaker, seen_on, as_of)
    if batch.state == "received":
        return report_of(batch, is_repeat=True)
    known = shapes()
    reader = RowReader(mapping, known, places)
    items = (reader.read(*each) for each in rows_of(path, mapping.encoding))
    taker = Taker(batch, mapping, known, by, as_of)
    for chunk in _chunks(islice(items, batch.position, None)):
        taker.take(chunk)
        step(batch.position)
    return _finish(batch, taker, by, as_of)


def _check_columns(path: Path, mapping: FileMapping) -> None:
    """Raises ConflictError where the file lacks a column that the mapping reads."""
    whole = (row for _, row, broken in rows_of(path, mapping.encoding) if not broken)
    heading = next(whole, None)
    cells = [*mapping.identity.values(), *mapping.facts.values()]
    wanted = {name for cell in cells for name in (cell.column, cell.where) if name} | {mapping.province_column} - {""}
    if heading is not None and wanted - set(heading):
        words = f"{path.name} has no column {', '.join(sorted(wanted - set(heading)))}"
        raise ConflictError("no_such_column", words, "correct the mapping, or ask the source for the column")


def _open(path: Path, mapping: FileMapping, source: str, observed_on: date, as_of: datetime) -> Batch:
    head = canonical([storage.digest_of(path), mapping.content.decode(), observed_on.isoformat()])
    batch, _ = Batch.objects.get_or_create(
        source=source,
        content_hash=hashlib.sha256(head).hexdigest(),
        defaults={
            "id": new_id("batch"),
            "kind": mapping.subjects,
            "observed_on": observed_on,
            "is_complete": mapping.is_complete,
            "opened_at": as_of,
        },
    )
    return batch


def _chunks(items: Items) -> Iterator[Chunk]:
    """Up to CHUNK rows at a time, none of them of the same subject: a second row of one begins a new chunk."""
    chunk = Chunk([], [], 0)
    codes: set[str] = set()
    for item in items:
        if chunk.rows == CHUNK or (isinstance(item, Landing) and item.code in codes):
            yield chunk
            chunk, codes = Chunk([], [], 0), set()
        chunk.rows += 1
        if isinstance(item, Landing):
            codes.add(item.code)
            chunk.landings.append(item)
        else:
            chunk.refusals.append(item)
    if chunk.rows:
        yield chunk


@transaction.atomic
def _finish(batch: Batch, taker: Taker, by: Actor, as_of: datetime) -> BatchReport:
    batch.path, batch.root = storage.keep(taker.whole(), "batches")
    counts = {**Counter(dict.fromkeys(("read", "landed", "updated", "unchanged", "quarantined"), 0)), **batch.counts}
    report = close_batch(batch, taker.whole(), counts, by=by, as_of=as_of)
    transaction.on_commit(lambda: shutil.rmtree(storage.folder("parts", batch.id), ignore_errors=True))
    return report
