"""From what an issuer has proven to an account here, and to the mandates that rest on its word."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor, Scope, local_date, new_id, utc
from zhida.kernel.accounts import actions as accounts
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import actions as offices
from zhida.kernel.offices import queries as mandates
from zhida.kernel.registry import queries as registry
from zhida.services.identities.models import Identity
from zhida.services.identities.ports import Proven


def arrive(*, proven: Proven, provider: str, as_of: datetime) -> str:
    """The account of whoever was proven: the one linked to this identity, else a new one without a password.

    From today it acts for the person and the firm that the issuer names, where the registry knows them; a mandate that
    rested on the same issuer's word and is said no longer ends. Records `accounts.identity_linked` once.
    """
    known = _known(proven)
    if known is None:
        try:
            known = _link(proven, provider, as_of)
        except IntegrityError:  # two windows came back at once
            known = Identity.objects.get(issuer=proven.issuer, subject_name=proven.subject_name)
    _follow(known.account, proven, provider, as_of)
    Identity.objects.filter(pk=known.pk).update(seen_at=utc(as_of))
    return known.account


def providers_of(account_id: str) -> tuple[str, ...]:
    """The providers that know the holder of an account, and can be asked again who is there."""
    return tuple(Identity.objects.filter(account=account_id).order_by("pk").values_list("provider", flat=True))


def account_of(proven: Proven) -> str:
    """The account linked to what was proven; empty where none is."""
    known = _known(proven)
    return known.account if known else ""


def _known(proven: Proven) -> Identity | None:
    return Identity.objects.filter(issuer=proven.issuer, subject_name=proven.subject_name).first()


@transaction.atomic
def _link(proven: Proven, provider: str, as_of: datetime) -> Identity:
    name = hashlib.sha256(f"{proven.issuer} {proven.subject_name}".encode()).hexdigest()[:24]
    account = accounts.open_account(
        login_name=f"{provider[:30]}-{name}", display_name=proven.name[:64], password=None, as_of=as_of
    )
    linked = Identity(id=new_id("identity"), issuer=proven.issuer, subject_name=proven.subject_name, account=account)
    linked.provider = provider
    linked.linked_at = linked.seen_at = utc(as_of)
    linked.save(force_insert=True)
    fields = {"account": account, "issuer": proven.issuer}
    ledger.record(kind="accounts.identity_linked", about=account, fields=fields, by=_by(account), as_of=as_of)
    return linked


@transaction.atomic
def _follow(account: str, proven: Proven, provider: str, as_of: datetime) -> None:
    source, named = f"identity:{provider}", _subjects(proven)
    held = mandates.mandates(account, as_of)
    for one in held:
        if one.source == source and one.subject not in named:
            _end(one, account, as_of)
    for subject in sorted(set(named) - {one.subject for one in held}):
        offices.give_mandate(account_id=account, subject_id=subject, source=source, by=_by(account), as_of=as_of)


def _end(held: mandates.HeldMandate, account: str, as_of: datetime) -> None:
    """Ends a mandate today; one that began today lasts this one day."""
    today = local_date(as_of)
    try:
        offices.end_mandate(mandate_id=held.id, on=today, by=_by(account), as_of=as_of)
    except ConflictError:
        if held.valid_to is None:
            offices.end_mandate(mandate_id=held.id, on=today + timedelta(days=1), by=_by(account), as_of=as_of)


def _subjects(proven: Proven) -> Collection[str]:
    scope, found = Scope.system("identity"), []
    if proven.citizen_number:
        found.append(registry.find_by_number(proven.citizen_number, scope=scope))
    if proven.credit_code:
        found.append(registry.find_by_credit_code(proven.credit_code, scope=scope))
    return [one.id for one in found if one is not None]


def _by(account: str) -> Actor:
    return Actor(account, "system")
