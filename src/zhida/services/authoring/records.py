"""Frozen records that authoring hands out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class DraftRecord:
    """A draft. `files` are bytes by path from the pack root, empty in lists; `base` is the revision it began from, ""
    for a new pack; `notes` are what was not read of its document; `version` goes with every edit."""

    id: str
    pack_id: str
    office: str
    title: str
    state: str
    version: int
    base: str
    source: str
    notes: tuple[Mapping[str, object], ...]
    hands: tuple[str, ...]
    begun_by: str
    begun_at: datetime
    changed_by: str
    changed_at: datetime
    proposed_by: str
    proposed_at: datetime | None
    proposed_hash: str
    publish_on: date | None
    confirmed_by: str
    confirmed_at: datetime | None
    revision: str
    failure: str
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether it may be edited."""
        return self.state == "open"

    def file(self, name: str) -> bytes:
        """A file of the pack's own folder by its name there; empty where there is none."""
        return self.files.get(f"{self.pack_id}/{name}", b"")


@dataclass(frozen=True)
class RemarkRecord:
    """Something said about a place of a draft."""

    id: str
    place: str
    words: str
    account: str
    made_at: datetime
    is_settled: bool


@dataclass(frozen=True)
class RollbackRecord:
    """A roll-back that waits for a second person, or is over."""

    id: str
    pack_id: str
    office: str
    revision: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str
    ended_at: datetime | None
