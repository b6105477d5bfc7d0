"""Reading a tally within a scope: sums by office, region or item, the items that rank first, months, and what is open.

A count is shown to a scope whose regions hold its region, and whose offices hold one of its circle: as its cases are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar, cast

from django.db.models import F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from zhida.domain.values import Scope
from zhida.services.figures.keeping import Standing
from zhida.services.figures.models import FIGURES, CircleOffice, Face, Level, Row

P = ParamSpec("P")
T = TypeVar("T")
KEPT: list[Any] = []
"""The answers kept by this process, one store a question: a test that takes its counts back forgets them."""
_FACE = ("item", "pack", "office", "region", "title_zh", "title_en", "opens_on", "closes_on")
_OPEN = ("matched", "told", "claimed", "decided", "granted", "paid", "paid_fen", "steps", "promised_days", "real_days")
_MONTHLY = ("claimed", "decided", "paid")
_PEOPLE = ("matched", "told", *_MONTHLY, "granted", "running", "late", "paid_fen")
PLACES = ("issued", "itemised", "open", *_PEOPLE)
"""What is asked by region: there are many, and the rest is told of offices alone."""


@dataclass(frozen=True)
class Sums:
    """What was counted of one office, region or item: 0 where nothing was; paid is in fen, and days are calendar days.

    `late_since` is the day promised first among what is late.
    """

    counts: Mapping[str, int]
    late_since: date | None = None

    def __getitem__(self, name: str) -> int:
        """One of `FIGURES`."""
        return self.counts.get(name, 0)

    @property
    def average_days(self) -> tuple[Decimal, Decimal]:
        """The calendar days that a finished step was promised and took, on average; 0 where none was finished."""
        steps = self["steps"] or 1
        return Decimal(self["promised_days"]) / steps, Decimal(self["real_days"]) / steps


@dataclass(frozen=True)
class ItemFace:
    """An item as lists name it; it can be claimed from `opens_on` and before `closes_on`."""

    item: str
    pack: str
    office: str
    region: str
    title_zh: str
    title_en: str
    opens_on: date | None
    closes_on: date | None


def _kept(read: Callable[P, T]) -> Callable[P, T]:
    """What is read of a tally stays: another count is another tally. The latest 1,000 answers are kept."""
    kept = lru_cache(maxsize=1_000)(read)
    KEPT.append(kept)
    return cast("Callable[P, T]", kept)


@_kept
def sums_by(by: str, tally: Standing, *, scope: Scope, item: str = "", office: str = "") -> dict[str, Sums]:
    """By "office", or by "region" what `PLACES` names, narrowed to an item or an office where given."""
    rows = _narrowed(tally, scope, Level.DETAIL if item else Level.PLACE, item, office)
    names = FIGURES if by == "office" else PLACES
    return {row[by]: _sums(row) for row in _summed(rows, by, names).order_by(by)}


@_kept
def ranked(
    tally: Standing,
    *,
    scope: Scope,
    by_left: bool = False,
    item: str = "",
    office: str = "",
    after: str = "",
    most: int = 50,
) -> dict[str, Sums]:
    """The items with most entitled first, or of those in force with most of them who have not claimed; `after` is the
    item that ended the page before."""
    level = Level.DETAIL if item or _regions(tally, scope) is not None else Level.ITEM
    rows = _narrowed(tally, scope, level, item, office)
    rank = F("matched_sum") - F("claimed_sum") if by_left else F("matched_sum")
    found = _summed(rows, "item", _PEOPLE).annotate(rank=rank)
    if by_left:
        found = found.filter(matched_sum__gt=0, item__in=Face.objects.filter(part=tally.faces).values("item"))
    if after and (last := found.filter(item=after).order_by("item").first()) is not None:
        found = found.filter(Q(rank__lt=last["rank"]) | Q(rank=last["rank"], item__gt=after))
    return {row["item"]: _sums(row) for row in found.order_by("-rank", "item")[:most]}


def items_with(
    name: str, tally: Standing, *, scope: Scope, item: str = "", office: str = "", since: str = "", most: int = 50
) -> dict[str, int]:
    """The items of which a figure counts any, by item id from `since` on, each with how many."""
    level = Level.DETAIL if item or _regions(tally, scope) is not None else Level.ITEM
    rows = _narrowed(tally, scope, level, item, office).filter(item__gte=since, **{f"{name}__gt": 0})
    return dict(rows.values_list("item").annotate(Sum(name)).order_by("item")[:most])


@_kept
def months(tally: Standing, *, scope: Scope) -> dict[date, Sums]:
    """By the first day of a month: claims handed in, claims decided on, grants fulfilled (one an instalment)."""
    rows = _summed(_narrowed(tally, scope, Level.MONTH), "month", _MONTHLY)
    return {row["month"]: _sums(row) for row in rows.order_by("month")}


@_kept
def open_all(tally: Standing) -> Sums:
    """What everybody may see, all items together, by subjects."""
    return next((_sums(row) for row in _summed(_narrowed(tally, None, Level.OPEN_ALL), "level", _OPEN)), Sums({}))


@_kept
def open_places(tally: Standing) -> dict[str, Sums]:
    """The same by region."""
    rows = _summed(_narrowed(tally, None, Level.OPEN_PLACE), "region", _OPEN[:7])
    return {row["region"]: _sums(row) for row in rows.order_by("region")}


@_kept
def open_item(tally: Standing, item: str) -> Sums:
    """The same of one item."""
    rows = _summed(_narrowed(tally, None, Level.OPEN_ITEM, item), "item", _OPEN)
    return next(map(_sums, rows), Sums({}))


@_kept
def open_items(tally: Standing, *, after: str = "", most: int | None = 50) -> dict[str, Sums]:
    """The same of the items in force, those with most entitled first; `after` is the item that ended the page before,
    `most` None for all of them."""
    in_force = Face.objects.filter(part=tally.faces).values("item")
    found = _summed(_narrowed(tally, None, Level.OPEN_ITEM).filter(item__in=in_force), "item", _OPEN[:7])
    if after and (last := found.filter(item=after).order_by("item").first()) is not None:
        fewer = Q(matched_sum__lt=last["matched_sum"])
        found = found.filter(fewer | Q(matched_sum=last["matched_sum"], item__gt=after))
    return {row["item"]: _sums(row) for row in found.order_by("-matched_sum", "item")[:most]}


def held_back(tally: Standing, names: Iterable[str], fewest: int) -> dict[str, frozenset[str]]:
    """By figure the item that is not shown though it counts enough: the smallest such one, wherever all items that
    count less than `fewest` do so together too, and the total less the rest would tell them."""
    rows, asked = _narrowed(tally, None, Level.OPEN_ITEM), list(names)
    few = rows.aggregate(
        **{f"{one}_few": Sum(one, filter=Q(**{f"{one}__gt": 0, f"{one}__lt": fewest})) for one in asked}
    )
    found = {}
    for one in asked:
        next_one = rows.filter(**{f"{one}__gte": fewest}).order_by(one, "item").values_list("item", flat=True)[:1]
        found[one] = frozenset(next_one) if 0 < (few[f"{one}_few"] or 0) < fewest else frozenset()
    return found


def faces(tally: Standing, items: Iterable[str] | None = None) -> dict[str, ItemFace]:
    """How lists name these items, or all; what is not in force is left out."""
    rows = Face.objects.filter(part=tally.faces)
    rows = rows if items is None else rows.filter(item__in=list(items))
    return {row[0]: ItemFace(*row) for row in rows.values_list(*_FACE)}


def faces_of(
    stage: str, tally: Standing, *, scope: Scope, item: str, office: str, on: date, after: str, most: int
) -> tuple[ItemFace, ...]:
    """A page of the items that "issued" (one a policy), "itemised" or "open" counts, by item id."""
    rows = Face.objects.filter(part=tally.faces, item__gt=after)
    rows = rows if scope.offices is None else rows.filter(office__in=scope.offices)
    rows = rows if scope.regions is None else rows.filter(region__in=scope.regions)
    rows = rows.filter(item=item) if item else rows
    rows = rows.filter(office=office) if office else rows
    if stage == "issued" and not item:
        rows = rows.filter(is_first=True)
    if stage == "open":
        opened = Q(opens_on=None) | Q(opens_on__lte=on)
        rows = rows.filter(opened, Q(closes_on=None) | Q(closes_on__gt=on))
    return tuple(ItemFace(*row) for row in rows.order_by("item").values_list(*_FACE)[:most])


def _regions(tally: Standing, scope: Scope) -> frozenset[str] | None:
    """The regions that a query must name; None where the scope shows all that the tally speaks of."""
    return None if scope.regions is None or tally.regions <= scope.regions else scope.regions


def _narrowed(tally: Standing, scope: Scope | None, level: Level, item: str = "", office: str = "") -> QuerySet[Row]:
    """The rows of a level that a scope shows; open figures are for everybody, and take none."""
    rows = Row.objects.filter(part__in=tally.parts, level=level)
    rows = rows.filter(item=item) if item else rows
    rows = rows.filter(office=office) if office else rows
    if scope is None:
        return rows
    if scope.subjects is not None:
        return rows.none()
    if (regions := _regions(tally, scope)) is not None:
        rows = rows.filter(region__in=regions)
    if scope.offices is not None:
        rows = rows.filter(circle__in=CircleOffice.objects.filter(office__in=scope.offices).values("circle"))
    return rows


def _summed(rows: QuerySet[Row], by: str, names: Iterable[str]) -> QuerySet[Any, dict[str, Any]]:
    sums = {f"{name}_sum": Coalesce(Sum(name), 0) for name in names}
    return rows.order_by().values(by).annotate(**sums, first=Min("late_since"))


def _sums(row: Mapping[str, Any]) -> Sums:
    return Sums({name[:-4]: number for name, number in row.items() if name.endswith("_sum")}, row["first"])


def total(found: Collection[Sums]) -> Sums:
    """All of them together."""
    days = [one.late_since for one in found if one.late_since]
    return Sums({name: sum(one[name] for one in found) for name in FIGURES}, min(days, default=None))
