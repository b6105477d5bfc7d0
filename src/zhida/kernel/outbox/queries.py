"""Looking into the outbox: how much waits, since when, and what was parked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from zhida.domain.proofs import Json
from zhida.kernel.outbox.models import Message


@dataclass(frozen=True)
class OutboxMessage:
    """A message as it stands; `error` is what the last failed try said."""

    id: str
    kind: str
    key: str
    payload: Json
    state: str
    attempts: int
    not_before: datetime
    error: str
    enqueued_at: datetime


@dataclass(frozen=True)
class OutboxStanding:
    """How many messages wait, are done and are parked, and since when the oldest due one waits."""

    waiting: int
    done: int
    parked: int
    oldest_due: datetime | None


def message(kind: str, key: str) -> OutboxMessage | None:
    """The message of this kind and key, or None."""
    return next(iter(_records(Message.objects.filter(kind=kind, key=key))), None)


def parked(*, limit: int = 100) -> tuple[OutboxMessage, ...]:
    """The dead-letter box, the oldest first."""
    return _records(Message.objects.filter(state=Message.State.PARKED).order_by("enqueued_at", "id")[:limit])


def standing(as_of: datetime) -> OutboxStanding:
    """The outbox at a glance."""
    counts = dict(Message.objects.values_list("state").annotate(Count("id")))
    due = Message.objects.filter(state=Message.State.WAITING, not_before__lte=as_of)
    oldest = due.order_by("not_before").values_list("not_before", flat=True).first()
    waits, ends, dead = (counts.get(state, 0) for state in Message.State.values)
    return OutboxStanding(waits, ends, dead, oldest)


def _records(rows: Iterable[Message]) -> tuple[OutboxMessage, ...]:
    return tuple(
        OutboxMessage(row.id, row.kind, row.key, json.loads(row.payload), row.state, row.attempts, row.not_before,
                      row.error, row.enqueued_at)
        for row in rows
    )  # fmt: skip
