"""What has happened in funds, for those who look back: movements of a line one by one, days that were reconciled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from zhida.domain.postings import Kind
from zhida.domain.values import Scope
from zhida.kernel.funds import models
from zhida.kernel.funds.queries import standing


@dataclass(frozen=True)
class Movement:
    """Fen that went from one account of a line to another; `reference` is the payment's, empty for the line's own."""

    id: str
    at: datetime
    source: Kind
    target: Kind
    amount_fen: int
    disbursement_id: str
    reference: str


@dataclass(frozen=True)
class ReconciledDay:
    """One comparison of a day with its statement, and how many of its findings still wait for a person."""

    id: str
    day: date
    lines: int
    net_fen: int
    by: str
    made_at: datetime
    findings: int
    open_findings: int


def movements(
    line: str, *, scope: Scope, disbursement: str = "", before: str = "", limit: int = 50
) -> tuple[Movement, ...]:
    """The postings of a line, or of one of its disbursements, the newest first, from before a posting's id on.

    Raises AccessError where the scope does not hold the line.
    """
    standing(line, scope=scope)
    rows = models.Posting.objects.filter(line_id=line).select_related("disbursement")
    rows = rows.filter(disbursement_id=disbursement) if disbursement else rows
    rows = rows.filter(pk__lt=before) if before else rows
    return tuple(_movement(row) for row in rows.order_by("-pk")[:limit])


def _movement(row: models.Posting) -> Movement:
    reference = row.disbursement.reference if row.disbursement else ""
    source, target = Kind(row.credit), Kind(row.debit)
    return Movement(row.id, row.posted_at, source, target, row.amount_fen, row.disbursement_id or "", reference)


def reconciled_days(*, limit: int = 60) -> tuple[ReconciledDay, ...]:
    """The days that were reconciled, the latest comparison first."""
    waiting = Count("findings", filter=Q(findings__resolution=""))
    rows = models.Reconciliation.objects.annotate(all=Count("findings"), waiting=waiting)
    return tuple(
        ReconciledDay(row.id, row.day, row.lines, row.net_fen, row.by, row.made_at, row.all, row.waiting)
        for row in rows.order_by("-day", "-made_at", "-pk")[:limit]
    )
