"""What a page asks before another platform is told of somebody, and what was let before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ToldLine:
    """One thing that a platform would be told: its scope, what it is, and what would be told now."""

    scope: str
    label: str
    value: str
    is_let: bool


@dataclass(frozen=True)
class ActingChoice:
    """Somebody to act for at the platform."""

    subject: str
    name: str
    kind: str
    is_chosen: bool


@dataclass(frozen=True)
class PermitPage:
    """A platform asks; `sure` is told as soon as one agrees, each of `alone` only where it is ticked."""

    title: str
    office: str
    host: str
    account: str
    sure: tuple[ToldLine, ...]
    alone: tuple[ToldLine, ...]
    acting: tuple[ActingChoice, ...]


@dataclass(frozen=True)
class PlatformLine:
    """A platform that one logs in to through us; `ended_at` where it was taken back."""

    id: str
    title: str
    told: str
    acting: str
    given_at: datetime
    used_at: datetime | None
    uses: int
    ended_at: datetime | None
