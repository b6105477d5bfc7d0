"""Notes of who has read restricted facts, written in the reading itself, so that none is left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from zhida.domain.errors import AccessError
from zhida.domain.values import Actor, Scope, new_id
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry.models import AccessNote, Subject

_TOLD = ("case", "consent")


class Reading(NamedTuple):
    """Restricted facts of one subject, read under a scope."""

    subject: Subject
    facts: Sequence[str]
    scope: Scope


@transaction.atomic
def note_readings(readings: Iterable[Reading], *, by: Actor | None, as_of: datetime) -> None:
    """Notes that restricted facts are read, for their subjects to see, with a fact in the ledger for each.

    A person's reading of themselves and the system's own runs are not noted. Raises AccessError `purpose_missing`
    where a scope names no purpose.
    """
    told = [reading for reading in readings if _is_told(reading, by)]
    AccessNote.objects.bulk_create(
        AccessNote(
            id=new_id("access"),
            subject=subject,
            account=by.account if by else "",
            office=by.office if by else "",
            purpose=scope.purpose,
            facts=list(facts),
            read_at=as_of,
        )
        for subject, facts, scope in told
    )
    entries = [
        ledger.NewFact("facts.read", subject.id, {"purpose": scope.purpose, "facts": list(facts)})
        for subject, facts, scope in told
    ]
    if entries:
        ledger.record_all(facts=entries, by=by or Actor(account="", duty="system"), as_of=as_of)


def _is_told(reading: Reading, by: Actor | None) -> bool:
    scope = reading.scope
    if not scope.purpose:
        raise AccessError(
            "purpose_missing",
            "restricted facts are read for a purpose",
            "name the case, the consent or the screening run in the scope",
        )
    is_own = scope.subjects is not None and reading.subject.id in scope.subjects
    return not is_own and (scope.purpose.startswith(_TOLD) or by is not None)
