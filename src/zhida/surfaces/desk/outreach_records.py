"""What the pages of outreach show, as frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhida.surfaces.desk.acts import Act
from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import Facet, FactLine


@dataclass(frozen=True)
class ItemLeft:
    """One item: how many are entitled, were told, and claimed; the way to who is left over."""

    title: Text
    href: str
    entitled: int
    told: int
    claimed: int


@dataclass(frozen=True)
class PlaceLeft:
    """One place of an item: how many are entitled, and how many have not claimed; the way to its buildings."""

    name: str
    above: str
    entitled: int
    unclaimed: int
    share: str
    href: str


@dataclass(frozen=True)
class BuildingLeft:
    """One building of a street; `unclaimed` is "" and `share` too where they are too few to be counted."""

    name: str
    entitled: int
    unclaimed: str
    share: str


@dataclass(frozen=True)
class RoundLine:
    """One list: for whom, by whom, how far it came, and the coverage of its place before and now ("" of a building)."""

    title: Text
    place: str
    kind: str
    purpose: str
    worker: str
    made_at: datetime
    contacts: int
    tried: int
    results: str
    before: str
    after: str
    href: str


@dataclass(frozen=True)
class OutreachPage:
    """Who is entitled and has not claimed: by item as counted at `as_of`, `more` leading to the items after those told,
    or of one item by place; and the lists made so far."""

    as_of: datetime | None
    items: tuple[ItemLeft, ...]
    more: str
    title: Text
    places: tuple[PlaceLeft, ...]
    street: str
    buildings: tuple[BuildingLeft, ...]
    entitled: int
    unclaimed: int
    make: Act | None
    rounds: tuple[RoundLine, ...]


@dataclass(frozen=True)
class ContactLine:
    """One to call on: masked, until opened for the list's purpose."""

    id: str
    number: int
    name: str
    region: str
    building: str
    state: str
    note: str
    call_back_on: date | None
    is_due: bool
    is_done: bool
    facts: tuple[FactLine, ...]
    is_open: bool


@dataclass(frozen=True)
class VisitPage:
    """One worker's list: those to be called back first."""

    id: str
    line: RoundLine
    sheet: str
    buildings: tuple[Facet, ...]
    lines: tuple[ContactLine, ...]
    results: tuple[tuple[str, str], ...]
    fault: str


@dataclass(frozen=True)
class Sheet:
    """What is left with a resident, in large type: nothing of it is about anybody."""

    title: Text
    how_much: Text
    lines: tuple[Text, ...]
    how: str
    office: str
    site: str
