"""What the supervisor's pages tell of, and how they are narrowed: stages, offices, places and items.

Every number of theirs is a sum of the kept figures, and the list behind it is read by the same filter from what is
there now: the two differ by what happened since the figures were counted, which the page says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse

from zhida.domain.values import CodeTree, Scope, local_date
from zhida.kernel.offices import queries as offices
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling.offices import region_name

POLICY = {"issued": "发布", "itemised": "拆成事项", "open": "可办"}
PEOPLE = {"matched": "匹配", "told": "告知", "claimed": "申领", "decided": "办结", "paid": "兑现"}
STAGES = {**POLICY, **PEOPLE}
ALSO = {"running": "在办", "late": "现在超期", "granted": "同意"}
OWN = "own-"
"""Before a region's code: that region itself, without those below it."""


@dataclass(frozen=True)
class Narrowed:
    """What a page is narrowed to; "" is everything. A `place` is a region and all below it, or `own-` and a region."""

    office: str = ""
    place: str = ""
    item: str = ""

    @property
    def only(self) -> dict[str, str]:
        """The item and the office, as kept figures are asked for them."""
        return {"item": self.item, "office": self.office}

    def href(self, stage: str = "", **change: str) -> str:
        """The page narrowed so, with changes; with a stage the list of what stands there, from after some entry on."""
        asked = {
            "stage": stage,
            **{name: change.get(name, getattr(self, name)) for name in ("office", "place", "item")},
            **{name: change.get(name, "") for name in ("page", "after")},
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return _address("desk:standing" if stage else "desk:supervision") + (f"?{query}" if query else "")


@cache
def _address(name: str) -> str:
    """A page has one for each of its numbers."""
    return reverse(name)


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
