"""Issuing and revoking licences and certificates."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from zhida.domain.credentials import LIST_SIZE, sign_disclosable
from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.values import CHINA, Actor, Span, utc
from zhida.kernel.credentials.models import Component, Credential, StatusList
from zhida.kernel.credentials.ports import IssuerPort, issuer
from zhida.kernel.ledger import actions as ledger

_RESERVED = frozenset(
    {"iss", "vct", "jti", "iat", "nbf", "exp", "sub", "status", "components", "_sd", "_sd_alg", "..."}
)
REPLACED = "replaced"


@transaction.atomic
def issue(
    *,
    credential_id: str,
    case_id: str,
    subject_id: str,
    kind: str,
    claims: Mapping[str, Any],
    valid: Span,
    by: Actor,
    as_of: datetime,
    hidden: Mapping[str, Any] | None = None,
    component_ids: Sequence[str] = (),
    replaces: str = "",
) -> str:
    """Signs and keeps a credential, and gives the token with all its disclosures, as its holder receives it.

    `claims` are shown to every verifier, so they hold the least that a glance must tell; `hidden` ones are shown only
    where the holder shows them. `valid` needs a start; its end may be open. With `component_ids` it is a composite
    licence that opens each of them. `replaces` revokes an earlier one in the same step. Raises ConflictError where the
    id was issued, a component or the one replaced is not in force; InvariantBroken for a claim under a reserved name.
    """
    hidden = hidden or {}
    _check_names(claims, hidden)
    if valid.start is None:
        raise InvariantBroken("credential_without_start", f"{credential_id}: from when is it valid?")
    if Credential.objects.filter(pk=credential_id).exists():
        raise ConflictError("already_issued", f"{credential_id} stands", "read the credential that was issued")
    components = _in_force(component_ids, subject_id)
    if replaces:
        revoke(credential_id=replaces, reason=REPLACED, by=by, as_of=as_of)
    signer, place = issuer(), _next_place()
    shown = {
        **_envelope(signer, credential_id, kind, valid, place, as_of),
        **({"components": [part.id for part in components]} if components else {}),
        **claims,
    }
    token = sign_disclosable(shown, hidden, issuer=signer, new_salt=_new_salt)
    row = Credential.objects.create(
        id=credential_id,
        kind=kind,
        case_id=case_id,
        subject_id=subject_id,
        office=by.office,
        claims=dict(claims),
        token=token,
        valid_from=valid.start,
        valid_to=valid.end,
        status_list_id=place[0],
        status_position=place[1],
        issued_at=utc(as_of),
        replaces_id=replaces or None,
    )
    Component.objects.bulk_create(
        Component(composite=row, credential=part, position=position) for position, part in enumerate(components)
    )
    ledger.record(kind="credential.issued", about=credential_id, fields=_fact(row, components), by=by, as_of=as_of)
    return token


@transaction.atomic
def revoke(*, credential_id: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Ends a credential now; every verifier that asks learns it, and a copied status list is at most a day behind.

    Raises ConflictError where it does not stand or was revoked before, InvariantBroken without a reason.
    """
    if not reason:
        raise InvariantBroken("revoked_without_reason", f"{credential_id}: a revocation says why")
    row = Credential.objects.select_for_update().filter(pk=credential_id).first()
    if row is None or row.revoked_at is not None:
        raise ConflictError("not_in_force", f"{credential_id} is not in force", "look at the credential again")
    row.revoked_at, row.revoked_reason = utc(as_of), reason
    row.save(update_fields=["revoked_at", "revoked_reason"])
    fields = {"reason": reason, "kind": row.kind, "case": row.case_id}
    ledger.record(kind="credential.revoked", about=credential_id, fields=fields, by=by, as_of=as_of)


def _check_names(claims: Mapping[str, Any], hidden: Mapping[str, Any]) -> None:
    taken = (_RESERVED & (claims.keys() | hidden.keys())) | (claims.keys() & hidden.keys())
    if taken:
        raise InvariantBroken("claim_name_taken", f"{sorted(taken)} cannot name a claim, or stand on both sides")


def _in_force(component_ids: Sequence[str], subject_id: str) -> list[Credential]:
    found = Credential.objects.select_for_update().in_bulk(list(component_ids))
    for component_id in component_ids:
        part = found.get(component_id)
        if part is None or part.revoked_at is not None or part.subject_id != subject_id:
            words = f"{component_id} is no credential of this holder in force"
            raise ConflictError("component_not_in_force", words, "issue the component first")
    return [found[component_id] for component_id in dict.fromkeys(component_ids)]


def _next_place() -> tuple[int, int]:
    StatusList.objects.get_or_create(number=1)
    newest = StatusList.objects.select_for_update().order_by("-number")[0]
    if newest.next_position >= LIST_SIZE:
        newest = StatusList.objects.create(number=newest.number + 1)
    position = newest.next_position
    newest.next_position = position + 1
    newest.save(update_fields=["next_position"])
    return newest.number, position


def list_address(signer: IssuerPort, number: int) -> str:
    """Where a status list is published, and what a credential calls it."""
    return f"{signer.address}/status/{number}"


def _envelope(
    signer: IssuerPort, credential_id: str, kind: str, valid: Span, place: tuple[int, int], as_of: datetime
) -> dict[str, Any]:
    end = {"exp": _midnight(valid.end)} if valid.end else {}
    return {
        "iss": signer.address,
        "vct": kind,
        "jti": credential_id,
        "iat": int(utc(as_of).timestamp()),
        "nbf": _midnight(valid.start),
        **end,
        "status": {"status_list": {"idx": place[1], "uri": list_address(signer, place[0])}},
    }


def _new_salt() -> str:
    return secrets.token_urlsafe(16)


def _midnight(day: date | None) -> int:
    if day is None:
        raise InvariantBroken("credential_without_start", "from when is it valid?")
    return int(datetime.combine(day, time(), CHINA).timestamp())


def _fact(row: Credential, components: list[Credential]) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "case": row.case_id,
        "subject": row.subject_id,
        "digest": hashlib.sha256(row.token.encode("ascii")).hexdigest(),
        "valid": f"{row.valid_from}/{row.valid_to or ''}",
        "components": [part.id for part in components],
    }
