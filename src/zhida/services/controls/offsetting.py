"""Set-off: a debt that a payee owes is taken out of a payment, as new entries on both sides and nothing undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from zhida.domain.errors import ConflictError
from zhida.domain.postings import State
from zhida.domain.values import Actor, Scope, local_date, new_id, utc
from zhida.kernel.funds import actions as funds
from zhida.kernel.funds import queries
from zhida.kernel.funds.records import DisbursementRecord, NewDisbursement
from zhida.kernel.ledger import actions as ledger
from zhida.services.controls.hands import require_hand
from zhida.services.controls.limits import DUTIES, check_signature
from zhida.services.controls.models import SetOff
from zhida.services.controls.recovering import owed_fen

_ALL = Scope.system("set-off")


@dataclass(frozen=True)
class Parts:
    """What a payment became: `rest` goes to the payee ("" where nothing is left), `part` stays for the debt."""

    rest: str
    part: str


@dataclass(frozen=True)
class SetOffRecord:
    """A set-off as a person sees it; `debt` is the payment that has to be paid back."""

    id: str
    payment: str
    debt: str
    rest: str
    part: str
    amount_fen: int
    maker: str
    checker: str | None
    withdrawn_at: datetime | None
    settled_at: datetime | None

    @property
    def waits_for(self) -> str:
        """What it waits for: the `checker`, then the `release` of its parts and its end, "" once it is over."""
        if self.withdrawn_at or self.settled_at:
            return ""
        return "release" if self.checker else "checker"


@transaction.atomic
def prepare_set_off(*, set_off_id: str, payment: str, debt: str, amount_fen: int, by: Actor, as_of: datetime) -> None:
    """The maker proposes to take what is owed for `debt` out of `payment`; both are disbursements of one payee.

    `debt` is settled and has a confirmed order to recover. Raises AccessError for another duty, ConflictError
    `cannot_set_off` where amounts, states or payees do not allow it or the payment has a set-off already.
    """
    require_hand(by, "maker")
    due = queries.disbursement(payment, scope=_ALL)
    check_signature(by, due.line, amount_fen, as_of=as_of)
    _check(due, queries.disbursement(debt, scope=_ALL), amount_fen)
    try:
        with transaction.atomic():
            row = SetOff.objects.create(
                id=set_off_id, payment=payment, debt=debt, amount_fen=amount_fen, maker=by.account, made_at=utc(as_of)
            )
    except IntegrityError as error:
        words = f"a set-off of {payment} stands already"
        raise ConflictError("cannot_set_off", words, "look at the set-offs of the payment") from error
    _record("funds.set_off_prepared", row, by, as_of)


@transaction.atomic
def confirm_set_off(*, set_off_id: str, by: Actor, as_of: datetime) -> Parts:
    """The checker signs, and the payment is reserved anew in two: what the payee gets, and what answers for the debt.

    Both parts go into batches that three persons sign like any other; the part has no account and is never sent,
    `settle_set_off` ends it. Raises AccessError for the maker or another duty, ConflictError `cannot_set_off` where
    payment or debt moved meanwhile, `no_such_set_off`.
    """
    row = SetOff.objects.select_for_update().filter(pk=set_off_id, checker=None, withdrawn_at=None).first()
    if row is None:
        raise ConflictError("no_such_set_off", f"{set_off_id} waits for no signature", "look at the set-offs again")
    require_hand(by, "checker", others=(row.maker,))
    due, owed = (queries.disbursement(each, scope=_ALL) for each in (row.payment, row.debt))
    check_signature(by, due.line, row.amount_fen, as_of=as_of)
    _check(due, owed, row.amount_fen)
    funds.void(disbursement_id=row.payment, reason="set_off", by=by, as_of=as_of)
    rest, part = new_id("disbursement"), new_id("disbursement")
    left = due.amount_fen - row.amount_fen
    new = [NewDisbursement(part, set_off_id, due.subject_id, row.amount_fen, "", due.purpose)]
    if left:
        new.append(NewDisbursement(rest, due.grant_id, due.subject_id, left, due.account_ref, due.purpose))
    funds.reserve_many(line=due.line, disbursements=new, by=by, as_of=as_of)
    row.checker, row.rest, row.part = by.account, rest if left else "", part
    row.save(update_fields=["checker", "rest", "part"])
    _record("funds.set_off", row, by, as_of)
    return Parts(row.rest, part)


@transaction.atomic
def withdraw_set_off(*, set_off_id: str, by: Actor, as_of: datetime) -> None:
    """Takes an unconfirmed set-off back. Raises AccessError for a duty without a hand in money."""
    require_hand(by, *DUTIES)
    row = SetOff.objects.select_for_update().filter(pk=set_off_id, checker=None, withdrawn_at=None).first()
    if row is None:
        raise ConflictError("no_such_set_off", f"{set_off_id} waits for no signature", "look at the set-offs again")
    row.withdrawn_at = utc(as_of)
    row.save(update_fields=["withdrawn_at"])
    _record("funds.set_off_withdrawn", row, by, as_of)


@transaction.atomic
def settle_set_off(*, set_off_id: str, by: Actor, as_of: datetime) -> None:
    """Once three persons released the part: it counts as paid, and the debt as recovered by as much.

    Raises AccessError for another duty than checker or releaser, ConflictError where the part is not released yet, or
    it was settled.
    """
    require_hand(by, "checker", "releaser")
    row = SetOff.objects.select_for_update().filter(pk=set_off_id, settled_at=None, part__isnull=False).first()
    if row is None or queries.disbursement(str(row.part), scope=_ALL).state is not State.INSTRUCTED:
        raise ConflictError("set_off_not_released", f"{set_off_id} waits for no end", "three persons release its part")
    funds.settle(disbursement_id=str(row.part), booked_on=local_date(as_of), by=by, as_of=as_of)
    funds.recover(
        recovery_id=new_id("recovery"),
        disbursement_id=row.debt,
        amount_fen=row.amount_fen,
        reason=set_off_id,
        by=by,
        as_of=as_of,
    )
    row.settled_at = utc(as_of)
    row.save(update_fields=["settled_at"])
    _record("funds.set_off_settled", row, by, as_of)


def set_offs(*, scope: Scope, is_open: bool = True, limit: int = 200) -> tuple[SetOffRecord, ...]:
    """The set-offs of payments from the scope's lines, the newest first; only those not over unless told otherwise."""
    rows = SetOff.objects.order_by("-pk")
    rows = rows.filter(settled_at=None, withdrawn_at=None) if is_open else rows
    given = list(rows)
    seen = {each.id for each in queries.disbursements_by_id([row.payment for row in given], scope=scope)}
    return tuple(_set_off(row) for row in given if row.payment in seen)[:limit]


