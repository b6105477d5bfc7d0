"""Orders to recover: a payee has to give money back, on a basis, once two persons say so; only then is it a debt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.postings import State
from zhida.domain.values import Actor, Scope, utc
from zhida.kernel.funds import queries
from zhida.kernel.ledger import actions as ledger
from zhida.services.controls.hands import require_hand
from zhida.services.controls.limits import DUTIES, check_signature
from zhida.services.controls.models import Debt
from zhida.services.controls.proposals import put_forward, sign, waiting, withdraw
from zhida.services.controls.recalling import is_under_way

_ALL = Scope.system("recovery")


@dataclass(frozen=True)
class DebtRecord:
    """An order to recover; `open_fen` is what has still to come back, and nothing is owed before it is confirmed."""

    id: str
    disbursement_id: str
    subject_id: str
    line: str
    amount_fen: int
    open_fen: int
    basis: str
    obligation: str
    maker: str
    made_at: datetime
    checker: str | None
    withdrawn_at: datetime | None

    @property
    def waits_for(self) -> str:
        """The duty that signs next, "" where nobody does any more."""
        return "" if self.checker or self.withdrawn_at else "checker"


@transaction.atomic
def order_recovery(
    *,
    debt_id: str,
    disbursement_id: str,
    amount_fen: int,
    basis: str,
    by: Actor,
    as_of: datetime,
    obligation: str = "",
) -> None:
    """The maker orders that so much of a settled payment comes back; `basis` is the clause or finding it rests on.

    `obligation` names the item's obligation that was broken, if that is why. Raises AccessError for another duty,
    ConflictError `cannot_recover`, `order_without_basis`, `recall_ordered` while its bank is being asked, or
    `recovery_ordered` where an order of the payment stands.
    """
    require_hand(by, "maker")
    if not basis:
        raise ConflictError("order_without_basis", "whoever orders a recovery says on what basis", "write it down")
    paid = queries.disbursement(disbursement_id, scope=_ALL)
    _check_not_recalled(paid.id)
    left = paid.amount_fen - paid.recovered_fen
    if paid.state is not State.SETTLED or not 0 < amount_fen <= left:
        words = f"{paid.id} is {paid.state}, {left} fen of it are with the payee; {amount_fen} fen are asked for"
        raise ConflictError("cannot_recover", words, "look at the payment again")
    row = Debt(
        id=debt_id,
        disbursement=disbursement_id,
        amount_fen=amount_fen,
        recovered_before_fen=paid.recovered_fen,
        basis=basis,
        obligation=obligation,
        maker=by.account,
        made_at=utc(as_of),
    )
    words = f"a recovery of {disbursement_id} was ordered before"
    if put_forward(row, otherwise=ConflictError("recovery_ordered", words, "look at the orders of the payment")):
        check_signature(by, paid.line, amount_fen, as_of=as_of)
        _record("funds.recovery_ordered", row, by, as_of)


def _check_not_recalled(disbursement_id: str) -> None:
    if is_under_way(disbursement_id):
        words = f"the bank is being asked to give {disbursement_id} back"
        raise ConflictError("recall_ordered", words, "money comes back one way only: wait for the bank's answer")


@transaction.atomic
def confirm_recovery(*, debt_id: str, by: Actor, as_of: datetime) -> None:
    """The checker signs, and the payee owes it. Raises AccessError for the maker, ConflictError `no_such_proposal`."""
    row = waiting(Debt, debt_id)
    require_hand(by, "checker", others=(row.maker,))
    _check_not_recalled(row.disbursement)
    check_signature(by, queries.disbursement(row.disbursement, scope=_ALL).line, row.amount_fen, as_of=as_of)
    sign(row, by, as_of=as_of)
    _record("funds.recovery_confirmed", row, by, as_of)


@transaction.atomic
def withdraw_recovery(*, debt_id: str, by: Actor, as_of: datetime) -> None:
    """Takes an unconfirmed order back. Raises AccessError for a duty without a hand in money."""
    require_hand(by, *DUTIES)
    row = waiting(Debt, debt_id)
    withdraw(row, as_of=as_of)
    _record("funds.recovery_withdrawn", row, by, as_of)


def debts(*, scope: Scope, is_open: bool = True, limit: int = 200) -> tuple[DebtRecord, ...]:
    """The orders to recover payments of the scope's lines, the newest first.

    Only those that wait for a signature or for money unless told otherwise.
    """
    found = _records(Debt.objects.order_by("-made_at", "-pk"), scope)
    wanted = (each for each in found if not is_open or each.waits_for or (each.open_fen and not each.withdrawn_at))
    return tuple(each for each, _ in zip(wanted, range(limit), strict=False))


def owed_fen(disbursement_id: str) -> int:
    """What has still to come back of a payment under a confirmed order; 0 without one.

    The order is locked until the transaction ends, so that nobody takes it out of two payments at once.
    """
    rows = Debt.objects.select_for_update().filter(disbursement=disbursement_id, checker__isnull=False)
    return sum(each.open_fen for each in _records(rows, _ALL))


def _records(rows: Iterable[Debt], scope: Scope) -> tuple[DebtRecord, ...]:
    given = list(rows)
    paid = {each.id: each for each in queries.disbursements_by_id([row.disbursement for row in given], scope=scope)}
    return tuple(
        DebtRecord(
            id=row.id,
            disbursement_id=row.disbursement,
            subject_id=of.subject_id,
            line=of.line,
            amount_fen=row.amount_fen,
            open_fen=max(0, row.amount_fen - (of.recovered_fen - row.recovered_before_fen)),
            basis=row.basis,
            obligation=row.obligation,
            maker=row.maker,
            made_at=row.made_at,
            checker=row.checker,
            withdrawn_at=row.withdrawn_at,
        )
        for row in given
        if (of := paid.get(row.disbursement)) is not None
    )


def _record(kind: str, row: Debt, by: Actor, as_of: datetime) -> None:
    fields = {"debt": row.id, "amount_fen": row.amount_fen, "basis": row.basis, "obligation": row.obligation}
    ledger.record(kind=kind, about=row.disbursement, fields=fields, by=by, as_of=as_of)
