"""Sending what was instructed: ask before sending again, mark before calling, call outside transactions, then record.

The outbox calls this at least once a message, after any crash too; wherever it was cut off, running it again is safe.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from django.conf import settings

from zhida.domain.errors import FinalOutside, InvariantBroken, RetryableOutside, StillWaiting
from zhida.domain.postings import State, Word
from zhida.domain.proofs import Json
from zhida.domain.values import Actor
from zhida.kernel.funds.actions.answers import mark_sent, record_answers
from zhida.kernel.funds.models import Disbursement
from zhida.kernel.funds.ports import Answer, PayeePort, TreasuryPort, channels, controls
from zhida.kernel.funds.progress import due_payment
from zhida.kernel.funds.records import Outcome
from zhida.kernel.ledger.queries import sealing_lag

CHUNK = 300
Kept = TypeVar("Kept")


class Recorder(Protocol):
    """What takes in the treasury's answers: `record_answers`, or an action above that wraps it in its transaction."""

    def __call__(self, *, answers: Iterable[Answer], by: Actor, as_of: datetime) -> tuple[Outcome, ...]:
        """Records answers and gives what they came to."""
        ...


def send(
    disbursement_ids: Collection[str],
    *,
    treasury: TreasuryPort,
    payees: PayeePort,
    by: Actor,
    as_of: datetime,
    record: Recorder = record_answers,
    channel: str = "",
) -> tuple[Outcome, ...]:
    """Sends what is instructed, asks after what may have been sent, and records each answer through `record`.

    What the treasury knows nothing of is sent again only where it de-duplicates; nothing is sent that the controls
    object to, and nothing while sealing lags. Must run outside a transaction. Raises RetryableOutside where something
    is still open afterwards (`sealing_lags` where that is why), or where a list that must be asked does not answer; the
    answers that came are recorded by then.
    """
    deduplicates = treasury.deduplicates
    outcomes: list[Outcome] = []
    ready, doubtful = _sorted(disbursement_ids)
    for chunk in _chunks(sorted(doubtful)):
        answers = treasury.ask(chunk)
        absent = {answer.reference for answer in answers if answer.word is Word.ABSENT}
        ready += [doubtful[reference] for reference in sorted(absent & doubtful.keys())] if deduplicates else []
        told = [answer for answer in answers if answer.word is not Word.ABSENT]
        outcomes += record(answers=told, by=by, as_of=as_of) if told else ()
    if ready:
        _check_sealing(as_of)
    for rows in _chunks(ready):
        controls().examine([due_payment(row, channel) for row in rows], as_of=as_of)
        opened = payees.payees({row.account_ref for row in rows})
        ids = [row.id for row in rows]
        orders = mark_sent(
            disbursement_ids=ids, payees=opened, deduplicates=deduplicates, by=by, as_of=as_of, channel=channel
        )
        outcomes += record(answers=treasury.instruct(orders), by=by, as_of=as_of) if orders else ()
    _raise_if_open(disbursement_ids)
    return tuple(outcomes)


def _check_sealing(as_of: datetime) -> None:
    """No payment leaves while what was before it cannot be proven (`settings.ZHIDA_SEALING_LAG`, 0 never stops)."""
    most, lag = timedelta(minutes=settings.ZHIDA_SEALING_LAG), sealing_lag(as_of)
    if most and lag > most:
        words = f"the proof log has facts unsealed for {lag}; paying waits until they are sealed (at most {most})"
        raise RetryableOutside("sealing_lags", words, "look at the worker, and at the witnesses if there are any")


def _sorted(disbursement_ids: Collection[str]) -> tuple[list[Disbursement], dict[str, Disbursement]]:
    rows = Disbursement.objects.filter(pk__in=disbursement_ids).order_by("pk")
    ready = [row for row in rows if row.state == State.INSTRUCTED]
    return ready, {row.reference: row for row in rows if row.state == State.UNKNOWN}


def _raise_if_open(disbursement_ids: Collection[str]) -> None:
    rows = Disbursement.objects.filter(pk__in=disbursement_ids, state__in=[State.INSTRUCTED, State.UNKNOWN])
    still_open = rows.count()
    if still_open:
        words = f"{still_open} of {len(disbursement_ids)} disbursements have no final answer yet"
        raise RetryableOutside("no_final_answer", words, "they are asked after again; the statement tells at last")


def _chunks(items: Sequence[Kept]) -> Iterator[Sequence[Kept]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def instruct_handler(
    *,
    payees: Callable[[], PayeePort],
    by: Actor,
    record: Recorder = record_answers,
    treasury: Callable[[], TreasuryPort] | None = None,
) -> Callable[[Json, datetime], None]:
    """What the outbox does with a message of kind `funds.instruct`; the ports are asked for when one comes.

    Each payment goes over its line's channel, or over the one that it was sent by before; where one `treasury` is
    given, that is the only channel. What one channel leaves open is told once all have been served, as StillWaiting: a
    payment that is held, stopped or without an answer has not failed, however often it was tried.
    """

    def handle(payload: Json, as_of: datetime) -> None:
        ids = payload.get("disbursements") if isinstance(payload, Mapping) else None
        if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
            raise FinalOutside("malformed_message", "a funds.instruct message names disbursements", "look at its maker")
        found = {"": [str(each) for each in ids]} if treasury is not None else _by_channel(ids)
        errors = []
        for channel, some in found.items():
            port = treasury() if treasury is not None else channels().treasury(channel)
            try:
                send(some, treasury=port, payees=payees(), by=by, as_of=as_of, record=record, channel=channel)
            except RetryableOutside as error:
                errors.append(error)
        if errors:
            raise StillWaiting(errors[0].code, errors[0].words, errors[0].hint)

    return handle


def _by_channel(ids: Collection[object]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in Disbursement.objects.filter(pk__in=ids).order_by("pk"):
        found.setdefault(row.channel if row.sent_times else channels().channel_of(row.line_id), []).append(row.id)
    return found


def ask_after_open(
    *,
    treasury: TreasuryPort,
    by: Actor,
    as_of: datetime,
    record: Recorder = record_answers,
    limit: int = 3_000,
    channel: str = "",
) -> tuple[Outcome, ...]:
    """Asks after everything that may have been sent over a channel and has no final answer, the longest waiting first.

    For a clock to call now and then: it never sends. Raises RetryableOutside where the treasury does not say.
    """
    if limit < 1:
        raise InvariantBroken("malformed_limit", "ask after at least one")
    waiting = Disbursement.objects.filter(state=State.UNKNOWN, channel=channel).order_by("changed_at", "pk")
    references = list(waiting.values_list("reference", flat=True)[:limit])
    outcomes: list[Outcome] = []
    for chunk in _chunks(references):
        answers = [answer for answer in treasury.ask(chunk) if answer.word is not Word.ABSENT]
        outcomes += record(answers=answers, by=by, as_of=as_of) if answers else ()
    return tuple(outcomes)
