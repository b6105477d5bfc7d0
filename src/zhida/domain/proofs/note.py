"""Signed notes (c2sp.org/signed-note): a text, a blank line, and lines that each carry one key's signature.

Lines of unknown keys are ignored, as the specification says; a line of a known key must verify.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs.keys import Signer, VerifierKey, decode_base64, is_key_name, signature_line

_MOST_SIGNATURES = 16
_LARGEST_NOTE = 1 << 20
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class Signature(NamedTuple):
    """One signature line: the key's name, its 4-byte id, and the raw signature."""

    name: str
    key_id: bytes
    raw: bytes


@dataclass(frozen=True)
class Note:
    """A text that ends in a newline, and the signatures under it; not yet checked against any key."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, note: str) -> Note:
        """Splits a signed note. Raises InvariantBroken for anything the specification does not allow."""
        text, blank, block = note.rpartition("\n\n")
        lines = block.split("\n")
        if not blank or len(note) > _LARGEST_NOTE or lines[-1] or not 1 <= len(lines) - 1 <= _MOST_SIGNATURES:
            raise InvariantBroken("malformed_note", "a note is a text, a blank line and 1 to 16 signature lines")
        _check_text(text + "\n")
        return cls(text + "\n", tuple(_signature_of(line) for line in lines[:-1]))

    def signers(self, keys: Collection[VerifierKey]) -> tuple[VerifierKey, ...]:
        """The known keys that signed. Raises InvariantBroken where one of their signatures does not verify."""
        found = []
        for signature in self.signatures:
            for key in keys:
                if (key.name, key.key_id) != (signature.name, signature.key_id):
                    continue
                if not key.verifies(signature.raw, self.text.encode()):
                    raise InvariantBroken("bad_signature", f"the signature of {key.name} does not verify")
                found.append(key)
        return tuple(found)


def sign_note(text: str, *signers: Signer) -> str:
    """The note with one signature line for each signer. Raises InvariantBroken for a text that a note cannot carry."""
    _check_text(text)
    lines = [signature_line(signer.verifier, signer.sign(text.encode())) for signer in signers]
    note = f"{text}\n{''.join(lines)}"
    Note.parse(note)
    return note


def _signature_of(line: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    data = decode_base64(encoded)
    if dash != "—" or not is_key_name(name) or len(data) < 5:
        raise InvariantBroken(
            "malformed_note", "a signature line is: em dash, key name, base64 of key id and signature"
        )
    return Signature(name, data[:4], data[4:])


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise InvariantBroken("malformed_note", "a note's text ends in a newline and holds no control characters")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvariantBroken("malformed_note", "a note's text is valid UTF-8") from error
