"""The public notice period: how long a list stays up, and that no case passes it while an objection is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zhida.domain.errors import ConflictError
from zhida.domain.process.calendar import WorkCalendar
from zhida.domain.process.clock import Clock, Deadline
from zhida.domain.process.findings import Finding
from zhida.domain.process.steps import Publicise


def notice_end(step: Publicise, opened_on: date, calendar: WorkCalendar) -> Deadline:
    """The last day on which anyone may object; `opened_on` does not count (民法典 article 201).

    A period in calendar days whose last day is no working day ends on the next one (article 203).
    """
    if step.working_days is not None:
        return Clock(calendar, opened_on, step.working_days).due_on(opened_on)
    last = opened_on + timedelta(days=step.days or 0)
    if not calendar.is_working_day(last):
        last = calendar.add_working_days(last, 1)
    return Deadline(last, calendar.is_estimated(last))


@dataclass(frozen=True)
class Publicity:
    """A notice put up on `opened_on`, which does not count, and what was objected to it so far."""

    step: Publicise
    opened_on: date
    calendar: WorkCalendar
    open_objections: int = 0
    upheld_objections: int = 0

    @property
    def ends_on(self) -> Deadline:
        """The last day on which anyone may object, as `notice_end` gives it."""
        return notice_end(self.step, self.opened_on, self.calendar)

    def check_objection(self, on: date) -> None:
        """Raises ConflictError `notice_over` where the last day for objections has passed."""
        if on > self.ends_on.on:
            hint = "whoever objects: the office still takes complaints after the notice"
            raise ConflictError("notice_over", f"the public notice ended on {self.ends_on.on}", hint)

    def finding(self, on: date) -> Finding:
        """What the notice found: passed without an upheld objection.

        Raises ConflictError `notice_running` up to and with its last day, `objection_open` until each is resolved.
        """
        if on <= self.ends_on.on:
            raise ConflictError("notice_running", f"the public notice runs until {self.ends_on.on}", "wait for its end")
        if self.open_objections:
            hint = "the office in charge: uphold or dismiss each of them first"
            raise ConflictError("objection_open", f"{self.open_objections} objection(s) are not resolved", hint)
        return Finding.FAILED if self.upheld_objections else Finding.PASSED
