"""The stop buttons: for everything, a channel, a policy or an item; each works on the very next sending."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction

from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor, utc
from zhida.kernel.entitlements import queries as grants
from zhida.kernel.funds import actions as funds
from zhida.kernel.funds.ports import DuePayment
from zhida.kernel.ledger import actions as ledger
from zhida.services.controls.models import Stop


class StopKind(StrEnum):
    """What a stop covers; a line is stopped by freezing it (`funds.freeze_line`)."""

    ALL = "all"
    CHANNEL = "channel"
    POLICY = "policy"
    ITEM = "item"


@dataclass(frozen=True)
class StopRecord:
    """A stop in force."""

    id: str
    kind: StopKind
    key: str
    reason: str
    stopped_at: datetime


@transaction.atomic
def press_stop(*, stop_id: str, kind: StopKind, key: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Stops whatever the button covers: nothing of it is marked as sent any more once this is committed.

    `key` is a channel's name, a policy's pack id or an item's id, and "" for all. Raises ConflictError
    `stopped_before`, or `stop_without_reason`.
    """
    if not reason or (kind is StopKind.ALL) is not (key == ""):
        raise ConflictError("stop_without_reason", "a stop says what it stops, and why", "write both down")
    try:
        with transaction.atomic():
            Stop.objects.create(
                id=stop_id, kind=kind, key=key, reason=reason, stopped_by=by.account, stopped_at=utc(as_of)
            )
    except IntegrityError as error:
        raise ConflictError("stopped_before", f"{kind} {key} is stopped already", "look at the stops") from error
    fields = {"kind": kind, "key": key, "reason": reason}
    ledger.record(kind="funds.stopped", about=stop_id, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def end_stop(*, stop_id: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Lets what was stopped go again, for `lifting` once two persons said so; all that waits is sent anew.

    Raises ConflictError `not_stopped`.
    """
    if not Stop.objects.filter(pk=stop_id, lifted_at=None).update(lifted_at=utc(as_of)):
        raise ConflictError("not_stopped", f"{stop_id} is no stop in force", "look at the stops")
    ledger.record(kind="funds.stop_lifted", about=stop_id, fields={"reason": reason}, by=by, as_of=as_of)
    funds.send_waiting(why=stop_id, as_of=as_of)


def stops_in_force() -> tuple[StopRecord, ...]:
    """Every stop that holds now, the oldest first."""
    rows = Stop.objects.filter(lifted_at=None).order_by("stopped_at", "pk")
    return tuple(StopRecord(row.id, StopKind(row.kind), row.key, row.reason, row.stopped_at) for row in rows)


def stopped(payments: Iterable[DuePayment]) -> Mapping[str, str]:
    """Which payments a stop covers now, and its reason."""
    stops = stops_in_force()
    if not stops:
        return {}
    given = list(payments)
    items = {}
    if any(stop.kind in (StopKind.POLICY, StopKind.ITEM) for stop in stops):
        items = {grant.id: grant.item_id for grant in grants.grants_by_id([each.grant_id for each in given])}
    found = {}
    for payment in given:
        item = items.get(payment.grant_id, "")
        for stop in stops:
            if _covers(stop, payment.channel, item):
                found[payment.id] = stop.reason
    return found


def _covers(stop: StopRecord, channel: str, item: str) -> bool:
    match stop.kind:
        case StopKind.ALL:
            return True
        case StopKind.CHANNEL:
            return stop.key == channel
        case StopKind.ITEM:
            return stop.key == item
    return stop.key == item.rpartition("/")[0]
