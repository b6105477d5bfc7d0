"""Rounds of calls and visits: made for a worker, opened name by name for a purpose, closed with a result each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Actor, Facts, Scope, local_date, new_id, utc
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SubjectRecord
from zhida.services.outreach.building import MOST, buildings_in, buildings_of
from zhida.services.outreach.models import KINDS, RESULTS, Contact, Round
from zhida.services.outreach.reaching import coverage_in, unclaimed

LARGEST = 200
LONGEST = 120
DONE = ("applied", "refused")
"""After these nobody is called on again."""


@dataclass(frozen=True)
class NewRound:
    """A list to be made: of whom (perhaps of one building only), how they are reached, for what, by which worker."""

    round_id: str
    item: str
    place: str
    kind: str
    purpose: str
    worker: str
    building: str = ""


@dataclass(frozen=True)
class RoundRecord:
    """A round as it stands; `entitled` and `unclaimed` are the place's figures when it was made."""

    id: str
    item: str
    place: str
    kind: str
    purpose: str
    office: str
    worker: str
    entitled: int
    unclaimed: int
    made_at: datetime
    contacts: int
    tried: int
    results: dict[str, int]
    building: str


@dataclass(frozen=True)
class ContactRecord:
    """One subject of a round, without a name."""

    id: str
    subject_id: str
    region: str
    building: str
    result: str
    note: str
    call_back_on: date | None
    attempts: int
    last_at: datetime | None


@dataclass(frozen=True)
class Opened:
    """Who a contact is, and what the registry says of where to find them."""

    subject: SubjectRecord
    facts: Facts


@transaction.atomic
def make_round(*, new: NewRound, scope: Scope, by: Actor, as_of: datetime, attributes: Collection[str] = ()) -> int:
    """Lists at most 200 of those left over in a place, nobody who is on a list of this item already; how many.

    `attributes` say in which building somebody lives: it is read for the list's purpose, noted for them to see.
    Raises AccessError where the worker is no grid worker for the place, ConflictError `round_without_purpose`,
    `no_such_kind` or `nobody_left`. Records `outreach.round_made`.
    """
    purpose, on = new.purpose.strip()[:LONGEST], local_date(as_of)
    if not purpose:
        raise ConflictError("round_without_purpose", "whoever lists people says what for", "write it down")
    if new.kind not in KINDS:
        raise ConflictError("no_such_kind", f"{new.kind!r} is no way to reach somebody", f"one of {', '.join(KINDS)}")
    reached = offices.scope_of(new.worker, duty="gridworker", as_of=as_of, purpose="outreach")
    within = offices.regions_within(frozenset({new.place}), on)
    if not within or not within <= (reached.regions or frozenset()):
        raise AccessError("not_their_place", f"{new.worker} does not work in {new.place}", "choose another worker")
    figures = coverage_in(new.item, within, scope=scope)
    listed = set(Contact.objects.filter(round__item=new.item).values_list("subject_id", flat=True))
    narrowed = Scope(scope.offices, within & (scope.regions or within), None, scope.purpose)
    left = [one for one in unclaimed(new.item, scope=narrowed) if one.subject_id not in listed]
    if new.building:
        where = buildings_of([one.subject_id for one in left[:MOST]], attributes=attributes, as_of=as_of)
        left = [one for one in left if where.get(one.subject_id) == new.building]
    left = left[:LARGEST]
    if not left:
        raise ConflictError("nobody_left", f"nobody is left over for {new.item} in {new.place}", "choose another place")
    office = next(iter(sorted(one.office for one in offices.duties_of(new.worker, as_of) if one.role == "gridworker")))
    row = Round.objects.create(
        id=new.round_id, item=new.item, place=new.place, building=new.building, kind=new.kind, purpose=purpose,
        office=office,
        worker=new.worker, entitled=figures.entitled, unclaimed=figures.unclaimed, made_by=by.account,
        made_at=utc(as_of),
    )  # fmt: skip
    where = _read_buildings([one.subject_id for one in left], attributes, f"outreach:{purpose}", by, as_of)
    Contact.objects.bulk_create(
        Contact(id=new_id("contact"), round=row, subject_id=one.subject_id, region=one.region,
                building=where.get(one.subject_id, "")) for one in left
    )  # fmt: skip
    fields = {"item": new.item, "place": new.place, "kind": new.kind, "purpose": purpose, "worker": new.worker}
    if new.building:
        fields["building"] = new.building
    ledger.record(kind="outreach.round_made", about=row.id, fields=fields | {"count": len(left)}, by=by, as_of=as_of)
    return len(left)


