"""Public notice: anyone may object while it runs; the office answers every objection before the case goes on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhida.domain.errors import ApplicantError, ConflictError, InvariantBroken
from zhida.domain.process import Act, Publicise
from zhida.domain.values import Actor, local_date, utc
from zhida.kernel.cases.journeys import journey_of, locked, publicity_of
from zhida.kernel.cases.models import Case, Objection
from zhida.kernel.cases.parties import doer_of
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import queries as offices

_LONGEST = 2_000


@transaction.atomic
def raise_objection(
    *, objection_id: str, case_id: str, words: str, contact: str = "", by: Actor, as_of: datetime
) -> None:
    """Anyone objects to a case on public notice. Records `case.objected`, without the words and the contact.

    Raises ApplicantError for empty or endless words, ConflictError where the case is not on notice, or no longer.
    """
    if not 0 < len(words.strip()) <= _LONGEST:
        raise ApplicantError(
            "objection_words", field="words", zh="请写明理由，不超过 2000 字", en="say why, in at most 2,000 characters"
        )
    row = locked(case_id)
    journey = journey_of(row)
    for visit in journey.open:
        step = journey.step_of(visit)
        if isinstance(step, Publicise):
            publicity_of(row, visit, step, offices.calendar()).check_objection(local_date(as_of))
            break
    else:
        raise ConflictError("not_on_notice", f"{case_id} is not on public notice", "complain to the office in charge")
    Objection.objects.create(id=objection_id, case=row, words=words, contact=contact, raised_at=utc(as_of))
    ledger.record(kind="case.objected", about=row.id, fields={"objection": objection_id}, by=by, as_of=as_of)


@transaction.atomic
def resolve_objection(*, objection_id: str, is_upheld: bool, answer: str, by: Actor, as_of: datetime) -> None:
    """The office upholds or dismisses an objection, with its answer. Records `case.objection_resolved`."""
    if not answer.strip():
        raise InvariantBroken("no_reason", f"{objection_id} is resolved without an answer")
    found = Objection.objects.filter(pk=objection_id).values_list("case_id", flat=True).first()
    if found is None:
        raise ConflictError("no_such_objection", f"there is no {objection_id}", "look at the case's objections")
    row: Case = locked(found)
    journey_of(row).check(Act.FINISH_STEP, doer_of(by, row))
    changed = Objection.objects.filter(pk=objection_id, resolved_at=None).update(
        resolved_at=utc(as_of), resolved_by=by.account, is_upheld=is_upheld, answer=answer
    )
    if not changed:
        raise ConflictError("already_resolved", f"{objection_id} is resolved", "read its answer")
    row.wake_at = row.wake_at or utc(as_of)
    row.save(update_fields=["wake_at"])
    fields = {"objection": objection_id, "is_upheld": is_upheld}
    ledger.record(kind="case.objection_resolved", about=row.id, fields=fields, by=by, as_of=as_of)
