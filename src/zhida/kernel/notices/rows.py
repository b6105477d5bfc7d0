"""Notices as they are written: plain rows, since an outreach writes tens of thousands of them at once."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction

from zhida.domain.errors import ConflictError
from zhida.domain.proofs.canonical import canonical_json
from zhida.domain.values import CHINA, utc
from zhida.kernel.notices.models import Message, Notice
from zhida.kernel.outbox import actions as outbox

DELIVER = "notices.deliver"
_CHUNK = 200
_ROWS = 2_000


class NewNotice(NamedTuple):
    """A notice not yet written; its fields are the columns of `models.Notice` that are set at the start."""

    id: str
    key: str
    subject_id: str | None
    account_id: str | None
    template: str
    item: str
    case_id: str
    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    batch_id: str | None
    written_at: datetime
    due_on: date

    @property
    def digest(self) -> bytes:
        """SHA-256 over what was told: the ledger proves it without saying it."""
        row = {
            "notice": self.id,
            "key": self.key,
            "title": self.title_zh,
            "body": self.body_zh,
            "due_on": self.due_on.isoformat(),
        }
        return hashlib.sha256(canonical_json(row)).digest()


class NewMessage(NamedTuple):
    """A notice to be carried to an address outside."""

    id: str
    notice: NewNotice
    channel: str
    address: str
    language: str


def insert(notices: Sequence[NewNotice], messages: Sequence[NewMessage], *, as_of: datetime) -> None:
    """Writes notices and their messages, and queues the messages for the day on which the notice is due.

    Raises ConflictError `already_told` where one of the readers has the same news already.
    """
    try:
        with transaction.atomic():
            _write(notices)
    except IntegrityError as error:
        raise ConflictError(
            "already_told", "the same news was sent a moment ago", "look again and send the rest"
        ) from error
    rows = [
        Message(
            id=each.id,
            notice_id=each.notice.id,
            channel=each.channel,
            address=each.address,
            language=each.language,
            state="queued",
        )
        for each in messages
    ]
    Message.objects.bulk_create(rows, batch_size=_ROWS)
    _queue(messages, as_of=as_of)


def _write(notices: Sequence[NewNotice]) -> None:
    """A plain statement: building a model and a statement for each row takes longer than writing it."""
    names = NewNotice._fields
    gaps = ", ".join(["%s"] * len(names))
    statement = f"INSERT INTO {Notice._meta.db_table} ({', '.join(names)}) VALUES ({gaps})"  # noqa: S608
    instant, day = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(*row[:-2], instant(row.written_at), day(row.due_on)) for row in notices])


def _queue(messages: Sequence[NewMessage], *, as_of: datetime) -> None:
    by_day: dict[date, list[str]] = defaultdict(list)
    for message in messages:
        by_day[message.notice.due_on].append(message.id)
    for on, ids in by_day.items():
        not_before = max(utc(as_of), utc(datetime.combine(on, time(), CHINA)))
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            outbox.enqueue(kind=DELIVER, key=chunk[0], payload={"messages": chunk}, not_before=not_before, as_of=as_of)
