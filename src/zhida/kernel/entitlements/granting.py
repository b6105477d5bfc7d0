"""Granting once, and undoing a grant: the promise is a primary key, so that two decisions cannot both hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.packs import Item
from zhida.domain.values import Actor, Period, Scope, Span, local_date, utc
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements.keys import held_keys, quota_stem
from zhida.kernel.entitlements.models import Entitlement, Revocation, Uniqueness
from zhida.kernel.entitlements.stacking import stacking_of, turn_key
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry import queries as registry

_HINT = "look again: read the subject's grants and decide anew"


@transaction.atomic
def grant(
    *,
    grant_id: str,
    case_id: str,
    subject_id: str,
    item_id: str,
    revision_id: str,
    keys: Iterable[str],
    amount_fen: int | None,
    period: Period | Span | str = "",
    deducted_fen: int = 0,
    by: Actor,
    as_of: datetime,
) -> str:
    """Grants an item to a subject for a period, once; gives `grant_id` and records `entitlement.granted`.

    `keys` are those of `Item.keys_of`; none of them may be held by another living grant. `amount_fen` is what is to be
    paid (None for a benefit without money), `deducted_fen` what a highest-only group took off for earlier grants.
    Raises ConflictError `already_granted`, `excluded_by_group` or `quota_full`; InvariantBroken for an amount below 0.
    """
    if (amount_fen or 0) < 0 or deducted_fen < 0:
        raise InvariantBroken("negative_amount", f"{grant_id}: {amount_fen} fen, {deducted_fen} deducted")
    published = catalogue.pinned_item(revision_id, item_id)
    item = published.item
    subject = registry.subject(subject_id, scope=Scope.system(f"grant {grant_id}"))
    day = local_date(as_of)
    taken = list(held_keys(keys))
    if item.group:
        taken.append(_turn(item, revision_id, subject_id, amount_fen, deducted_fen, day))
    row = Entitlement(
        id=grant_id,
        case_id=case_id,
        subject_id=subject_id,
        item=item_id,
        group=item.group,
        revision_id=revision_id,
        owner_office=published.pack.owner,
        region=subject.region,
        amount_fen=amount_fen,
        period=str(period),
        keys=taken,
        granted_at=utc(as_of),
        granted_on=day,
        granted_by=by.account,
    )
    _insert(row, taken)
    place = _take_place(row, item, item.quota.n) if item.quota else ""
    fields = {
        "grant": grant_id,
        "case": case_id,
        "subject": subject_id,
        "item": item_id,
        "revision": revision_id,
        "amount_fen": amount_fen,
        "deducted_fen": deducted_fen,
        "period": str(period),
        "keys": [*taken, place] if place else taken,
    }
    ledger.record(kind="entitlement.granted", about=grant_id, fields=fields, by=by, as_of=as_of)
    return grant_id


@transaction.atomic
def revoke(*, grant_id: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Undoes a grant by a row of its own and frees its keys; records `entitlement.revoked`.

    The grant stays as it was written. Raises ConflictError `no_such_grant` or `already_revoked`, InvariantBroken
    without a reason.
    """
    if not reason.strip():
        raise InvariantBroken("no_reason", f"{grant_id} is revoked without a reason")
    row = Entitlement.objects.filter(id=grant_id).first()
    if row is None:
        raise ConflictError("no_such_grant", f"nothing was granted as {grant_id}", _HINT)
    try:
        with transaction.atomic():
            Revocation.objects.create(entitlement=row, reason=reason, revoked_at=utc(as_of), revoked_by=by.account)
    except IntegrityError as error:
        raise ConflictError("already_revoked", f"{grant_id} has been revoked before", _HINT) from error
    row.held_keys.all().delete()
    fields = {"grant": grant_id, "reason": reason, "amount_fen": row.amount_fen}
    ledger.record(kind="entitlement.revoked", about=grant_id, fields=fields, by=by, as_of=as_of)


def _turn(item: Item, revision_id: str, subject_id: str, amount_fen: int | None, deducted_fen: int, day: date) -> str:
    group = catalogue.group_of(revision_id, item.group)
    stacking = stacking_of(group, subject_id, day)
    full_fen = None if amount_fen is None else amount_fen + deducted_fen
    if stacking.payable_fen(full_fen) != (amount_fen or 0):
        words = f"{subject_id} has {stacking.already_fen} fen of {group.name} ({group.rule}) by {stacking.grant_ids}"
        raise ConflictError("excluded_by_group", words, _HINT)
    return turn_key(stacking, subject_id, day)


def _insert(row: Entitlement, keys: list[str]) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            Uniqueness.objects.bulk_create(Uniqueness(key=key, entitlement=row) for key in keys)
    except IntegrityError as error:
        held = Uniqueness.objects.filter(key__in=keys).values_list("key", "entitlement_id").first()
        words = f"{held[0]} is held by {held[1]}" if held else f"{row.id} is taken"
        raise ConflictError("already_granted", words, _HINT) from error


def _take_place(row: Entitlement, item: Item, most: int) -> str:
    """One of the numbered places of a quota: their keys are unique, so that `most` can never be passed."""
    stem = quota_stem(item)
    while True:
        taken = set(Uniqueness.objects.filter(key__startswith=stem).values_list("key", flat=True))
        free = next((key for place in range(1, most + 1) if (key := f"{stem}{place}") not in taken), None)
        if free is None:
            raise ConflictError("quota_full", f"all {most} places of {item.id} are taken", "nobody can be selected now")
        try:
            with transaction.atomic():
                Uniqueness.objects.create(key=free, entitlement=row)
        except IntegrityError:
            continue
        return free
