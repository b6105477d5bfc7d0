"""Frozen records that notices hand out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from zhida.kernel.notices.templates import Values, Words


@dataclass(frozen=True)
class Addressee:
    """One subject of a mass outreach: what fills its notice, and where else it is told.

    `contacts` maps `email` or `sms` to an address; the inbox is always told.
    """

    subject_id: str
    values: Values = field(default_factory=dict)
    contacts: dict[str, str] = field(default_factory=dict)
    language: str = "zh"


@dataclass(frozen=True)
class BatchReport:
    """What a mass outreach did: `deferred` of the `sent` wait for a later day, `already_told` were left alone."""

    batch_id: str
    sent: int
    already_told: int
    deferred: int


@dataclass(frozen=True)
class NoticeRecord:
    """A notice in an inbox."""

    id: str
    subject_id: str
    account_id: str
    template: str
    item_id: str
    case_id: str
    words: Words
    due_on: date
    written_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Reach:
    """How far a mass outreach came: notices written and read, messages by channel and state."""

    notices: int
    read: int
    messages: dict[tuple[str, str], int]
