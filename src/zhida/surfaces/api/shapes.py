"""Shapes that several rooms of the API answer with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, WithJsonSchema

from zhida.domain.packs import Pack, Wording
from zhida.domain.values import Span

_LARGEST = 10**29
_SCALAR: dict[str, Any] = {
    "anyOf": [
        {"type": "boolean"},
        {"type": "number", "minimum": -_LARGEST, "maximum": _LARGEST},
        {"type": "string"},
        {"type": "null"},
    ]
}
Fact = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                *_SCALAR["anyOf"],
                {"type": "array", "items": {"type": "object", "additionalProperties": _SCALAR}},
            ],
            "description": "A fact as it is written; a relation is a list of objects",
        }
    ),
]
"""A fact in a request: the contract tells its form, the item's schema decides what is taken."""


class Body(Schema):
    """What is sent. A field that nobody knows is refused: it is a name mistyped, and not heard would be worse."""

    model_config = ConfigDict(extra="forbid")


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
