"""What goes into the index and what comes out of it, as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from zhida.domain.values import Span


@dataclass(frozen=True)
class Document:
    """Something public that can be found. `id` is unique over all kinds; `parent` is the document it stands in.

    `names` are other words it is found by (who issued it, where it applies); `facets` narrow a search, name to values.
    It is found only on days of `shown`. `boost` 0 to 3 puts a document before others that answer as well.
    """

    id: str
    kind: str
    title: str
    parent: str = ""
    title_en: str = ""
    number: str = ""
    body: str = ""
    body_en: str = ""
    names: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    boost: int = 0
    shown: Span = field(default_factory=Span)


class Why(StrEnum):
    """Where a hit answers the words that were asked."""

    NUMBER = "number"
    TITLE = "title"
    SOUND = "sound"
    NAMES = "names"
    BODY = "body"
    SIMILAR = "similar"


class Way(StrEnum):
    """How far the search had to go: every word, most words with slips forgiven, or titles that look alike."""

    EXACT = "exact"
    LOOSE = "loose"
    SIMILAR = "similar"


@dataclass(frozen=True, order=True)
class Mark:
    """Characters of a text that answer the words asked, from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True)
class Marked:
    """A text and the places in it that answer."""

    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Hit:
    """A document found. `snippet` is the part of its body that answers best; `why` names where it answers."""

    id: str
    kind: str
    parent: str
    title: Marked
    title_en: Marked
    number: str
    snippet: Marked
    why: tuple[Why, ...]


@dataclass(frozen=True)
class Hits:
    """One page of what was found, the best first; `total` counts all.

    `facets` tells for each name how many documents each value would leave, the other names' choices kept.
    """

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    way: Way = Way.EXACT
