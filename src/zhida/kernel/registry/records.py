"""What the registry's queries and actions give back: frozen records, never rows of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from zhida.domain.values import SubjectKind


@dataclass(frozen=True)
class SubjectRecord:
    """Who a subject is. `has_number` tells that an id number is held, which is read by a query of its own."""

    id: str
    kind: SubjectKind
    region: str
    name: str
    credit_code: str = ""
    code_state: str = ""
    has_number: bool = False
    status: str = "active"


@dataclass(frozen=True)
class SnapshotRef:
    """One immutable snapshot: a Parquet file below the home, named by its root."""

    id: str
    kind: SubjectKind
    path: str
    root: str
    rows: int
    watermark: int
    as_of: datetime


@dataclass(frozen=True)
class BatchReport:
    """What became of a batch: read = landed + updated + unchanged + quarantined, always.

    `flags` counts landed rows with a doubt, by reason; `refused` counts quarantined rows by reason.
    `is_repeat` tells that the same content had been received before and nothing was done.
    """

    batch: str
    root: str
    read: int
    landed: int
    updated: int
    unchanged: int
    quarantined: int
    flags: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    is_repeat: bool = False


@dataclass(frozen=True)
class QuarantineLine:
    """A line that did not land: where it stood, which field, and why."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True)
class FlaggedLine:
    """A line that landed with a doubt."""

    line: int
    field: str
    reason: str
    subject_id: str


@dataclass(frozen=True)
class AccountRecord:
    """A bank account as anybody may see it; `recorded_at` is when it was learned of, unknown for the oldest."""

    id: str
    subject_id: str
    tail: str
    holder: str
    bank: str
    valid_from: date
    valid_to: date | None
    recorded_at: datetime | None


@dataclass(frozen=True)
class AccessRecord:
    """One reading of restricted facts, as the subject sees it."""

    account: str
    office: str
    purpose: str
    facts: tuple[str, ...]
    read_at: datetime
