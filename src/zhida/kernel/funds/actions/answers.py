"""Recording that something is about to be sent, and what the treasury said: short transactions, no call inside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.postings import Event, FindingKind, State, Transition, Word
from zhida.domain.values import Actor, local_date, new_id
from zhida.kernel.funds.models import BudgetLine, Disbursement, Finding
from zhida.kernel.funds.ports import Answer, Payee, PaymentOrder, controls
from zhida.kernel.funds.progress import Step, advance, due_payment, locked, step_of
from zhida.kernel.funds.records import Outcome

_EVENTS = {
    Word.PENDING: Event.ACCEPTED,
    Word.PAID: Event.SETTLED,
    Word.REFUSED: Event.REJECTED,
    Word.RETURNED: Event.RETURNED,
    Word.ABSENT: Event.NOT_FOUND,
}
_MOVED = (Word.PAID, Word.RETURNED)


@transaction.atomic
def mark_sent(
    *,
    disbursement_ids: Collection[str],
    payees: Mapping[str, Payee],
    deduplicates: bool,
    by: Actor,
    as_of: datetime,
    channel: str = "",
) -> tuple[PaymentOrder, ...]:
    """Commits, before any call, that these may have been sent, and gives the orders to send.

    Left out: what has ended meanwhile, what may not be sent again, a payee that is not open, a frozen line, whatever
    a stop or a hold covers. The day, the words and the channel of an order are fixed by its first sending, so that a
    repeat is the same order at the same bank.
    """
    steps = []
    rows = locked(disbursement_ids)
    lines = BudgetLine.objects.filter(pk__in={row.line_id for row in rows}, frozen_at__isnull=True)
    running = set(lines.values_list("pk", flat=True))
    held = controls().held([due_payment(row, channel) for row in rows], as_of=as_of)
    for row in rows:
        is_open = row.account_ref in payees and row.line_id in running and row.id not in held
        if row.sent_times and row.channel != channel:
            raise InvariantBroken("wrong_channel", f"{row.id} was sent over {row.channel!r}, not over {channel!r}")
        step = _sendable(row, deduplicates) if is_open else None
        if step is None:
            continue
        row.requested_on = row.requested_on or local_date(as_of)
        row.account_tail = payees[row.account_ref].account_number[-4:]
        row.sent_times += 1
        row.channel = channel
        steps.append(step)
    advance(steps, by=by, as_of=as_of)
    return tuple(_order(step.row, payees[step.row.account_ref]) for step in steps)


def _sendable(row: Disbursement, deduplicates: bool) -> Step | None:
    try:
        return step_of(row, Event.SENT, deduplicates=deduplicates)
    except ConflictError:
        return None


def _order(row: Disbursement, payee: Payee) -> PaymentOrder:
    if row.requested_on is None:
        raise ConflictError("not_marked", f"{row.id} was not marked as sent")
    return PaymentOrder(row.reference, payee, row.amount_fen, row.purpose, row.requested_on)


@transaction.atomic
def record_answers(*, answers: Iterable[Answer], by: Actor, as_of: datetime) -> tuple[Outcome, ...]:
    """Takes in what the treasury said; news that is repeated, late or out of order changes nothing twice.

    News of another amount than ours, or against an end (paid after void), moves no money: it becomes a finding for a
    person, and the outcome's `attention` says so. References that are not ours are left to the reconciliation.
    """
    latest = {answer.reference: answer for answer in answers}
    ids = Disbursement.objects.filter(reference__in=latest).values_list("id", flat=True)
    steps, odd = [], []
    for row in locked(ids):
        answer = latest[row.reference]
        try:
            step = _heard(row, answer)
        except ConflictError as error:
            step = _stay(row, error.code)
        if step.attention:
            odd.append((step, answer))
        steps.append(step)
    advance([step for step in steps if step.after != Transition(step.before)], by=by, as_of=as_of)
    _note(odd, as_of)
    return tuple(step.outcome for step in steps)


def _heard(row: Disbursement, answer: Answer) -> Step:
    if answer.word in _MOVED and answer.amount_fen != row.amount_fen:
        return _stay(row, FindingKind.WRONG_AMOUNT)
    if answer.word is Word.RETURNED and row.recovered_fen:
        words = f"{row.id} came back whole, but {row.recovered_fen} fen of it were recovered from the payee before"
        raise ConflictError("recovered_before", words, "find out with the payee and the bank who holds the money")
    step = step_of(row, _EVENTS[answer.word])
    if step.after != Transition(step.before):
        row.treasury_reference = answer.treasury_reference or row.treasury_reference
        row.booked_on = answer.booked_on or row.booked_on
        row.reason = answer.reason or row.reason
    return step


def _stay(row: Disbursement, attention: str) -> Step:
    """The row as it is, under the eyes of a person."""
    before = State(row.state)
    return Step(row, Event.UNANSWERED, before, Transition(before), attention)


def _note(odd: Sequence[tuple[Step, Answer]], as_of: datetime) -> None:
    day = local_date(as_of)
    for step, answer in odd:
        kind = FindingKind.WRONG_AMOUNT if step.attention == FindingKind.WRONG_AMOUNT else FindingKind.CONTRADICTION
        Finding.objects.get_or_create(
            kind=kind,
            reference=answer.reference,
            treasury_reference="",
            resolved_at=None,
            defaults={
                "id": new_id("finding"),
                "day": day,
                "disbursement": step.row,
                "word": answer.word,
                "stated_fen": answer.amount_fen,
                "expected_fen": step.row.amount_fen,
            },
        )


@transaction.atomic
def settle(
    *, disbursement_id: str, booked_on: date, by: Actor, as_of: datetime, treasury_reference: str = ""
) -> Outcome:
    """Records that one disbursement was paid. Raises ConflictError where that contradicts what is known of it."""
    (row,) = locked([disbursement_id])
    answer = Answer(row.reference, Word.PAID, row.amount_fen, treasury_reference, "", booked_on)
    return advance([_heard(row, answer)], by=by, as_of=as_of)[0]


@transaction.atomic
def return_(
    *, disbursement_id: str, reason: str, booked_on: date, by: Actor, as_of: datetime, treasury_reference: str = ""
) -> Outcome:
    """Records that a payment came back; its money is available again and its grant may be paid anew."""
    (row,) = locked([disbursement_id])
    answer = Answer(row.reference, Word.RETURNED, row.amount_fen, treasury_reference, reason, booked_on)
    return advance([_heard(row, answer)], by=by, as_of=as_of)[0]
