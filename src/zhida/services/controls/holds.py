"""Holds: payments that must not go now, each with its reason, until time mends it or a person lifts it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor, new_id, utc
from zhida.kernel.funds import actions as funds
from zhida.kernel.ledger import actions as ledger
from zhida.services.controls.lists import Objection
from zhida.services.controls.models import Hold

SYSTEM = Actor(account="system", duty="system")


@dataclass(frozen=True)
class HoldRecord:
    """A hold as a person sees it; with `until` in the past it holds no longer and only flags the payment."""

    id: str
    disbursement_id: str
    reason: str
    detail: str
    held_at: datetime
    until: datetime | None


@transaction.atomic
def hold(objections: Iterable[Objection], *, as_of: datetime) -> None:
    """Keeps each objection as a hold with a `funds.held`; one that a person lifted before is not raised again.

    A hold that time mends queues its payment for that instant.
    """
    for each in objections:
        row, is_new = Hold.objects.get_or_create(
            disbursement=each.payment,
            reason=each.reason,
            detail=each.detail,
            defaults={"id": new_id("hold"), "held_at": utc(as_of), "held_until": each.until},
        )
        if is_new:
            told = each.until.isoformat() if each.until else ""
            fields = {"reason": each.reason, "detail": each.detail, "until": told}
            ledger.record(kind="funds.held", about=each.payment, fields=fields, by=SYSTEM, as_of=as_of)
        elif row.lifted_at is None:
            Hold.objects.filter(pk=row.pk).update(held_until=each.until)
        if each.until is not None and each.until > as_of and row.lifted_at is None:
            why = f"{row.id}:{each.until.isoformat()}"
            funds.send_later(disbursement_id=each.payment, why=why, at=each.until, as_of=as_of)


@transaction.atomic
def end_hold(*, hold_id: str, note: str, by: Actor, as_of: datetime) -> None:
    """Lets a held payment go, for `lifting` once two persons said so; it is sent anew. Raises `hold_lifted`."""
    row = _open(hold_id)
    row.lifted_by, row.lifted_at = by.account, utc(as_of)
    row.save(update_fields=["lifted_by", "lifted_at"])
    fields = {"reason": row.reason, "detail": row.detail, "note": note}
    ledger.record(kind="funds.hold_lifted", about=row.disbursement, fields=fields, by=by, as_of=as_of)
    funds.send_later(disbursement_id=row.disbursement, why=f"lifted:{row.id}", at=as_of, as_of=as_of)


def payment_of(hold_id: str, *, is_open: bool = False) -> str:
    """The payment that is held. Raises ConflictError `hold_lifted` for one let go, where it has to be open."""
    return _open(hold_id).disbursement if is_open else Hold.objects.get(pk=hold_id).disbursement


def _open(hold_id: str) -> Hold:
    row = Hold.objects.select_for_update().filter(pk=hold_id, lifted_at=None).first()
    if row is None:
        raise ConflictError("hold_lifted", f"{hold_id} holds nothing any more", "look at the holds again")
    return row


def held(payment_ids: Sequence[str], *, as_of: datetime) -> Mapping[str, str]:
    """Which payments are held at an instant, and one reason each."""
    rows = Hold.objects.filter(disbursement__in=payment_ids, lifted_at=None)
    standing = rows.filter(Q(held_until=None) | Q(held_until__gt=utc(as_of)))
    return dict(standing.order_by("pk").values_list("disbursement", "reason"))


def holds_open(*, limit: int = 500) -> tuple[HoldRecord, ...]:
    """Every hold and flag that nobody lifted, the oldest first."""
    rows = Hold.objects.filter(lifted_at=None).order_by("held_at", "pk")[:limit]
    return tuple(
        HoldRecord(row.id, row.disbursement, row.reason, row.detail, row.held_at, row.held_until) for row in rows
    )
