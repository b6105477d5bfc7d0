"""What the auditor's pages show, as frozen records: presenters fill them, templates print them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhida.surfaces.look.parts import FacetGroup


@dataclass(frozen=True)
class EntryLine:
    """A fact of the ledger in a list."""

    id: str
    position: int | None
    kind: str
    about: str
    at: datetime
    fields: tuple[tuple[str, str], ...]
    href: str


@dataclass(frozen=True)
class LedgerDesk:
    """The auditor's window on the ledger."""

    entries: int
    leaves: int
    root: str
    sealed_at: datetime | None
    text: str
    searched: bool
    lines: tuple[EntryLine, ...]
    kinds: FacetGroup
    verdict: str = ""
    is_sound: bool = False
    checked: tuple[tuple[str, str], ...] = ()
