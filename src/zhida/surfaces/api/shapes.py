"""Shapes that several rooms of the API answer with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ninja import Schema

from zhida.domain.packs import Pack, Wording
from zhida.domain.values import Span


class Words(Schema):
    """The same in both languages; `en` is empty where nobody has written it."""

    zh: str
    en: str = ""


class Days(Schema):
    """Dates from `start` up to, not including, `end`; null is open."""

    start: date | None = None
    end: date | None = None


def days(span: Span) -> Days:
    """A span as an answer."""
    return Days(start=span.start, end=span.end)


def words_of(pack: Pack, pick: Callable[[Wording], str]) -> Words:
    """Some words of a pack in each language that it has."""
    zh, en = (pack.words.get(lang) for lang in ("zh", "en"))
    return Words(zh=pick(zh) if zh else "", en=pick(en) if en else "")
