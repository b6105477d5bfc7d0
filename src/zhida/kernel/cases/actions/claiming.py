"""Opening cases: by a person who applies, or by the system for those who need not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction

from zhida.domain.errors import ConflictError
from zhida.domain.process import State
from zhida.domain.values import Actor, Period, Scope, local_date, new_id, utc
from zhida.kernel.cases.assessing import record_keys
from zhida.kernel.cases.models import Case
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry import queries as registry


class Claimant(NamedTuple):
    """A subject for whom a case is opened, and the record it is about for an item with one claim a record."""

    subject_id: str
    region: str
    record: str = ""


@transaction.atomic
def open_case(*, case_id: str, item_id: str, subject_id: str, record: str = "", by: Actor, as_of: datetime) -> None:
    """Opens a draft on the revision in force. Records `case.opened`.

    `record` tells the claims of a for_each item apart (`queries.records_to_claim`). Raises ConflictError
    `already_open` where such a case is under way, `not_published` where the item is not in force, `wrong_audience` for
    another kind of subject, `no_such_record` for a record that the subject does not have.
    """
    published = catalogue.item(item_id, as_of=as_of)
    scope = Scope.own(frozenset({subject_id}), f"case:{case_id}")
    subject = registry.subject(subject_id, scope=scope)
    if subject.kind != published.item.audience:
        words = f"{item_id} is for a {published.item.audience}, not a {subject.kind}"
        raise ConflictError("wrong_audience", words, "claim it for a subject of that kind")
    if record or published.item.for_each:
        facts = entitlements.facts_for(subject_id, scope=scope, as_of=as_of)
        if record not in (record_keys(published.item, facts) if published.item.for_each else ()):
            words = f"{subject_id} has no such record to claim {item_id} for"
            raise ConflictError("no_such_record", words, "ask which records there are to claim for")
    row = _row(case_id, published, Claimant(subject_id, subject.region, record), as_of)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        words = f"{subject_id} has an open case for {item_id}"
        raise ConflictError("already_open", words, "go on with that case") from error
    _record_opened([row], by, as_of)


@transaction.atomic
def open_automatic(*, item_id: str, claimants: Iterable[Claimant], by: Actor, as_of: datetime) -> tuple[str, ...]:
    """Opens a draft for each claimant that waits for one tap; the ids. Whoever has an open case is passed over."""
    published = catalogue.item(item_id, as_of=as_of)
    rows = [_row(new_id("case"), published, claimant, as_of) for claimant in claimants]
    period = rows[0].period if rows else ""
    busy = set(
        Case.objects.filter(item=item_id, period=period).exclude(state=State.CLOSED).values_list("subject_id", "record")
    )
    fresh = [row for row in rows if (row.subject_id, row.record) not in busy]
    Case.objects.bulk_create(fresh)
    _record_opened(fresh, by, as_of)
    return tuple(row.id for row in fresh)


def _row(case_id: str, published: PublishedItem, claimant: Claimant, as_of: datetime) -> Case:
    item = published.item
    return Case(
        id=case_id,
        item=item.id,
        claim=item.claim,
        revision_id=published.revision_id,
        subject_id=claimant.subject_id,
        region=claimant.region,
        office=published.pack.owner,
        record=claimant.record,
        period=_period(published, as_of),
        opened_at=utc(as_of),
    )


def _period(published: PublishedItem, as_of: datetime) -> str:
    """The year or month that one claim is for, where the item may be granted once in each; "" elsewhere."""
    day = local_date(as_of)
    parts = {part for key in published.item.once_per for part in key}
    if "month" in parts:
        return str(Period(day.year, day.month))
    return str(Period(day.year)) if "year" in parts else ""


def _record_opened(rows: Iterable[Case], by: Actor, as_of: datetime) -> None:
    facts = [
        ledger.NewFact(
            "case.opened", row.id, {"item": row.item, "subject": row.subject_id, "revision": row.revision_id}
        )
        for row in rows
    ]
    ledger.record_all(facts=facts, by=by, as_of=as_of)
