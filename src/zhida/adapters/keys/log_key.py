"""The key that signs the ledger's checkpoints, in files: one secret seed, and every public key it ever had."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Signer, SigningKey, Sm2SigningKey, VerifierKey

_SEED = 32
_KINDS: dict[str, Callable[[str, bytes], Signer]] = {"ed25519": SigningKey, "sm2": Sm2SigningKey}


class FileLogKey:
    """A KeyPort over a folder: `log.seed` (mode 0600) and `log.public`, a written key on each line.

    The first use makes the key; two processes that start at once end with the same one. The seed is hexadecimal, with
    `sm2 ` before it where it is an SM2 key's. `signature` says which kind is made where there is none yet.
    """

    def __init__(self, folder: Path, origin: str, signature: str = "ed25519") -> None:
        """Raises InvariantBroken for a signature that is neither ed25519 nor sm2."""
        _check_kind(signature)
        self.signature = signature
        self.folder = folder
        self.origin = origin
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def _seed_path(self) -> Path:
        return self.folder / "log.seed"

    @property
    def _public_path(self) -> Path:
        return self.folder / "log.public"

    def signer(self) -> Signer:
        """The key in use."""
        if not self._seed_path.exists():
            draft = self._draft(self.signature)
            with contextlib.suppress(FileExistsError):
                os.link(draft, self._seed_path)
            draft.unlink()
        kind, _, seed = self._seed_path.read_text("ascii").rpartition(" ")
        key = _KINDS[kind or "ed25519"](self.origin, bytes.fromhex(seed))
        self._publish(key.verifier)
        return key

    def verifiers(self) -> tuple[VerifierKey, ...]:
        """Every public key this log has signed with, the oldest first."""
        current = self.signer().verifier
        return tuple(dict.fromkeys((*self._published(), current)))

    def rotate(self, signature: str = "") -> VerifierKey:
        """Puts a fresh key in the place of the old one, whose public half stays known; the new public key.

        Of the installation's kind where `signature` names none. Raises InvariantBroken for a kind not known here.
        """
        _check_kind(signature or self.signature)
        self.signer()
        self._draft(signature or self.signature).replace(self._seed_path)
        return self.signer().verifier

    def _draft(self, signature: str) -> Path:
        draft = self.folder / f"log.seed.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        mark = "" if signature == "ed25519" else f"{signature} "
        draft.write_text(mark + secrets.token_hex(_SEED), "ascii")
        return draft

    def _published(self) -> tuple[VerifierKey, ...]:
        if not self._public_path.exists():
            return ()
        return tuple(VerifierKey.parse(line) for line in self._public_path.read_text("utf-8").splitlines())

    def _publish(self, key: VerifierKey) -> None:
        if key not in self._published():
            with self._public_path.open("a", encoding="utf-8") as file:
                file.write(f"{key}\n")


def _check_kind(signature: str) -> None:
    if signature not in _KINDS:
        raise InvariantBroken("unknown_signature", f"{signature!r} is neither ed25519 nor sm2")
