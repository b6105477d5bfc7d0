"""The office's acts before the decision: find on a requirement, finish a step, hand the case back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.process import Act, Finding
from zhida.domain.values import Actor, local_date, utc
from zhida.kernel.cases import telling
from zhida.kernel.cases.assessing import item_of
from zhida.kernel.cases.journeys import journey_of, locked, save
from zhida.kernel.cases.models import Pause, Ruling
from zhida.kernel.cases.parties import doer_of
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import queries as offices

CORRECTION_DAYS = 20
"""Working days after which a returned case that nobody mended may lapse."""

_FOUND_BY_PERSONS = ("evidenced", "judged")


@transaction.atomic
def rule(*, case_id: str, requirement: str, is_met: bool, reason: str = "", by: Actor, as_of: datetime) -> None:
    """An officer finds on an evidenced or judged requirement; the latest finding stands. Records `case.ruled`.

    Raises AccessError for anyone without an open step in the case, InvariantBroken for an adverse finding without a
    reason, ConflictError for a requirement that the rules decide by themselves.
    """
    row = locked(case_id)
    journey_of(row).check(Act.FINISH_STEP, doer_of(by, row))
    found = catalogue.revision(row.revision_id).requirements.get(requirement)
    if found is None or requirement not in item_of(row).requires or found.kind not in _FOUND_BY_PERSONS:
        raise ConflictError("not_for_ruling", f"{requirement} is not found on by a person", "look at its facts")
    if not is_met and not reason.strip():
        raise InvariantBroken("no_reason", f"{requirement} is found not met without a reason")
    Ruling.objects.create(
        case=row, requirement=requirement, is_met=is_met, reason=reason, ruled_at=utc(as_of), ruled_by=by.account
    )
    fields = {"requirement": requirement, "is_met": is_met, "reason": reason}
    ledger.record(kind="case.ruled", about=row.id, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def finish_step(*, case_id: str, position: int, finding: Finding, note: str = "", by: Actor, as_of: datetime) -> None:
    """A step is done, and what follows it opens. Records `case.step_finished`. Raises as `Journey.finish` does."""
    row = locked(case_id)
    before = journey_of(row)
    doer = doer_of(by, row)
    office = next(
        (visit.office for visit in before.open if visit.position == position and visit.office in doer.offices),
        by.office,
    )
    after = before.finish(position, office, finding, by=doer, on=local_date(as_of))
    save(row, before, after, by=by, as_of=as_of, note=note)
    fields = {"position": position, "office": office, "finding": str(finding), "note": note}
    ledger.record(kind="case.step_finished", about=row.id, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def return_case(*, case_id: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Hands the case back for correction, once, with all that is wanted; the clock stops. Records `case.returned`."""
    if not reason.strip():
        raise InvariantBroken("no_reason", f"{case_id} is returned without saying what is wanted")
    row = locked(case_id)
    before = journey_of(row)
    after = before.return_case(by=doer_of(by, row))
    Pause.objects.create(case=row, reason=reason, paused_at=utc(as_of))
    save(row, before, after, by=by, as_of=as_of)
    ledger.record(kind="case.returned", about=row.id, fields={"reason": reason}, by=by, as_of=as_of)
    until = offices.calendar().add_working_days(local_date(as_of), CORRECTION_DAYS)
    values = {"reason": reason, "due_on": until.isoformat()}
    telling.tell(row, "case_returned", values, by=by, as_of=as_of)
