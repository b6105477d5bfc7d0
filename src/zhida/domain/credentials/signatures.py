"""Compact JWS (RFC 7515) with Ed25519 (RFC 8037) and nothing else: no `none`, no other algorithm, no other header."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from zhida.domain.credentials.encoding import Malformed, from_base64url, object_of, to_base64url, to_json

LARGEST_TOKEN = 64 * 1024


class Issuer(Protocol):
    """Who signs: Ed25519 (RFC 8032), the key itself staying where it is kept."""

    @property
    def key_id(self) -> str:
        """The name of the key that signs today."""

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature of a message by today's key."""


class UnknownKey(ValueError):
    """The token names a key that the verifier does not hold."""


class Forged(ValueError):
    """The signature is not that key's signature of these words."""


def sign_claims(claims: Mapping[str, Any], *, kind: str, issuer: Issuer) -> str:
    """`header.claims.signature`; `kind` is the media type of the token, its `typ`."""
    header = {"alg": "EdDSA", "kid": issuer.key_id, "typ": kind}
    signed = f"{to_base64url(to_json(header))}.{to_base64url(to_json(claims))}"
    return f"{signed}.{to_base64url(issuer.sign(signed.encode('ascii')))}"


def claims_of(token: str, *, kind: str, keys: Mapping[str, bytes]) -> Mapping[str, Any]:
    """The claims of a token of this kind whose signature holds. Raises Malformed, UnknownKey or Forged."""
    parts = token.split(".")
    if len(parts) != 3 or len(token) > LARGEST_TOKEN:
        raise Malformed("not a compact JWS")
    header = object_of(from_base64url(parts[0]))
    if set(header) != {"alg", "kid", "typ"} or header["alg"] != "EdDSA" or header["typ"] != kind:
        raise Malformed(f"not a token of the kind {kind} signed with EdDSA")
    key = keys.get(header["kid"]) if isinstance(header["kid"], str) else None
    if key is None:
        raise UnknownKey(f"key {header['kid']!r} is not known here")
    signature = from_base64url(parts[2])
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, f"{parts[0]}.{parts[1]}".encode("ascii"))
    except InvalidSignature as error:
        raise Forged("the signature does not hold") from error
    return object_of(from_base64url(parts[1]))
