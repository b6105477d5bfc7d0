"""Queueing what is instructed: when it is released, and once more when what held it back is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zhida.domain.postings import State
from zhida.domain.values import utc
from zhida.kernel.funds.models import Disbursement
from zhida.kernel.outbox import actions as outbox

INSTRUCT = "funds.instruct"
CHUNK = 300


def queue(disbursement_ids: Sequence[str], *, as_of: datetime, why: str = "") -> None:
    """Queues the sending of payments, 300 a message, in the caller's transaction; `why` names what woke them."""
    for start in range(0, len(disbursement_ids), CHUNK):
        chunk = list(disbursement_ids[start : start + CHUNK])
        key = f"{why}:{start}" if why else chunk[0]
        outbox.enqueue(kind=INSTRUCT, key=key, payload={"disbursements": chunk}, as_of=as_of)


def send_waiting(*, why: str, as_of: datetime, line: str = "") -> None:
    """Queues all that is instructed and was never sent once more: a stop was lifted, a line was thawed.

    `why` is told once in the life of an installation: the same again queues nothing new.
    """
    rows = Disbursement.objects.filter(state=State.INSTRUCTED)
    rows = rows.filter(line=line) if line else rows
    queue(list(rows.order_by("pk").values_list("pk", flat=True)), as_of=as_of, why=why)


def send_later(*, disbursement_id: str, why: str, at: datetime, as_of: datetime) -> None:
    """Queues one payment once more for an instant, in the caller's transaction: what held it ends then."""
    payload = {"disbursements": [disbursement_id]}
    outbox.enqueue(kind=INSTRUCT, key=f"{why}:{disbursement_id}", payload=payload, not_before=utc(at), as_of=as_of)
