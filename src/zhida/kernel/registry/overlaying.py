"""Changes of single facts: a correction, a declared answer, an event from a source, each at its own position."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.registers.columns import to_json
from zhida.domain.registers.shapes import refuse_derived, shape_of
from zhida.domain.values import Actor, FactKey
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry.counting import OVERLAYS, take
from zhida.kernel.registry.dictionary import shapes
from zhida.kernel.registry.models import Overlay
from zhida.kernel.registry.subjects import keys_by_id


@dataclass(frozen=True)
class Change:
    """One fact of one subject. `value` None says: what was held is wrong, the truth is unknown.

    `nature`: a `correction` stays in force until its source agrees with it; a `declaration` (said by the subject) and
    an `event` (told by a source) until the source speaks of a later date.
    """

    subject_id: str
    key: str
    value: Any
    source: str
    observed_on: date
    nature: str = "event"


@transaction.atomic
def record_fact(
    *,
    subject_id: str,
    key: str,
    value: Any,
    source: str,
    observed_on: date,
    nature: str = "event",
    by: Actor,
    as_of: datetime,
) -> int:
    """Records one fact of one subject, in force at once; gives its position. Raises ConflictError as `record_facts`."""
    change = Change(subject_id, key, value, source, observed_on, nature)
    return record_facts(changes=[change], by=by, as_of=as_of)[-1]


@transaction.atomic
def record_facts(*, changes: Iterable[Change], by: Actor, as_of: datetime) -> range:
    """Records many changes in order, each with its fact in the ledger; gives their positions.

    Raises ConflictError for a subject or attribute that is not known or a value that does not fit, AccessError for a
    derived attribute; then nothing is recorded.
    """
    given = list(changes)
    known = shapes()
    keys = keys_by_id([change.subject_id for change in given])
    positions = take(OVERLAYS, len(given))
    rows = []
    for position, change in zip(positions, given, strict=True):
        if change.subject_id not in keys:
            raise ConflictError("no_such_subject", f"no subject {change.subject_id}", "register it first")
        shape = shape_of(FactKey.parse(change.key), known)
        refuse_derived(shape, change.source)
        try:
            written = None if change.value is None else to_json(shape, change.value)
        except ValueError as caught:
            raise ConflictError(
                "wrong_type", f"{change.key}: {caught}", "send a value of the declared kind"
            ) from caught
        rows.append(
            Overlay(
                position=position,
                subject_id=keys[change.subject_id],
                fact_key=change.key,
                value=written,
                is_unknown=change.value is None,
                nature=change.nature,
                source=change.source,
                observed_on=change.observed_on,
                recorded_at=as_of,
                account=by.account,
            )
        )
    Overlay.objects.bulk_create(rows)
    ledger.record_all(facts=[_fact(change, row) for change, row in zip(given, rows, strict=True)], by=by, as_of=as_of)
    return positions


def _fact(change: Change, row: Overlay) -> ledger.NewFact:
    fields = {
        "key": row.fact_key,
        "value": row.value,
        "nature": row.nature,
        "source": row.source,
        "observed_on": row.observed_on.isoformat(),
        "position": row.position,
    }
    return ledger.NewFact("attribute.recorded", change.subject_id, fields)
