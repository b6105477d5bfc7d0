"""Making the index: asked for with the action that changed a document, done by the worker."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tantivy

from zhida.domain.values import new_id
from zhida.kernel.outbox import actions as outbox
from zhida.kernel.search.folders import current, put_in_force, sole_writer
from zhida.kernel.search.index_shape import FORMAT, row_of, schema
from zhida.kernel.search.ports import DocumentSource
from zhida.kernel.search.records import Document
from zhida.kernel.search.words import word_list

REBUILD = "search.rebuild"
"""The kind of the outbox's message; its handler is made by `rebuilder`."""

_HEAP_BYTES = 64_000_000


def request_rebuild(*, cause: str, as_of: datetime) -> None:
    """Asks the worker for a new index, in the transaction of what changed; `cause` names that change once."""
    outbox.enqueue(kind=REBUILD, key=cause, payload={"cause": cause}, as_of=as_of)


def rebuilder(source: DocumentSource) -> Callable[[Any, datetime], None]:
    """The handler of REBUILD. Of many requests only the first does the work, unless documents changed in between."""

    def carry_out(payload: Any, as_of: datetime) -> None:
        rebuild(source=source, as_of=as_of)

    return carry_out


def rebuild(*, source: DocumentSource, as_of: datetime) -> int:
    """Makes this host's index from all documents and swaps it in whole; how many it holds.

    Does nothing and gives 0 where the index in force was made from the same edition. Writers take turns.
    """
    with sole_writer() as folder:
        edition = _edition(source.edition(as_of))
        known = current()
        if known is not None and known.edition == edition:
            return 0
        build = folder / new_id("index")
        build.mkdir()
        count = _write(build, source.documents(as_of))
        (build / "edition").write_text(edition, "utf-8")
        put_in_force(build)
    return count


def _edition(of_source: str) -> str:
    parts = (FORMAT, version("tantivy"), hashlib.sha256(word_list()).hexdigest(), of_source)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _write(build: Path, documents: Iterable[Document]) -> int:
    writer = tantivy.Index(schema(), path=str(build)).writer(_HEAP_BYTES, 1)
    count = 0
    for document in documents:
        writer.add_document(row_of(document))
        count += 1
    writer.commit()
    writer.wait_merging_threads()
    return count
