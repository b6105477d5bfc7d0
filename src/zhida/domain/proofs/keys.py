"""Keys of signed notes (c2sp.org/signed-note): a name, a kind, the public half, and how each kind checks a signature.

A log signs with Ed25519 or SM2; a witness cosigns with Ed25519 over the text and the time (c2sp.org/tlog-cosignature).
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import sm2

ED25519 = b"\x01"
COSIGNATURE = b"\x04"
SM2 = b"\xffzhida/sm2-sm3"
"""A kind of our own under the byte that the specification leaves for such, with a name after it."""

_PUBLIC_SIZES = {ED25519: 32, COSIGNATURE: 32, SM2: sm2.PUBLIC_SIZE}
_LATEST = 2**63 - 1
_NAME = re.compile(r"[^\s+\x00-\x1f\ud800-\udfff]+\Z")


@dataclass(frozen=True)
class VerifierKey:
    """A public key with its name and kind. `str()` is the written form `<name>+<key id>+<base64 of kind and key>`."""

    name: str
    public: bytes
    kind: bytes = ED25519

    def __post_init__(self) -> None:
        if not is_key_name(self.name) or len(self.public) != _PUBLIC_SIZES.get(self.kind):
            raise InvariantBroken("malformed_key", f"{self.name!r} with {len(self.public)} bytes is no key known here")

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Reads the written form. Raises InvariantBroken where it is malformed or its key id does not fit its key."""
        name, _, rest = text.partition("+")
        _, _, encoded = rest.partition("+")
        data = decode_base64(encoded)
        kind = next((kind for kind in _PUBLIC_SIZES if data.startswith(kind)), ED25519)
        key = cls(name, data[len(kind) :], kind)
        if str(key) != text:
            raise InvariantBroken("malformed_key", "the kind is unknown, or the key id does not fit the key")
        return key

    @property
    def key_id(self) -> bytes:
        """SHA-256(name || 0x0A || kind || public key)[:4]."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    @property
    def is_witness(self) -> bool:
        """Whether it cosigns logs of others and never speaks for one."""
        return self.kind == COSIGNATURE

    def verifies(self, signature: bytes, text: bytes) -> bool:
        """Whether the signature is this key's over the text; a cosignature begins with its time."""
        if self.kind == COSIGNATURE:
            return _verifies_cosignature(self.public, signature, text)
        if self.kind == SM2:
            return sm2.verify(self.public, signature, text)
        return _verifies_ed25519(self.public, signature, text)

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(self.kind + self.public)}"


class Signer(Protocol):
    """Whoever signs: a key in memory here, a hardware module in production."""

    @property
    def verifier(self) -> VerifierKey: ...

    def sign(self, text: bytes) -> bytes:
        """The signature over the text, as the verifier checks it."""
        ...


class SigningKey:
    """An Ed25519 key in memory. Its secret is never shown."""

    def __init__(self, name: str, seed: bytes) -> None:
        """`seed` is the 32-byte private key of RFC 8032. Raises InvariantBroken for a malformed name or seed."""
        self._private = _private_of(seed)
        self.verifier = VerifierKey(name, self._private.public_key().public_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        """The 64-byte signature over the text; the same text always gives the same bytes."""
        return self._private.sign(text)


class Sm2SigningKey:
    """An SM2 key in memory, which signs over SM3. Its secret is never shown."""

    def __init__(self, name: str, seed: bytes) -> None:
        """As of SigningKey."""
        if len(seed) != 32:
            raise InvariantBroken("malformed_key", "an SM2 seed has 32 bytes")
        self._seed = seed
        self.verifier = VerifierKey(name, sm2.public_of(seed), SM2)

    def sign(self, text: bytes) -> bytes:
        """The 64-byte signature over the text; the same text always gives the same bytes."""
        return sm2.sign(self._seed, text)


class Cosigner:
    """A witness's Ed25519 key, which signs that it saw a head at a time."""

    def __init__(self, name: str, seed: bytes) -> None:
        """`seed` as of SigningKey; one seed serves one witness, since the signed text does not hold its name."""
        self._private = _private_of(seed)
        self.verifier = VerifierKey(name, self._private.public_key().public_bytes_raw(), COSIGNATURE)

    def cosign(self, text: str, timestamp: int) -> str:
        """The cosignature line over a checkpoint's text; `timestamp` in seconds since 1970.

        Raises InvariantBroken for a time before 1970 or beyond 2^63 - 1.
        """
        if not 0 <= timestamp <= _LATEST:
            raise InvariantBroken("malformed_timestamp", f"{timestamp} is no POSIX time")
        signature = self._private.sign(_cosigned_message(timestamp, text.encode()))
        return signature_line(self.verifier, timestamp.to_bytes(8, "big") + signature)


def signature_line(key: VerifierKey, signature: bytes) -> str:
    """One line of a note: em dash, name, base64 of key id and signature, newline."""
    return f"— {key.name} {encode_base64(key.key_id + signature)}\n"


def is_key_name(name: str) -> bool:
    """Whether a key may bear this name: not empty, no spaces, no control characters, no plus, and valid UTF-8."""
    return bool(_NAME.match(name))


def encode_base64(data: bytes) -> str:
    """Standard base64 with padding, RFC 4648 section 4."""
    return base64.b64encode(data).decode()


def decode_base64(text: str) -> bytes:
    """The bytes of canonical base64. Raises InvariantBroken for any other writing of the same bytes."""
    try:
        data = base64.b64decode(text)
    except ValueError as error:
        raise InvariantBroken("malformed_base64", "not base64") from error
    if encode_base64(data) != text:
        raise InvariantBroken("malformed_base64", "base64 with other signs or loose last bits")
    return data


def _private_of(seed: bytes) -> Ed25519PrivateKey:
    if len(seed) != 32:
        raise InvariantBroken("malformed_key", "an Ed25519 seed has 32 bytes")
    return Ed25519PrivateKey.from_private_bytes(seed)


def _cosigned_message(timestamp: int, text: bytes) -> bytes:
    return b"cosignature/v1\ntime %d\n%b" % (timestamp, text)


def _verifies_cosignature(public: bytes, signature: bytes, text: bytes) -> bool:
    timestamp = int.from_bytes(signature[:8], "big")
    if len(signature) != 72 or timestamp > _LATEST:
        return False
    return _verifies_ed25519(public, signature[8:], _cosigned_message(timestamp, text))


def _verifies_ed25519(public: bytes, signature: bytes, text: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True
