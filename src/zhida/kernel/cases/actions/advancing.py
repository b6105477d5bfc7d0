"""What the system does by itself, case by case: whatever needs no person, as far as it goes."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from zhida.domain.errors import ConflictError, ZhidaError
from zhida.domain.packs import Claim
from zhida.domain.process import SYSTEM, Check, Finding, Journey, Outcome, Publicise, State, Visit
from zhida.domain.rules import AmountState, Answer, Met, Reserved
from zhida.domain.values import Actor, local_date, utc
from zhida.kernel.cases.actions.deciding import decision_day, settle_decision
from zhida.kernel.cases.actions.fulfilling import acting_alone, fulfil, grant_due
from zhida.kernel.cases.assessing import assess, item_of
from zhida.kernel.cases.instalments import next_on
from zhida.kernel.cases.journeys import journey_of, locked, publicity_of, save, start_of
from zhida.kernel.cases.models import Case
from zhida.kernel.cases.parties import on_behalf_of
from zhida.kernel.cases.records import Advanced
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import queries as offices

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
    row = locked(case_id)
    acts: list[str] = []
    while len(acts) < _MOST_ACTS:
        act = _next(row, by, as_of)
        if not act:
            break
        acts.append(act)
    row.wake_at = _wake_at(row, as_of)
    row.save(update_fields=["wake_at"])
    return Advanced(case_id, tuple(acts))


def _next(row: Case, by: Actor, as_of: datetime) -> str:
    journey = journey_of(row)
    if journey.state is State.SUBMITTED:
        return _begin(row, journey, by, as_of)
    if journey.state is State.IN_REVIEW:
        return _review(row, journey, by, as_of)
    if journey.state is State.DECIDED and journey.outcome is Outcome.GRANTED:
        return next((act for visit in journey.open if (act := fulfil(row, visit, by=by, as_of=as_of))), "")
    if journey.state is State.DECIDED:
        return _close(row, journey, by, as_of)
    if journey.state is State.FULFILLED:
        return _go_on_paying(row, journey, by, as_of)
    return ""


def _begin(row: Case, journey: Journey, by: Actor, as_of: datetime) -> str:
    if row.undo_until and utc(as_of) < row.undo_until:
        return ""
    save(row, journey, journey.begin(by=on_behalf_of(SYSTEM), on=local_date(as_of)), by=by, as_of=as_of)
    ledger.record(kind="case.accepted", about=row.id, fields={}, by=by, as_of=as_of)
    return "accepted"


def _review(row: Case, journey: Journey, by: Actor, as_of: datetime) -> str:
    for visit in journey.open:
        step = journey.step_of(visit)
        if isinstance(step, Check) and visit.office == SYSTEM:
            return _check(row, journey, visit, by, as_of)
        if isinstance(step, Publicise):
            return _end_notice(row, journey, visit, step, by, as_of)
    return _decide(row, journey, by, as_of) if journey.awaits_decision else ""


def _check(row: Case, journey: Journey, visit: Visit, by: Actor, as_of: datetime) -> str:
    """The computed requirements decide. Where one is unknown, an applied case goes on to a person; any other waits."""
    found = assess(row, on=decision_day(row), by=by, as_of=as_of).assessment
    computed = [
        reason.answer for reason in found.reasons if reason.kind in _COMPUTED and reason.requirement != Reserved.QUOTA
    ]
    if row.claim != Claim.APPLIED and Met.NOT_MET not in computed and Met.UNKNOWN in computed:
        return ""
    finding = Finding.FAILED if Met.NOT_MET in computed else Finding.PASSED
    after = journey.finish(visit.position, visit.office, finding, by=on_behalf_of(SYSTEM), on=local_date(as_of))
    save(row, journey, after, by=by, as_of=as_of)
    _record_step(row, visit, finding, by, as_of)
    return "checked"


def _end_notice(row: Case, journey: Journey, visit: Visit, step: Publicise, by: Actor, as_of: datetime) -> str:
    notice = publicity_of(row, visit, step, offices.calendar())
    try:
        finding = notice.finding(local_date(as_of))
    except ConflictError:
        return ""
    doer = on_behalf_of(visit.office)
    after = journey.end_publicity(visit.position, visit.office, notice, by=doer, on=local_date(as_of))
    save(row, journey, after, by=by, as_of=as_of)
    _record_step(row, visit, finding, by, as_of)
    return "notice_over"


def _record_step(row: Case, visit: Visit, finding: Finding, by: Actor, as_of: datetime) -> None:
    fields = {"position": visit.position, "office": visit.office, "finding": str(finding), "note": ""}
    ledger.record(kind="case.step_finished", about=row.id, fields=fields, by=by, as_of=as_of)


def _decide(row: Case, journey: Journey, by: Actor, as_of: datetime) -> str:
    """Decides alone only where the pack is gold and everything is known; whatever is in doubt waits for a person."""
    actor = acting_alone(row, by, as_of)
    if actor is None:
        return ""
    found = assess(row, on=decision_day(row), by=actor, as_of=as_of)
    is_sure = found.assessment.answer is Answer.ENTITLED and not journey.has_failed
    if is_sure and item_of(row).pays and found.assessment.amount is not AmountState.KNOWN:
        return ""
    if not is_sure and found.assessment.answer is not Answer.NOT:
        return ""
    outcome = Outcome.GRANTED if is_sure else Outcome.REFUSED
    settle_decision(row, journey, outcome, found, reason="", is_automatic=True, by=actor, as_of=as_of)
    return str(outcome)


def _go_on_paying(row: Case, journey: Journey, by: Actor, as_of: datetime) -> str:
    """A service is granted as it is fulfilled; a schedule pays what has come due, and ends the case after the last."""
    if grant_due(row, by=by, as_of=as_of):
        return "paying" if item_of(row).pays else "granted"
    is_open = row.grants.filter(fulfilled_at=None).exclude(disbursement="").exists()
    if is_open or _next_instalment(row, as_of):
        return ""
    return _close(row, journey, by, as_of)


def _close(row: Case, journey: Journey, by: Actor, as_of: datetime) -> str:
    row.closed_at = utc(as_of)
    save(row, journey, journey.close(by=on_behalf_of(SYSTEM)), by=by, as_of=as_of)
    fields = {"outcome": row.outcome, "item": row.item, "amount_fen": row.amount_fen}
    ledger.record(kind="case.closed", about=row.id, fields=fields, by=by, as_of=as_of)
    return "closed"


def _next_instalment(row: Case, as_of: datetime) -> datetime | None:
    day = next_on(item_of(row).schedule, local_date(row.submitted_at or as_of), local_date(as_of))
    return start_of(day) if day else None


def _wake_at(row: Case, as_of: datetime) -> datetime | None:
    """When there is again something that the system can do by itself."""
    if row.state == State.SUBMITTED:
        return row.undo_until
    if row.state == State.FULFILLED:
        return _next_instalment(row, as_of)
    ends = row.steps.filter(kind=Publicise.kind, done_on=None).values_list("due_on", flat=True)
    waits = [over for day in ends if day and (over := start_of(day + _NEXT_DAY)) > utc(as_of)]
    return min(waits) if waits else None
