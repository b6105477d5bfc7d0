"""The pump: takes due messages under a lease, calls their handlers outside any transaction, settles in one commit."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from zhida.domain.errors import FinalOutside, StillWaiting
from zhida.domain.values import new_id, utc
from zhida.kernel.outbox.models import Message
from zhida.kernel.outbox.ports import Handler

LEASE = timedelta(seconds=45)
"""How long one pump may go on with one message; after that another pump takes its batch again.

Short, so that what a killed pump held is taken up and ended within a minute; longer than any call to the outside waits.
"""

TRIES = 10
"""After so many failed tries a message is parked; what is still waiting has not failed."""

_FIRST_PAUSE = timedelta(seconds=15)
_LONGEST_PAUSE = timedelta(hours=6)
_DOUBLINGS = 12
_RENEWED_AFTER_S = 5.0
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class PumpReport:
    """What one run of the pump did: messages carried out, put back for a later try, and parked."""

    done: int = 0
    retried: int = 0
    parked: int = 0

    @property
    def handled(self) -> int:
        """How many messages were taken; 0 means that nothing was due."""
        return self.done + self.retried + self.parked


def pump(handlers: Mapping[str, Handler], *, as_of: datetime, limit: int = 100) -> PumpReport:
    """Carries out up to `limit` messages that are due at `as_of` and whose kind has a handler, the oldest first.

    A handler that raises FinalOutside parks its message; any other error puts it back, with a pause that doubles from
    15 seconds to 6 hours, and all but StillWaiting park it after TRIES tries. The lease is renewed between messages. A
    pump that dies leaves its messages to the next one once the lease ends: at least once, never lost. Raises
    RuntimeError inside a transaction.
    """
    batch = _take(sorted(handlers), utc(as_of), limit)
    began = renewed = time.monotonic()
    for message in batch:
        if time.monotonic() - renewed > _RENEWED_AFTER_S:
            renewed = time.monotonic()
            _renew(message.lease, utc(as_of) + timedelta(seconds=renewed - began) + LEASE)
        _carry_out(message, handlers[message.kind], utc(as_of))
    _settle(batch)
    states = [message.state for message in batch]
    return PumpReport(
        *(states.count(state) for state in (Message.State.DONE, Message.State.WAITING, Message.State.PARKED))
    )


@transaction.atomic(durable=True)
def _take(kinds: list[str], as_of: datetime, limit: int) -> list[Message]:
    due = Message.objects.filter(Q(leased_until=None) | Q(leased_until__lte=as_of), state=Message.State.WAITING)
    rows = due.filter(kind__in=kinds, not_before__lte=as_of).order_by("not_before", "id")
    batch = list(rows.select_for_update(skip_locked=True)[:limit])
    lease = new_id("lease")
    for message in batch:
        message.lease, message.leased_until, message.attempts = lease, as_of + LEASE, message.attempts + 1
    Message.objects.bulk_update(batch, ["lease", "leased_until", "attempts"])
    return batch


def _renew(lease: str, until: datetime) -> None:
    """What this pump still holds is its own for longer; what it lost stays lost."""
    Message.objects.filter(lease=lease).update(leased_until=until)


def _carry_out(message: Message, handler: Handler, as_of: datetime) -> None:
    """Calls the handler and notes the outcome on the message, which is not saved yet."""
    try:
        handler(json.loads(message.payload), as_of)
    except Exception as error:
        is_spent = message.attempts >= TRIES and not isinstance(error, StillWaiting)
        is_final = isinstance(error, FinalOutside) or is_spent
        _LOG.warning("%s %s failed, try %s", message.kind, message.key, message.attempts, exc_info=error)
        message.error = str(error).replace("\x00", "")  # PostgreSQL keeps no such character
        message.state = Message.State.PARKED if is_final else Message.State.WAITING
        pause = _FIRST_PAUSE * 2 ** min(message.attempts - 1, _DOUBLINGS)
        message.not_before = as_of + min(pause, _LONGEST_PAUSE)
    else:
        message.state, message.error = Message.State.DONE, ""
    message.finished_at = None if message.state == Message.State.WAITING else as_of


@transaction.atomic(durable=True)
def _settle(batch: list[Message]) -> None:
    """Saves the outcomes of those messages that this pump still holds; one it lost to another pump is the other's."""
    if not batch:
        return
    lease = batch[0].lease
    held = set(Message.objects.select_for_update().filter(lease=lease).values_list("pk", flat=True))
    for message in batch:
        message.lease, message.leased_until = "", None
    fields = ["state", "error", "not_before", "finished_at", "lease", "leased_until"]
    Message.objects.bulk_update([message for message in batch if message.pk in held], fields)
