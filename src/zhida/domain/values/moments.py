"""Time: instants are stored in UTC, dates are those of Asia/Shanghai, and nobody reads a clock here."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from zhida.domain.errors import InvariantBroken

CHINA = ZoneInfo("Asia/Shanghai")


def utc(moment: datetime) -> datetime:
    """The same instant in UTC. Raises InvariantBroken for a naive datetime, whose zone nobody knows."""
    if moment.tzinfo is None:
        raise InvariantBroken("naive_datetime", f"{moment.isoformat()} has no zone")
    return moment.astimezone(UTC)


def local_date(moment: datetime) -> date:
    """The date on the wall in Asia/Shanghai at an instant."""
    return utc(moment).astimezone(CHINA).date()
