"""Selection under a quota: of those who passed the review so far, the first in the item's order get a place."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.packs import rank
from zhida.domain.process import Finding, Journey, Select, Visit
from zhida.domain.values import Actor
from zhida.kernel.cases.handling import Handling
from zhida.kernel.cases.models import Step

QUOTA = "quota"


@transaction.atomic
def select(*, item_id: str, by: Actor, as_of: datetime) -> tuple[str, ...]:
    """Closes a round: every case of the item that waits in its select step is selected or not; the ids selected.

    Cases are ranked by the item's expressions on the facts as they are now; equals at the line share the place or all
    miss it, as the quota says. Records `case.selected` for each. Raises ConflictError where nobody waits.
    """
    ids = Step.objects.filter(kind=Select.kind, done_on=None, case__item=item_id).values_list("case_id", flat=True)
    waiting = [Handling.of(case_id, by=by, as_of=as_of) for case_id in sorted(ids)]
    if not waiting:
        raise ConflictError("nobody_waits", f"no case of {item_id} waits for selection", "finish their reviews first")
    facts = {case.row.id: case.assessed(case.submitted_on).facts for case in waiting}
    places = rank(waiting[0].item, facts, waiting[0].today)
    for case in waiting:
        _finish(case, *places[case.row.id], of=len(waiting))
    return tuple(case.row.id for case in waiting if places[case.row.id][1])


def _finish(case: Handling, place: int, is_selected: bool, *, of: int) -> None:
    """Whoever is not selected is refused by the quota's own reason, not by a failed review."""
    case.rule(QUOTA, is_met=is_selected, reason="" if is_selected else f"{place}/{of}")
    visit = _select_visit(case.journey)
    after = case.journey.finish(visit.position, visit.office, Finding.PASSED, by=case.doer, on=case.today)
    case.go_on(after, note=f"{place}/{of}")
    case.record("case.selected", {"place": place, "is_selected": is_selected, "of": of})


def _select_visit(journey: Journey) -> Visit:
    return next(visit for visit in journey.open if isinstance(journey.step_of(visit), Select))
