"""The office's acts before the decision: find on a requirement, finish a step, hand the case back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.process import Finding
from zhida.domain.values import Actor
from zhida.kernel.cases.bench import Bench
from zhida.kernel.cases.handling import Handling

CORRECTION_DAYS = 20
"""Working days after which a returned case that nobody mended may lapse."""

_FOUND_BY_PERSONS = ("evidenced", "judged")


class Found(NamedTuple):
    """What an officer finds on a requirement; whatever is not met has a reason."""

    is_met: bool
    reason: str = ""


class Review(NamedTuple):
    """One case's step as an officer leaves it: what was found on its requirements, and that it is done."""

    case_id: str
    position: int
    finding: Finding
    found: Mapping[str, Found]
    note: str = ""


@transaction.atomic
def rule(*, case_id: str, requirement: str, is_met: bool, reason: str = "", by: Actor, as_of: datetime) -> None:
    """An officer finds on an evidenced or judged requirement; the latest finding stands. Records `case.ruled`.

    Raises AccessError for anyone without an open step that may find on it, InvariantBroken for an adverse finding
    without a reason, ConflictError for a requirement that the rules decide by themselves.
    """
    _rule(Handling.of(case_id, by=by, as_of=as_of), requirement, Found(is_met, reason))


def _rule(case: Handling, requirement: str, found: Found) -> None:
    case.journey.check_finding(requirement, case.doer)
    kind = case.pack.requirements.get(requirement)
    if kind is None or requirement not in case.item.requires or kind.kind not in _FOUND_BY_PERSONS:
        raise ConflictError("not_for_ruling", f"{requirement} is not found on by a person", "look at its facts")
    if not found.is_met and not found.reason.strip():
        raise InvariantBroken("no_reason", f"{requirement} is found not met without a reason")
    case.rule(requirement, is_met=found.is_met, reason=found.reason)
    case.record("case.ruled", {"requirement": requirement, "is_met": found.is_met, "reason": found.reason})


@transaction.atomic
def finish_step(*, case_id: str, position: int, finding: Finding, note: str = "", by: Actor, as_of: datetime) -> None:
    """A step is done, and what follows it opens. Records `case.step_finished`. Raises as `Journey.finish` does."""
    _finish(Handling.of(case_id, by=by, as_of=as_of), position, finding, note)


def _finish(case: Handling, position: int, finding: Finding, note: str) -> None:
    office = case.by.office
    case.go_on(case.journey.finish(position, office, finding, by=case.doer, on=case.today), note=note)
    fields = {"position": position, "office": office, "finding": str(finding), "note": note}
    case.record("case.step_finished", fields)


@transaction.atomic
def review_many(*, reviews: Sequence[Review], by: Actor, as_of: datetime) -> None:
    """Leaves the steps of many cases as an office that has them all before it does, all or none.

    Each case has the same facts as after `rule` and `finish_step`; raises as they do.
    """
    bench = Bench(as_of)
    ids = {review.case_id for review in reviews}
    cases = {case.row.id: case for case in Handling.together(ids, by=by, bench=bench)}
    for review in reviews:
        for requirement, found in review.found.items():
            _rule(cases[review.case_id], requirement, found)
        _finish(cases[review.case_id], review.position, review.finding, review.note)
    bench.write()


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
