"""The life of one disbursement, built so that no crash and no silent bank can make it pay twice.

    planned → reserved → instructed → unknown → settled → returned
                  ╰──────────┴──────────┴→ voided

INSTRUCTED is a durable intent that has never been sent. SENT is recorded and committed *before* the bank is called, so
whatever happens next finds UNKNOWN: perhaps paid, perhaps not. UNKNOWN is resolved by asking. "Not found" is no proof
of absence, for a call may arrive late: it is sent again only to a bank that de-duplicates on our reference; with any
other it stays UNKNOWN until the day's statement shows absence and a person releases it.

News from a bank may come twice, late and out of order: news that says nothing new leaves the state as it is, and every
order of the same news ends in the same state with the same net postings. News that contradicts an end is a conflict
for a person, never a posting.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from zhida.domain.errors import ConflictError
from zhida.domain.postings.books import Move


class State(StrEnum):
    """Where a disbursement stands; SETTLED may still be RETURNED, VOIDED and RETURNED are final."""

    PLANNED = "planned"
    RESERVED = "reserved"
    INSTRUCTED = "instructed"
    UNKNOWN = "unknown"
    SETTLED = "settled"
    VOIDED = "voided"
    RETURNED = "returned"


class Event(StrEnum):
    """What happens to a disbursement: the first four are ours, then the bank's news, then a person's release."""

    RESERVED = "reserved"
    INSTRUCTED = "instructed"
    SENT = "sent"
    CANCELLED = "cancelled"
    UNANSWERED = "unanswered"
    NOT_FOUND = "not_found"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    REJECTED = "rejected"
    RETURNED = "returned"
    RELEASED = "released"


class Transition(NamedTuple):
    """The state that follows, and the movements to post with it, in order, each of the disbursement's whole amount."""

    state: State
    moves: tuple[Move, ...] = ()


_UNCLEAR = (Event.UNANSWERED, Event.NOT_FOUND, Event.ACCEPTED)

_TRANSITIONS: dict[tuple[State, Event], Transition] = {
    (State.PLANNED, Event.RESERVED): Transition(State.RESERVED, (Move.RESERVE,)),
    (State.PLANNED, Event.CANCELLED): Transition(State.VOIDED),
    (State.RESERVED, Event.INSTRUCTED): Transition(State.INSTRUCTED, (Move.INSTRUCT,)),
    (State.RESERVED, Event.CANCELLED): Transition(State.VOIDED, (Move.CANCEL,)),
    (State.INSTRUCTED, Event.SENT): Transition(State.UNKNOWN),
    (State.INSTRUCTED, Event.CANCELLED): Transition(State.VOIDED, (Move.VOID,)),
    (State.UNKNOWN, Event.SENT): Transition(State.UNKNOWN),
    (State.UNKNOWN, Event.RELEASED): Transition(State.VOIDED, (Move.VOID,)),
    (State.SETTLED, Event.RETURNED): Transition(State.RETURNED, (Move.RETURN,)),
}
for _state in (State.INSTRUCTED, State.UNKNOWN):
    _TRANSITIONS |= {(_state, event): Transition(State.UNKNOWN) for event in _UNCLEAR}
    _TRANSITIONS[_state, Event.SETTLED] = Transition(State.SETTLED, (Move.SETTLE,))
    _TRANSITIONS[_state, Event.REJECTED] = Transition(State.VOIDED, (Move.VOID,))
    _TRANSITIONS[_state, Event.RETURNED] = Transition(State.RETURNED, (Move.SETTLE, Move.RETURN))

_NOTHING_NEW = {
    State.SETTLED: {*_UNCLEAR, Event.SETTLED},
    State.VOIDED: {*_UNCLEAR, Event.REJECTED, Event.CANCELLED, Event.RELEASED},
    State.RETURNED: {*_UNCLEAR, Event.SETTLED, Event.RETURNED},
}


def transition(state: State, event: Event, *, deduplicates: bool = False) -> Transition:
    """What follows an event, with the movements to post.

    `deduplicates` says that the bank has contracted to pay once per reference; an adapter reports such a bank's
    "duplicate" as what became of the first, never as REJECTED. Raises ConflictError where the event cannot follow:
    `not_resendable` for a second sending to a bank that does not de-duplicate, `contradicts_end` for news against a
    final state (settled after a void: a person must look), `out_of_order` for the rest.
    """
    if state is State.UNKNOWN and event is Event.SENT and not deduplicates:
        hint = "ask the bank; release by hand once the day's statement shows that it was not paid"
        raise ConflictError("not_resendable", "this bank does not de-duplicate: sending again may pay twice", hint)
    if event in _NOTHING_NEW.get(state, ()):
        return Transition(state)
    following = _TRANSITIONS.get((state, event))
    if following:
        return following
    if state in _NOTHING_NEW:
        hint = "finance officer: compare with the bank's statement before anything else moves"
        raise ConflictError("contradicts_end", f"{event} cannot follow {state}", hint)
    raise ConflictError("out_of_order", f"{event} cannot follow {state}")
