"""Receiving what people say of a page, finding it for the office that answers, answering it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction

from zhida.domain.errors import ApplicantError, ConflictError
from zhida.domain.uploads import made_safe, picture_type
from zhida.domain.values import Actor, local_date, utc
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import queries as offices
from zhida.services.feedback.masking import mask
from zhida.services.feedback.models import Feedback, Picture

LONGEST = 2_000
AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 300
"""Messages of anybody that are taken in an hour, all together; nobody's address is kept, so no one is told apart."""


class Kind(StrEnum):
    """What a message is about."""

    WRONG = "wrong"
    UNCLEAR = "unclear"
    BROKEN = "broken"
    IDEA = "idea"
    RATING = "rating"
    REVIEW = "review"


OF_A_PAGE = (Kind.WRONG, Kind.UNCLEAR, Kind.BROKEN, Kind.IDEA)
OF_A_CASE = (Kind.RATING, Kind.REVIEW)
WORKING_DAYS = {**dict.fromkeys(Kind, 3), Kind.REVIEW: 10}
"""Working days within which each kind is answered."""
PICTURE_BYTES = 1_500_000


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
    case: str = ""
    has_picture: bool = False


@dataclass(frozen=True)
class Said:
    """What somebody says: of which page, what about, in which words; how to reach them and how the page was shown.

    `case` is the case that it is about, `picture` a JPEG or PNG of the page as its sender covered it.
    """

    page: str
    kind: Kind
    words: str
    contact: str = ""
    shown_as: str = ""
    case: str = ""
    picture: bytes = b""


def checked(said: Said) -> Said:
    """What will be kept: numbers hidden, ends cut, the picture made safe. Raises ApplicantError `feedback_empty`,
    `feedback_too_long`, `picture_not_taken`, and as `domain.uploads.made_safe`."""
    words = mask(said.words.strip())
    if not words:
        said_en = "Please say in a few words what is wrong"
        raise ApplicantError("feedback_empty", field="words", zh="请写几个字，说明哪里不对", en=said_en)
    if len(words) > LONGEST:
        said_en = "At most 2,000 characters, please"
        raise ApplicantError("feedback_too_long", field="words", zh="请不超过 2000 字", en=said_en)
    if said.picture and (len(said.picture) > PICTURE_BYTES or not picture_type(said.picture)):
        said_en = "The picture must be a JPEG or PNG of at most 1.5 MB"
        raise ApplicantError("picture_not_taken", field="picture", zh="图片要 JPG 或 PNG，不超过 1.5 MB", en=said_en)
    picture = made_safe(picture_type(said.picture).removeprefix("image/"), said.picture)[1] if said.picture else b""
    return replace(said, page=said.page[:300], words=words, contact=said.contact.strip()[:120],
                   shown_as=said.shown_as[:60], picture=picture)  # fmt: skip


@transaction.atomic
def receive(*, feedback_id: str, said: Said, office: str, by: Actor, as_of: datetime) -> None:
    """Keeps a message, its numbers hidden, to be answered within WORKING_DAYS; a second time does nothing.

    `office` answers for the page, "" leaves it to whoever runs the site. Raises as `checked`; ConflictError
    `feedback_flood` where an hour has brought more than can be read, `feedback_given` where the case has one such.
    """
    kept = checked(said)
    _check_flood(feedback_id, as_of)
    if kept.case and Feedback.objects.filter(case=kept.case, kind=kept.kind).exclude(id=feedback_id).exists():
        raise ConflictError("feedback_given", f"{kept.case} has one {kept.kind}", "read how it was answered")
    due = offices.calendar().add_working_days(local_date(as_of), WORKING_DAYS[kept.kind])
    _, is_new = Feedback.objects.get_or_create(
        id=feedback_id,
        defaults={
            "page": kept.page,
            "kind": kept.kind,
            "words": kept.words,
            "contact": kept.contact,
            "shown_as": kept.shown_as,
            "office": office,
            "case": kept.case,
            "received_at": utc(as_of),
            "due_on": due,
        },
    )
    if is_new and kept.picture:
        Picture.objects.create(message_id=feedback_id, media_type=picture_type(kept.picture), body=kept.picture)
    if is_new:
        fields = {"page": kept.page, "about": str(kept.kind), "office": office}
        ledger.record(kind="feedback.received", about=feedback_id, fields=fields, by=by, as_of=as_of)


def _check_flood(feedback_id: str, as_of: datetime) -> None:
    lately = Feedback.objects.filter(received_at__gt=utc(as_of) - AN_HOUR, kind__in=OF_A_PAGE)
    if lately.exclude(id=feedback_id).count() >= MOST_AN_HOUR:
        raise ConflictError("feedback_flood", "too many messages in an hour", "ring the hotline, or come back later")


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
    row = Feedback.objects.select_related("picture").filter(id=feedback_id).first()
    return _message(row) if row else None


def message_about(case_id: str, kind: Kind) -> Message | None:
    """The one message of a kind about a case."""
    row = Feedback.objects.select_related("picture").filter(case=case_id, kind=kind).first() if case_id else None
    return _message(row) if row else None


def picture_of(feedback_id: str) -> tuple[str, bytes] | None:
    """The media type and the bytes of a message's picture."""
    row = Picture.objects.filter(message_id=feedback_id).first()
    return (row.media_type, bytes(row.body)) if row else None


def messages_at(places: Collection[str] | None, *, is_open: bool, limit: int = 50) -> tuple[Message, ...]:
    """The messages to these offices, None to all: those that wait the oldest first, those answered the newest first."""
    rows = Feedback.objects.select_related("picture").filter(answered_at__isnull=is_open)
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
        row.case,
        hasattr(row, "picture"),
    )
