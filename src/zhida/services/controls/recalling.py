"""Recalls: a bank is asked to give a payment back, once two persons say so; only the money's return moves money.

That a recall may have been sent is committed before the bank is called; wherever that was cut off, the next try asks
first. A bank that does not de-duplicate is never sent it twice. What stays without an answer lapses after a while and
is still listened to: a late return is a return.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from zhida.domain.errors import ConflictError
from zhida.domain.postings import RecallAnswer, RecallEvent, RecallReason, RecallState, RecallWord, State, recall_after
from zhida.domain.values import Actor, Scope, utc
from zhida.kernel.funds import queries
from zhida.kernel.funds.records import DisbursementRecord
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.outbox import actions as outbox
from zhida.services.controls.hands import require_hand
from zhida.services.controls.limits import DUTIES, check_signature
from zhida.services.controls.models import Debt, Recall

RECALL = "funds.recall"
LAPSES_AFTER = timedelta(days=15)
LISTENS_FOR = timedelta(days=180)
_ALL = Scope.system("recall")
_RECALLABLE = (State.UNKNOWN, State.SETTLED)
_UNDER_WAY = (RecallState.PROPOSED, RecallState.ORDERED, RecallState.UNKNOWN, RecallState.ACCEPTED)
_EVENTS = {word: RecallEvent(word) for word in RecallWord}


@dataclass(frozen=True)
class RecallRecord:
    """A recall as a person sees it; `told` is what the bank said with its answer."""

    id: str
    disbursement_id: str
    subject_id: str
    line: str
    amount_fen: int
    reason: RecallReason
    basis: str
    state: RecallState
    maker: str
    made_at: datetime
    checker: str | None
    sent_at: datetime | None
    told: str
    changed_at: datetime

    @property
    def waits_for(self) -> str:
        """The duty that signs next, "" where nobody does any more."""
        return "checker" if self.state is RecallState.PROPOSED else ""

    @property
    def is_over(self) -> bool:
        """Whether nothing is awaited of it any more."""
        return self.state in (RecallState.REFUSED, RecallState.RETURNED, RecallState.WITHDRAWN)


@transaction.atomic
def order_recall(
    *, recall_id: str, disbursement_id: str, reason: RecallReason, basis: str, by: Actor, as_of: datetime
) -> None:
    """The maker orders that a payment is asked back whole; `basis` is told to the bank, at most 105 characters.

    Raises AccessError for another duty; ConflictError `cannot_recall` where it was never sent or came back,
    `recall_ordered` where one is under way, `recovery_ordered` where its payee was ordered to give it back,
    `order_without_basis`.
    """
    require_hand(by, "maker")
    if not 0 < len(basis) <= Recall._meta.get_field("basis").max_length:
        raise ConflictError("order_without_basis", "whoever recalls says on what basis, in 105 characters", "write it")
    payment = queries.disbursement(disbursement_id, scope=_ALL)
    check_signature(by, payment.line, payment.amount_fen, as_of=as_of)
    _check_recallable(payment)
    given = {"disbursement": disbursement_id, "reason": reason, "basis": basis, "state": RecallState.PROPOSED}
    try:
        with transaction.atomic():
            row = Recall.objects.create(
                id=recall_id, maker=by.account, made_at=utc(as_of), changed_at=utc(as_of), **given
            )
    except IntegrityError as error:
        words = f"a recall of {disbursement_id} is under way"
        raise ConflictError("recall_ordered", words, "look at the recalls of the payment") from error
    _record("funds.recall_ordered", row, by, as_of)


def _check_recallable(payment: DisbursementRecord) -> None:
    if payment.state not in _RECALLABLE or payment.recovered_fen:
        words = f"{payment.id} is {payment.state}, {payment.recovered_fen} fen of it were recovered"
        raise ConflictError("cannot_recall", words, "look at the payment again")
    if Debt.objects.filter(disbursement=payment.id, withdrawn_at=None).exists():
        words = f"the payee of {payment.id} was ordered to give it back"
        raise ConflictError("recovery_ordered", words, "money comes back one way only: withdraw that order first")


def is_under_way(disbursement_id: str) -> bool:
    """Whether a bank is being asked to give a payment back; then nobody else is."""
    return Recall.objects.filter(disbursement=disbursement_id, state__in=_UNDER_WAY).exists()


@transaction.atomic
def confirm_recall(*, recall_id: str, by: Actor, as_of: datetime) -> None:
    """The checker signs, and the bank is asked after commit.

    Raises AccessError for the maker or another duty, ConflictError `no_such_recall` or as `order_recall`.
    """
    row = _locked(recall_id)
    require_hand(by, "checker", others=(row.maker,))
    payment = queries.disbursement(row.disbursement, scope=_ALL)
    check_signature(by, payment.line, payment.amount_fen, as_of=as_of)
    _check_recallable(payment)
    row.checker, row.confirmed_at = by.account, utc(as_of)
    _move(row, RecallEvent.CONFIRMED, by, as_of, also=("checker", "confirmed_at"))
    outbox.enqueue(kind=RECALL, key=row.id, payload={"recall": row.id}, as_of=as_of)


@transaction.atomic
def withdraw_recall(*, recall_id: str, by: Actor, as_of: datetime) -> None:
    """Takes a recall back before the bank was asked. Raises AccessError, ConflictError `recall_out_of_order`."""
    require_hand(by, *DUTIES)
    row = _locked(recall_id)
    row.withdrawn_at = utc(as_of)
    _move(row, RecallEvent.WITHDRAWN, by, as_of, also=("withdrawn_at",))


@transaction.atomic
def mark_sent(*, recall_id: str, deduplicates: bool, by: Actor, as_of: datetime) -> bool:
    """Commits, before any call, that a recall may have been sent; False where it may not be sent (again) now."""
    row = _locked(recall_id)
    if row.state not in (RecallState.ORDERED, RecallState.UNKNOWN) or (row.sent_times and not deduplicates):
        return False
    row.sent_times += 1
    row.sent_at = row.sent_at or utc(as_of)
    _move(row, RecallEvent.SENT, by, as_of, also=("sent_times", "sent_at"), deduplicates=deduplicates)
    return True


@transaction.atomic
def record_recalls(*, answers: Iterable[RecallAnswer], by: Actor, as_of: datetime) -> None:
    """Takes in what a bank said; news that is repeated, late or out of order changes nothing twice.

    An answer to what is not ours, or was never sent, changes nothing either.
    """
    for answer in sorted(answers, key=lambda each: each.recall_id):
        row = Recall.objects.select_for_update().filter(pk=answer.recall_id, sent_times__gt=0).first()
        if row is None:
            continue
        row.told = answer.reason or row.told
        _move(row, _EVENTS[answer.word], by, as_of, also=("told",))


@transaction.atomic
def close_returned(*, by: Actor, as_of: datetime) -> None:
    """Ends the recalls whose payment came back or was never made, whatever the bank said of them; lapses the old."""
    waiting = Recall.objects.exclude(state__in=[RecallState.RETURNED, RecallState.WITHDRAWN])
    rows = list(waiting.filter(made_at__gte=utc(as_of) - LISTENS_FOR).select_for_update().order_by("pk"))
    paid = {each.id: each for each in queries.disbursements_by_id([row.disbursement for row in rows], scope=_ALL)}
    for row in rows:
        if paid[row.disbursement].state in (State.RETURNED, State.VOIDED):
            _move(row, RecallEvent.RETURNED, by, as_of)
        elif row.state in (RecallState.UNKNOWN, RecallState.ACCEPTED) and _has_lapsed(row, as_of):
            _move(row, RecallEvent.LAPSED, by, as_of)


def _has_lapsed(row: Recall, as_of: datetime) -> bool:
    return row.sent_at is not None and utc(as_of) - row.sent_at >= LAPSES_AFTER


def recalls(
    *, scope: Scope, disbursement_id: str = "", is_open: bool = True, limit: int = 200
) -> tuple[RecallRecord, ...]:
    """The recalls of payments of the scope's lines, the newest first; only those not over unless told otherwise."""
    rows = Recall.objects.order_by("-made_at", "-pk")
    rows = rows.filter(disbursement=disbursement_id) if disbursement_id else rows
    found = list(rows)
    paid = {each.id: each for each in queries.disbursements_by_id([row.disbursement for row in found], scope=scope)}
    records = (_recall(row, paid[row.disbursement]) for row in found if row.disbursement in paid)
    wanted = (each for each in records if not (is_open and each.is_over))
    return tuple(each for each, _ in zip(wanted, range(limit), strict=False))


