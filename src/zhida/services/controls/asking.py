"""Asking once more after one payment whose outcome is unknown, because a person wants to know now; it never sends."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.postings import State, Word
from zhida.domain.values import Actor, Scope
from zhida.kernel.funds import queries
from zhida.kernel.funds.actions import record_answers
from zhida.kernel.funds.ports import Answer, TreasuryPort
from zhida.kernel.funds.sending import Recorder
from zhida.kernel.ledger import actions as ledger

ASKED = "funds.asked"


def ask_again(
    *, disbursement_id: str, treasury: TreasuryPort, by: Actor, as_of: datetime, record: Recorder = record_answers
) -> Word | None:
    """Asks the treasury and takes its answer in; the word it gave, None where it gave none. Records `funds.asked`.

    Must run outside a transaction. "Absent" changes nothing: it is no proof that a request is not still on its way.
    Raises ConflictError `not_unknown` where the outcome is known, RetryableOutside where the treasury does not answer.
    """
    row = next(iter(queries.disbursements_by_id([disbursement_id], scope=Scope.system("asking"))), None)
    if row is None or row.state is not State.UNKNOWN:
        raise ConflictError("not_unknown", f"the outcome of {disbursement_id} is known", "look at the payment again")
    answers = treasury.ask([row.reference])
    answer = next((each for each in answers if each.reference == row.reference), None)
    _note(disbursement_id, answer, by, as_of)
    if answer is not None and answer.word is not Word.ABSENT:
        record(answers=[answer], by=by, as_of=as_of)
    return answer.word if answer else None


@transaction.atomic
def _note(disbursement_id: str, answer: Answer | None, by: Actor, as_of: datetime) -> None:
    fields = {"word": answer.word if answer else "", "reason": answer.reason if answer else ""}
    ledger.record(kind=ASKED, about=disbursement_id, fields=fields, by=by, as_of=as_of)
