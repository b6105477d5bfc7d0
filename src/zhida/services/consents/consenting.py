"""Giving a consent, taking it back, and reading under it: no fact beyond it is handed out, and every look is noted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from zhida.domain.errors import AccessError, ApplicantError, ConflictError
from zhida.domain.values import Actor, Facts, Scope, local_date, utc
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry import queries as registry
from zhida.services.consents.models import Consent

LONGEST_DAYS = 366
ANYBODY = Actor(account="", duty="public")


@dataclass(frozen=True)
class Asked:
    """What is to be let: which attributes, to whom, for what, for how many days."""

    attributes: Collection[str]
    receiver: str
    purpose: str
    days: int


@dataclass(frozen=True)
class ConsentRecord:
    """One consent; `until_on` is the first day on which it no longer holds."""

    id: str
    subject_id: str
    receiver: str
    purpose: str
    attributes: tuple[str, ...]
    given_at: datetime
    until_on: date
    withdrawn_at: datetime | None

    def holds(self, as_of: datetime) -> bool:
        """Whether somebody may still read under it."""
        return self.withdrawn_at is None and local_date(as_of) < self.until_on


@transaction.atomic
def give(*, consent_id: str, subject_id: str, asked: Asked, by: Actor, as_of: datetime) -> None:
    """Lets somebody see facts of a subject; a second time does nothing. Records `consent.given`.

    Raises ApplicantError naming the field: `receiver`, `purpose`, `attributes` or `days`.
    """
    receiver, purpose = asked.receiver.strip()[:120], asked.purpose.strip()[:200]
    attributes = sorted(set(asked.attributes))
    _check(receiver, purpose, attributes, asked.days)
    if Consent.objects.filter(pk=consent_id).exists():
        return
    today = local_date(as_of)
    Consent.objects.create(
        id=consent_id,
        subject=subject_id,
        receiver=receiver,
        purpose=purpose,
        attributes=attributes,
        given_at=utc(as_of),
        given_by=by.account,
        from_on=today,
        until_on=today + timedelta(days=asked.days),
    )
    fields = {"receiver": receiver, "purpose": purpose, "attributes": attributes, "days": asked.days}
    ledger.record(kind="consent.given", about=subject_id, fields={"consent": consent_id, **fields}, by=by, as_of=as_of)


def _check(receiver: str, purpose: str, attributes: Collection[str], days: int) -> None:
    if not receiver:
        raise ApplicantError("consent_receiver", field="receiver", zh="请写给谁看", en="Please say who may see it")
    if not purpose:
        raise ApplicantError("consent_purpose", field="purpose", zh="请写做什么用", en="Please say what for")
    if not attributes:
        raise ApplicantError("consent_facts", field="attributes", zh="请至少选一项", en="Please choose at least one")
    if not 0 < days <= LONGEST_DAYS:
        raise ApplicantError("consent_days", field="days", zh="请选到哪天为止", en="Please choose until when")


@transaction.atomic
def withdraw(*, consent_id: str, subject_id: str, by: Actor, as_of: datetime) -> None:
    """Takes a consent back: from now on nobody reads under it. Raises ConflictError `no_such_consent`. Records
    `consent.withdrawn`."""
    rows = Consent.objects.filter(pk=consent_id, subject=subject_id, withdrawn_at=None)
    if not rows.update(withdrawn_at=utc(as_of)):
        raise ConflictError("no_such_consent", f"{consent_id} is none that holds", "look at the list again")
    ledger.record(kind="consent.withdrawn", about=subject_id, fields={"consent": consent_id}, by=by, as_of=as_of)


def consents_of(subject_id: str) -> tuple[ConsentRecord, ...]:
    """Every consent of a subject, the newest first, those taken back included."""
    rows = Consent.objects.filter(subject=subject_id).order_by("-given_at", "-id")
    return tuple(_record(row) for row in rows)


def consent(consent_id: str) -> ConsentRecord:
    """One consent by its id. Raises ConflictError `no_such_consent`."""
    row = Consent.objects.filter(pk=consent_id).first()
    if row is None:
        raise ConflictError("no_such_consent", f"there is no {consent_id}", "ask for the address again")
    return _record(row)


def read(consent_id: str, *, as_of: datetime) -> Facts:
    """The facts that a consent lets somebody see, and no other; the look is noted for the subject.

    Raises AccessError `consent_over` once it was taken back or has ended.
    """
    found = consent(consent_id)
    if not found.holds(as_of):
        raise AccessError("consent_over", f"{consent_id} was taken back or has ended", "ask for a new one")
    facts = registry.facts_of(found.subject_id, scope=Scope.system(f"consent:{consent_id}"), as_of=as_of, by=ANYBODY)
    return Facts({key: fact for key, fact in facts.known.items() if key.attribute in found.attributes})


def _record(row: Consent) -> ConsentRecord:
    return ConsentRecord(row.id, row.subject, row.receiver, row.purpose, tuple(row.attributes), row.given_at,
                         row.until_on, row.withdrawn_at)  # fmt: skip
