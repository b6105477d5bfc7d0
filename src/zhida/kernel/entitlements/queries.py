"""Reading entitlements: assessments, grants, and the results of screenings within a scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from zhida.domain.values import Scope, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements.assessing import ask, assess, assess_all, assess_facts, facts_for, facts_for_many
from zhida.kernel.entitlements.models import Entitlement
from zhida.kernel.entitlements.past import claim_keys, pasts_of
from zhida.kernel.entitlements.reaching import reach, screen_facts, screen_one
from zhida.kernel.entitlements.records import Grant
from zhida.kernel.entitlements.runs import (
    counts,
    differences,
    findings,
    latest_run,
    results_of_item,
    results_of_subject,
    run,
    screened,
    unclaimed,
    unclaimed_in,
)
from zhida.kernel.entitlements.stacking import Stacking, stacking_of
from zhida.kernel.registry import queries as registry

__all__ = [
    "ask", "assess", "assess_all", "assess_facts", "claim_keys", "counts", "differences", "facts_for",
    "facts_for_many", "findings", "grant", "grants_by_id", "grants_of", "latest_run", "pasts_of", "reach",
    "results_of_item", "results_of_subject", "run", "screen_facts", "screen_one", "screened", "stacking", "unclaimed",
    "unclaimed_in",
]  # fmt: skip
_told = attrgetter("id", "case_id", "subject_id", "item", "group", "revision_id", "amount_fen", "period")


def grant(grant_id: str, *, scope: Scope) -> Grant | None:
    """One grant, or None where the scope's subjects and offices do not hold it."""
    row = _grants(scope).filter(id=grant_id).first()
    return _grant(row) if row else None


def grants_by_id(grant_ids: Sequence[str]) -> tuple[Grant, ...]:
    """The grants of these ids, for the running system itself; what is none is left out."""
    return tuple(_grant(row) for row in Entitlement.objects.select_related("revocation").filter(id__in=grant_ids))


def grants_of(subject_id: str, *, scope: Scope) -> tuple[Grant, ...]:
    """All grants of a subject, the newest first, revoked ones too."""
    return tuple(_grant(row) for row in _grants(scope).filter(subject_id=subject_id).order_by("-granted_at", "-id"))


def stacking(subject_id: str, item_id: str, *, scope: Scope, as_of: datetime) -> Stacking | None:
    """Where a subject stands in the item's stacking group, None where the item has no group.

    Raises AccessError where the scope does not show the subject.
    """
    registry.subject(subject_id, scope=scope)
    published = catalogue.item(item_id, as_of=as_of)
    if not published.item.group:
        return None
    return stacking_of(catalogue.group_of(published.revision_id, published.item.group), subject_id, local_date(as_of))


def _grants(scope: Scope) -> QuerySet[Entitlement]:
    rows = Entitlement.objects.select_related("revocation")
    rows = rows if scope.subjects is None else rows.filter(subject_id__in=scope.subjects)
    rows = rows if scope.offices is None else rows.filter(owner_office__in=scope.offices)
    return rows if scope.regions is None else rows.filter(region__in=scope.regions)


def _grant(row: Entitlement) -> Grant:
    revoked = getattr(row, "revocation", None)
    undone = (revoked.revoked_at, revoked.reason) if revoked else (None, "")
    told: tuple[Any, ...] = (*_told(row), tuple(row.keys), row.granted_at, row.granted_on, *undone)
    return Grant(*told)
