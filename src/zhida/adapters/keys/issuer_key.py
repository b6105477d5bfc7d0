"""The key that signs credentials, in files: one secret seed, and every public key this issuer ever had."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class FileIssuerKey:
    """An IssuerPort over a folder: `issuer.seed` (hexadecimal, mode 0600) and `issuer.public`, a public key a line.

    The first use makes the key; two processes that start at once end with the same one. A key's id is the first 8
    hexadecimal digits of the SHA-256 of its public half.
    """

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._seed_path = self.folder / "issuer.seed"
        self._public_path = self.folder / "issuer.public"

    @property
    def key_id(self) -> str:
        """The id of the key in use."""
        return _id_of(self._public())

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature of a message by the key in use."""
        return self._key().sign(message)

    def public_keys(self) -> Mapping[str, bytes]:
        """Every public key this issuer has signed with, by its id."""
        known = [bytes.fromhex(line) for line in self._published()]
        return {_id_of(public): public for public in (*known, self._public())}

    def rotate(self) -> str:
        """Puts a fresh key in the place of the old one, whose public half stays known; the new key's id."""
        self._key()
        self._draft().replace(self._seed_path)
        return _id_of(self._public())

    def _public(self) -> bytes:
        return self._key().public_key().public_bytes_raw()

    def _key(self) -> Ed25519PrivateKey:
        if not self._seed_path.exists():
            draft = self._draft()
            with contextlib.suppress(FileExistsError):
                os.link(draft, self._seed_path)
            draft.unlink()
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self._seed_path.read_text("ascii")))
        line = key.public_key().public_bytes_raw().hex()
        if line not in self._published():
            with self._public_path.open("a", encoding="ascii") as file:
                file.write(f"{line}\n")
        return key

    def _published(self) -> list[str]:
        return self._public_path.read_text("ascii").splitlines() if self._public_path.exists() else []

    def _draft(self) -> Path:
        draft = self.folder / f"issuer.seed.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), "ascii")
        return draft


def _id_of(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:8]
