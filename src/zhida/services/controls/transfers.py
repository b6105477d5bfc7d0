"""Moving money from one budget line to another, under three signatures."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Actor, utc
from zhida.kernel.funds import actions as funds
from zhida.kernel.ledger import actions as ledger
from zhida.services.controls.limits import check_signature
from zhida.services.controls.models import LineTransfer


@transaction.atomic
def prepare_transfer(
    *, transfer_id: str, source: str, target: str, amount_fen: int, reason: str, by: Actor, as_of: datetime
) -> None:
    """The maker proposes. Raises AccessError for another duty, ConflictError for a transfer of nothing or to itself."""
    _require(by, "maker", source, amount_fen)
    if amount_fen <= 0 or source == target or not reason:
        raise ConflictError("malformed_transfer", "a transfer moves something elsewhere, and says why", "mend it")
    row = LineTransfer.objects.create(
        id=transfer_id, source=source, target=target, amount_fen=amount_fen, reason=reason, maker=by.account
    )
    _record("funds.transfer_prepared", row, by, as_of)


@transaction.atomic
def check_transfer(*, transfer_id: str, by: Actor, as_of: datetime) -> None:
    """The checker signs. Raises AccessError for the maker or another duty, ConflictError where it was checked."""
    row = _waiting(transfer_id)
    _require(by, "checker", row.source, row.amount_fen, row.maker)
    if row.checker is not None:
        raise ConflictError("signed_before", f"{row.id} was checked before", "look at it again")
    row.checker = by.account
    row.save(update_fields=["checker"])
    _record("funds.transfer_checked", row, by, as_of)


@transaction.atomic
def release_transfer(*, transfer_id: str, by: Actor, as_of: datetime) -> None:
    """The releaser signs, and the money moves: cut from what one line has available, added to the other.

    Raises AccessError for the other two persons or another duty, ConflictError where it is unchecked or the line
    holds too little by now.
    """
    row = _waiting(transfer_id)
    if row.checker is None:
        raise ConflictError("signed_out_of_order", f"{row.id} is not checked", "the checker signs first")
    _require(by, "releaser", row.source, row.amount_fen, row.maker, row.checker)
    changes = sorted([(row.source, -row.amount_fen), (row.target, row.amount_fen)])
    for line, change_fen in changes:  # in the order of their names, as every transaction locks them
        funds.adjust_line(line=line, change_fen=change_fen, reason=row.id, by=by, as_of=as_of)
    row.releaser, row.moved_at = by.account, utc(as_of)
    row.save(update_fields=["releaser", "moved_at"])
    _record("funds.transferred", row, by, as_of)


def _require(by: Actor, duty: str, line: str, amount_fen: int, *others: str) -> None:
    if by.duty != duty:
        raise AccessError("wrong_duty", f"this is the {duty}'s to sign, not the {by.duty}'s", f"ask a {duty}")
    if by.account in others:
        raise AccessError("same_person", "maker, checker and releaser are three persons", "ask a colleague to sign")
    check_signature(by, line, amount_fen)


def _waiting(transfer_id: str) -> LineTransfer:
    row = LineTransfer.objects.select_for_update().filter(pk=transfer_id, releaser=None).first()
    if row is None:
        raise ConflictError("no_such_transfer", f"{transfer_id} waits for no signature", "look at the transfers again")
    return row


def _record(kind: str, row: LineTransfer, by: Actor, as_of: datetime) -> None:
    fields = {"source": row.source, "target": row.target, "amount_fen": row.amount_fen, "reason": row.reason}
    ledger.record(kind=kind, about=row.id, fields=fields, by=by, as_of=as_of)
