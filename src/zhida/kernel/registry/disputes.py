"""Disputes of facts as those who raised them and the offices that answer read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from zhida.domain.errors import ConflictError
from zhida.domain.values import Scope
from zhida.kernel.registry.models import Dispute


@dataclass(frozen=True)
class DisputeRecord:
    """One dispute. `held` is the value as it was shown, `claimed` what would be right.

    `state` is open, corrected, suspended or upheld, `answer` the office's reason.
    """

    id: str
    subject_id: str
    subject_name: str
    fact_key: str
    office: str
    held: str
    claimed: str
    reason: str
    raised_at: datetime
    state: str
    answer: str
    answered_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for the office."""
        return self.state == "open"


def dispute(dispute_id: str) -> DisputeRecord:
    """One dispute. Raises ConflictError `no_open_dispute` where there is none."""
    row = Dispute.objects.filter(pk=dispute_id).select_related("subject").first()
    if row is None:
        raise ConflictError("no_open_dispute", f"there is no {dispute_id}", "look at the list again")
    return _record(row)


def disputes_of(subject_id: str, *, scope: Scope) -> dict[str, DisputeRecord]:
    """The last dispute of each fact of a subject by fact key; none where the scope does not hold the subject."""
    rows = Dispute.objects.filter(subject_id=subject_id).select_related("subject").order_by("raised_at", "id")
    if scope.subjects is not None and subject_id not in scope.subjects:
        return {}
    return {row.fact_key: _record(row) for row in rows}


def disputes_at(offices: Iterable[str], *, is_open: bool, limit: int = 100) -> tuple[DisputeRecord, ...]:
    """What these offices have to answer, the oldest first, or have answered, the newest first."""
    rows = Dispute.objects.filter(office__in=[*offices]).select_related("subject")
    found = rows.filter(state="open").order_by("raised_at") if is_open else rows.exclude(state="open")
    return tuple(_record(row) for row in (found if is_open else found.order_by("-answered_at"))[:limit])


def _record(row: Dispute) -> DisputeRecord:
    return DisputeRecord(
        row.id,
        row.subject_id,
        row.subject.name,
        row.fact_key,
        row.office,
        row.held,
        row.claimed,
        row.reason,
        row.raised_at,
        row.state,
        row.answer,
        row.answered_at,
    )
