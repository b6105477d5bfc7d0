"""The office's acts before the decision: find on a requirement, finish a step, hand the case back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.process import Act, Finding
from zhida.domain.values import Actor, utc
from zhida.kernel.cases.handling import Handling
from zhida.kernel.cases.models import Ruling

CORRECTION_DAYS = 20
"""Working days after which a returned case that nobody mended may lapse."""

_FOUND_BY_PERSONS = ("evidenced", "judged")


@transaction.atomic
def rule(*, case_id: str, requirement: str, is_met: bool, reason: str = "", by: Actor, as_of: datetime) -> None:
    """An officer finds on an evidenced or judged requirement; the latest finding stands. Records `case.ruled`.

    Raises AccessError for anyone without an open step in the case, InvariantBroken for an adverse finding without a
    reason, ConflictError for a requirement that the rules decide by themselves.
    """
    case = Handling.of(case_id, by=by, as_of=as_of)
    case.journey.check(Act.FINISH_STEP, case.doer)
    found = case.pack.requirements.get(requirement)
    if found is None or requirement not in case.item.requires or found.kind not in _FOUND_BY_PERSONS:
        raise ConflictError("not_for_ruling", f"{requirement} is not found on by a person", "look at its facts")
    if not is_met and not reason.strip():
        raise InvariantBroken("no_reason", f"{requirement} is found not met without a reason")
    Ruling.objects.create(
        case=case.row, requirement=requirement, is_met=is_met, reason=reason, ruled_at=utc(as_of), ruled_by=by.account
    )
    case.record("case.ruled", {"requirement": requirement, "is_met": is_met, "reason": reason})


@transaction.atomic
def finish_step(*, case_id: str, position: int, finding: Finding, note: str = "", by: Actor, as_of: datetime) -> None:
    """A step is done, and what follows it opens. Records `case.step_finished`. Raises as `Journey.finish` does."""
    case = Handling.of(case_id, by=by, as_of=as_of)
    case.go_on(case.journey.finish(position, by.office, finding, by=case.doer, on=case.today), note=note)
    fields = {"position": position, "office": by.office, "finding": str(finding), "note": note}
    case.record("case.step_finished", fields)


@transaction.atomic
def return_case(*, case_id: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Hands the case back for correction, once, with all that is wanted; the clock stops. Records `case.returned`."""
    if not reason.strip():
        raise InvariantBroken("no_reason", f"{case_id} is returned without saying what is wanted")
    case = Handling.of(case_id, by=by, as_of=as_of)
    after = case.journey.return_case(by=case.doer)
    case.stop_clock(reason)
    case.go_on(after)
    case.record("case.returned", {"reason": reason})
    until = case.calendar.add_working_days(case.today, CORRECTION_DAYS)
    case.tell("case_returned", {"reason": reason, "due_on": until.isoformat()})
