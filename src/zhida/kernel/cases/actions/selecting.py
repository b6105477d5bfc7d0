"""Selection under a quota: of those who passed the review so far, the first in the item's order get a place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Item, rank
from zhida.domain.process import Finding, Journey, Select, Visit
from zhida.domain.values import Actor, local_date, utc
from zhida.kernel.cases.actions.deciding import decision_day
from zhida.kernel.cases.assessing import assess, item_of
from zhida.kernel.cases.journeys import journey_of, save
from zhida.kernel.cases.models import Case, Ruling, Step
from zhida.kernel.cases.parties import doer_of
from zhida.kernel.ledger import actions as ledger

QUOTA = "quota"


@transaction.atomic
def select(*, item_id: str, by: Actor, as_of: datetime) -> tuple[str, ...]:
    """Closes a round: every case of the item that waits in its select step is selected or not; the ids selected.

    Cases are ranked by the item's expressions on the facts as they are now; equals at the line share the place or all
    miss it, as the quota says. Records `case.selected` for each. Raises ConflictError where nobody waits.
    """
    ids = Step.objects.filter(kind=Select.kind, done_on=None, case__item=item_id).values_list("case_id", flat=True)
    rows = list(Case.objects.select_for_update().filter(pk__in=list(ids)).order_by("submitted_at", "pk"))
    if not rows:
        raise ConflictError("nobody_waits", f"no case of {item_id} waits for selection", "finish their reviews first")
    item = item_of(rows[0])
    places = _ranked(item, rows, by, as_of)
    for row in rows:
        _finish(row, places, by, as_of)
    return tuple(row.id for row in rows if places[row.id][1])


def _ranked(item: Item, rows: list[Case], by: Actor, as_of: datetime) -> dict[str, tuple[int, bool]]:
    """Rank (from 1) and whether selected, by case id."""
    facts = {row.id: assess(row, on=decision_day(row), by=by, as_of=as_of).facts for row in rows}
    return rank(item, facts, local_date(as_of))


def _finish(row: Case, places: dict[str, tuple[int, bool]], by: Actor, as_of: datetime) -> None:
    place, is_selected = places[row.id]
    before = journey_of(row)
    visit = _select_visit(before)
    Ruling.objects.create(
        case=row,
        requirement=QUOTA,
        is_met=is_selected,
        reason="" if is_selected else f"rank {place}",
        ruled_at=utc(as_of),
        ruled_by=by.account,
    )
    # Whoever is not selected is refused by the quota's own reason, not by a failed review.
    after = before.finish(visit.position, visit.office, Finding.PASSED, by=doer_of(by, row), on=local_date(as_of))
    save(row, before, after, by=by, as_of=as_of, note=f"{place}")
    row.wake_at = utc(as_of)
    row.save(update_fields=["wake_at"])
    fields: dict[str, Any] = {"place": place, "is_selected": is_selected, "of": len(places)}
    ledger.record(kind="case.selected", about=row.id, fields=fields, by=by, as_of=as_of)


def _select_visit(journey: Journey) -> Visit:
    return next(visit for visit in journey.open if isinstance(journey.step_of(visit), Select))
