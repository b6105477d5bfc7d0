"""Credentials checked by anyone, and the status lists that tell which were revoked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from zhida.domain.credentials import Verdict
from zhida.kernel.credentials import queries
from zhida.surfaces.api.callers import now
from zhida.surfaces.api.problems import REFUSALS
from zhida.surfaces.api.shapes import Body

router = Router(tags=["proofs"], auth=None)
_LONGEST = 1 << 20


class Token(Body):
    """A credential as it is shown: an SD-JWT VC, or the part of one that its holder discloses."""

    token: str = Field(max_length=_LONGEST)


class CredentialVerdict(Schema):
    """valid, not_yet_valid, expired, revoked, forged, unknown_key or malformed; the claims where the signature holds.

    `is_whole` says that every component is valid too.
    """

    standing: str
    is_whole: bool
    claims: dict[str, Any]
    components: list[CredentialVerdict]


CredentialVerdict.model_rebuild()


@router.post("/verify", response={200: CredentialVerdict, **REFUSALS})
def verify(request: HttpRequest, shown: Token) -> dict[str, Any]:
    """The verdict on a credential with all that this installation knows. Anyone may; nothing is kept."""
    return _told(queries.verify(shown.token, as_of=now()))


def _told(found: Verdict) -> dict[str, Any]:
    return {
        "standing": found.standing,
        "is_whole": found.is_whole,
        "claims": dict(found.claims),
        "components": [_told(part) for part in found.components],
    }


def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """The signed status list at the address that credentials name (IETF Token Status List)."""
    return HttpResponse(queries.status_list(number, as_of=now()), content_type="application/statuslist+jwt")
