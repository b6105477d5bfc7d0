"""The key that signs the ledger's checkpoints, in files: one secret seed, and every public key it ever had."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from zhida.domain.proofs import SigningKey, VerifierKey

_SEED = 32


class FileLogKey:
    """A KeyPort over a folder: `<name>.seed` (hexadecimal, mode 0600) and `<name>.public`, a written key on each line.

    The first use makes the key; two processes that start at once end with the same one.
    """

    def __init__(self, folder: Path, origin: str) -> None:
        self.folder = folder
        self.origin = origin
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def _seed_path(self) -> Path:
        return self.folder / "log.seed"

    @property
    def _public_path(self) -> Path:
        return self.folder / "log.public"

    def signer(self) -> SigningKey:
        """The key in use."""
        if not self._seed_path.exists():
            draft = self._draft()
            with contextlib.suppress(FileExistsError):
                os.link(draft, self._seed_path)
            draft.unlink()
        key = SigningKey(self.origin, bytes.fromhex(self._seed_path.read_text("ascii")))
        self._publish(key.verifier)
        return key

    def verifiers(self) -> tuple[VerifierKey, ...]:
        """Every public key this log has signed with, the oldest first."""
        current = self.signer().verifier
        return tuple(dict.fromkeys((*self._published(), current)))

    def rotate(self) -> VerifierKey:
        """Puts a fresh key in the place of the old one, whose public half stays known; the new public key."""
        self.signer()
        self._draft().replace(self._seed_path)
        return self.signer().verifier

    def _draft(self) -> Path:
        draft = self.folder / f"log.seed.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(_SEED), "ascii")
        return draft

    def _published(self) -> tuple[VerifierKey, ...]:
        if not self._public_path.exists():
            return ()
        return tuple(VerifierKey.parse(line) for line in self._public_path.read_text("utf-8").splitlines())

    def _publish(self, key: VerifierKey) -> None:
        if key not in self._published():
            with self._public_path.open("a", encoding="utf-8") as file:
                file.write(f"{key}\n")
