"""Carrying queued messages outside: the outbox's handler, built in wiring over the gates at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from zhida.domain.errors import FinalOutside, RetryableOutside
from zhida.domain.values import utc
from zhida.kernel.notices.models import Message
from zhida.kernel.notices.ports import MessagePort


def deliverer(gates: Mapping[str, MessagePort]) -> Callable[[Mapping[str, Any], datetime], None]:
    """The handler of the outbox kind `notices.deliver`; `gates` maps `email` and `sms` to their ports.

    A message that went out is not sent again when its chunk is retried. The handler raises RetryableOutside after
    the whole chunk where any of it must be tried again; a message refused for good is marked failed with the reason.
    """

    def deliver(payload: Mapping[str, Any], as_of: datetime) -> None:
        waiting = Message.objects.filter(id__in=payload["messages"], state="queued").select_related("notice")
        delayed = [error for message in waiting if (error := _carry(message, gates, as_of))]
        if delayed:
            raise RetryableOutside(delayed[0].code, f"{len(delayed)} message(s) wait: {delayed[0].words}")

    return deliver


def _carry(message: Message, gates: Mapping[str, MessagePort], as_of: datetime) -> RetryableOutside | None:
    gate = gates.get(message.channel)
    notice = message.notice
    english = message.language == "en"
    try:
        if gate is None:
            raise FinalOutside(
                "no_gate", "this installation has no gate for the channel", "wire one, or drop the channel"
            )
        reference = gate.send(
            reference=message.id,
            address=message.address,
            title=notice.title_en if english else notice.title_zh,
            body=notice.body_en if english else notice.body_zh,
        )
    except RetryableOutside as error:
        return error
    except FinalOutside as error:
        _settle(message, as_of, state="failed", failure=error.words)
    else:
        _settle(message, as_of, state="sent", reference=reference)
    return None


def _settle(message: Message, as_of: datetime, *, state: str, reference: str = "", failure: str = "") -> None:
    Message.objects.filter(id=message.id, state="queued").update(
        state=state, reference=reference, failure=failure, settled_at=utc(as_of)
    )
