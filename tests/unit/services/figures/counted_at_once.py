"""What pages counted for themselves before figures were kept: the judge of what is kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, Sum
from django.db.models.functions import TruncMonth

from zhida.domain.process import SYSTEM, Publicise
from zhida.domain.values import CHINA, Scope, local_date
from zhida.kernel.cases.models import Grant, Step
from zhida.kernel.cases.parties import in_scope
from zhida.kernel.cases.queries import claims_in, stages
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.notices import queries as notices

Sums = dict[str, int]


def cells(scope: Scope, as_of: datetime) -> dict[tuple[str, str, str], Sums]:
    """By item, office and region: matched, told, and the cases at each stage with what was paid."""
    found: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    owners = {
        card.item_id: card.owner_office
        for card in catalogue.item_cards(as_of=as_of)
        if scope.offices is None or card.owner_office in scope.offices
    }
    run = entitlements.latest_run()
    for one in entitlements.counts(run.id, scope=scope) if run else ():
        owners[one.item_id] = one.owner_office
        found[one.item_id, one.owner_office, one.region]["matched"] += one.entitled
    for (item, region), told in notices.told().items():
        if item in owners and (scope.regions is None or region in scope.regions):
            found[item, owners[item], region]["told"] += told
    which = stages(local_date(as_of))
    counts = {"claimed": Count("pk"), **{name: Count("pk", filter=one) for name, one in which.items()}}
    rows = claims_in(scope).values_list("item", "office", "region")
    for item, office, region, fen, *counted in rows.annotate(
        fen=Sum("amount_fen", filter=which["paid"], default=0), **counts
    ):
        found[item, office, region].update({**dict(zip(counts, counted, strict=True)), "paid_fen": fen})
    return {key: {name: n for name, n in sums.items() if n} for key, sums in found.items() if any(sums.values())}


def latest(scope: Scope, today: date) -> dict[str, date]:
    """By office the day that was promised first among its cases that are late."""
    rows = claims_in(scope).filter(stages(today)["late"])
    return dict(rows.values_list("office").annotate(Min("due_on")).order_by("office"))


def promises(scope: Scope) -> dict[str, Sums]:
    """By office of the step: finished steps with a promised day, how many were late, days allowed and taken."""
    rows = Step.objects.filter(case__in=in_scope(scope), due_on__isnull=False, done_on__isnull=False)
    rows = rows.exclude(Q(office=SYSTEM) | Q(kind=Publicise.kind))
    allowed = ExpressionWrapper(F("due_on") - F("opened_on"), DurationField())
    taken = ExpressionWrapper(F("done_on") - F("opened_on"), DurationField())
    late = Count("pk", filter=Q(done_on__gt=F("due_on")))
    counted = (
        rows.values_list("office").annotate(Count("pk"), late=late, a=Sum(allowed), b=Sum(taken)).order_by("office")
    )
    names = ("steps", "late_steps", "promised_days", "real_days")
    return {
        office: dict(zip(names, (steps, late, promised.days, real.days), strict=True))
        for office, steps, late, promised, real in counted
    }


def months(scope: Scope) -> dict[tuple[date, str], int]:
    """By the first day of a month: claims handed in, claims decided on, and grants fulfilled."""
    claims, grants = claims_in(scope), Grant.objects.filter(case__in=in_scope(scope))
    told = (("claimed", claims, "submitted_at"), ("decided", claims, "decided_at"), ("paid", grants, "fulfilled_at"))
    found = {}
    for name, rows, moment in told:
        dated: Any = rows.filter(**{f"{moment}__isnull": False}).annotate(month=TruncMonth(moment, tzinfo=CHINA))
        for month, count in dated.values_list("month").annotate(Count("pk")):
            found[month.date(), name] = count
    return found


def subjects_by(name: str) -> dict[str, Sums]:
    """By item or region: entitled, told, and the subjects who claimed, were decided on, granted, paid."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    at = 0 if name == "item" else 1
    run = entitlements.latest_run()
    for one in entitlements.counts(run.id, scope=Scope.system("test")) if run else ():
        found[(one.item_id, one.region)[at]]["matched"] += one.entitled
    for key, told in notices.told().items():
        found[key[at]]["told"] += told
    seen: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for case in claims_in(Scope.system("test")):
        here = seen[case.item, case.region]
        here["claimed"].add(case.subject_id)
        here["decided"] |= {case.subject_id} if case.outcome else set()
        here["granted"] |= {case.subject_id} if case.outcome == "granted" else set()
        if case.outcome == "granted" and case.state in ("fulfilled", "closed"):
            here["paid"].add(case.subject_id)
    for key, sets in seen.items():
        found[key[at]].update({stage: len(subjects) for stage, subjects in sets.items()})
    return {key: {stage: n for stage, n in sums.items() if n} for key, sums in found.items() if any(sums.values())}
