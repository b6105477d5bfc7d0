"""What the supervisor's pages show, as frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhida.surfaces.desk.acts import Act
from zhida.surfaces.look.charts import Kept, Segment, Stage, TileMap
from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import Facet, Page


@dataclass(frozen=True)
class Number:
    """A count under the name of its column, and the way to the list of what it counts; no way where it counts none."""

    name: str
    count: int
    href: str = ""


@dataclass(frozen=True)
class Row:
    """One office, place or item: how many stand at each stage; `paid_fen` is None for what gives no money."""

    name: Text | str
    href: str
    numbers: tuple[Number, ...]
    share: str = ""
    paid_fen: int | None = 0


@dataclass(frozen=True)
class OfficeKept:
    """How an office keeps its promises: finished steps, days promised and real on average, and what is late now."""

    name: str
    steps: int
    promised: str
    real: str
    late_steps: int
    chart: Kept | None
    running: Number
    late: Number
    worst: str
    urged: int
    answered: int


@dataclass(frozen=True)
class Month:
    """One month: claims handed in, decided, and grants fulfilled, each with its bar against the largest of all."""

    month: date
    bars: tuple[tuple[Number, tuple[Segment, ...]], ...]


@dataclass(frozen=True)
class Supervision:
    """How much of what people are entitled to has reached them, where it stops, and who is late, as counted at `as_of`;
    `more` is the way to the items after those told."""

    as_of: datetime
    where: tuple[Facet, ...]
    headline: str
    lead: str
    policies: tuple[Row, ...]
    unit: str
    stages: tuple[Stage, ...]
    numbers: tuple[Number, ...]
    departments: tuple[Row, ...]
    places: tuple[Row, ...]
    map: TileMap | None
    map_heading: str
    offices: tuple[OfficeKept, ...]
    months: tuple[Month, ...]
    items: tuple[Row, ...]
    more: str
    report: str
    entries: int
    leaves: int
    root: str
    sealed_at: datetime | None


@dataclass(frozen=True)
class StandingLine:
    """One line of the list behind a number: an item, or a case or entitlement of a subject whose name is masked."""

    id: str
    title: Text
    href: str
    who: str
    office: str
    region: str
    state: str
    due_on: date | None
    due_words: str
    is_late: bool
    urged: str


@dataclass(frozen=True)
class StandingList:
    """What a number counts, as of when it was counted, a page at a time; an act to urge where that makes sense."""

    as_of: datetime
    stage: str
    name: str
    total: int
    where: tuple[Facet, ...]
    lines: tuple[StandingLine, ...]
    page: Page
    back: str
    urge: Act | None
