"""What the registry needs of the outside: keys that hide personal numbers, and the register that knows credit codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, cast

from zhida.kernel.ports import wired


class RegistryKeys(Protocol):
    """The two secrets of an installation, 32 bytes each; losing them loses every sealed number."""

    def sealing_key(self) -> bytes:
        """Encrypts personal numbers and quarantined lines."""
        ...

    def index_key(self) -> bytes:
        """Makes the blind index by which a number is found."""
        ...


@dataclass(frozen=True)
class RegisterAnswer:
    """What the register says of one code: whether it is theirs, and under which name."""

    is_known: bool
    name: str = ""


class RegisterPort(Protocol):
    """The register of organisations. Asked through the outbox, never inside a transaction."""

    def ask(self, credit_code: str) -> RegisterAnswer:
        """Whether a code is known. Raises RetryableOutside where the register does not say."""
        ...


def registry_keys() -> RegistryKeys:
    """The installation's keys for personal numbers."""
    return cast(RegistryKeys, wired("registry_keys"))


def register() -> RegisterPort:
    """The register that the installation asks about credit codes."""
    return cast(RegisterPort, wired("register"))
