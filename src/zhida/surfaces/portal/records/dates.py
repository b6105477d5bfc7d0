"""What the calendar shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import ONE_PAGE, Facet, Page


@dataclass(frozen=True)
class Dated:
    """One date of one item: it opens, it closes, or a list on public notice ends; `days` is how far off."""

    key: str
    kind: str
    kind_words: str
    on: date
    days: int
    title: Text
    href: str
    note: Text | str
    subscribe: str = ""


@dataclass(frozen=True)
class Month:
    """The dates of one month."""

    first: date
    dates: tuple[Dated, ...]


@dataclass(frozen=True)
class CalendarPage:
    """The dates ahead, month by month, with the ways to narrow them and the address to subscribe to. Where there are
    many, `only` is the first day of the one month that is shown, `page` where it goes on."""

    today: date
    months: tuple[Month, ...]
    groups: tuple[tuple[str, tuple[Facet, ...]], ...]
    subscribe: str
    webcal: str
    count: int
    name: str
    only: date | None = None
    page: Page = ONE_PAGE