def _read_buildings(
    ids: Sequence[str], attributes: Collection[str], purpose: str, by: Actor, as_of: datetime
) -> dict[str, str]:
    if not attributes:
        return {}
    scope = Scope.system(purpose[:LONGEST])
    named = dict.fromkeys(ids, attributes)
    return buildings_in(registry.facts_of_many(dict.fromkeys(ids, scope), as_of=as_of, by=by, only=named))


@transaction.atomic
def open_contact(*, contact_id: str, attributes: Collection[str], scope: Scope, by: Actor, as_of: datetime) -> Opened:
    """Who a contact is and these facts of theirs, for the round's purpose; the reading is noted for them to see.

    Raises AccessError for another worker's round. Records `outreach.opened` about the subject.
    """
    row = _own(contact_id, by)
    purpose = f"outreach:{row.round.purpose}"
    mine = Scope(None, scope.regions, None, purpose[:LONGEST])
    subject = registry.subject(row.subject_id, scope=mine)
    facts = registry.facts_of(row.subject_id, scope=mine, as_of=as_of, by=by, only=attributes)
    fields = {"round": row.round.id, "item": row.round.item, "purpose": row.round.purpose}
    ledger.record(kind="outreach.opened", about=row.subject_id, fields=fields, by=by, as_of=as_of)
    return Opened(subject, facts)


@transaction.atomic
def note_result(
    *, contact_id: str, result: str, note: str, call_back_on: date | None, by: Actor, as_of: datetime
) -> None:
    """What came of one call or visit. Raises AccessError for another worker's round, ConflictError `no_such_result`
    or `call_back_past`. Records `outreach.tried` about the subject; the note stays out of it.
    """
    row = _own(contact_id, by)
    if result not in RESULTS:
        raise ConflictError("no_such_result", f"{result!r} is no result", f"one of {', '.join(RESULTS)}")
    if call_back_on is not None and (result in DONE or call_back_on < local_date(as_of)):
        raise ConflictError("call_back_past", "a call-back is for a day to come, and for who is left", "mend the day")
    row.result, row.note, row.call_back_on = result, note.strip()[:200], call_back_on
    row.attempts, row.last_at = F("attempts") + 1, utc(as_of)
    row.save()
    fields = {"round": row.round.id, "item": row.round.item, "result": result}
    ledger.record(kind="outreach.tried", about=row.subject_id, fields=fields, by=by, as_of=as_of)


def rounds(*, worker: str = "", places: Collection[str] | None = (), limit: int = 50) -> tuple[RoundRecord, ...]:
    """The newest rounds of a worker, or of these offices (None: all)."""
    rows = Round.objects.order_by("-made_at", "-id")
    if worker:
        rows = rows.filter(worker=worker)
    elif places is not None:
        rows = rows.filter(office__in=list(places))
    return tuple(map(_round, rows.prefetch_related("contacts")[:limit]))


def round_of(round_id: str, *, by: Actor) -> RoundRecord:
    """One of the worker's own. Raises AccessError for any other."""
    row = Round.objects.filter(id=round_id, worker=by.account).first()
    if row is None:
        raise AccessError("round_of_another", f"{round_id} is no list of yours", "ask whoever makes the lists")
    return _round(row)


def contacts(round_id: str, *, on: date) -> tuple[ContactRecord, ...]:
    """A round's contacts: those to be called back by a day first, then those never tried, then the rest; each street
    by street and building by building."""
    rows = Contact.objects.filter(round=round_id)
    told = [ContactRecord(row.id, row.subject_id, row.region, row.building, row.result, row.note, row.call_back_on,
                          row.attempts, row.last_at) for row in rows]  # fmt: skip
    return tuple(
        sorted(told, key=lambda one: (not _is_due(one, on), one.attempts > 0, one.region, one.building, one.id))
    )


def due_today(worker: str, on: date) -> int:
    """How many of a worker's contacts are to be called back by a day."""
    rows = Contact.objects.filter(Q(call_back_on__lte=on), round__worker=worker)
    return rows.exclude(result__in=DONE).count()


def _is_due(one: ContactRecord, on: date) -> bool:
    return one.call_back_on is not None and one.call_back_on <= on


def _own(contact_id: str, by: Actor) -> Contact:
    row = Contact.objects.select_related("round").filter(id=contact_id, round__worker=by.account).first()
    if row is None:
        raise AccessError("round_of_another", f"{contact_id} is on no list of yours", "ask whoever makes the lists")
    return row


def _round(row: Round) -> RoundRecord:
    found = list(row.contacts.all())
    results: dict[str, int] = {}
    for one in found:
        if one.result:
            results[one.result] = results.get(one.result, 0) + 1
    told = (row.id, row.item, row.place, row.kind, row.purpose, row.office, row.worker, row.entitled, row.unclaimed)
    return RoundRecord(*told, row.made_at, len(found), sum(results.values()), results, row.building)
