"""Granting once, and undoing a grant: the promise is a primary key, so that two decisions cannot both hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import count
from typing import NamedTuple

from django.db import IntegrityError, transaction

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.packs import Item
from zhida.domain.proofs import Json
from zhida.domain.values import Actor, Period, Scope, Span, local_date, utc
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements.keys import held_keys, quota_stem
from zhida.kernel.entitlements.models import Entitlement, Revocation, Uniqueness
from zhida.kernel.entitlements.stacking import stacking_of, turn_key
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry import queries as registry

_HINT = "look again: read the subject's grants and decide anew"


class NewGrant(NamedTuple):
    """What is granted to a subject for a period.

    `keys` are those of `Item.keys_of`; none of them may be held by another living grant. `amount_fen` is what is to be
    paid (None for a benefit without money), `deducted_fen` what a highest-only group took off for earlier grants,
    `inputs` the digest of the facts it rests on, where a case froze them.
    """

    grant_id: str
    case_id: str
    subject_id: str
    item_id: str
    revision_id: str
    keys: Iterable[str]
    amount_fen: int | None
    period: Period | Span | str = ""
    deducted_fen: int = 0
    inputs: str = ""


@transaction.atomic
def grant_many(*, grants: Sequence[NewGrant], by: Actor, as_of: datetime) -> None:
    """Grants each once, all or none, with an `entitlement.granted`; no two in one stacking group of one subject.

    Raises ConflictError `already_granted`, `excluded_by_group` or `quota_full`, InvariantBroken for an amount below 0.
    """
    scope = Scope.system("granting")
    subjects = registry.subjects([new.subject_id for new in grants], scope=scope)
    rows = []
    for new in grants:
        if (new.amount_fen or 0) < 0 or new.deducted_fen < 0:
            words = f"{new.grant_id}: {new.amount_fen} fen, {new.deducted_fen} deducted"
            raise InvariantBroken("negative_amount", words)
        rows.append(_row(new, subjects[new.subject_id].region, by, as_of))
    _insert(rows)
    facts = [
        ledger.NewFact("entitlement.granted", row.id, _fields(row, new)) for row, new in zip(rows, grants, strict=True)
    ]
    ledger.record_all(facts=facts, by=by, as_of=as_of)


def _row(new: NewGrant, region: str, by: Actor, as_of: datetime) -> Entitlement:
    item, day = catalogue.item_of(new.revision_id, new.item_id), local_date(as_of)
    taken = list(held_keys(new.keys))
    if item.group:
        taken.append(_turn(item, new, day))
    return Entitlement(
        id=new.grant_id,
        case_id=new.case_id,
        subject_id=new.subject_id,
        item=new.item_id,
        group=item.group,
        revision_id=new.revision_id,
        owner_office=catalogue.revision(new.revision_id).owner,
        region=region,
        amount_fen=new.amount_fen,
        period=str(new.period),
        keys=taken,
        granted_at=utc(as_of),
        granted_on=day,
        granted_by=by.account,
    )


def _fields(row: Entitlement, new: NewGrant) -> dict[str, Json]:
    item = catalogue.item_of(new.revision_id, new.item_id)
    place = [_take_place(row, item)] if item.quota and item.quota.n is not None else []
    return {
        "grant": row.id,
        "case": row.case_id,
        "subject": row.subject_id,
        "item": row.item,
        "revision": row.revision_id,
        "amount_fen": row.amount_fen,
        "deducted_fen": new.deducted_fen,
        "period": row.period,
        "keys": [*row.keys, *place],
        **({"inputs": new.inputs} if new.inputs else {}),
    }


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


def _turn(item: Item, new: NewGrant, day: date) -> str:
    group = catalogue.group_of(new.revision_id, item.group)
    stacking = stacking_of(group, new.subject_id, day)
    full_fen = None if new.amount_fen is None else new.amount_fen + new.deducted_fen
    if stacking.payable_fen(full_fen) != (new.amount_fen or 0):
        before = f"{stacking.already_fen} fen of {group.name} ({group.rule}) by {stacking.grant_ids}"
        raise ConflictError("excluded_by_group", f"{new.subject_id} has {before}", _HINT)
    return turn_key(stacking, new.subject_id, day)


def _insert(rows: Sequence[Entitlement]) -> None:
    keys = [Uniqueness(key=key, entitlement=row) for row in rows for key in row.keys]
    try:
        with transaction.atomic():
            Entitlement.objects.bulk_create(rows)
            Uniqueness.objects.bulk_create(keys)
    except IntegrityError as error:
        taken = Uniqueness.objects.filter(key__in=[each.key for each in keys])
        held = taken.values_list("key", "entitlement_id").first()
        words = f"{held[0]} is held by {held[1]}" if held else f"one of {[row.id for row in rows]} is taken"
        raise ConflictError("already_granted", words, _HINT) from error


def _take_place(row: Entitlement, item: Item) -> str:
    """One of the numbered places of a quota: their keys are unique, so that no more are granted than there are.

    Where all equals at the line are in, the selection says who has a place.
    """
    stem, quota = quota_stem(item), item.quota
    most = quota.n if quota and quota.ties == "none_in" else None
    while True:
        taken = set(Uniqueness.objects.filter(key__startswith=stem).values_list("key", flat=True))
        free = next(key for place in count(1) if (key := f"{stem}{place}") not in taken)
        if most is not None and len(taken) >= most:
            raise ConflictError("quota_full", f"all {most} places of {item.id} are taken", "nobody can be selected now")
        try:
            with transaction.atomic():
                Uniqueness.objects.create(key=free, entitlement=row)
        except IntegrityError:
            continue
        return free
