"""Keeping a tally: parts whose stamp is another are counted anew, and swapped in together, in one transaction."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import connection, transaction
from django.db.models import Sum

from zhida.domain.values import local_date, utc
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.ledger import queries as ledger
from zhida.services.figures import counting
from zhida.services.figures.models import KINDS, Circle, CircleOffice, Face, Level, Part, Row, Tally

SMALL = 10_000
"""Rows and claims up to which a page that finds a tally outrun by the facts counts anew at once."""
_AT_ONCE = 2_000


@dataclass(frozen=True)
class Standing:
    """A tally to read by: its parts, when it was true, the regions that it speaks of, and how long it took in ms."""

    id: int
    parts: tuple[int, ...]
    faces: int
    as_of: datetime
    regions: frozenset[str]
    took_ms: int


def keep(*, as_of: datetime, is_whole: bool = False) -> Standing:
    """Counts what changed since the last tally, or all of it, and swaps it in; the tally that stands then.

    Readers of the tally before go on by it: it goes with the next but one.
    """
    began = time.monotonic()
    with _one_instant():
        last = _latest()
        stamps = _stamps(as_of)
        parts: dict[str, Part] = {}
        for kind in KINDS:
            before = getattr(last, kind) if last else None
            if before is not None and before.stamp == stamps[kind] and not is_whole:
                parts[kind] = before
            else:
                parts[kind] = _count(kind, stamps, as_of, parts)
        if last is not None and all(parts[kind] == getattr(last, kind) for kind in KINDS):
            Tally.objects.filter(pk=last.pk).update(as_of=utc(as_of))
            last.as_of = utc(as_of)
            return _standing(last)
        rows = Row.objects.filter(part__in=parts.values()).count()
        claims = Row.objects.filter(part=parts["claims"], level=Level.OPEN_ALL).aggregate(n=Sum("claimed"))["n"] or 0
        took = round(1000 * (time.monotonic() - began))
        made = Tally.objects.create(**parts, as_of=utc(as_of), size=rows + claims, took_ms=took)
        _forget(made, last)
    return _standing(made)


def current(as_of: datetime) -> Standing:
    """The tally that stands. Counted at once where there is none, or where it is small and outrun by the facts."""
    last = _latest()
    if last is None:
        return keep(as_of=as_of)
    if last.size <= SMALL and _stamps(as_of) != {kind: getattr(last, kind).stamp for kind in KINDS}:
        return keep(as_of=as_of)
    return _standing(last, as_of if last.size <= SMALL else None)


def _latest() -> Tally | None:
    return Tally.objects.select_related(*KINDS).order_by("-pk").first()


def _standing(row: Tally, as_of: datetime | None = None) -> Standing:
    parts = tuple(getattr(row, kind) for kind in KINDS)
    regions = frozenset().union(*(part.regions for part in parts))
    return Standing(row.pk, tuple(part.pk for part in parts), row.items.pk, as_of or row.as_of, regions, row.took_ms)


def _stamps(as_of: datetime) -> dict[str, str]:
    """By kind a text that is another wherever the count may be: every change of a case or a notice is a fact."""
    run, standing = entitlements.latest_run(), ledger.standing()
    items = "/".join(map(str, catalogue.stamp(as_of)))
    screening = run.id if run else ""
    claims = f"{local_date(as_of)}/{standing.entries}/{screening}/{items}"
    return {"screening": screening, "items": items, "claims": claims}


def _count(kind: str, stamps: dict[str, str], as_of: datetime, parts: dict[str, Part]) -> Part:
    run, faces = stamps["screening"], []
    if kind == "screening":
        found = counting.count_screening(run)
    elif kind == "items":
        found, faces = counting.count_items(catalogue.item_cards(as_of=as_of), as_of)
    else:
        found = counting.count_claims(counting.owners_of(run, as_of), local_date(as_of))
        counting.add_open_figures(found, *(_matched(parts["screening"], level) for level in ("item", "region")))
    part = Part.objects.create(kind=kind, stamp=stamps[kind], regions=found.regions())
    circles = _circles({key[4] for key in found.sums})
    rows = _rows(part, found, circles)
    while some := list(islice(rows, _AT_ONCE)):  # all at once they would fill the memory
        Row.objects.bulk_create(some)
    for face in faces:
        face.part = part
    Face.objects.bulk_create(faces, batch_size=_AT_ONCE)
    return part


def _matched(screening: Part, by: str) -> dict[str, int]:
    level = Level.ITEM if by == "item" else Level.PLACE
    return dict(Row.objects.filter(part=screening, level=level).values_list(by).annotate(Sum("matched")))


def _rows(part: Part, found: counting.Counts, circles: dict[str, int]) -> Iterator[Row]:
    for key, figures in found.sums.items():
        level, item, office, region, circle, month = key
        yield Row(
            part=part, level=level, item=item, office=office, region=region, circle_id=circles.get(circle),
            month=month, late_since=found.late_since.get(key), **figures,
        )  # fmt: skip


def _circles(written: set[str]) -> dict[str, int]:
    """The circle of each list of offices, in whatever order and however often it names them; new ones are written."""
    names = {one: ",".join(sorted(set(one.split(",")) - {""})) for one in written if one}
    known = dict(Circle.objects.values_list("name", "pk"))
    fresh = sorted(set(names.values()) - set(known))
    Circle.objects.bulk_create([Circle(name=name) for name in fresh], ignore_conflicts=True, batch_size=_AT_ONCE)
    if fresh:
        known = dict(Circle.objects.values_list("name", "pk"))
        offices = [CircleOffice(circle_id=known[name], office=one) for name in fresh for one in name.split(",")]
        CircleOffice.objects.bulk_create(offices, ignore_conflicts=True, batch_size=_AT_ONCE)
    return {one: known[name] for one, name in names.items()}


def _forget(made: Tally, before: Tally | None) -> None:
    """Leaves this tally and the one before it, for those who read by that."""
    kept = [made.pk, before.pk] if before else [made.pk]
    Tally.objects.exclude(pk__in=kept).delete()
    used = {getattr(one, f"{kind}_id") for one in (made, before) if one for kind in KINDS}
    gone = list(Part.objects.exclude(pk__in=used).values_list("pk", flat=True))
    Row.objects.filter(part__in=gone).delete()
    Face.objects.filter(part__in=gone).delete()
    Part.objects.filter(pk__in=gone).delete()


@contextmanager
def _one_instant() -> Iterator[None]:
    """A transaction in which every query sees the same instant, and nobody else counts."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                if is_outermost:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute(f"LOCK TABLE {Tally._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")  # before any snapshot
        yield
