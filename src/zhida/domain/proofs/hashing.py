"""The hash under the tree, behind an interface small enough that another algorithm (SM3) can take its place."""

from __future__ import annotations

import hashlib
from typing import Protocol


class Algorithm(Protocol):
    """A cryptographic hash: `name` as receipts and packs write it, `size` of a digest in bytes."""

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int: ...

    def digest(self, data: bytes) -> bytes:
        """The `size` bytes of the hash over `data`."""
        ...


class Sha256:
    """SHA-256 (FIPS 180-4), the hash of RFC 9162 and of C2SP checkpoints."""

    name = "sha-256"
    size = 32

    def digest(self, data: bytes) -> bytes:
        """32 bytes."""
        return hashlib.sha256(data).digest()


SHA256: Algorithm = Sha256()


def leaf_hash(data: bytes, algorithm: Algorithm = SHA256) -> bytes:
    """The hash of a leaf's bytes: H(0x00 || data), RFC 9162 section 2.1.1."""
    return algorithm.digest(b"\x00" + data)


def node_hash(left: bytes, right: bytes, algorithm: Algorithm = SHA256) -> bytes:
    """The hash of an inner node: H(0x01 || left || right), RFC 9162 section 2.1.1."""
    return algorithm.digest(b"\x01" + left + right)
