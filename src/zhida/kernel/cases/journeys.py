"""Between a case's rows and its Journey: read one, take an act on it, write back what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from zhida.domain.errors import ConflictError
from zhida.domain.process import (
    Finding,
    Journey,
    Outcome,
    Pause,
    Process,
    Publicise,
    Publicity,
    State,
    Visit,
    WorkCalendar,
    project,
)
from zhida.domain.values import CHINA, Actor, local_date, utc
from zhida.kernel.cases.models import Case, Step
from zhida.kernel.catalogue import queries as catalogue


def locked(case_id: str) -> Case:
    """The case's row, held until the transaction ends. Raises ConflictError where there is none."""
    row = Case.objects.select_for_update().filter(pk=case_id).first()
    if row is None:
        raise ConflictError("no_such_case", f"there is no {case_id}", "look the case up again")
    return row


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


def pauses_of(row: Case) -> tuple[Pause, ...]:
    """When the clock stood still, as dates."""
    return tuple(
        Pause(local_date(pause.paused_at), local_date(pause.resumed_at) if pause.resumed_at else None, pause.reason)
        for pause in row.pauses.all()
    )


def publicity_of(row: Case, visit: Visit, step: Publicise, calendar: WorkCalendar) -> Publicity:
    """The public notice that a visit is, with the objections to it."""
    verdicts = list(row.objections.values_list("resolved_at", "is_upheld"))
    still_open = sum(resolved is None for resolved, _ in verdicts)
    return Publicity(step, visit.opened_on, calendar, still_open, sum(bool(upheld) for _, upheld in verdicts))


def save(
    row: Case,
    before: Journey,
    after: Journey,
    calendar: WorkCalendar,
    pauses: Sequence[Pause],
    *,
    by: Actor,
    as_of: datetime,
    note: str = "",
) -> None:
    """Writes what acts changed: state, outcome, opened and finished steps, the promised date, when to look again."""
    row.state, row.outcome = str(after.state), str(after.outcome or "")
    known = {(visit.position, visit.office): visit for visit in before.visits}
    for visit in after.visits:
        old = known.get((visit.position, visit.office))
        if old is None:
            _open_step(row, after, visit, calendar, by)
        elif old != visit:
            _finish_step(row, visit, by, note)
    _set_dates(row, after, calendar, pauses, as_of)
    row.save()


def _open_step(row: Case, journey: Journey, visit: Visit, calendar: WorkCalendar, by: Actor) -> None:
    step = journey.step_of(visit)
    due_on = None
    if isinstance(step, Publicise):
        due_on = Publicity(step, visit.opened_on, calendar).ends_on.on
    elif step.within_working_days is not None:
        due_on = calendar.add_working_days(visit.opened_on, step.within_working_days)
    Step.objects.create(
        case=row,
        position=visit.position,
        kind=step.kind,
        office=visit.office,
        opened_on=visit.opened_on,
        due_on=due_on,
        finding=str(visit.finding or ""),
        done_on=visit.done_on,
        done_by=by.account if visit.done_on else "",
    )


def _finish_step(row: Case, visit: Visit, by: Actor, note: str) -> None:
    row.steps.filter(position=visit.position, office=visit.office).update(
        finding=str(visit.finding or ""), done_on=visit.done_on, done_by=by.account, note=note
    )


def _set_dates(row: Case, journey: Journey, calendar: WorkCalendar, pauses: Sequence[Pause], as_of: datetime) -> None:
    projected = project(journey, calendar, as_of=local_date(as_of), pauses=pauses)
    row.due_on = projected.on if projected else row.due_on
    is_idle = journey.state in (State.DRAFT, State.RETURNED, State.CLOSED)
    row.wake_at = None if is_idle else max(row.undo_until or utc(as_of), utc(as_of))


def start_of(day: date) -> datetime:
    """The instant at which a local date begins, in UTC."""
    return utc(datetime.combine(day, time.min, CHINA))
