"""What the calculator and a person's home answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhida.surfaces.look.charts import Ruler
from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import ONE_PAGE, Clause, Document, Equation, Facet, FactLine, Page, Question, Reason


@dataclass(frozen=True)
class Entry:
    """One item's answer for one subject."""

    title: Text
    href: str
    amount_fen: int | None
    how_much: Text
    reasons: tuple[Reason, ...]
    document: Document
    clauses: tuple[Clause, ...]
    sources: tuple[FactLine, ...] = ()
    equation: Equation | None = None
    ruler: Ruler | None = None
    change: str = ""
    act_href: str = ""
    act_words: str = ""
    note: str = ""
    pays: bool = True


@dataclass(frozen=True)
class Entries:
    """One group of answers: those on the page that is shown, how many there are in all, and the ways back and on."""

    shown: tuple[Entry, ...] = ()
    count: int = 0
    page: Page = ONE_PAGE

    def __bool__(self) -> bool:
        return self.count > 0


@dataclass(frozen=True)
class SubjectHead:
    """Whose case it is, as far as everybody may know."""

    name: str
    code: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slider:
    """A number to be changed: as it is typed, how far it may go, what it is now and what was needed of it."""

    name: str
    label: str
    unit: str
    value: str
    now: str
    most: str
    step: str
    need: str = ""
    fault: str = ""


@dataclass(frozen=True)
class WhatIf:
    """Numbers to be changed; where some were (`is_on`), how the answer differs from what holds now."""

    sliders: tuple[Slider, ...]
    is_on: bool
    differences: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """A calculator's answer in three groups, and what is worth asking next."""

    subject: SubjectHead | None
    audience: str
    as_of: date
    entitled: Entries
    possible: Entries
    refused: Entries
    total_fen: int
    unknown_amounts: int
    automatic: int
    automatic_fen: int
    questions: tuple[Question, ...]
    answered: tuple[FactLine, ...]
    hidden: tuple[tuple[str, str], ...]
    again_href: str
    act_href: str = ""
    whatif: WhatIf | None = None
    kept: tuple[tuple[str, str], ...] = ()
    real_href: str = ""
    together: str = ""

    @property
    def nearly(self) -> tuple[Entry, ...]:
        """Those refused for one number alone that is not far off: drawn with a ruler."""
        return tuple(entry for entry in self.refused.shown if entry.ruler)

    @property
    def plainly(self) -> tuple[Entry, ...]:
        """Those refused for anything else: a table says why."""
        return tuple(entry for entry in self.refused.shown if not entry.ruler)


@dataclass(frozen=True)
class CalculatorStart:
    """Where one begins: a firm by name, a person or household by a few answers."""

    text: str
    firms: tuple[Facet, ...]
    searched: bool
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ToDo:
    """Something that waits for this person."""

    title: Text
    words: str
    href: str
    act: str
    amount_fen: int | None = None
    is_urgent: bool = False


@dataclass(frozen=True)
class CaseLine:
    """A case in a list: where it stands and who moves next."""

    title: Text
    href: str
    state: str
    state_words: str
    next_words: str
    moment: datetime
    amount_fen: int | None = None
    subject: str = ""


@dataclass(frozen=True)
class MyHome:
    """What one can get, what waits, what is running."""

    name: str
    subject: SubjectHead | None
    others: tuple[Facet, ...]
    count: int
    total_fen: int
    todo: tuple[ToDo, ...]
    entitled: Entries
    possible: Entries
    cases: tuple[CaseLine, ...]
    unread: int
    cards: int = 0
