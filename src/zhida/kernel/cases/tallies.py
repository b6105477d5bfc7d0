"""Cases counted, never listed: how far the claims of each item came in each place, and how promises were kept.

Each count names its circle: the offices, by comma, that may see its cases, since they are theirs or had a step of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Aggregate, CharField, Count, F, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Concat, TruncMonth

from zhida.domain.process import SYSTEM, Publicise, State
from zhida.domain.values import CHINA, Scope
from zhida.kernel.cases.models import Grant, Step
from zhida.kernel.cases.parties import in_scope
from zhida.kernel.cases.queries import claims_in, stages

_EVERY = Scope.system("counting")


@dataclass(frozen=True)
class Progress:
    """The claims of one item at one office in one region: how many count at each stage, what was paid in fen, and the
    day that was promised first among those that are late."""

    item: str
    office: str
    region: str
    circle: str
    counts: Mapping[str, int]
    paid_fen: int
    late_since: date | None


@dataclass(frozen=True)
class Kept:
    """The finished steps of one item at one office that had a day to be done by, by the region of their cases: how
    many, how many late, and how many calendar days they were allowed and took in all."""

    item: str
    office: str
    region: str
    circle: str
    steps: int
    late: int
    promised_days: int
    real_days: int


def subjects() -> dict[tuple[str, str], Mapping[str, int]]:
    """By item and region the subjects who claimed, were decided on, granted, and served or paid; not their cases."""
    is_granted = Q(outcome="granted")
    is_paid = is_granted & Q(state__in=[State.FULFILLED, State.CLOSED])
    which = {"claimed": Q(), "decided": ~Q(outcome=""), "granted": is_granted, "paid": is_paid}
    counts = {name: Count("subject", distinct=True, filter=one) for name, one in which.items()}
    rows = claims_in(_EVERY).values_list("item", "region").annotate(**counts).order_by("item", "region")
    return {(item, region): dict(zip(which, counted, strict=True)) for item, region, *counted in rows}


def progress(*, today: date) -> tuple[Progress, ...]:
    """Cases by item, office, region and circle: as many as `queries.at_stage` lists."""
    which, place = stages(today), ("item", "office", "region", "circle")
    counts = {"claimed": Count("pk"), **{name: Count("pk", filter=one) for name, one in which.items()}}
    told = {"fen": Sum("amount_fen", filter=which["paid"], default=0), "first": Min("due_on", filter=which["late"])}
    rows = (
        claims_in(_EVERY).annotate(circle=_circle("")).values_list(*place).annotate(**told, **counts).order_by(*place)
    )
    found = ((*row[:4], dict(zip(counts, row[6:], strict=True)), *row[4:6]) for row in rows)
    return tuple(Progress(*row) for row in found)


def months() -> dict[tuple[str, str, date, str], int]:
    """By region, circle and first day of a month: claims handed in and decided on, grants fulfilled, by instalment."""
    claims, grants = claims_in(_EVERY), Grant.objects.all()
    told = (("claimed", claims, "", "submitted_at"), ("decided", claims, "", "decided_at"))
    found = {}
    for name, rows, path, moment in (*told, ("paid", grants, "case__", "fulfilled_at")):
        dated = rows.filter(**{f"{moment}__isnull": False}).annotate(circle=_circle(path))
        grouped = dated.annotate(month=TruncMonth(moment, tzinfo=CHINA)).values_list(f"{path}region", "circle", "month")
        for region, circle, month, count in grouped.annotate(Count("pk")):
            found[region, circle, month.date(), name] = count
    return found


def promises(*, scope: Scope = _EVERY, item: str = "") -> tuple[Kept, ...]:
    """By item, office, region and circle; public notice and what the system does by itself promise nothing."""
    rows = Step.objects.filter(case__in=in_scope(scope), due_on__isnull=False, done_on__isnull=False)
    rows = rows.exclude(Q(office=SYSTEM) | Q(kind=Publicise.kind)).annotate(circle=_circle("case__"))
    rows = rows.filter(case__item=item) if item else rows
    allowed, taken = (Sum(F(end) - F("opened_on")) for end in ("due_on", "done_on"))
    late = Count("pk", filter=Q(done_on__gt=F("due_on")))
    place = ("case__item", "office", "case__region", "circle")
    sums = rows.values_list(*place).annotate(steps=Count("pk"), late=late, allowed=allowed, taken=taken)
    found: list[tuple[Any, ...]] = [(*row[:-2], row[-2].days, row[-1].days) for row in sums.order_by(*place)]
    return tuple(Kept(*row) for row in found)


class _Joined(Aggregate):
    """Texts that differ, by comma."""

    template, output_field = "STRING_AGG(DISTINCT %(expressions)s, ',')", CharField()

    def as_sqlite(self, *args, **more):  # type: ignore[no-untyped-def]
        return self.as_sql(*args, **more, template="GROUP_CONCAT(DISTINCT %(expressions)s)")


def _circle(case: str) -> Concat:
    """The offices of a case: its own, then those of its steps."""
    steps = Step.objects.filter(case=OuterRef(f"{case}pk")).exclude(office=SYSTEM).order_by().values("case")
    at_steps = Subquery(steps.annotate(of=_Joined("office")).values("of"))
    return Concat(F(f"{case}office"), Value(","), Coalesce(at_steps, Value("")), output_field=CharField())
