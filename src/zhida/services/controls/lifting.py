"""Letting go what was kept back: a stop, a held payment or a frozen line; one person proposes it, another confirms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Actor, Scope, utc
from zhida.kernel.funds import actions as funds
from zhida.kernel.funds import queries
from zhida.kernel.ledger import actions as ledger
from zhida.services.controls import holds, stops
from zhida.services.controls.hands import require_hand
from zhida.services.controls.kinship import apart_from
from zhida.services.controls.limits import DUTIES
from zhida.services.controls.models import Lifting
from zhida.services.controls.proposals import put_forward, sign, waiting, withdraw

PROPOSERS = (*DUTIES, "operator")
_ALL = Scope.system("lifting")


class Kept(StrEnum):
    """What may be let go: a budget line that was frozen, a stop that was pressed, a payment's hold."""

    LINE = "line"
    STOP = "stop"
    HOLD = "hold"


CONFIRMERS: Mapping[Kept, tuple[str, ...]] = {
    Kept.LINE: ("checker", "releaser"),
    Kept.STOP: ("releaser",),
    Kept.HOLD: ("checker", "releaser"),
}


@dataclass(frozen=True)
class LiftingRecord:
    """A lifting that somebody proposed and that waits for another person; `key` is a line, a stop or a hold."""

    id: str
    kind: Kept
    key: str
    reason: str
    maker: str
    made_at: datetime


@transaction.atomic
def propose_lifting(*, lifting_id: str, kind: Kept, key: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Proposes that what is kept back goes again; until another person confirms it stays. Sent twice it counts once.

    Raises AccessError for a duty without a hand in money, `own_interest` for the payment of a relative or of whom one
    acts for; ConflictError `lifting_without_reason`, `lifting_proposed`
    where another proposal waits, `line_not_so`, `not_stopped` or `hold_lifted` where nothing is kept.
    """
    require_hand(by, *PROPOSERS)
    if not reason:
        raise ConflictError("lifting_without_reason", "whoever lets something go says why", "write it down")
    about = _kept(kind, key)
    _stand_aside(kind, key, by, as_of)
    row = Lifting(id=lifting_id, kind=kind, key=key, reason=reason, maker=by.account, made_at=utc(as_of))
    otherwise = ConflictError("lifting_proposed", f"a lifting of {key} waits", "confirm or withdraw that one")
    if put_forward(row, otherwise=otherwise):
        _record("funds.lifting_proposed", row, about, by, as_of)


@transaction.atomic
def confirm_lifting(*, lifting_id: str, by: Actor, as_of: datetime) -> None:
    """Another person than the proposer lets it go, and what waited is sent: a releaser a stop, a checker too the rest.

    Raises AccessError, ConflictError `no_such_proposal`, or as `propose_lifting` where it was let go before.
    """
    row = waiting(Lifting, lifting_id)
    require_hand(by, *CONFIRMERS[Kept(row.kind)], others=(row.maker,))
    _stand_aside(Kept(row.kind), row.key, by, as_of)
    sign(row, by, as_of=as_of)
    match Kept(row.kind):
        case Kept.LINE:
            funds.thaw_line(line=row.key, reason=row.reason, by=by, as_of=as_of)
        case Kept.STOP:
            stops.end_stop(stop_id=row.key, reason=row.reason, by=by, as_of=as_of)
        case Kept.HOLD:
            holds.end_hold(hold_id=row.key, note=row.reason, by=by, as_of=as_of)


@transaction.atomic
def withdraw_lifting(*, lifting_id: str, by: Actor, as_of: datetime) -> None:
    """Takes a proposed lifting back. Raises AccessError for a duty without a hand in money, `no_such_proposal`."""
    require_hand(by, *PROPOSERS)
    row = waiting(Lifting, lifting_id)
    withdraw(row, as_of=as_of)
    about = holds.payment_of(row.key) if row.kind == Kept.HOLD else row.key
    _record("funds.lifting_withdrawn", row, about, by, as_of)


def waiting_lifting(kind: Kept, key: str) -> LiftingRecord | None:
    """The proposal that waits for a second person, if there is one."""
    row = Lifting.objects.filter(kind=kind, key=key, checker=None, withdrawn_at=None).first()
    return LiftingRecord(row.id, Kept(row.kind), row.key, row.reason, row.maker, row.made_at) if row else None


def is_own(kind: Kept, key: str, account: str, *, as_of: datetime) -> bool:
    """Whether a held payment goes to somebody whom this account stands aside from."""
    if kind is not Kept.HOLD:
        return False
    rows = queries.disbursements_by_id([holds.payment_of(key)], scope=_ALL)
    return bool({row.subject_id for row in rows} & apart_from(account, as_of=as_of))


def _stand_aside(kind: Kept, key: str, by: Actor, as_of: datetime) -> None:
    if is_own(kind, key, by.account, as_of=as_of):
        raise AccessError("own_interest", f"{key} holds a payment to a relative of {by.account}", "ask a colleague")


def _kept(kind: Kept, key: str) -> str:
    """What the ledger says it of: the line, the stop, or the payment that is held."""
    match kind:
        case Kept.LINE:
            if not queries.standing(key, scope=_ALL).frozen_reason:
                raise ConflictError("line_not_so", f"{key} is not frozen", "look at the line again")
        case Kept.STOP:
            if all(stop.id != key for stop in stops.stops_in_force()):
                raise ConflictError("not_stopped", f"{key} is no stop in force", "look at the stops")
        case Kept.HOLD:
            return holds.payment_of(key, is_open=True)
    return key


def _record(kind: str, row: Lifting, about: str, by: Actor, as_of: datetime) -> None:
    fields = {"lifting": row.id, "kind": row.kind, "key": row.key, "why": row.reason}
    ledger.record(kind=kind, about=about, fields=fields, by=by, as_of=as_of)
