"""What vouching needs of the outside: our name as an issuer, and keys that sign without leaving the adapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

from zhida.kernel.ports import wired


class VouchingPort(Protocol):
    """The issuer of log-ins."""

    @property
    def address(self) -> str:
        """The issuer's https address without a slash at its end: `iss` of every token."""
        ...

    def sign(self, claims: Mapping[str, Any]) -> str:
        """The claims as a signed JWT (RS256, RFC 7519) under the key in use."""
        ...

    def key_set(self) -> Mapping[str, Any]:
        """The public keys as a JWK set (RFC 7517): the one in use and those before it that may still be met."""
        ...

    def rotate(self) -> str:
        """Signs with a fresh key from now on; its id. The old one stays in the set until another rotation or two."""
        ...


def voucher() -> VouchingPort:
    """The installation's."""
    return cast(VouchingPort, wired("voucher"))
