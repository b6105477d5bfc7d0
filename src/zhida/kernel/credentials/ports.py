"""What credentials need of the outside: the issuer's name and its signing key, in a file or in a hardware module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, cast

from zhida.domain.credentials import Issuer
from zhida.kernel.ports import wired


class IssuerPort(Issuer, Protocol):
    """Who issues, and how it signs; the key itself never leaves the adapter."""

    @property
    def address(self) -> str:
        """The issuer's https address without a slash at its end: `iss` of every token, and where verifiers look."""

    def public_keys(self) -> Mapping[str, bytes]:
        """The 32-byte public key behind each key id, retired ones included."""

    def rotate(self) -> str:
        """Puts a fresh key in use, whose id it gives; what the old one signed stays verifiable by its public half."""


def issuer() -> IssuerPort:
    """The installation's issuer."""
    return cast(IssuerPort, wired("issuer"))
