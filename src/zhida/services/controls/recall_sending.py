"""Sending recalls and listening for what became of them: ask before sending again, mark before calling, then record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from zhida.domain.errors import FinalOutside, OutsideError, RetryableOutside, StillWaiting
from zhida.domain.postings import RecallAnswer, RecallRequest, RecallState, Word
from zhida.domain.proofs import Json
from zhida.domain.values import Actor, Scope
from zhida.kernel.funds import queries
from zhida.kernel.funds.actions import record_answers
from zhida.kernel.funds.ports import TreasuryPort, channels
from zhida.kernel.funds.records import DisbursementRecord
from zhida.kernel.funds.sending import Recorder
from zhida.services.controls.recalling import (
    RecallRecord,
    close_returned,
    mark_sent,
    recalls,
    record_recalls,
    to_listen_for,
)

_ALL = Scope.system("recall")


@runtime_checkable
class RecallPort(Protocol):
    """What a bank's connector does besides paying; every call may raise RetryableOutside, as the TreasuryPort's do."""

    @property
    def deduplicates(self) -> bool:
        """Whether the bank contracts to take a recall once by our id, however often it is sent."""

    def recall(self, requests: Sequence[RecallRequest]) -> tuple[RecallAnswer, ...]:
        """Asks for payments back; a repeated id is answered as it was the first time where the port de-duplicates."""

    def ask_recalls(self, recall_ids: Collection[str]) -> tuple[RecallAnswer, ...]:
        """What became of each recall; one that the bank does not know is left out."""


def recall_handler(*, by: Actor, record: Recorder = record_answers) -> Callable[[Json, datetime], None]:
    """What the outbox does with a message of kind `funds.recall`. Raises StillWaiting while the bank has not answered,
    FinalOutside where its channel takes no recalls: a person asks it by letter."""

    def handle(payload: Json, as_of: datetime) -> None:
        recall_id = payload.get("recall") if isinstance(payload, Mapping) else None
        found = [each for each in recalls(scope=_ALL, is_open=True, limit=100_000) if each.id == recall_id]
        if not found or found[0].state not in (RecallState.ORDERED, RecallState.UNKNOWN):
            return
        payment = _payment(found[0])
        port = _port(payment)
        try:
            _send(found[0], payment, port, by=by, as_of=as_of)
            listen(by=by, as_of=as_of, record=record, only=found[0].id)
        except RetryableOutside as error:
            raise StillWaiting(error.code, error.words, error.hint) from error
        if any(each.id == recall_id and each.state is RecallState.UNKNOWN for each in recalls(scope=_ALL)):
            raise StillWaiting("recall_unanswered", f"{recall_id} has no answer yet", "the bank has 15 days for it")

    return handle


def _payment(record: RecallRecord) -> DisbursementRecord:
    return queries.disbursement(record.disbursement_id, scope=_ALL)


def _port(payment: DisbursementRecord) -> RecallPort:
    port = channels().treasury(payment.channel)
    if not isinstance(port, RecallPort):
        words = f"the channel {payment.channel!r} takes no recalls"
        raise FinalOutside("no_recalls", words, "ask the bank by letter; a return is taken in however it comes about")
    return port


def _send(record: RecallRecord, payment: DisbursementRecord, port: RecallPort, *, by: Actor, as_of: datetime) -> None:
    if record.state is RecallState.UNKNOWN:
        answers = port.ask_recalls([record.id])
        record_recalls(answers=answers, by=by, as_of=as_of)
        if answers:
            return
    if not mark_sent(recall_id=record.id, deduplicates=port.deduplicates, by=by, as_of=as_of):
        return
    request = RecallRequest(
        recall_id=record.id,
        reference=payment.reference,
        amount_fen=payment.amount_fen,
        requested_on=payment.requested_on or record.made_at.date(),
        reason=record.reason,
        words=record.basis,
        asked_at=record.made_at,
    )
    record_recalls(answers=port.recall([request]), by=by, as_of=as_of)


def listen(*, by: Actor, as_of: datetime, record: Recorder = record_answers, only: str = "") -> None:
    """Asks each bank what became of recalls and of their payments, for a clock to call now and then; it never sends.

    A return that came without any answer ends its recall all the same. A bank that is silent keeps no other waiting:
    it is asked again, and raised is the last of its errors once all were asked.
    """
    by_channel: dict[str, list[tuple[str, DisbursementRecord]]] = defaultdict(list)
    for recall_id, payment in to_listen_for(as_of=as_of).items():
        if only in ("", recall_id):
            by_channel[payment.channel].append((recall_id, payment))
    silent: OutsideError | None = None
    for channel, waiting in by_channel.items():
        try:
            _listen_to(channels().treasury(channel), waiting, by, as_of, record)
        except OutsideError as error:
            silent = error
    close_returned(by=by, as_of=as_of)
    if silent is not None:
        raise silent


def _listen_to(
    port: TreasuryPort,
    waiting: Sequence[tuple[str, DisbursementRecord]],
    by: Actor,
    as_of: datetime,
    record: Recorder,
) -> None:
    if isinstance(port, RecallPort):
        record_recalls(answers=port.ask_recalls([recall_id for recall_id, _ in waiting]), by=by, as_of=as_of)
    answers = [each for each in port.ask([payment.reference for _, payment in waiting]) if each.word is not Word.ABSENT]
    if answers:
        record(answers=answers, by=by, as_of=as_of)