def to_listen_for(*, as_of: datetime) -> dict[str, DisbursementRecord]:
    """The recalls that were sent and may still be answered, and the payment of each."""
    rows = Recall.objects.filter(sent_times__gt=0, sent_at__gte=utc(as_of) - LISTENS_FOR)
    given = dict(rows.exclude(state=RecallState.RETURNED).order_by("pk").values_list("pk", "disbursement"))
    paid = {each.id: each for each in queries.disbursements_by_id(given.values(), scope=_ALL)}
    return {recall_id: paid[disbursement_id] for recall_id, disbursement_id in given.items()}


def _recall(row: Recall, payment: DisbursementRecord) -> RecallRecord:
    return RecallRecord(
        id=row.id,
        disbursement_id=row.disbursement,
        subject_id=payment.subject_id,
        line=payment.line,
        amount_fen=payment.amount_fen,
        reason=RecallReason(row.reason),
        basis=row.basis,
        state=RecallState(row.state),
        maker=row.maker,
        made_at=row.made_at,
        checker=row.checker,
        sent_at=row.sent_at,
        told=row.told,
        changed_at=row.changed_at,
    )


def _locked(recall_id: str) -> Recall:
    row = Recall.objects.select_for_update().filter(pk=recall_id).first()
    if row is None:
        raise ConflictError("no_such_recall", f"{recall_id} was never ordered", "look at the recalls again")
    return row


def _move(
    row: Recall,
    event: RecallEvent,
    by: Actor,
    as_of: datetime,
    *,
    also: tuple[str, ...] = (),
    deduplicates: bool = False,
) -> None:
    """Takes the step and records its fact; nothing is written where nothing is new."""
    after = recall_after(RecallState(row.state), event, deduplicates=deduplicates)
    if after == row.state and event is not RecallEvent.SENT:
        return
    row.state, row.changed_at = after, utc(as_of)
    row.save(update_fields=["state", "changed_at", *also])
    _record(f"funds.recall_{event}", row, by, as_of)


def _record(kind: str, row: Recall, by: Actor, as_of: datetime) -> None:
    fields = {"recall": row.id, "code": row.reason, "basis": row.basis, "told": row.told}
    fields = {name: value for name, value in fields.items() if value}
    ledger.record(kind=kind, about=row.disbursement, fields=fields, by=by, as_of=as_of)
