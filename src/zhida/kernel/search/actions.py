"""Making the index: asked for with the action that changed a document, done by the worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from zhida.kernel.outbox import actions as outbox
from zhida.kernel.search.ports import DocumentSource, search_index

REBUILD = "search.rebuild"
"""The kind of the outbox's message; its handler is made by `rebuilder`."""


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
    return search_index().rebuild(source=source, as_of=as_of)
