"""A fact for the ledger. What the tree holds is only salted digests, so a field can be erased and still counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs.canonical import Json, canonical_json
from zhida.domain.proofs.hashing import SHA256, Algorithm, leaf_hash
from zhida.domain.values import utc

SALT_SIZE = 16
"""Bytes of salt at least: without them a digest of a name or an amount could be guessed."""

_NAME = re.compile(r"[a-z][a-z0-9_.]{0,63}\Z")


@dataclass(frozen=True)
class Entry:
    """What happened: `id` of the fact, its `kind` (`case.decided`), the id it is about, when, and its fields.

    The head (id, kind, about, at) stands open in the leaf for ever: it never holds a name or a number of a person.
    """

    id: str
    kind: str
    about: str
    at: datetime
    fields: Mapping[str, Json]


class Disclosure(NamedTuple):
    """A field's value with the salt that its digest was made with."""

    value: Json
    salt: bytes


@dataclass(frozen=True)
class SealedEntry:
    """What remains when every field is erased: the open head and the fields' digests. The leaf hashes exactly this."""

    id: str
    kind: str
    about: str
    at: datetime
    digests: Mapping[str, bytes]

    @property
    def leaf_bytes(self) -> bytes:
        """The leaf's input: canonical JSON of the head and the digests in hexadecimal."""
        return canonical_json(
            {
                "about": self.about,
                "at": instant_text(self.at),
                "digests": {name: digest.hex() for name, digest in self.digests.items()},
                "id": self.id,
                "kind": self.kind,
            }
        )


def salted_digest(name: str, value: Json, salt: bytes, algorithm: Algorithm = SHA256) -> bytes:
    """The digest of one field: H over the canonical JSON of [salt in hexadecimal, name, value], as SD-JWT does.

    Raises InvariantBroken for a salt shorter than 16 bytes, a malformed name or a value without a canonical form.
    """
    if len(salt) < SALT_SIZE:
        raise InvariantBroken("salt_too_short", f"{name}: {len(salt)} bytes, at least {SALT_SIZE} are needed")
    if not _NAME.match(name):
        raise InvariantBroken("malformed_field_name", f"{name!r} is not lower-case letters, digits, _ and .")
    return algorithm.digest(canonical_json([salt.hex(), name, value]))


def seal(entry: Entry, salts: Mapping[str, bytes], algorithm: Algorithm = SHA256) -> SealedEntry:
    """The entry with each field replaced by its digest. Raises InvariantBroken unless each field has its own salt."""
    if salts.keys() != entry.fields.keys() or len(set(salts.values())) != len(salts):
        raise InvariantBroken("salts_do_not_fit", f"{entry.id}: every field needs one salt of its own")
    digests = {name: salted_digest(name, value, salts[name], algorithm) for name, value in entry.fields.items()}
    return SealedEntry(entry.id, entry.kind, entry.about, entry.at, digests)


def seal_written(written: Mapping[str, str], salts: bytes, algorithm: Algorithm = SHA256) -> tuple[str, str]:
    """A fact's fields as they are kept: canonical JSON of their digests, and of `{name: {"salt": hex, "value": …}}`.

    `written` has each value's canonical text, `salts` 16 bytes for each field. Every fact passes here, so each value is
    written once and both texts are put together from it; it comes to the same as `seal`. Raises InvariantBroken for a
    malformed name, or unless each field has a salt of its own.
    """
    names = sorted(written)
    each = [salts[at : at + SALT_SIZE].hex() for at in range(0, len(salts), SALT_SIZE)]
    if len(salts) != SALT_SIZE * len(names) or len(set(each)) != len(names):
        raise InvariantBroken("salts_do_not_fit", f"{names}: every field needs one salt of its own")
    digests, kept = [], []
    for at, name in enumerate(names):
        if not _NAME.match(name):
            raise InvariantBroken("malformed_field_name", f"{name!r} is not lower-case letters, digits, _ and .")
        salt, text = each[at], written[name]
        digest = algorithm.digest(f'["{salt}","{name}",{text}]'.encode()).hex()
        digests.append(f'"{name}":"{digest}"')
        kept.append(f'"{name}":{{"salt":"{salt}","value":{text}}}')
    return f"{{{','.join(digests)}}}", f"{{{','.join(kept)}}}"


def leaf_of(sealed: SealedEntry, algorithm: Algorithm = SHA256) -> bytes:
    """The leaf hash that goes into the tree."""
    return leaf_hash(sealed.leaf_bytes, algorithm)


def instant_text(at: datetime) -> str:
    """An instant as leaves and receipts write it: UTC, always six decimals, `2026-03-10T01:02:03.000000Z`."""
    return utc(at).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def instant_of(text: str) -> datetime:
    """Reads `instant_text` back. Raises InvariantBroken for any other way of writing an instant."""
    try:
        at = datetime.fromisoformat(text)
        if instant_text(at) == text:
            return at
    except (ValueError, OverflowError, InvariantBroken):
        pass
    raise InvariantBroken("malformed_instant", f"{text!r} is not YYYY-MM-DDThh:mm:ss.ffffffZ")
