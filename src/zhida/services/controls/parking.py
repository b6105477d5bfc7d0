"""Giving messages that were parked another try: a person says what was mended, and the ledger keeps it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.outbox import actions as outbox
from zhida.services.controls.hands import require_hand


@transaction.atomic
def retry_parked(*, message_id: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Takes a message out of the dead-letter box for another round of tries. Records `outbox.retried`.

    Raises AccessError for a duty without a hand in this, ConflictError `retried_without_reason`, or
    `message_not_parked`.
    """
    require_hand(by, "operator", "checker", "releaser")
    if not reason:
        raise ConflictError("retried_without_reason", "whoever tries again says what was mended", "write it down")
    outbox.retry(message_id=message_id, as_of=as_of)
    ledger.record(kind="outbox.retried", about=message_id, fields={"reason": reason}, by=by, as_of=as_of)
