"""Selection under a quota: of those who passed the review so far, who gets a place, or how much of the money."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Claimed, Place, release
from zhida.domain.process import Finding, Journey, Outcome, Select, Visit
from zhida.domain.proofs import Json
from zhida.domain.values import Actor
from zhida.kernel.cases.handling import Handling
from zhida.kernel.cases.journeys import start_of
from zhida.kernel.cases.models import Case, Step

QUOTA = "quota"


@transaction.atomic
def select(*, item_id: str, by: Actor, as_of: datetime) -> tuple[str, ...]:
    """Closes a round: every case of the item that waits in its select step is selected or not; the ids selected.

    Cases are ranked by the item's expressions on the facts as they are now, or by when they were handed in, or each
    gets its share of the money; what earlier rounds of the window gave is taken off first. Records `case.selected` for
    each. Raises ConflictError where nobody waits, or `amount_unknown` where money is shared among unknown sums.
    """
    ids = Step.objects.filter(kind=Select.kind, done_on=None, case__item=item_id).values_list("case_id", flat=True)
    held = [Handling.of(case_id, by=by, as_of=as_of) for case_id in sorted(ids)]
    waiting = {case.row.id: case for case in held if _select_visits(case.journey)}  # not selected meanwhile
    if not waiting:
        raise ConflictError("nobody_waits", f"no case of {item_id} waits for selection", "finish their reviews first")
    claims = {case_id: _claimed(case) for case_id, case in waiting.items()}
    one = next(iter(waiting.values()))
    given = Case.objects.filter(item=item_id, rulings__requirement=QUOTA, rulings__is_met=True)
    given = given.exclude(outcome__in=[Outcome.REFUSED, Outcome.WITHDRAWN])
    if one.item.window.start:
        given = given.filter(submitted_at__gte=start_of(one.item.window.start))
    given = given.distinct()
    earlier = {"places_taken": given.count(), "allotted_fen": sum(row.allotted_fen or 0 for row in given)}
    places = release(one.item, claims, one.today, **earlier)
    for case_id, case in waiting.items():
        _finish(case, places[case_id], claims[case_id].asked_fen, of=len(waiting))
    return tuple(case_id for case_id in waiting if places[case_id].is_selected)


def _claimed(case: Handling) -> Claimed:
    found, at = case.assessed(case.submitted_on), case.row.submitted_at or case.as_of
    asked_fen = found.assessment.amount_fen
    if asked_fen is None and case.item.quota and case.item.quota.total_fen is not None:
        raise ConflictError("amount_unknown", f"{case.row.id}: its sum is not known", "get the missing facts")
    return Claimed(found.facts, at, asked_fen or 0)


def _finish(case: Handling, place: Place, asked_fen: int, *, of: int) -> None:
    """Whoever is not selected is refused by the quota's own reason, not by a failed review."""
    case.rule(QUOTA, is_met=place.is_selected, reason="" if place.is_selected else f"{place.place}/{of}")
    case.row.allotted_fen = place.allotted_fen
    (visit,) = _select_visits(case.journey)
    after = case.journey.finish(visit.position, visit.office, Finding.PASSED, by=case.doer, on=case.today)
    case.go_on(after, note=f"{place.place}/{of}")
    told: dict[str, Json] = {"place": place.place, "is_selected": place.is_selected, "of": of}
    money = {"asked_fen": asked_fen, "allotted_fen": place.allotted_fen} if place.allotted_fen is not None else {}
    case.record("case.selected", {**told, **money})


def _select_visits(journey: Journey) -> list[Visit]:
    return [visit for visit in journey.open if isinstance(journey.step_of(visit), Select)]
