"""A person lets a platform be told who they are and for whom they act, sees what they let, and takes it back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Actor, new_id, utc
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import queries as offices
from zhida.services.vouching.models import Permission, SignOn


@dataclass(frozen=True)
class PermissionRecord:
    """What one account lets one platform be told; `subject` is whom it acts for there, "" for nobody."""

    id: str
    client_id: str
    account: str
    subject: str
    asked: frozenset[str]
    scopes: frozenset[str]
    given_at: datetime
    used_at: datetime | None
    uses: int
    withdrawn_at: datetime | None


@transaction.atomic
def permit(
    *, client_id: str, subject_id: str, asked: Collection[str], let: Collection[str], by: Actor, as_of: datetime
) -> str:
    """Lets a platform be told what of `asked` is also in `let`, acting for a subject or for nobody; the permission.

    It takes the place of what was let there before. Records `vouching.permitted`. Raises AccessError `mandate_missing`
    for a subject that the account may not act for.
    """
    if subject_id and subject_id not in offices.mandates_of(by.account, as_of, "submit"):
        words = f"{by.account} has no mandate to submit for {subject_id}"
        raise AccessError("mandate_missing", words, "the subject, or its legal representative, gives mandates")
    scopes = sorted(set(asked) & set(let) | {"openid"})
    now = {"subject": subject_id, "asked": sorted(set(asked) | {"openid"}), "scopes": scopes, "withdrawn_at": None}
    row, _ = Permission.objects.update_or_create(
        client_id=client_id,
        account=by.account,
        defaults={**now, "given_at": utc(as_of)},
        create_defaults={**now, "given_at": utc(as_of), "id": new_id("permission")},
    )
    _end(row, as_of)
    fields = {"permission": row.id, "client": client_id, "scopes": scopes}
    ledger.record(kind="vouching.permitted", about=subject_id or by.account, fields=fields, by=by, as_of=as_of)
    return row.id


@transaction.atomic
def withdraw(*, permission_id: str, by: Actor, as_of: datetime) -> None:
    """Takes a permission back: the platform is told nothing more, by what it holds already neither.

    Records `vouching.withdrawn`. Raises ConflictError `no_such_permission` for another's or one taken back before.
    """
    rows = Permission.objects.select_for_update().filter(pk=permission_id, account=by.account, withdrawn_at=None)
    row = rows.first()
    if row is None:
        raise ConflictError("no_such_permission", f"{permission_id} is none that holds", "look at the list again")
    row.withdrawn_at = utc(as_of)
    row.save(update_fields=["withdrawn_at"])
    _end(row, as_of)
    fields = {"permission": row.id, "client": row.client_id}
    ledger.record(kind="vouching.withdrawn", about=row.subject or by.account, fields=fields, by=by, as_of=as_of)


def _end(row: Permission, as_of: datetime) -> None:
    SignOn.objects.filter(permission=row, ended_at=None).update(ended_at=utc(as_of))


def permissions_of(account: str) -> tuple[PermissionRecord, ...]:
    """What an account has let, the newest first, those taken back included."""
    return tuple(_record(row) for row in Permission.objects.filter(account=account).order_by("-given_at", "-id"))


def permission_to(client_id: str, account: str) -> PermissionRecord | None:
    """What an account lets a platform be told now, or None."""
    row = Permission.objects.filter(client=client_id, account=account, withdrawn_at=None).first()
    return _record(row) if row else None


def _record(row: Permission) -> PermissionRecord:
    return PermissionRecord(row.id, row.client_id, row.account, row.subject, frozenset(row.asked),
                            frozenset(row.scopes), row.given_at, row.used_at, row.uses, row.withdrawn_at)  # fmt: skip
