"""The key that speaks for the log (production keeps it in a hardware module), and the witnesses that watch it."""

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

    def rotate(self, signature: str = "") -> VerifierKey:
        """Puts a fresh key in use, `ed25519` or `sm2` (the installation's kind where none is said); its public half."""
        ...


class WitnessPort(Protocol):
    """Somebody outside who cosigns the log's heads (c2sp.org/tlog-witness)."""

    @property
    def key(self) -> VerifierKey:
        """By which its cosignatures are checked."""
        ...

    def add_checkpoint(self, request: bytes) -> tuple[int, str]:
        """Status and text of its reply. Raises RetryableOutside where none came. Never called in a transaction."""
        ...


class TilePort(Protocol):
    """The log as static files (c2sp.org/tlog-tiles), by their paths below its prefix."""

    def read(self, path: str) -> bytes | None:
        """The file's bytes, None where there is none."""
        ...

    def write(self, path: str, data: bytes) -> None:
        """Adds a file, whole or not at all. Raises InvariantBroken where it is there already with other bytes."""
        ...

    def replace(self, path: str, data: bytes) -> None:
        """Puts a file in the place of the one before it, whole or not at all: for the checkpoint only."""
        ...


def log_key() -> KeyPort:
    """The installation's log key."""
    return cast(KeyPort, wired("log_key"))


def tiles() -> TilePort:
    """Where this installation's log stands as files."""
    return cast(TilePort, wired("tiles"))


def witnesses() -> tuple[WitnessPort, ...]:
    """Those whose cosignatures this installation asks for."""
    return cast(tuple[WitnessPort, ...], wired("witnesses"))
