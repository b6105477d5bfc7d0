"""Reading and checking credentials: what a subject holds, what a composite opens, and whether a token is good today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from zhida.domain.credentials import Standing, Verdict, judge, pack, sign_list
from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Scope
from zhida.kernel.credentials.actions import list_address
from zhida.kernel.credentials.models import Credential, StatusList
from zhida.kernel.credentials.ports import issuer


@dataclass(frozen=True)
class HeldCredential:
    """A credential as its holder and its issuing office see it; `claims` are those that every verifier sees."""

    id: str
    kind: str
    case_id: str
    subject_id: str
    office: str
    claims: Mapping[str, Any]
    token: str
    valid_from: date
    valid_to: date | None
    issued_at: datetime
    revoked_at: datetime | None
    revoked_reason: str
    components: tuple[str, ...]


def credential(credential_id: str, *, scope: Scope) -> HeldCredential:
    """One credential. Raises ConflictError where there is none, AccessError where the scope does not hold it."""
    row = Credential.objects.prefetch_related("components").filter(pk=credential_id).first()
    if row is None:
        raise ConflictError("no_such_credential", f"{credential_id} was never issued", "check the id")
    if not _is_within(row, scope):
        raise AccessError("credential_out_of_scope", f"{credential_id} is another's", "its holder can show it")
    return _held(row)


def credentials_of(subject_id: str, *, scope: Scope) -> tuple[HeldCredential, ...]:
    """Every credential of a subject that the scope holds, the newest first, revoked ones included."""
    rows = Credential.objects.prefetch_related("components").filter(subject_id=subject_id).order_by("-issued_at", "-id")
    return _held_within(rows, scope)


def credentials_of_case(case_id: str, *, scope: Scope) -> tuple[HeldCredential, ...]:
    """Every credential issued in a case that the scope holds, in the order of issue."""
    rows = Credential.objects.prefetch_related("components").filter(case_id=case_id).order_by("issued_at", "id")
    return _held_within(rows, scope)


def verify(token: str, *, as_of: datetime) -> Verdict:
    """The verdict on a token with everything this installation knows, a composite's components included.

    Never raises for what a token holds; an id that was never issued here is FORGED however well it is signed.
    """
    signer = issuer()
    verdict = judge(token, issuer=signer.address, keys=signer.public_keys(), as_of=as_of)
    if not verdict.claims:
        return verdict
    row = Credential.objects.filter(pk=verdict.credential_id).first()
    if row is None or row.token.split("~")[0] != token.split("~")[0]:
        return Verdict(Standing.FORGED, reason="signed, but not one that was issued here")
    parts = Credential.objects.filter(composites__composite=row).order_by("composites__position")
    components = tuple(verify(part.token.split("~")[0], as_of=as_of) for part in parts)
    return replace(verdict, standing=_standing(row, verdict.standing, as_of), components=components)


def status_list(number: int, *, as_of: datetime) -> str:
    """The signed status list with this number, for anyone. Raises ConflictError where there is none."""
    if not StatusList.objects.filter(pk=number).exists():
        raise ConflictError("no_such_list", f"there is no status list {number}", "read the address in the credential")
    revoked = Credential.objects.filter(status_list=number, revoked_at__lte=as_of)
    signer = issuer()
    packed = pack(revoked.values_list("status_position", flat=True))
    return sign_list(list_address(signer, number), packed, issuer=signer, as_of=as_of)


def _standing(row: Credential, found: Standing, as_of: datetime) -> Standing:
    if row.revoked_at is not None and row.revoked_at <= as_of:
        return Standing.REVOKED
    return Standing.VALID if found is Standing.UNCHECKED else found


def _held_within(rows: Iterable[Credential], scope: Scope) -> tuple[HeldCredential, ...]:
    return tuple(_held(row) for row in rows if _is_within(row, scope))


def _is_within(row: Credential, scope: Scope) -> bool:
    is_held = scope.subjects is None or row.subject_id in scope.subjects
    return is_held and (scope.offices is None or row.office in scope.offices)


def _held(row: Credential) -> HeldCredential:
    parts = sorted(row.components.all(), key=lambda part: part.position)
    return HeldCredential(
        id=row.id,
        kind=row.kind,
        case_id=row.case_id,
        subject_id=row.subject_id,
        office=row.office,
        claims=row.claims,
        token=row.token,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        issued_at=row.issued_at,
        revoked_at=row.revoked_at,
        revoked_reason=row.revoked_reason,
        components=tuple(part.credential_id for part in parts),
    )
