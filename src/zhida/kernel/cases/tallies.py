"""Cases counted, never listed: how far the claims of each item came in each place, and how promises were kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, Sum
from django.db.models.functions import TruncMonth

from zhida.domain.process import SYSTEM, Publicise, State
from zhida.domain.values import CHINA, Scope
from zhida.kernel.cases.models import Grant, Step
from zhida.kernel.cases.parties import in_scope
from zhida.kernel.cases.queries import claims_in, stages

_PLACE = ("item", "office", "region")


@dataclass(frozen=True)
class Tally:
    """The cases of one item in one region: subjects who claimed, were decided on, granted, paid; what was paid, fen."""

    item: str
    region: str
    claimed: int
    decided: int
    granted: int
    paid: int
    paid_fen: int


@dataclass(frozen=True)
class Progress:
    """The claims of one item at one office in one region: how many count at each stage, and what was paid in fen."""

    item: str
    office: str
    region: str
    counts: Mapping[str, int]
    paid_fen: int


@dataclass(frozen=True)
class Kept:
    """The finished steps of one item at one office that had a day to be done by: how many, how many late, and how
    many calendar days they were allowed and took in all."""

    item: str
    office: str
    steps: int
    late: int
    promised_days: int
    real_days: int


def tallies(*, scope: Scope, item: str = "") -> tuple[Tally, ...]:
    """By item and region; drafts and what was withdrawn are no claims."""
    rows = claims_in(scope)
    rows = rows.filter(item=item) if item else rows
    is_granted = Q(outcome="granted")
    is_paid = is_granted & Q(state__in=[State.FULFILLED, State.CLOSED], amount_fen__isnull=False)
    counted = rows.values_list("item", "region").annotate(
        claimed=Count("subject", distinct=True),
        decided=Count("subject", distinct=True, filter=~Q(outcome="")),
        granted=Count("subject", distinct=True, filter=is_granted),
        paid=Count("subject", distinct=True, filter=is_paid),
        paid_fen=Sum("amount_fen", filter=is_paid, default=0),
    )
    return tuple(Tally(*row) for row in counted.order_by("item", "region"))


def progress(*, scope: Scope, today: date) -> tuple[Progress, ...]:
    """Cases by item, office and region: as many as `queries.at_stage` lists."""
    which = stages(today)
    counts = {"claimed": Count("pk"), **{name: Count("pk", filter=one) for name, one in which.items()}}
    paid = {"paid_fen": Sum("amount_fen", filter=which["paid"], default=0)}
    counted = claims_in(scope).values_list(*_PLACE).annotate(**paid, **counts).order_by(*_PLACE)
    found = ((row[0], row[1], row[2], dict(zip(counts, row[4:], strict=True)), row[3]) for row in counted)
    return tuple(Progress(*row) for row in found)


def latest(*, scope: Scope, today: date, item: str = "") -> dict[str, date]:
    """By office the day that was promised first among its cases that are late."""
    rows = claims_in(scope).filter(stages(today)["late"])
    rows = rows.filter(item=item) if item else rows
    return dict(rows.values_list("office").annotate(Min("due_on")).order_by("office"))


def months(*, scope: Scope) -> dict[tuple[date, str], int]:
    """By the first day of a month: claims handed in, claims decided on, and grants fulfilled (one an instalment)."""
    claims, grants = claims_in(scope), Grant.objects.filter(case__in=in_scope(scope))
    told = (("claimed", claims, "submitted_at"), ("decided", claims, "decided_at"), ("paid", grants, "fulfilled_at"))
    found = {}
    for name, rows, moment in told:
        dated = rows.filter(**{f"{moment}__isnull": False}).annotate(month=TruncMonth(moment, tzinfo=CHINA))
        for month, count in dated.values_list("month").annotate(Count("pk")):
            found[month.date(), name] = count
    return found


def promises(*, scope: Scope, item: str = "") -> tuple[Kept, ...]:
    """By item and office; public notice and what the system does by itself promise nothing."""
    rows = Step.objects.filter(case__in=in_scope(scope), due_on__isnull=False, done_on__isnull=False)
    rows = rows.exclude(Q(office=SYSTEM) | Q(kind=Publicise.kind))
    rows = rows.filter(case__item=item) if item else rows
    allowed = ExpressionWrapper(F("due_on") - F("opened_on"), DurationField())
    taken = ExpressionWrapper(F("done_on") - F("opened_on"), DurationField())
    counted = rows.values_list("case__item", "office").annotate(
        steps=Count("pk"),
        late=Count("pk", filter=Q(done_on__gt=F("due_on"))),
        allowed=Sum(allowed),
        taken=Sum(taken),
    )
    ordered = counted.order_by("case__item", "office")
    return tuple(Kept(item, office, steps, late, promised.days, real.days)
                 for item, office, steps, late, promised, real in ordered)  # fmt: skip
