"""Notes of who has read restricted facts, written in the reading itself, so that none is left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhida.domain.errors import AccessError
from zhida.domain.values import Actor, Scope, new_id
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry.models import AccessNote, Subject

_TOLD = ("case", "consent")


@transaction.atomic
def note_reading(*, subject: Subject, facts: Sequence[str], scope: Scope, by: Actor | None, as_of: datetime) -> None:
    """Notes that restricted facts are read, for the subject to see, with its fact in the ledger.

    A person's reading of themselves and the system's own runs are not noted. Raises AccessError `purpose_missing`
    where the scope names no purpose.
    """
    if not scope.purpose:
        raise AccessError(
            "purpose_missing",
            "restricted facts are read for a purpose",
            "name the case, the consent or the screening run in the scope",
        )
    is_own = scope.subjects is not None and subject.id in scope.subjects
    is_told = scope.purpose.startswith(_TOLD) or by is not None
    if is_own or not is_told:
        return
    AccessNote.objects.create(
        id=new_id("access"),
        subject=subject,
        account=by.account if by else "",
        office=by.office if by else "",
        purpose=scope.purpose,
        facts=list(facts),
        read_at=as_of,
    )
    fields = {"purpose": scope.purpose, "facts": list(facts)}
    actor = by or Actor(account="", duty="system")
    ledger.record(kind="facts.read", about=subject.id, fields=fields, by=actor, as_of=as_of)
