"""Loading the two dated trees, regions and offices, and building their closures anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction

from zhida.domain.proofs import batch_root, canonical_json
from zhida.domain.values import Actor, CodeTree
from zhida.domain.values.closure import Place, unfold
from zhida.kernel.ledger.actions import record
from zhida.kernel.offices.models import Office, OfficePlace, OfficeWithin, Region, RegionPlace, RegionWithin

_PlaceRow = TypeVar("_PlaceRow", RegionPlace, OfficePlace)
_WithinRow = TypeVar("_WithinRow", RegionWithin, OfficeWithin)


@dataclass(frozen=True)
class NewRegion:
    """A region under its parent ("" at the top) for a span of dates; one that moves is given once for each place."""

    code: str
    zh: str
    parent: str = ""
    en: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class NewOffice:
    """An office of a region under another office ("" at the top) for a span of dates."""

    id: str
    region: str
    zh: str
    under: str = ""
    en: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


def regions_of(tree: CodeTree) -> list[NewRegion]:
    """A code tree without dates, as `load_regions` takes it."""
    return [
        NewRegion(code, tree.named(code), above, tree.english.get(code, "")) for code, above in tree.parents.items()
    ]


@transaction.atomic
def load_regions(*, regions: Sequence[NewRegion], by: Actor, as_of: datetime) -> int:
    """Puts regions in, or in their new places, and gives how many stand now; regions left out stay as they are.

    Records `offices.regions_loaded` with one root over the list. Raises AuthorError for a tree that is none.
    """
    rows = {region.code: Region(code=region.code, zh=region.zh, en=region.en) for region in regions}
    Region.objects.bulk_create(rows.values(), update_conflicts=True, unique_fields=["code"], update_fields=["zh", "en"])
    places = [Place(region.code, region.parent, region.valid_from, region.valid_to) for region in regions]
    _put(RegionPlace, RegionWithin, places)
    _record_load("offices.regions_loaded", "regions", regions, by, as_of)
    return Region.objects.count()


@transaction.atomic
def load_offices(*, offices: Sequence[NewOffice], by: Actor, as_of: datetime) -> int:
    """Puts offices in, or in their new places, and gives how many stand now; offices left out stay as they are.

    Records `offices.offices_loaded` with one root over the list. Raises AuthorError for a tree that is none.
    """
    rows = {office.id: Office(id=office.id, region_id=office.region, zh=office.zh, en=office.en) for office in offices}
    fields = ["region", "zh", "en"]
    Office.objects.bulk_create(rows.values(), update_conflicts=True, unique_fields=["id"], update_fields=fields)
    places = [Place(office.id, office.under, office.valid_from, office.valid_to) for office in offices]
    _put(OfficePlace, OfficeWithin, places)
    _record_load("offices.offices_loaded", "offices", offices, by, as_of)
    return Office.objects.count()


def _put(place_model: type[_PlaceRow], within_model: type[_WithinRow], places: list[Place]) -> None:
    """Replaces the places of the nodes named, and the whole closure. Foreign keys are checked at commit, links now."""
    place_model._default_manager.filter(node__in={place.node for place in places}).delete()
    place_model._default_manager.bulk_create(
        place_model(
            node_id=place.node, parent_id=place.parent or None, valid_from=place.valid_from, valid_to=place.valid_to
        )
        for place in places
    )
    stored = place_model._default_manager.values_list("node_id", "parent_id", "valid_from", "valid_to")
    links = unfold(Place(node, parent or "", start, end) for node, parent, start, end in stored)
    within_model._default_manager.all().delete()
    within_model._default_manager.bulk_create(
        within_model(
            node_id=link.node,
            ancestor_id=link.ancestor,
            depth=link.depth,
            valid_from=link.valid_from,
            valid_to=link.valid_to,
        )
        for link in links
    )


def _record_load(kind: str, about: str, rows: Iterable[NewRegion | NewOffice], by: Actor, as_of: datetime) -> None:
    written = [{name: value if value is None else str(value) for name, value in vars(row).items()} for row in rows]
    root = batch_root(canonical_json(row) for row in written).hex()
    record(kind=kind, about=about, fields={"rows": len(written), "root": root}, by=by, as_of=as_of)
