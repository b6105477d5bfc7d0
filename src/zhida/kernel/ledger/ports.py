"""The key that speaks for the log; production keeps it in a hardware module."""

from __future__ import annotations

from typing import Protocol, cast

from zhida.domain.proofs import Signer, VerifierKey
from zhida.kernel.ports import wired


class KeyPort(Protocol):
    """Signs checkpoints now, and remembers the public keys that signed the earlier ones."""

    def signer(self) -> Signer:
        """The key in use; its name is the log's origin."""
        ...

    def verifiers(self) -> tuple[VerifierKey, ...]:
        """Every public key that has spoken for this log, the oldest first."""
        ...


def log_key() -> KeyPort:
    """The installation's log key."""
    return cast(KeyPort, wired("log_key"))
