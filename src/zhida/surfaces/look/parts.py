"""The records that a page's parts are drawn from: a presenter makes them, a template only prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from zhida.surfaces.look.language import Text

YES, NEAR, NO, STOP = "yes", "near", "no", "stop"


@dataclass(frozen=True)
class Clause:
    """A clause as it is cited: its number and, where the policy can be read here, the way to it."""

    number: str
    href: str = ""


@dataclass(frozen=True)
class Document:
    """The issued document a statement rests on."""

    number: str
    href: str = ""


@dataclass(frozen=True)
class FactLine:
    """One fact: its value, who says so and since when; `note` says what it means, `fix` leads to objecting."""

    label: str
    value: str
    source: str = ""
    observed_on: date | None = None
    note: str = ""
    fix: str = ""


@dataclass(frozen=True)
class Told:
    """One thing by its name; `href` leads to what the value names, `is_code` sets it as people compare codes."""

    name: str
    value: str
    href: str = ""
    is_code: bool = False


def told(*rows: tuple[str, str] | Told) -> tuple[Told, ...]:
    """Those of the rows that have something to tell."""
    given = (row if isinstance(row, Told) else Told(*row) for row in rows)
    return tuple(row for row in given if row.value)


@dataclass(frozen=True)
class Reason:
    """One requirement's answer in a person's words, with the clauses it rests on and the facts that settled it."""

    answer: str
    words: Text
    clauses: tuple[Clause, ...] = ()
    sources: tuple[FactLine, ...] = ()


@dataclass(frozen=True)
class Factor:
    """One factor of an amount's formula: the sign before it, its figure and its name."""

    value: str
    label: str
    sign: str = ""
    sign_words: str = ""


@dataclass(frozen=True)
class Equation:
    """The factors of an amount and what they make."""

    factors: tuple[Factor, ...]
    total: Factor


@dataclass(frozen=True)
class Step:
    """One step of a track: done, now, next or stop; when, who acts, how many working days of how many are gone."""

    state: str
    title: str
    lines: tuple[str, ...] = ()
    moment: datetime | date | None = None
    moment_words: str = ""
    days_gone: int = 0
    days: int = 0

    @property
    def pips(self) -> list[bool]:
        """One pip a working day, true where it is gone; empty where the step has no clock."""
        return [number < self.days_gone for number in range(self.days)]


@dataclass(frozen=True)
class ReceiptFace:
    """What a receipt shows to the one who holds it, and what its code leads to."""

    title: str
    code: str
    verify_url: str
    rows: tuple[tuple[str, str], ...]
    amount_fen: int | None = None
    position: int | None = None
    sealed_words: str = ""
    root: str = ""
    download: str = ""


@dataclass(frozen=True)
class LedgerRow:
    """A budget line: total = available + committed + in flight + paid - returned, in fen."""

    name: Text
    fund: str
    total: int
    available: int
    committed: int
    in_flight: int
    paid: int
    returned: int
    href: str = ""

    @property
    def is_balanced(self) -> bool:
        """Whether the line closes."""
        return self.total == self.available + self.committed + self.in_flight + self.paid - self.returned


@dataclass(frozen=True)
class Facet:
    """One way to narrow a list; choosing it leads to `query`."""

    label: Text | str
    query: str
    count: int | None = None
    is_chosen: bool = False


@dataclass(frozen=True)
class FacetGroup:
    """Facets of one kind."""

    name: str
    facets: tuple[Facet, ...]


@dataclass(frozen=True)
class Page:
    """Where a long list stands: this page, how many there are, and the ways back and on."""

    number: int
    count: int
    before: str = ""
    after: str = ""


ONE_PAGE = Page(1, 1)


@dataclass(frozen=True)
class Fault:
    """One thing the person must mend in a form: the field's id and the words."""

    field: str
    words: str


@dataclass(frozen=True)
class Choice:
    """One answer a question offers."""

    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Question:
    """A question: how it is asked (`choice`, `number`, `text`, `date`), why, in which unit, what was answered."""

    name: str
    label: str
    kind: str
    why: str = ""
    unit: str = ""
    choices: Sequence[Choice] = field(default_factory=tuple)
    value: str = ""
    fault: str = ""
    autocomplete: str = "off"
    is_optional: bool = False
