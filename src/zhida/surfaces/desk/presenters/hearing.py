"""What people say of pages: what waits for an answer, and what was answered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from zhida.kernel.offices import queries as offices
from zhida.services.feedback import desk
from zhida.services.feedback.desk import Message
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling.cases import due_words
from zhida.surfaces.look.telling.filing import FEEDBACK_KINDS
from zhida.surfaces.look.telling.offices import office_name


@dataclass(frozen=True)
class HeardLine:
    """One message as the desk shows it."""

    id: str
    page: str
    about: str
    kind: str
    words: str
    contact: str
    shown_as: str
    office: str
    received_at: datetime
    due: str
    is_late: bool
    answer: str
    typed: str
    fault: str
    has_picture: bool


@dataclass(frozen=True)
class HearingDesk:
    """The page of an officer."""

    waiting: tuple[HeardLine, ...]
    answered: tuple[HeardLine, ...]


def places_of(officer: Officer) -> Collection[str] | None:
    """The offices whose messages an officer sees; None for an operator, who sees all."""
    return None if officer.role == "operator" else officer.scope.offices or frozenset(officer.offices)


def hearing(officer: Officer, today: date, tried: str, words: str) -> HearingDesk:
    """The oldest first; `tried` is a message whose answer was not taken, with what was typed."""
    places = places_of(officer)
    waiting, answered = (desk.messages_at(places, is_open=is_open) for is_open in (True, False))
    return HearingDesk(
        tuple(_line(one, today, words if one.id == tried else "", one.id == tried) for one in waiting),
        tuple(_line(one, today, "", False) for one in answered),
    )


def _line(one: Message, today: date, typed: str, is_wrong: bool) -> HeardLine:
    return HeardLine(
        one.id,
        reverse("desk:case", args=[one.case]) if one.case else one.page,
        say("办件 {number}", number=one.case) if one.case else one.page,
        say(FEEDBACK_KINDS[one.kind]),
        one.words,
        one.contact,
        one.shown_as,
        office_name(one.office) or say("本站"),
        one.received_at,
        due_words(one.due_on, today, offices.calendar()),
        one.due_on < today,
        one.answer,
        typed,
        say("请写答复，不超过 2000 字") if is_wrong else "",
        one.has_picture,
    )
