"""Between a case's rows and its Journey: read one, take an act on it, write back what changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time

from zhida.domain.errors import ConflictError
from zhida.domain.process import (
    Finding,
    Journey,
    Outcome,
    Process,
    Publicise,
    Publicity,
    State,
    Visit,
    WorkCalendar,
    project,
)
from zhida.domain.process import Pause as Standstill
from zhida.domain.values import CHINA, local_date, utc
from zhida.kernel.cases.models import Case, Pause, Step
from zhida.kernel.catalogue import queries as catalogue


def locked(case_ids: Collection[str], *related: str) -> list[Case]:
    """The cases and what hangs on them by these names, in the order of their ids, held until the transaction ends.

    Raises ConflictError where one is missing.
    """
    rows = list(Case.objects.select_for_update().filter(pk__in=case_ids).order_by("pk").prefetch_related(*related))
    missing = set(case_ids) - {row.id for row in rows}
    if missing:
        raise ConflictError("no_such_case", f"there is no {min(missing)}", "look the case up again")
    return rows


def process_of(row: Case) -> Process:
    """The steps of the pack revision that the case pinned."""
    return catalogue.revision(row.revision_id).process or Process()


def journey_of(row: Case, steps: Iterable[Step] | None = None) -> Journey:
    """Where the case stands."""
    rows = row.steps.all() if steps is None else steps
    visits = tuple(
        Visit(step.position, step.office, step.opened_on, Finding(step.finding) if step.finding else None, step.done_on)
        for step in sorted(rows, key=lambda step: (step.position, step.pk))
    )
    outcome = Outcome(row.outcome) if row.outcome else None
    return Journey(process_of(row), row.office, State(row.state), outcome, visits)


def spans_of(pauses: Iterable[Pause]) -> tuple[Standstill, ...]:
    """When the clock stood still, as dates."""
    return tuple(
        Standstill(local_date(each.paused_at), local_date(each.resumed_at) if each.resumed_at else None, each.reason)
        for each in pauses
    )


def publicity_of(row: Case, visit: Visit, step: Publicise, calendar: WorkCalendar) -> Publicity:
    """The public notice that a visit is, with the objections to it."""
    objections = row.objections.all()
    still_open = sum(each.resolved_at is None for each in objections)
    return Publicity(step, visit.opened_on, calendar, still_open, sum(bool(each.is_upheld) for each in objections))


def new_step(row: Case, journey: Journey, visit: Visit, calendar: WorkCalendar) -> Step:
    """The row of a step that has opened, not yet written, with the date until which it should be done."""
    step = journey.step_of(visit)
    due_on = None
    if isinstance(step, Publicise):
        due_on = Publicity(step, visit.opened_on, calendar).ends_on.on
    elif step.within_working_days is not None:
        due_on = calendar.add_working_days(visit.opened_on, step.within_working_days)
    return Step(
        case=row,
        position=visit.position,
        kind=step.kind,
        office=visit.office,
        opened_on=visit.opened_on,
        due_on=due_on,
    )


def set_standing(row: Case, journey: Journey, calendar: WorkCalendar, pauses: Iterable[Pause], as_of: datetime) -> None:
    """Writes into the row where the case stands, the promised date, and when to look again."""
    row.state, row.outcome = str(journey.state), str(journey.outcome or "")
    row.awaits_decision = journey.awaits_decision
    projected = project(journey, calendar, as_of=local_date(as_of), pauses=spans_of(pauses))
    row.due_on = projected.on if projected else row.due_on
    is_idle = journey.state in (State.DRAFT, State.RETURNED, State.CLOSED)
    row.wake_at = None if is_idle else max(row.undo_until or utc(as_of), utc(as_of))


def start_of(day: date) -> datetime:
    """The instant at which a local date begins, in UTC."""
    return utc(datetime.combine(day, time.min, CHINA))