def set_off_fen(rests: list[str]) -> dict[str, int]:
    """What was taken out of payments, by the id of the payment that is left of each."""
    rows = SetOff.objects.filter(rest__in=rests).exclude(rest="")
    return dict(rows.values_list("rest", "amount_fen"))


def _set_off(row: SetOff) -> SetOffRecord:
    return SetOffRecord(
        row.id,
        row.payment,
        row.debt,
        row.rest,
        row.part or "",
        row.amount_fen,
        row.maker,
        row.checker,
        row.withdrawn_at,
        row.settled_at,
    )


def _check(due: DisbursementRecord, owed: DisbursementRecord, amount_fen: int) -> None:
    open_fen = min(owed.amount_fen - owed.recovered_fen, owed_fen(owed.id)) - _taken_already(owed.id)
    is_free = due.state is State.RESERVED and due.batch is None and due.release is None
    same = due.subject_id == owed.subject_id and owed.state is State.SETTLED and due.id != owed.id
    if not is_free or not same or not 0 < amount_fen <= min(due.amount_fen, open_fen):
        words = f"{due.id} is {due.state}, {owed.id} is {owed.state} with {open_fen} fen owed; {amount_fen} fen asked"
        hint = "a payment that nobody signed yet, and a confirmed order to recover from the same payee"
        raise ConflictError("cannot_set_off", words, hint)


def _taken_already(debt: str) -> int:
    """What confirmed set-offs are about to take off a debt, in fen."""
    parts = SetOff.objects.filter(debt=debt, checker__isnull=False, settled_at=None).values_list("part", flat=True)
    found = queries.disbursements_by_id([part for part in parts if part], scope=_ALL)
    return sum(part.amount_fen for part in found if part.state is not State.VOIDED)


def _record(kind: str, row: SetOff, by: Actor, as_of: datetime) -> None:
    fields = {
        "payment": row.payment,
        "debt": row.debt,
        "rest": row.rest,
        "part": row.part or "",
        "amount_fen": row.amount_fen,
    }
    ledger.record(kind=kind, about=row.id, fields=fields, by=by, as_of=as_of)
