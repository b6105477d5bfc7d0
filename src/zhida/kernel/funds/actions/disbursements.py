"""Reserving money for grants, instructing its payment, cancelling what has not been sent, recovering what was paid."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from operator import attrgetter

from django.db import IntegrityError, transaction

from zhida.domain.errors import AccessError, ConflictError, InvariantBroken
from zhida.domain.postings import Event, Move, State
from zhida.domain.values import Actor, utc
from zhida.kernel.funds.actions.lines import check_not_frozen
from zhida.kernel.funds.actions.releases import charge, check_in_force
from zhida.kernel.funds.actions.waking import queue
from zhida.kernel.funds.books import Movement, OpenBooks
from zhida.kernel.funds.models import Disbursement, Posting, StandingRelease
from zhida.kernel.funds.ports import controls
from zhida.kernel.funds.progress import FACTS, advance, due_payment, fact_fields, locked, movements, step_of
from zhida.kernel.funds.records import NewDisbursement, Outcome
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.tables import insert_rows

_KIND = "disbursement_"
_ENTERED = {State.RESERVED: (Move.RESERVE,), State.INSTRUCTED: (Move.RESERVE, Move.INSTRUCT)}
_FIELDS = [each.name for each in Disbursement._meta.concrete_fields]
_values = attrgetter(*(each.attname for each in Disbursement._meta.concrete_fields))


@transaction.atomic
def reserve_many(*, line: str, disbursements: Sequence[NewDisbursement], by: Actor, as_of: datetime) -> None:
    """Commits money of one line to many grants, all or none, with one `funds.reserved` for each.

    Where the actor names a standing release, the sum counts against its cap and no further signature is needed to pay;
    where not, a payment batch must release it. Raises ConflictError `over_committed`, `release_exhausted`,
    `already_reserved` (a live disbursement of that grant, or the same id, stands) or `line_frozen`; AccessError
    `release_not_in_force`.
    """
    _enter(line, disbursements, State.RESERVED, by, as_of)


@transaction.atomic
def reserve_and_instruct(*, line: str, disbursements: Sequence[NewDisbursement], by: Actor, as_of: datetime) -> None:
    """What `reserve_many` and then `instruct_many` do, with every row written once: for what need not wait.

    The actor names a standing release. Raises as both, and AccessError `release_missing` without one.
    """
    if not by.standing_release:
        words = f"nothing of {line} goes out at once without a standing release"
        raise AccessError("release_missing", words, "three persons: release it in a batch")
    _enter(line, disbursements, State.INSTRUCTED, by, as_of)
    queue([new.disbursement_id for new in disbursements], as_of=as_of)


def _enter(line: str, disbursements: Sequence[NewDisbursement], state: State, by: Actor, as_of: datetime) -> None:
    """Fresh rows in a state, with all the postings and facts that lead to it."""
    check_not_frozen(line)
    rows = [_row(new, line, state, by, as_of) for new in disbursements]
    controls().examine([due_payment(row) for row in rows], as_of=as_of, is_decision=True)
    if by.standing_release:
        charge(by.standing_release, line, sum(row.amount_fen for row in rows), as_of)
    books, moves = OpenBooks([line]), _ENTERED[state]
    for move in moves:
        books.move(line, move, movements(rows), at=as_of)
    try:
        insert_rows(Disbursement, _FIELDS, [_values(row) for row in rows])
    except IntegrityError as error:
        words = "one of these grants has a live disbursement, or one of these ids is taken"
        raise ConflictError("already_reserved", words, "read the disbursements of the grants") from error
    books.write()
    facts = [ledger.NewFact(FACTS[move], row.id, fact_fields(row)) for move in moves for row in rows]
    ledger.record_all(facts=facts, by=by, as_of=as_of)


def _row(new: NewDisbursement, line: str, state: State, by: Actor, as_of: datetime) -> Disbursement:
    if not new.disbursement_id.startswith(_KIND):
        raise InvariantBroken("malformed_id", f"{new.disbursement_id!r} is no {_KIND}… id")
    if type(new.amount_fen) is not int or new.amount_fen <= 0:
        raise InvariantBroken("malformed_amount", f"{new.amount_fen!r} is not a positive integer of fen")
    return Disbursement(
        id=new.disbursement_id,
        reference=new.disbursement_id.removeprefix(_KIND),
        line_id=line,
        release_id=by.standing_release or None,
        grant_id=new.grant_id,
        subject_id=new.subject_id,
        account_ref=new.account_ref,
        amount_fen=new.amount_fen,
        purpose=new.purpose,
        state=state,
        reserved_at=utc(as_of),
        changed_at=utc(as_of),
    )


@transaction.atomic
def instruct_many(*, disbursement_ids: Collection[str], by: Actor, as_of: datetime) -> None:
    """Puts reserved money in flight and queues its sending, under the standing release it was reserved under.

    Nothing is sent here: the outbox does so after commit, 300 disbursements a message of kind `funds.instruct`. Raises
    AccessError where a release is not in force any more or there is none (a batch must release it), ConflictError
    where one is not reserved or its line is frozen.
    """
    rows = locked(disbursement_ids)
    releases = StandingRelease.objects.in_bulk({row.release_id for row in rows if row.release_id})
    for row in rows:
        if row.release_id is None:
            words = f"{row.id} was reserved under no standing release"
            raise AccessError("release_missing", words, "three persons: release it in a batch")
        check_in_force(releases[row.release_id], row.line_id, as_of)
    dispatch(rows, by=by, as_of=as_of)


def dispatch(rows: Sequence[Disbursement], *, by: Actor, as_of: datetime) -> None:
    """Instructs locked rows whose release is proven, in the caller's transaction."""
    for line in sorted({row.line_id for row in rows}):
        check_not_frozen(line)
    for row in rows:
        if row.state != State.RESERVED:
            raise ConflictError("not_reserved", f"{row.id} is {row.state}", "look at the disbursement again")
    advance([step_of(row, Event.INSTRUCTED) for row in rows], by=by, as_of=as_of)
    queue([row.id for row in rows], as_of=as_of)


