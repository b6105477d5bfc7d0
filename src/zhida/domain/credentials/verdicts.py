"""Is this credential good? Judged from the token, the issuer's keys and, at best, a status list; nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from zhida.domain.credentials.disclosures import disclosed_claims
from zhida.domain.credentials.encoding import Malformed
from zhida.domain.credentials.signatures import Forged, UnknownKey
from zhida.domain.credentials.status_lists import is_set, read_list
from zhida.domain.values import utc


class Standing(StrEnum):
    """What a verifier learns. UNCHECKED: good in itself, but nobody has asked whether it was revoked."""

    VALID = "valid"
    UNCHECKED = "unchecked"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    FORGED = "forged"
    UNKNOWN_KEY = "unknown_key"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class Verdict:
    """The standing, and the claims where the signature holds; `reason` is for a log, not for a reader."""

    standing: Standing
    claims: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    components: tuple[Verdict, ...] = ()

    @property
    def credential_id(self) -> str:
        """The id, `` where the token does not hold."""
        return str(self.claims.get("jti", ""))

    @property
    def is_whole(self) -> bool:
        """Valid, and every component of it too."""
        return self.standing is Standing.VALID and all(part.is_whole for part in self.components)


def judge(
    token: str, *, issuer: str, keys: Mapping[str, bytes], as_of: datetime, status_list: str | None = None
) -> Verdict:
    """The verdict on a token at an instant, without any database or network; never raises for what a token holds.

    `status_list` is a signed copy of the list the token names, at most a day old; without one the best standing is
    UNCHECKED.
    """
    try:
        claims = disclosed_claims(token, keys=keys)
        _check_shape(claims, issuer)
        standing = _standing(claims, keys, as_of, status_list)
    except Malformed as error:
        return Verdict(Standing.MALFORMED, reason=str(error))
    except UnknownKey as error:
        return Verdict(Standing.UNKNOWN_KEY, reason=str(error))
    except Forged as error:
        return Verdict(Standing.FORGED, reason=str(error))
    return Verdict(standing, claims)


def _check_shape(claims: Mapping[str, Any], issuer: str) -> None:
    if claims.get("iss") != issuer:
        raise Malformed("the token is of another issuer")
    if not all(isinstance(claims.get(name), str) for name in ("vct", "jti")):
        raise Malformed("a credential names its kind and its id")
    if type(claims.get("nbf")) is not int or type(claims.get("exp", 0)) is not int:
        raise Malformed("nbf and exp are whole seconds")
    match claims.get("status"):
        case {"status_list": {"idx": int(), "uri": str()}}:
            return
    raise Malformed("a credential names its place in a status list")


def _standing(
    claims: Mapping[str, Any], keys: Mapping[str, bytes], as_of: datetime, status_list: str | None
) -> Standing:
    moment = utc(as_of).timestamp()
    place = claims["status"]["status_list"]
    if status_list is not None and is_set(read_list(status_list, place["uri"], keys=keys, as_of=as_of), place["idx"]):
        return Standing.REVOKED
    if moment < claims["nbf"]:
        return Standing.NOT_YET_VALID
    if "exp" in claims and moment >= claims["exp"]:
        return Standing.EXPIRED
    return Standing.UNCHECKED if status_list is None else Standing.VALID
