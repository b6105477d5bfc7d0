"""What the system does by itself, case by case: whatever needs no person, as far as it goes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import OperationalError, transaction

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Claim
from zhida.domain.process import SYSTEM, Check, Finding, Outcome, Publicise, State, Visit
from zhida.domain.rules import AmountState, Answer, Met, Reserved
from zhida.domain.values import Actor, utc
from zhida.kernel.cases.actions.deciding import settle_decision
from zhida.kernel.cases.actions.fulfilling import acting_alone, fulfil, grant_due, ungranted
from zhida.kernel.cases.assessing import known_of
from zhida.kernel.cases.bench import Bench
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
_TOGETHER = 50


def advance_due(*, by: Actor, as_of: datetime, limit: int = 500) -> tuple[Advanced, ...]:
    """Looks at up to `limit` cases whose time has come, the longest waiting first, fifty in a transaction.

    Where one of the fifty fails, each goes alone: a case that fails is logged, put off until a person or a fact changes
    it, and stops no other.
    """
    due = Case.objects.filter(wake_at__lte=utc(as_of)).order_by("wake_at", "pk").values_list("pk", "subject_id")
    return tuple(advanced for part in _parts(due[:limit]) for advanced in _looked_at(part, by, as_of))


def _parts(due: Iterable[tuple[str, str]]) -> Iterator[list[str]]:
    """The cases in parts that go together: no two of one subject, since the later one must see the earlier's grant."""
    part: dict[str, str] = {}
    for case_id, subject_id in due:
        if subject_id in part or len(part) == _TOGETHER:
            yield list(part.values())
            part = {}
        part[subject_id] = case_id
    if part:
        yield list(part.values())


def _looked_at(case_ids: list[str], by: Actor, as_of: datetime) -> tuple[Advanced, ...]:
    try:
        return _advance_together(case_ids, by, as_of)
    except OperationalError:  # the database is away or busy, and no case is to blame
        raise
    except Exception as error:
        if len(case_ids) > 1:
            return tuple(advanced for case_id in case_ids for advanced in _looked_at([case_id], by, as_of))
        _LOG.warning("%s does not go on by itself: %s", case_ids[0], error)
        Case.objects.filter(pk=case_ids[0]).update(wake_at=None)
        return (Advanced(case_ids[0], ()),)


def advance(*, case_id: str, by: Actor, as_of: datetime) -> Advanced:
    """Takes one case as far as it goes without a person; each act writes its fact. `by` is the system."""
    return _advance_together([case_id], by, as_of)[0]


@transaction.atomic
def _advance_together(case_ids: list[str], by: Actor, as_of: datetime) -> tuple[Advanced, ...]:
    bench = Bench(as_of)
    cases = Handling.together(case_ids, by=by, bench=bench)
    known = known_of([case.row for case in cases if _is_to_assess(case)], by=by, as_of=as_of)
    advanced = []
    for case in cases:
        case.known = known.get(case.row.id)
        acts: list[str] = []
        while len(acts) < _MOST_ACTS and (act := _next(case)):
            acts.append(act)
        case.row.wake_at = _wake_at(case)
        case.keep(case.row)
        advanced.append(Advanced(case.row.id, tuple(acts)))
    bench.write()
    return tuple(advanced)


def _is_to_assess(case: Handling) -> bool:
    """Whether the next act asks the rules: a claim is taken up, checked or decided, or a grant is to be carried out."""
    journey = case.journey
    if journey.state is State.SUBMITTED:
        return case.row.undo_until is None or utc(case.as_of) >= case.row.undo_until
    if journey.state is State.IN_REVIEW:
        return any(_is_own_check(case, visit) for visit in journey.open) or acting_alone(case) is not None
    if journey.state is State.DECIDED:
        return journey.outcome is Outcome.GRANTED and bool(ungranted(case))
    return journey.state is State.FULFILLED and bool(ungranted(case))


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
        if _is_own_check(case, visit):
            return _check(case, visit)
        step = case.journey.step_of(visit)
        if isinstance(step, Publicise):
            return _end_notice(case, visit, step)
    return _decide(case) if case.journey.awaits_decision else ""


def _is_own_check(case: Handling, visit: Visit) -> bool:
    return isinstance(case.journey.step_of(visit), Check) and visit.office == SYSTEM


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
    is_open = any(grant.disbursement and grant.fulfilled_at is None for grant in case.grants)
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
    ends = [step.due_on for step in case.steps.values() if step.kind == Publicise.kind and step.done_on is None]
    waits = [over for day in ends if day and (over := start_of(day + _NEXT_DAY)) > utc(case.as_of)]
    return min(waits) if waits else None
