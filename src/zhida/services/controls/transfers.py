"""Moving money between budget lines, or into and out of the budget, under three signatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Actor, Scope, utc
from zhida.kernel.funds import actions as funds
from zhida.kernel.funds import queries
from zhida.kernel.ledger import actions as ledger
from zhida.services.controls.hands import require_hand
from zhida.services.controls.limits import DUTIES, check_signature
from zhida.services.controls.models import LineTransfer

_ALL = Scope.system("transfer")


@dataclass(frozen=True)
class TransferRecord:
    """A transfer as a person sees it: moved, withdrawn, or waiting for the duty that `waits_for` names.

    Without a source it is new money (a supplementary budget), without a target money given back.
    """

    id: str
    source: str
    target: str
    amount_fen: int
    reason: str
    maker: str
    made_at: datetime | None
    checker: str | None
    releaser: str | None
    moved_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def waits_for(self) -> str:
        """The duty that signs next, "" where nobody does any more."""
        if self.moved_at or self.withdrawn_at:
            return ""
        return "releaser" if self.checker else "checker"


@transaction.atomic
def prepare_transfer(
    *, transfer_id: str, source: str, target: str, amount_fen: int, reason: str, by: Actor, as_of: datetime
) -> None:
    """The maker proposes; `source` "" brings new money, `target` "" gives money back.

    Raises AccessError for another duty or an unknown line; ConflictError for a transfer of nothing or to itself, from
    or to a frozen line, between years, or of more than is available.
    """
    require_hand(by, "maker")
    check_signature(by, source or target, amount_fen, as_of=as_of)
    if amount_fen <= 0 or source == target or not reason:
        raise ConflictError("malformed_transfer", "a transfer moves something elsewhere, and says why", "mend it")
    _check_lines(source, target, amount_fen)
    row = LineTransfer.objects.create(
        id=transfer_id,
        source=source,
        target=target,
        amount_fen=amount_fen,
        reason=reason,
        maker=by.account,
        made_at=utc(as_of),
    )
    _record("funds.transfer_prepared", row, by, as_of)


@transaction.atomic
def check_transfer(*, transfer_id: str, by: Actor, as_of: datetime) -> None:
    """The checker signs. Raises AccessError for the maker or another duty, ConflictError where it was checked."""
    row = _waiting(transfer_id)
    require_hand(by, "checker", others=(row.maker,))
    check_signature(by, row.source or row.target, row.amount_fen, as_of=as_of)
    if row.checker is not None:
        raise ConflictError("signed_before", f"{row.id} was checked before", "look at it again")
    row.checker = by.account
    row.save(update_fields=["checker"])
    _record("funds.transfer_checked", row, by, as_of)


@transaction.atomic
def release_transfer(*, transfer_id: str, by: Actor, as_of: datetime) -> None:
    """The releaser signs, and the money moves: cut from what one line has available, added to the other.

    Raises AccessError for the other two persons or another duty, ConflictError where it is unchecked, a line is frozen
    or it holds too little by now.
    """
    row = _waiting(transfer_id)
    if row.checker is None:
        raise ConflictError("signed_out_of_order", f"{row.id} is not checked", "the checker signs first")
    require_hand(by, "releaser", others=(row.maker, row.checker))
    check_signature(by, row.source or row.target, row.amount_fen, as_of=as_of)
    _check_lines(row.source, row.target, row.amount_fen)
    changes = sorted([(row.source, -row.amount_fen), (row.target, row.amount_fen)])
    for line, change_fen in changes:  # in the order of their names, as every transaction locks them
        if line:
            funds.adjust_line(line=line, change_fen=change_fen, reason=row.id, by=by, as_of=as_of)
    row.releaser, row.moved_at = by.account, utc(as_of)
    row.save(update_fields=["releaser", "moved_at"])
    _record("funds.transferred", row, by, as_of)


@transaction.atomic
def withdraw_transfer(*, transfer_id: str, by: Actor, as_of: datetime) -> None:
    """Takes a transfer back before it moved. Raises AccessError for a duty without a hand in money."""
    require_hand(by, *DUTIES)
    row = _waiting(transfer_id)
    row.withdrawn_at = utc(as_of)
    row.save(update_fields=["withdrawn_at"])
    _record("funds.transfer_withdrawn", row, by, as_of)


def transfers(*, scope: Scope, is_open: bool = True, limit: int = 200) -> tuple[TransferRecord, ...]:
    """The transfers out of or into the scope's lines, the newest first; only those that wait unless told otherwise."""
    rows = LineTransfer.objects.order_by("-pk")
    rows = rows.filter(releaser=None, withdrawn_at=None) if is_open else rows
    seen = {line.id for line in queries.lines(scope=scope)}
    found = (row for row in rows.iterator() if row.source in seen or row.target in seen)
    return tuple(_transfer(row) for row, _ in zip(found, range(limit), strict=False))


def transfer(transfer_id: str, *, scope: Scope) -> TransferRecord:
    """One transfer. Raises AccessError where the scope holds neither of its lines, or there is none."""
    row = LineTransfer.objects.filter(pk=transfer_id).first()
    if row is None or not {line.id for line in queries.lines(scope=scope)} & {row.source, row.target}:
        words = f"{transfer_id} is no transfer you may see"
        raise AccessError("transfer_out_of_scope", words, "the offices of its lines can show it")
    return _transfer(row)


def _transfer(row: LineTransfer) -> TransferRecord:
    return TransferRecord(
        row.id,
        row.source,
        row.target,
        row.amount_fen,
        row.reason,
        row.maker,
        row.made_at,
        row.checker,
        row.releaser,
        row.moved_at,
        row.withdrawn_at,
    )


def _check_lines(source: str, target: str, amount_fen: int) -> None:
    lines = [queries.standing(line, scope=_ALL) for line in (source, target) if line]
    for line in lines:
        if line.frozen_reason:
            raise ConflictError("line_frozen", f"{line.id} is frozen: {line.frozen_reason}", "thaw it first")
    if len({line.year for line in lines}) > 1:
        words = " and ".join(f"{line.id} is money of {line.year}" for line in lines)
        raise ConflictError("transfer_between_years", words, "a new year's money is a new budget")
    if source and lines[0].available < amount_fen:
        words = f"{source} has {lines[0].available} fen available, {amount_fen} are asked for"
        raise ConflictError("line_holds_too_little", words, "ask for less, or free what is committed")


def _waiting(transfer_id: str) -> LineTransfer:
    rows = LineTransfer.objects.select_for_update().filter(pk=transfer_id, releaser=None, withdrawn_at=None)
    row = rows.first()
    if row is None:
        raise ConflictError("no_such_transfer", f"{transfer_id} waits for no signature", "look at the transfers again")
    return row


def _record(kind: str, row: LineTransfer, by: Actor, as_of: datetime) -> None:
    fields = {"source": row.source, "target": row.target, "amount_fen": row.amount_fen, "reason": row.reason}
    ledger.record(kind=kind, about=row.id, fields=fields, by=by, as_of=as_of)
