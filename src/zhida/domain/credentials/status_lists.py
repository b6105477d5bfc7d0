"""Token Status List (draft-ietf-oauth-status-list): one bit a credential, packed, so that a check tells no issuer who.

A verifier fetches the whole list, one small signed token, and looks at its own bit; it can do so from a copy, off-line.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from zhida.domain.credentials.encoding import Malformed, from_base64url, to_base64url
from zhida.domain.credentials.signatures import Issuer, claims_of, sign_claims
from zhida.domain.errors import InvariantBroken
from zhida.domain.values import utc

KIND = "statuslist+jwt"
LIST_SIZE = 1 << 17
LIVES_S = 24 * 3600


def pack(revoked: Iterable[int], size: int = LIST_SIZE) -> str:
    """The list as its `lst` claim: one bit a position, lowest bit first (§4.1), zlib, base64url."""
    bits = bytearray(size // 8)
    for position in revoked:
        if not 0 <= position < size:
            raise InvariantBroken("status_position", f"position {position} is outside a list of {size}")
        bits[position >> 3] |= 1 << (position & 7)
    return to_base64url(zlib.compress(bytes(bits), 9))


def is_set(packed: str, position: int) -> bool:
    """Whether a position of a packed list is revoked. Raises Malformed, also for a position outside the list."""
    expander = zlib.decompressobj()
    try:
        bits = expander.decompress(from_base64url(packed), LIST_SIZE // 8)
    except zlib.error as error:
        raise Malformed("the status list cannot be unpacked") from error
    if not 0 <= position < len(bits) * 8:
        raise Malformed(f"position {position} is outside the status list")
    return bool(bits[position >> 3] >> (position & 7) & 1)


def sign_list(address: str, packed: str, *, issuer: Issuer, as_of: datetime) -> str:
    """The list as a signed token that says where it belongs and until when a copy may be relied on (a day)."""
    moment = int(utc(as_of).timestamp())
    claims = {
        "sub": address,
        "iat": moment,
        "exp": moment + LIVES_S,
        "status_list": {"bits": 1, "lst": packed},
    }
    return sign_claims(claims, kind=KIND, issuer=issuer)


def read_list(token: str, address: str, *, keys: Mapping[str, bytes], as_of: datetime) -> str:
    """The packed list of a signed token. Raises Malformed (another list, or too old), UnknownKey or Forged."""
    claims = claims_of(token, kind=KIND, keys=keys)
    body, issued, expires = claims.get("status_list"), claims.get("iat"), claims.get("exp")
    if claims.get("sub") != address or type(issued) is not int or type(expires) is not int:
        raise Malformed("not the status list that the credential names")
    if not issued <= utc(as_of).timestamp() < expires:
        raise Malformed("the copy of the status list is out of date")
    match body:
        case {"bits": 1, "lst": str(packed)}:
            return packed
    raise Malformed("a status list has one bit a credential")
