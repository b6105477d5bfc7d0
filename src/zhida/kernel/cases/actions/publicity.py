"""Public notice: anyone may object while it runs; the office answers every objection before the case goes on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhida.domain.errors import ApplicantError, ConflictError, InvariantBroken
from zhida.domain.process import Act, Publicise
from zhida.domain.values import Actor, utc
from zhida.kernel.cases.handling import Handling
from zhida.kernel.cases.journeys import publicity_of
from zhida.kernel.cases.models import Objection

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
    case = Handling.of(case_id, by=by, as_of=as_of)
    for visit in case.journey.open:
        step = case.journey.step_of(visit)
        if isinstance(step, Publicise):
            publicity_of(case.row, visit, step, case.calendar).check_objection(case.today)
            break
    else:
        raise ConflictError("not_on_notice", f"{case_id} is not on public notice", "complain to the office in charge")
    Objection.objects.create(id=objection_id, case=case.row, words=words, contact=contact, raised_at=utc(as_of))
    case.record("case.objected", {"objection": objection_id})


@transaction.atomic
def resolve_objection(*, objection_id: str, is_upheld: bool, answer: str, by: Actor, as_of: datetime) -> None:
    """The office upholds or dismisses an objection, with its answer. Records `case.objection_resolved`."""
    if not answer.strip():
        raise InvariantBroken("no_reason", f"{objection_id} is resolved without an answer")
    found = Objection.objects.filter(pk=objection_id).values_list("case_id", flat=True).first()
    if found is None:
        raise ConflictError("no_such_objection", f"there is no {objection_id}", "look at the case's objections")
    case = Handling.of(found, by=by, as_of=as_of)
    case.journey.check(Act.FINISH_STEP, case.doer)
    changed = Objection.objects.filter(pk=objection_id, resolved_at=None).update(
        resolved_at=utc(as_of), resolved_by=by.account, is_upheld=is_upheld, answer=answer
    )
    if not changed:
        raise ConflictError("already_resolved", f"{objection_id} is resolved", "read its answer")
    case.go_on(case.journey)
    case.record("case.objection_resolved", {"objection": objection_id, "is_upheld": is_upheld})
