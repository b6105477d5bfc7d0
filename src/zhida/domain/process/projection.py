"""When a case will be through, if every step takes all the time it was given."""

from __future__ import annotations

from datetime import date

from zhida.domain.process.calendar import WorkCalendar
from zhida.domain.process.clock import Clock, Deadline, Pause
from zhida.domain.process.journey import Journey
from zhida.domain.process.publicity import notice_end
from zhida.domain.process.steps import SYSTEM, AllOf, Publicise, Step


def project(
    journey: Journey, calendar: WorkCalendar, *, as_of: date, pauses: tuple[Pause, ...] = ()
) -> Deadline | None:
    """The date by which the last step should be done; None where one has no limit, or where no step is left.

    A step of the system without a limit takes no time, a late step is taken to end on `as_of`, the decision follows
    its review at once. `pauses` are those of the open steps.
    """
    reached = as_of
    visits, upcoming = journey.open, journey.upcoming
    if not visits and not upcoming:
        return None
    for visit in visits:
        end = _end_of(journey.step_of(visit), visit.opened_on, calendar, as_of, pauses)
        if end is None:
            return None
        reached = max(reached, end)
    for step in upcoming:
        end = _end_of(step, reached, calendar, as_of, ())
        if end is None:
            return None
        reached = end
    is_estimated = any(year not in calendar.years for year in range(as_of.year, reached.year + 1))
    return Deadline(reached, is_estimated, any(pause.resumed_on is None for pause in pauses))


def _end_of(step: Step, opened_on: date, calendar: WorkCalendar, as_of: date, pauses: tuple[Pause, ...]) -> date | None:
    if isinstance(step, Publicise):
        return notice_end(step, opened_on, calendar).on
    if isinstance(step, AllOf):
        ends = [_end_of(part, opened_on, calendar, as_of, pauses) for part in step.parts]
        known = [end for end in ends if end is not None]
        return max(known) if len(known) == len(ends) else None
    if step.within_working_days is None:
        return opened_on if step.by == SYSTEM else None
    return Clock(calendar, opened_on, step.within_working_days, pauses).due_on(as_of).on
