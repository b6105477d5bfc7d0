"""What credentials need of the outside: the issuer's name and its signing key, in a file or in a hardware module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, cast

from zhida.kernel.ports import wired


class IssuerPort(Protocol):
    """Who issues, and how it signs: Ed25519 (RFC 8032), the key itself never leaving the adapter."""

    @property
    def address(self) -> str:
        """The issuer's https address without a slash at its end: `iss` of every token, and where verifiers look."""

    @property
    def key_id(self) -> str:
        """The name of the key that signs today."""

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature of a message by today's key."""

    def public_keys(self) -> Mapping[str, bytes]:
        """The 32-byte public key behind each key id, retired ones included."""


def issuer() -> IssuerPort:
    """The installation's issuer."""
    return cast(IssuerPort, wired("issuer"))
