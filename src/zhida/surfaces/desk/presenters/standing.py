"""How far everything came, cell by cell: an item, its office, a region, and how many stand at each stage.

Every number of the supervisor's pages is a sum of these cells, and every list behind a number is read by the same
filter, so that the two cannot differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from zhida.domain.values import CodeTree, Scope, local_date
from zhida.kernel.cases import tallies
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.notices import queries as notices
from zhida.kernel.offices import queries as offices
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling.offices import region_name
from zhida.surfaces.look.telling.policies import state_of, window_of

POLICY = {"issued": "发布", "itemised": "拆成事项", "open": "可办"}
PEOPLE = {"matched": "匹配", "told": "告知", "claimed": "申领", "decided": "办结", "paid": "兑现"}
STAGES = {**POLICY, **PEOPLE}
ALSO = {"running": "在办", "late": "超期", "granted": "同意"}
OWN = "own-"
"""Before a region's code: that region itself, without those below it."""


@dataclass(frozen=True)
class Narrowed:
    """What a page is narrowed to; "" is everything. A `place` is a region and all below it, or `own-` and a region."""

    office: str = ""
    place: str = ""
    item: str = ""

    def href(self, stage: str = "", **change: str) -> str:
        """The page narrowed so, with changes; with a stage the list of what stands there."""
        asked = {
            "stage": stage,
            **{name: change.get(name, getattr(self, name)) for name in ("office", "place", "item")},
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return reverse("desk:standing" if stage else "desk:supervision") + (f"?{query}" if query else "")


ALL = Narrowed()


@dataclass(frozen=True)
class Cell:
    """One item of one office in one region: how many at each stage, and what was paid in fen."""

    item: str
    office: str
    region: str
    counts: Mapping[str, int]
    paid_fen: int = 0


class Places:
    """The regions below a page's own, each with all below it; and the page's own, for what lies nowhere below."""

    def __init__(self, officer: Officer, narrowed: Narrowed, as_of: datetime) -> None:
        self.tree: CodeTree = offices.region_tree(local_date(as_of))
        own = {offices.office(office).region for office in officer.offices}
        tops = {region for region in own if not any(above in own for above in self._above(region))}
        self.tops = {narrowed.place.removeprefix(OWN)} if narrowed.place else tops
        seen = officer.scope.regions if officer.scope.regions is not None else frozenset(self.tree.parents)
        self.regions = frozenset(region for region in seen if self._is_inside(region, narrowed.place))

    def _above(self, region: str) -> Iterable[str]:
        here = self.tree.parents.get(region, "")
        while here:
            yield here
            here = self.tree.parents.get(here, "")

    def _is_inside(self, region: str, place: str) -> bool:
        if place.startswith(OWN):
            return region == place.removeprefix(OWN)
        return not place or region == place or place in self._above(region)

    def of(self, region: str) -> str:
        """The place of this page that a region belongs to, as an address writes it."""
        here = region
        while self.tree.parents.get(here, "") and self.tree.parents[here] not in self.tops and here not in self.tops:
            here = self.tree.parents[here]
        return f"{OWN}{here}" if here in self.tops else here


def place_name(place: str) -> str:
    """A place as a page names it."""
    if place.startswith(OWN):
        return say("{place}本级", place=region_name(place.removeprefix(OWN)))
    return region_name(place)


def narrowed_scope(officer: Officer, places: Places) -> Scope:
    """What the officer may see of these places."""
    return replace(officer.scope, regions=places.regions)


def cells(scope: Scope, narrowed: Narrowed, as_of: datetime) -> tuple[Cell, ...]:
    """Everything in the scope that the page is narrowed to."""
    counts: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    owners: dict[str, str] = {
        card.item_id: card.owner_office for card in cards(replace(scope, regions=None), ALL, as_of)
    }
    run = entitlements.latest_run()
    for found in entitlements.counts(run.id, scope=scope, item_id=narrowed.item) if run else ():
        owners[found.item_id] = found.owner_office
        counts[found.item_id, found.owner_office, found.region]["matched"] += found.entitled
    for (item, region), told in notices.told().items():
        if item in owners and (scope.regions is None or region in scope.regions):
            counts[item, owners[item], region]["told"] += told
    paid: Counter[tuple[str, str, str]] = Counter()
    for line in tallies.progress(scope=scope, today=local_date(as_of)):
        key = (line.item, line.office, line.region)
        counts[key].update(line.counts)
        paid[key] += line.paid_fen
    return tuple(
        Cell(*key, count, paid[key])
        for key, count in counts.items()
        if narrowed.item in ("", key[0]) and narrowed.office in ("", key[1])
    )


def cards(scope: Scope, narrowed: Narrowed, as_of: datetime) -> tuple[ItemCard, ...]:
    """The items in force that the scope's offices and regions issued."""
    return tuple(
        card for card in catalogue.item_cards(as_of=as_of)
        if (scope.offices is None or card.owner_office in scope.offices)
        and (scope.regions is None or card.region in scope.regions)
        and narrowed.office in ("", card.owner_office) and narrowed.item in ("", card.item_id)
    )  # fmt: skip


def of_cards(found: Iterable[ItemCard], as_of: datetime) -> Counter[str]:
    """How many policies and items, and how many can be claimed now."""
    every, today = list(found), local_date(as_of)
    is_open = sum(state_of(window_of(card), today)[0] == "yes" for card in every)
    return Counter({"issued": len({card.pack_id for card in every}), "itemised": len(every), "open": is_open})


def summed(found: Iterable[Cell]) -> Counter[str]:
    """All cells together."""
    total: Counter[str] = Counter()
    for cell in found:
        total.update(cell.counts)
    return total
