"""What search asks of whoever has documents, and of what finds them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol, cast

from zhida.kernel.ports import wired
from zhida.kernel.search.records import Document, Hits


class DocumentSource(Protocol):
    """Everything public that can be found, and a short name of its state."""

    def edition(self, as_of: datetime) -> str:
        """Another text whenever `documents` would give others; much cheaper than asking for them."""
        ...

    def documents(self, as_of: datetime) -> Iterable[Document]:
        """All documents known at an instant, those too that are shown on later days only."""
        ...


class IndexPort(Protocol):
    """This host's index: made whole from all documents, and searched."""

    def build(self) -> str:
        """As `queries.build` promises."""
        ...

    def rebuild(self, *, source: DocumentSource, as_of: datetime) -> int:
        """As `actions.rebuild` promises."""
        ...

    def search(
        self, text: str, *, as_of: datetime, facets: Mapping[str, Collection[str]], limit: int, offset: int
    ) -> Hits:
        """As `queries.search` promises; every facet given has at least one value."""
        ...


def search_index() -> IndexPort:
    """The installation's index."""
    return cast(IndexPort, wired("search_index"))
