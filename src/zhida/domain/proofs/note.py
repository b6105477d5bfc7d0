"""Signed notes (c2sp.org/signed-note): a text, a blank line, and lines that each carry one key's signature.

Only Ed25519 (signature type 0x01) is signed and checked; lines of unknown keys are ignored, as the specification says.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from zhida.domain.errors import InvariantBroken

_ED25519 = b"\x01"
_MOST_SIGNATURES = 16
_LARGEST_NOTE = 1 << 20


@dataclass(frozen=True)
class VerifierKey:
    """A public key with its name. `str()` is the written form `<name>+<key id>+<base64 of type and key>`."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name) or len(self.public) != 32:
            raise InvariantBroken("malformed_key", f"{self.name!r} with {len(self.public)} bytes is no Ed25519 key")

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Reads the written form. Raises InvariantBroken where it is malformed or its key id does not fit its key."""
        name, _, rest = text.partition("+")
        _, _, encoded = rest.partition("+")
        key = cls(name, decode_base64(encoded)[1:])
        if str(key) != text:
            raise InvariantBroken("malformed_key", "the type is not Ed25519, or the key id does not fit the key")
        return key

    @property
    def key_id(self) -> bytes:
        """SHA-256(name || 0x0A || 0x01 || public key)[:4]."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def verifies(self, signature: bytes, text: bytes) -> bool:
        """Whether the 64-byte Ed25519 signature (RFC 8032) is this key's over the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(_ED25519 + self.public)}"


class Signer(Protocol):
    """Whoever signs: a key in memory here, a hardware module in production."""

    @property
    def verifier(self) -> VerifierKey: ...

    def sign(self, text: bytes) -> bytes:
        """The 64-byte Ed25519 signature over the text."""
        ...


class SigningKey:
    """An Ed25519 key in memory. Its secret is never shown."""

    def __init__(self, name: str, seed: bytes) -> None:
        """`seed` is the 32-byte private key of RFC 8032. Raises InvariantBroken for a malformed name or seed."""
        if len(seed) != 32:
            raise InvariantBroken("malformed_key", "an Ed25519 seed has 32 bytes")
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, self._private.public_key().public_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        """The 64-byte signature over the text; the same text always gives the same bytes."""
        return self._private.sign(text)


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
    lines = []
    for signer in signers:
        key = signer.verifier
        lines.append(f"— {key.name} {encode_base64(key.key_id + signer.sign(text.encode()))}\n")
    note = f"{text}\n{''.join(lines)}"
    Note.parse(note)
    return note


def is_key_name(name: str) -> bool:
    """Whether a key may bear this name: not empty, no spaces, no control characters, no plus."""
    return bool(name) and "+" not in name and not any(sign.isspace() or ord(sign) < 0x20 for sign in name)


def encode_base64(data: bytes) -> str:
    """Standard base64 with padding, RFC 4648 section 4."""
    return base64.b64encode(data).decode()


def decode_base64(text: str) -> bytes:
    """The bytes of canonical base64. Raises InvariantBroken for any other writing of the same bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvariantBroken("malformed_base64", "not base64") from error
    if encode_base64(data) != text:
        raise InvariantBroken("malformed_base64", "base64 with loose last bits")
    return data


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
    if not text.endswith("\n") or any(ord(sign) < 0x20 and sign != "\n" for sign in text):
        raise InvariantBroken("malformed_note", "a note's text ends in a newline and holds no control characters")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvariantBroken("malformed_note", "a note's text is valid UTF-8") from error
