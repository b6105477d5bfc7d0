"""What the open figures show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhida.surfaces.look.charts import Kept, Segment, TileMap
from zhida.surfaces.look.language import Text


@dataclass(frozen=True)
class Bar:
    """One count against the first of its group."""

    name: str
    count: int
    share: str
    segments: tuple[Segment, ...]
    words: str = ""


@dataclass(frozen=True)
class PlaceLine:
    """One place: entitled, claimed, paid, and which share of the entitled was paid; hidden where too few to tell."""

    name: str
    entitled: str
    claimed: str
    paid: str
    share: str


@dataclass(frozen=True)
class OfficeLine:
    """One office: how many steps it finished, days promised and real on average, how many late."""

    name: str
    steps: int
    promised: str
    real: str
    late: int
    chart: Kept


@dataclass(frozen=True)
class ItemFigures:
    """One item: who are entitled, told, claimed, granted, paid, and the sum; a small count is hidden."""

    title: Text
    href: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Fund:
    """A budget line: total, paid and still free, in fen."""

    name: Text
    total: int
    paid: int
    available: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Figures:
    """The open figures as counted at `as_of`; `more` leads to the items after those told."""

    as_of: datetime
    headline: str
    lead: str
    policies: tuple[Bar, ...]
    people: tuple[Bar, ...]
    map: TileMap | None
    map_heading: str
    places: tuple[PlaceLine, ...]
    offices: tuple[OfficeLine, ...]
    days_heading: str
    items: tuple[ItemFigures, ...]
    more: str
    funds: tuple[Fund, ...]
