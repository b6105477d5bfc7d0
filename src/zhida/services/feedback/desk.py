"""Receiving what people say of a page, finding it for the office that answers, answering it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction

from zhida.domain.errors import ApplicantError, ConflictError
from zhida.domain.values import Actor, local_date, utc
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import queries as offices
from zhida.services.feedback.masking import mask
from zhida.services.feedback.models import Feedback

LONGEST = 2_000
WORKING_DAYS = 3


class Kind(StrEnum):
    """What a message is about."""

    WRONG = "wrong"
    UNCLEAR = "unclear"
    BROKEN = "broken"
    IDEA = "idea"


@dataclass(frozen=True)
class Message:
    """What was said of a page, and the answer where there is one; due on a working day."""

    id: str
    page: str
    kind: Kind
    words: str
    contact: str
    shown_as: str
    office: str
    received_at: datetime
    due_on: date
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True)
class Said:
    """What somebody says: of which page, what about, in which words; how to reach them and how the page was shown."""

    page: str
    kind: Kind
    words: str
    contact: str = ""
    shown_as: str = ""


def checked(said: Said) -> Said:
    """What will be kept: numbers hidden, ends cut. Raises ApplicantError `feedback_empty` or `feedback_too_long`."""
    words = mask(said.words.strip())
    if not words:
        said_en = "Please say in a few words what is wrong"
        raise ApplicantError("feedback_empty", field="words", zh="请写几个字，说明哪里不对", en=said_en)
    if len(words) > LONGEST:
        said_en = "At most 2,000 characters, please"
        raise ApplicantError("feedback_too_long", field="words", zh="请不超过 2000 字", en=said_en)
    return Said(said.page[:300], said.kind, words, said.contact.strip()[:120], said.shown_as[:60])


@transaction.atomic
def receive(*, feedback_id: str, said: Said, office: str, by: Actor, as_of: datetime) -> None:
    """Keeps a message, its numbers hidden, to be answered within three working days; a second time does nothing.

    `office` answers for the page, "" leaves it to whoever runs the site. Raises as `checked`.
    """
    kept = checked(said)
    due = offices.calendar().add_working_days(local_date(as_of), WORKING_DAYS)
    _, is_new = Feedback.objects.get_or_create(
        id=feedback_id,
        defaults={
            "page": kept.page,
            "kind": kept.kind,
            "words": kept.words,
            "contact": kept.contact,
            "shown_as": kept.shown_as,
            "office": office,
            "received_at": utc(as_of),
            "due_on": due,
        },
    )
    if is_new:
        fields = {"page": kept.page, "about": str(kept.kind), "office": office}
        ledger.record(kind="feedback.received", about=feedback_id, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def answer(*, feedback_id: str, words: str, by: Actor, as_of: datetime) -> None:
    """Answers a message; whoever wrote it reads the answer at its address. Raises ConflictError `no_open_feedback`."""
    text = words.strip()[:LONGEST]
    changed = {"answer": text, "answered_by": by.account, "answered_at": utc(as_of)}
    if not text or not Feedback.objects.filter(id=feedback_id, answered_at=None).update(**changed):
        raise ConflictError("no_open_feedback", f"{feedback_id} waits for no answer", "look at the list again")
    ledger.record(kind="feedback.answered", about=feedback_id, fields={"answer": text}, by=by, as_of=as_of)


def message(feedback_id: str) -> Message | None:
    """One message by its id, which only its writer and the office know."""
    row = Feedback.objects.filter(id=feedback_id).first()
    return _message(row) if row else None


def messages_at(places: Collection[str] | None, *, is_open: bool, limit: int = 50) -> tuple[Message, ...]:
    """The messages to these offices, None to all: those that wait the oldest first, those answered the newest first."""
    rows = Feedback.objects.filter(answered_at__isnull=is_open)
    rows = rows if places is None else rows.filter(office__in=list(places))
    ordered = rows.order_by("received_at") if is_open else rows.order_by("-answered_at")
    return tuple(map(_message, ordered[:limit]))


def _message(row: Feedback) -> Message:
    return Message(
        row.id,
        row.page,
        Kind(row.kind),
        row.words,
        row.contact,
        row.shown_as,
        row.office,
        row.received_at,
        row.due_on,
        row.answer,
        row.answered_at,
    )
