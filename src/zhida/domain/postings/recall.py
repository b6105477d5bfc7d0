"""Asking a bank to give a payment back: the life of a recall, so that none is lost and none moves money by itself.

    proposed → ordered → unknown → accepted → returned
        ╰─────────┴→ withdrawn  ╰→ refused ──────╯ (late, yet not lost)
                                ╰→ lapsed  ──────╯

A recall is asked for by one person and confirmed by another; that it may have been sent is committed before the bank is
called, as with a payment. Only a return of the payment moves money: an acceptance is a promise. News may come twice,
late and in any order and ends in the same state, since the weightier word stands: returned over refused over accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from zhida.domain.errors import ConflictError


class RecallReason(StrEnum):
    """Why a payment is asked back: ISO 20022 external code set, cancellation reason."""

    DUPLICATE = "DUPL"
    WRONG_AMOUNT = "AM09"
    WRONG_ACCOUNT = "AC03"
    FRAUD = "FRAD"
    MISTAKEN = "CUST"


class RecallWord(StrEnum):
    """What a bank says of a recall; it names no recall that it does not know."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class RecallState(StrEnum):
    """Where a recall stands; WITHDRAWN and RETURNED are final, REFUSED and LAPSED give way to the money itself."""

    PROPOSED = "proposed"
    ORDERED = "ordered"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class RecallEvent(StrEnum):
    """What happens to a recall: ours first, then the bank's news, then the money, then time."""

    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    SENT = "sent"
    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    RETURNED = "returned"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class RecallRequest:
    """A recall as a bank is told of it: `recall_id` is stable and ours, `reference` is the payment's."""

    recall_id: str
    reference: str
    amount_fen: int
    requested_on: date
    reason: RecallReason
    words: str
    asked_at: datetime


@dataclass(frozen=True)
class RecallAnswer:
    """A bank's word on one recall."""

    recall_id: str
    word: RecallWord
    reason: str = ""


_WAITING = (RecallState.UNKNOWN, RecallState.ACCEPTED, RecallState.LAPSED)
_TRANSITIONS: dict[tuple[RecallState, RecallEvent], RecallState] = {
    (RecallState.PROPOSED, RecallEvent.CONFIRMED): RecallState.ORDERED,
    (RecallState.PROPOSED, RecallEvent.WITHDRAWN): RecallState.WITHDRAWN,
    (RecallState.ORDERED, RecallEvent.WITHDRAWN): RecallState.WITHDRAWN,
    (RecallState.ORDERED, RecallEvent.SENT): RecallState.UNKNOWN,
    (RecallState.UNKNOWN, RecallEvent.SENT): RecallState.UNKNOWN,
    (RecallState.UNKNOWN, RecallEvent.LAPSED): RecallState.LAPSED,
    (RecallState.ACCEPTED, RecallEvent.LAPSED): RecallState.LAPSED,
    (RecallState.UNKNOWN, RecallEvent.ACCEPTED): RecallState.ACCEPTED,
    (RecallState.LAPSED, RecallEvent.ACCEPTED): RecallState.ACCEPTED,
    **{(state, RecallEvent.REFUSED): RecallState.REFUSED for state in _WAITING},
    **{
        (state, RecallEvent.RETURNED): RecallState.RETURNED
        for state in (RecallState.PROPOSED, RecallState.ORDERED, RecallState.REFUSED, *_WAITING)
    },
}
_NOTHING_NEW = {
    RecallState.UNKNOWN: {RecallEvent.PENDING},
    RecallState.LAPSED: {RecallEvent.PENDING, RecallEvent.LAPSED},
    RecallState.ACCEPTED: {RecallEvent.PENDING, RecallEvent.ACCEPTED},
    RecallState.REFUSED: {RecallEvent.PENDING, RecallEvent.ACCEPTED, RecallEvent.REFUSED},
    RecallState.RETURNED: {
        RecallEvent.PENDING, RecallEvent.ACCEPTED, RecallEvent.REFUSED, RecallEvent.RETURNED, RecallEvent.LAPSED
    },
    RecallState.WITHDRAWN: {RecallEvent.WITHDRAWN, RecallEvent.RETURNED},
}  # fmt: skip


def recall_after(state: RecallState, event: RecallEvent, *, deduplicates: bool = False) -> RecallState:
    """The state that follows an event; news that says nothing new leaves it as it is.

    `deduplicates` says that the bank has contracted to take a recall once by our id. Raises ConflictError
    `recall_not_resendable` for a second sending to any other bank, `recall_out_of_order` for what cannot follow.
    """
    if state is RecallState.UNKNOWN and event is RecallEvent.SENT and not deduplicates:
        hint = "ask the bank what became of it; the day's statement shows a return in any case"
        raise ConflictError("recall_not_resendable", "this bank does not de-duplicate: it may take it twice", hint)
    if event in _NOTHING_NEW.get(state, ()):
        return state
    following = _TRANSITIONS.get((state, event))
    if following is None:
        raise ConflictError("recall_out_of_order", f"{event} cannot follow {state}", "look at the recall again")
    return following
