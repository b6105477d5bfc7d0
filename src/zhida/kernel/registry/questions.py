"""Asking the register about doubtful credit codes: the outbox brings the question, the answer settles the subject."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.db import transaction

from zhida.domain.proofs import Json
from zhida.domain.values import Actor
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry.models import Subject
from zhida.kernel.registry.ports import RegisterAnswer, register

QUESTION = "register.ask"
_REGISTRY = Actor(account="", duty="system")


def ask_register(payload: Json, as_of: datetime) -> None:
    """The outbox's handler of `register.ask`: asks, then settles. Raises RetryableOutside as the register does."""
    question = cast(dict[str, str], payload)
    answer = register().ask(question["credit_code"])
    settle_code(subject_id=question["subject"], answer=answer, by=_REGISTRY, as_of=as_of)


@transaction.atomic
def settle_code(*, subject_id: str, answer: RegisterAnswer, by: Actor, as_of: datetime) -> None:
    """Records the register's answer: a known code makes the subject active, an unknown one leaves it doubtful.

    A question that has its answer already is left alone.
    """
    subject = Subject.objects.select_for_update().get(id=subject_id)
    if subject.code_state != "asked":
        return
    subject.code_state = "confirmed" if answer.is_known else "denied"
    subject.status = "active" if answer.is_known and subject.status == "doubtful" else subject.status
    subject.save(update_fields=["code_state", "status"])
    fields = {"answer": subject.code_state, "name": answer.name}
    ledger.record(kind="subject.code_settled", about=subject_id, fields=fields, by=by, as_of=as_of)
