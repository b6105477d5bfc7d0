"""What search asks of whoever has documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from zhida.kernel.search.records import Document


class DocumentSource(Protocol):
    """Everything public that can be found, and a short name of its state."""

    def edition(self, as_of: datetime) -> str:
        """Another text whenever `documents` would give others; much cheaper than asking for them."""
        ...

    def documents(self, as_of: datetime) -> Iterable[Document]:
        """All documents known at an instant, those too that are shown on later days only."""
        ...
