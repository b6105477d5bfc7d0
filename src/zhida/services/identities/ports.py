"""What identities ask of the outside: where to send somebody, and what an issuer has proven of who came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

from zhida.kernel.ports import wired


@dataclass(frozen=True)
class Provider:
    """Somebody who can say who people are: a name for addresses, and what to call it by language."""

    name: str
    titles: Mapping[str, str]


@dataclass(frozen=True)
class Departure:
    """Where to send the browser, and what to keep of it until it comes back: secrets of this one journey."""

    address: str
    kept: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Proven:
    """What an issuer has proven: its own name for the person, and what of them the installation asked to be told.

    `citizen_number` and `credit_code` are empty where it did not say; `proven_at` is when the person showed who they
    are, in seconds since 1970, or None.
    """

    issuer: str
    subject_name: str
    name: str = ""
    citizen_number: str = field(default="", repr=False)
    credit_code: str = ""
    proven_at: int | None = None


class IdentityPort(Protocol):
    """The identity services that an installation trusts."""

    def providers(self) -> tuple[Provider, ...]:
        """All of them, in the order to show."""
        ...

    def depart(self, provider: str, *, back: str, again: bool) -> Departure:
        """Begins a journey that ends at the address `back`; `again` asks to see the person anew, not a cookie.

        Raises AccessError `identity_unknown` for a provider nobody has set, OutsideError where it cannot be asked.
        """
        ...

    def arrive(self, provider: str, *, kept: Mapping[str, str], answer: Mapping[str, str]) -> Proven:
        """What the journey has proven. Raises AccessError `identity_not_proven` where it has proven nothing,
        OutsideError where the provider cannot be asked."""
        ...


def identities() -> IdentityPort:
    """The installation's."""
    return cast(IdentityPort, wired("identities"))