@transaction.atomic
def void(*, disbursement_id: str, reason: str, by: Actor, as_of: datetime) -> Outcome:
    """Frees the money of a disbursement that has never been sent. Raises ConflictError once it may have been sent."""
    (row,) = locked([disbursement_id])
    step = step_of(row, Event.CANCELLED)
    row.reason = reason
    return advance([step], by=by, as_of=as_of)[0]


@transaction.atomic
def recover(
    *, recovery_id: str, disbursement_id: str, amount_fen: int, reason: str, by: Actor, as_of: datetime
) -> None:
    """Takes in what a payee gave back of a settled disbursement, in part or whole; the money is available again.

    Raises ConflictError where it is not settled, more is recovered than was paid, or the id was used before.
    """
    (row,) = locked([disbursement_id])
    if row.state != State.SETTLED or row.recovered_fen + amount_fen > row.amount_fen:
        words = f"{row.id} is {row.state}, {row.recovered_fen} of {row.amount_fen} fen were recovered before"
        raise ConflictError("cannot_recover", words, "look at the disbursement again")
    if Posting.objects.filter(pk=recovery_id).exists():
        raise ConflictError("already_recovered", f"{recovery_id} is in the books", "read the postings")
    books = OpenBooks([row.line_id])
    books.move(row.line_id, Move.RECOVER, [Movement(amount_fen, row.id, row.id, recovery_id)], at=as_of)
    books.write()
    row.recovered_fen += amount_fen
    row.changed_at = utc(as_of)
    row.save(update_fields=["recovered_fen", "changed_at"])
    fields = {**fact_fields(row), "recovered_fen": amount_fen, "recovery": recovery_id, "reason": reason}
    ledger.record(kind="funds.recovered", about=row.id, fields=fields, by=by, as_of=as_of)
