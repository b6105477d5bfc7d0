"""Letting a frozen budget line pay again: one person proposes it and says why, another confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor, Scope, utc
from zhida.kernel.funds import actions as funds
from zhida.kernel.funds import queries
from zhida.kernel.ledger import actions as ledger
from zhida.services.controls.hands import require_hand
from zhida.services.controls.limits import DUTIES
from zhida.services.controls.models import Thaw

_ALL = Scope.system("thaw")


@dataclass(frozen=True)
class ThawRecord:
    """A thawing that somebody proposed and that waits for another person."""

    id: str
    line: str
    reason: str
    maker: str
    made_at: datetime


@transaction.atomic
def propose_thaw(*, thaw_id: str, line: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Proposes that a frozen line pays again; it stays frozen until another person confirms.

    Raises AccessError for a duty without a hand in money; ConflictError `thaw_without_reason`, `line_not_so` where the
    line is not frozen, `thaw_proposed` where a proposal waits.
    """
    require_hand(by, *DUTIES, "operator")
    if not reason:
        raise ConflictError("thaw_without_reason", "whoever lets a line pay again says why", "write it down")
    if not queries.standing(line, scope=_ALL).frozen_reason:
        raise ConflictError("line_not_so", f"{line} is not frozen", "look at the line again")
    try:
        with transaction.atomic():
            Thaw.objects.create(id=thaw_id, line=line, reason=reason, maker=by.account, made_at=utc(as_of))
    except IntegrityError as error:
        raise ConflictError("thaw_proposed", f"a thawing of {line} waits", "confirm or withdraw that one") from error
    _record("funds.thaw_proposed", thaw_id, line, reason, by, as_of)


@transaction.atomic
def confirm_thaw(*, thaw_id: str, by: Actor, as_of: datetime) -> None:
    """A checker or releaser, another person than the proposer, lets the line pay again; what waited on it is sent.

    Raises AccessError, ConflictError `no_such_thaw` where nothing waits under this id, or `line_not_so`.
    """
    row = _waiting(thaw_id)
    require_hand(by, "checker", "releaser", others=(row.maker,))
    row.checker, row.confirmed_at = by.account, utc(as_of)
    row.save(update_fields=["checker", "confirmed_at"])
    funds.thaw_line(line=row.line, reason=row.reason, by=by, as_of=as_of)


@transaction.atomic
def withdraw_thaw(*, thaw_id: str, by: Actor, as_of: datetime) -> None:
    """Takes a proposed thawing back. Raises AccessError for a duty without a hand in money."""
    require_hand(by, *DUTIES, "operator")
    row = _waiting(thaw_id)
    row.withdrawn_at = utc(as_of)
    row.save(update_fields=["withdrawn_at"])
    _record("funds.thaw_withdrawn", row.id, row.line, row.reason, by, as_of)


def waiting_thaw(line: str) -> ThawRecord | None:
    """The proposal to thaw a line that waits for a second person."""
    row = Thaw.objects.filter(line=line, checker=None, withdrawn_at=None).first()
    return ThawRecord(row.id, row.line, row.reason, row.maker, row.made_at) if row else None


def _waiting(thaw_id: str) -> Thaw:
    row = Thaw.objects.select_for_update().filter(pk=thaw_id, checker=None, withdrawn_at=None).first()
    if row is None:
        raise ConflictError("no_such_thaw", f"{thaw_id} waits for no confirmation", "look at the line again")
    return row


def _record(kind: str, thaw_id: str, line: str, reason: str, by: Actor, as_of: datetime) -> None:
    ledger.record(kind=kind, about=line, fields={"thaw": thaw_id, "reason": reason}, by=by, as_of=as_of)
