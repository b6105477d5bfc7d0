"""What the system does by itself, case by case: whatever needs no person, as far as it goes."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from zhida.domain.errors import ConflictError, ZhidaError
from zhida.domain.packs import Claim
from zhida.domain.process import SYSTEM, Check, Finding, Outcome, Publicise, State, Visit
from zhida.domain.rules import AmountState, Answer, Met, Reserved
from zhida.domain.values import Actor, utc
from zhida.kernel.cases.actions.deciding import settle_decision
from zhida.kernel.cases.actions.fulfilling import acting_alone, fulfil, grant_due
from zhida.kernel.cases.handling import Handling
from zhida.kernel.cases.instalments import next_on
from zhida.kernel.cases.journeys import publicity_of, start_of
from zhida.kernel.cases.models import Case
from zhida.kernel.cases.parties import on_behalf_of
from zhida.kernel.cases.records import Advanced

_LOG = logging.getLogger(__name__)
_MOST_ACTS = 20
_COMPUTED = ("computed", "reserved", "relation")
_NEXT_DAY = timedelta(days=1)


def advance_due(*, by: Actor, as_of: datetime, limit: int = 500) -> tuple[Advanced, ...]:
    """Looks at up to `limit` cases whose time has come, the longest waiting first, each in a transaction of its own.

    A case that fails is logged, put off until a person or a fact changes it, and stops no other.
    """
    due = Case.objects.filter(wake_at__lte=utc(as_of)).order_by("wake_at", "pk").values_list("pk", flat=True)
    return tuple(_looked_at(case_id, by, as_of) for case_id in list(due[:limit]))


def _looked_at(case_id: str, by: Actor, as_of: datetime) -> Advanced:
    try:
        return advance(case_id=case_id, by=by, as_of=as_of)
    except ZhidaError as error:
        _LOG.warning("%s does not go on by itself: %s", case_id, error)
        Case.objects.filter(pk=case_id).update(wake_at=None)
        return Advanced(case_id, ())


@transaction.atomic
def advance(*, case_id: str, by: Actor, as_of: datetime) -> Advanced:
    """Takes one case as far as it goes without a person; each act writes its fact. `by` is the system."""
    case = Handling.of(case_id, by=by, as_of=as_of)
    acts: list[str] = []
    with case.writing_once():
        while len(acts) < _MOST_ACTS and (act := _next(case)):
            acts.append(act)
    Case.objects.filter(pk=case_id).update(wake_at=_wake_at(case))
    return Advanced(case_id, tuple(acts))


def _next(case: Handling) -> str:
    journey = case.journey
    if journey.state is State.SUBMITTED:
        return _begin(case)
    if journey.state is State.IN_REVIEW:
        return _review(case)
    if journey.state is State.DECIDED and journey.outcome is Outcome.GRANTED:
        return next((act for visit in journey.open if (act := fulfil(case, visit))), "")
    if journey.state is State.DECIDED:
        return _close(case)
    if journey.state is State.FULFILLED:
        return _go_on_paying(case)
    return ""


def _begin(case: Handling) -> str:
    if case.row.undo_until and utc(case.as_of) < case.row.undo_until:
        return ""
    case.go_on(case.journey.begin(by=on_behalf_of(SYSTEM), on=case.today))
    case.record("case.accepted", {})
    return "accepted"


def _review(case: Handling) -> str:
    for visit in case.journey.open:
        step = case.journey.step_of(visit)
        if isinstance(step, Check) and visit.office == SYSTEM:
            return _check(case, visit)
        if isinstance(step, Publicise):
            return _end_notice(case, visit, step)
    return _decide(case) if case.journey.awaits_decision else ""


def _check(case: Handling, visit: Visit) -> str:
    """The computed requirements decide. Where one is unknown, an applied case goes on to a person; any other waits."""
    found = case.assessed(case.submitted_on).assessment
    computed = [
        reason.answer for reason in found.reasons if reason.kind in _COMPUTED and reason.requirement != Reserved.QUOTA
    ]
    if case.row.claim != Claim.APPLIED and Met.NOT_MET not in computed and Met.UNKNOWN in computed:
        return ""
    finding = Finding.FAILED if Met.NOT_MET in computed else Finding.PASSED
    case.go_on(case.journey.finish(visit.position, visit.office, finding, by=on_behalf_of(SYSTEM), on=case.today))
    _record_step(case, visit, finding)
    return "checked"


def _end_notice(case: Handling, visit: Visit, step: Publicise) -> str:
    notice = publicity_of(case.row, visit, step, case.calendar)
    try:
        finding = notice.finding(case.today)
    except ConflictError:
        return ""
    doer = on_behalf_of(visit.office)
    case.go_on(case.journey.end_publicity(visit.position, visit.office, notice, by=doer, on=case.today))
    _record_step(case, visit, finding)
    return "notice_over"


def _record_step(case: Handling, visit: Visit, finding: Finding) -> None:
    fields = {"position": visit.position, "office": visit.office, "finding": str(finding), "note": ""}
    case.record("case.step_finished", fields)


def _decide(case: Handling) -> str:
    """Decides alone only where the pack is gold and everything is known; whatever is in doubt waits for a person."""
    actor = acting_alone(case)
    if actor is None:
        return ""
    found = case.assessed(case.submitted_on).assessment
    is_sure = found.answer is Answer.ENTITLED and not case.journey.has_failed
    if is_sure and case.item.pays and found.amount is not AmountState.KNOWN:
        return ""
    if not is_sure and found.answer is not Answer.NOT:
        return ""
    outcome = Outcome.GRANTED if is_sure else Outcome.REFUSED
    with case.acting_as(actor):
        settle_decision(case, outcome)
    return str(outcome)


def _go_on_paying(case: Handling) -> str:
    """A service is granted as it is fulfilled; a schedule pays what has come due, and ends the case after the last."""
    if grant_due(case):
        return "paying" if case.item.pays else "granted"
    is_open = case.row.grants.filter(fulfilled_at=None).exclude(disbursement="").exists()
    if is_open or _next_instalment(case):
        return ""
    return _close(case)


def _close(case: Handling) -> str:
    case.row.closed_at = utc(case.as_of)
    case.go_on(case.journey.close(by=on_behalf_of(SYSTEM)))
    case.record("case.closed", {"outcome": case.row.outcome, "item": case.row.item, "amount_fen": case.row.amount_fen})
    return "closed"


def _next_instalment(case: Handling) -> datetime | None:
    day = next_on(case.item.schedule, case.submitted_on, case.today)
    return start_of(day) if day else None


def _wake_at(case: Handling) -> datetime | None:
    """When there is again something that the system can do by itself."""
    if case.journey.state is State.SUBMITTED:
        return case.row.undo_until
    if case.journey.state is State.FULFILLED:
        return _next_instalment(case)
    notices = [visit for visit in case.journey.open if isinstance(case.journey.step_of(visit), Publicise)]
    if not notices:
        return None
    ends = case.row.steps.filter(kind=Publicise.kind, done_on=None).values_list("due_on", flat=True)
    waits = [over for day in ends if day and (over := start_of(day + _NEXT_DAY)) > utc(case.as_of)]
    return min(waits) if waits else None
