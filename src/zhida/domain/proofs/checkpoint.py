"""The signed tree head of a log (c2sp.org/tlog-checkpoint): who speaks, how many leaves, which root."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs.keys import Signer, VerifierKey, decode_base64, encode_base64, is_key_name
from zhida.domain.proofs.note import Note, sign_note

_SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\Z", re.ASCII)


@dataclass(frozen=True)
class Checkpoint:
    """A log's head: `origin` names the log and is its key's name too, `size` counts leaves, `root` has 32 bytes.

    Extension lines are refused: nobody could audit them (the specification advises against them).
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.origin) or not 0 <= self.size < 10**19 or len(self.root) != 32:
            raise InvariantBroken("malformed_checkpoint", f"{self.origin!r}, {self.size}, {len(self.root)} bytes")

    @property
    def text(self) -> str:
        """The note's text: origin, size and base64 root, a line each."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Reads a note's text. Raises InvariantBroken for anything but the three lines in their one form."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not _SIZE.match(lines[1]):
            raise InvariantBroken("malformed_checkpoint", "a checkpoint is three lines: origin, size, root")
        return cls(lines[0], int(lines[1]), decode_base64(lines[2]))


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The checkpoint as a note signed by its log. Raises InvariantBroken where the key's name is not the origin."""
    if signer.verifier.name != checkpoint.origin:
        raise InvariantBroken("wrong_log_key", f"{signer.verifier.name} does not speak for {checkpoint.origin}")
    return sign_note(checkpoint.text, signer)


def verify_checkpoint(note: str, keys: Collection[VerifierKey]) -> Checkpoint:
    """The checkpoint in a signed note. Raises InvariantBroken unless one of `keys` that bears the log's name signed it.

    Signatures of unknown keys are ignored, those of known keys must all verify.
    """
    parsed = Note.parse(note)
    signers = parsed.signers(keys)
    checkpoint = Checkpoint.parse(parsed.text)
    if checkpoint.origin not in {key.name for key in signers if not key.is_witness}:
        raise InvariantBroken("unsigned_checkpoint", f"no known key of {checkpoint.origin} signed this checkpoint")
    return checkpoint
