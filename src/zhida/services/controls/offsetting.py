"""Set-off: a debt that a payee owes is taken out of a payment, as new entries on both sides and nothing undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.postings import State
from zhida.domain.values import Actor, Scope, local_date, new_id, utc
from zhida.kernel.funds import actions as funds
from zhida.kernel.funds import queries
from zhida.kernel.funds.records import DisbursementRecord, NewDisbursement
from zhida.kernel.ledger import actions as ledger
from zhida.services.controls.models import SetOff

_ALL = Scope.system("set-off")


@dataclass(frozen=True)
class Parts:
    """What a payment became: `rest` goes to the payee ("" where nothing is left), `part` stays for the debt."""

    rest: str
    part: str


@transaction.atomic
def set_off(*, set_off_id: str, payment: str, debt: str, amount_fen: int, by: Actor, as_of: datetime) -> Parts:
    """Reserves a payment anew in two: what the payee gets, and the part that answers for a debt of the same payee.

    `debt` is a settled disbursement that has to be paid back. Both parts go into batches that three persons sign like
    any other; the part has no account and is never sent, `settle_set_off` ends it. Raises AccessError unless a checker
    or releaser acts, ConflictError `cannot_set_off` where the amounts, states or payees do not allow it.
    """
    if by.duty not in ("checker", "releaser"):
        raise AccessError("wrong_duty", f"a {by.duty} does not set off", "ask a checker or a releaser")
    due, owed = (queries.disbursement(each, scope=_ALL) for each in (payment, debt))
    _check(due, owed, amount_fen)
    funds.void(disbursement_id=payment, reason="set_off", by=by, as_of=as_of)
    rest, part = new_id("disbursement"), new_id("disbursement")
    left = due.amount_fen - amount_fen
    new = [NewDisbursement(part, set_off_id, due.subject_id, amount_fen, "", due.purpose)]
    if left:
        new.append(NewDisbursement(rest, due.grant_id, due.subject_id, left, due.account_ref, due.purpose))
    funds.reserve_many(line=due.line, disbursements=new, by=by, as_of=as_of)
    SetOff.objects.create(
        id=set_off_id, payment=payment, debt=debt, rest=rest if left else "", part=part, amount_fen=amount_fen
    )
    fields = {"payment": payment, "debt": debt, "rest": rest if left else "", "part": part, "amount_fen": amount_fen}
    ledger.record(kind="funds.set_off", about=set_off_id, fields=fields, by=by, as_of=as_of)
    return Parts(rest if left else "", part)


def _check(due: DisbursementRecord, owed: DisbursementRecord, amount_fen: int) -> None:
    open_fen = owed.amount_fen - owed.recovered_fen
    is_free = due.state is State.RESERVED and due.batch is None and due.release is None
    same = due.subject_id == owed.subject_id and owed.state is State.SETTLED and due.id != owed.id
    if not is_free or not same or not 0 < amount_fen <= min(due.amount_fen, open_fen):
        words = f"{due.id} is {due.state}, {owed.id} is {owed.state} with {open_fen} fen open; {amount_fen} fen asked"
        raise ConflictError("cannot_set_off", words, "a payment that nobody signed yet, and a debt of the same payee")


@transaction.atomic
def settle_set_off(*, set_off_id: str, by: Actor, as_of: datetime) -> None:
    """Once three persons released the part: it counts as paid, and the debt as recovered by as much.

    Raises AccessError for another duty than checker or releaser, ConflictError where the part is not released yet, or
    it was settled.
    """
    if by.duty not in ("checker", "releaser"):
        raise AccessError("wrong_duty", f"a {by.duty} does not set off", "ask a checker or a releaser")
    row = SetOff.objects.select_for_update().filter(pk=set_off_id, settled_at=None).first()
    if row is None or queries.disbursement(row.part, scope=_ALL).state is not State.INSTRUCTED:
        raise ConflictError("set_off_not_released", f"{set_off_id} waits for no end", "three persons release its part")
    funds.settle(disbursement_id=row.part, booked_on=local_date(as_of), by=by, as_of=as_of)
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
    fields = {"part": row.part, "debt": row.debt, "amount_fen": row.amount_fen}
    ledger.record(kind="funds.set_off_settled", about=set_off_id, fields=fields, by=by, as_of=as_of)


def set_off_fen(rests: list[str]) -> dict[str, int]:
    """What was taken out of payments, by the id of the payment that is left of each."""
    rows = SetOff.objects.filter(rest__in=rests).exclude(rest="")
    return dict(rows.values_list("rest", "amount_fen"))
