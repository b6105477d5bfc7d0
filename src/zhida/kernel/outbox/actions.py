"""Putting messages into the outbox, and giving parked ones another try."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.proofs import Json, canonical_json
from zhida.domain.values import new_id, utc
from zhida.kernel.outbox.models import Message

_ADD = """
INSERT INTO outbox_message (id, kind, key, payload, state, not_before, attempts, lease, error, enqueued_at)
VALUES (%s, %s, %s, %s, 'waiting', %s, 0, '', '', %s) ON CONFLICT (kind, key) DO NOTHING
"""


def enqueue(*, kind: str, key: str, payload: Json, not_before: datetime | None = None, as_of: datetime) -> str:
    """Writes one message into the caller's transaction, so that it exists if and only if the action happened; its id.

    The payload is JSON without floats, best only ids. The same kind and key again gives the first message's id and adds
    nothing; with another payload it raises ConflictError. Raises InvariantBroken outside a transaction.
    """
    if not connection.in_atomic_block:
        raise InvariantBroken("message_outside_transaction", "a message is written in the transaction of its action")
    written = canonical_json(payload).decode()
    at = connection.ops.adapt_datetimefield_value
    new = new_id("message")
    values = [new, kind, key, written, at(utc(not_before or as_of)), at(utc(as_of))]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, values)
        if cursor.rowcount == 1:
            return new
    message = Message.objects.get(kind=kind, key=key)
    if message.payload != written:
        words = f"{kind} {key} is in the outbox with another payload"
        raise ConflictError("message_key_reused", words, "use a key of its own for another effect")
    return message.id


@transaction.atomic
def retry(*, message_id: str, as_of: datetime) -> None:
    """Takes a parked message out of the dead-letter box for another round of tries, from `as_of` on.

    Raises ConflictError where it is not parked.
    """
    back = {"state": Message.State.WAITING, "not_before": utc(as_of), "attempts": 0, "finished_at": None}
    if not Message.objects.filter(pk=message_id, state=Message.State.PARKED).update(**back):
        raise ConflictError("message_not_parked", f"{message_id} is not parked", "look again: it may be on its way")
