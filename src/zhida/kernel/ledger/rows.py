"""Between rows and domain: a sealed entry and its disclosed fields, written as canonical JSON and read back."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Disclosure, Json, SealedEntry, canonical_json, seal
from zhida.domain.proofs import Entry as Fact
from zhida.domain.proofs.entry import SALT_SIZE
from zhida.domain.values import utc
from zhida.kernel.ledger.models import Entry, Payload

_KIND = re.compile(r"[a-z]{2,20}\.[a-z][a-z_]{1,40}\Z")


def new_rows(
    entry_id: str, kind: str, about: str, fields: Mapping[str, Json], as_of: datetime
) -> tuple[Entry, Payload]:
    """A fact's two rows, each field sealed under a fresh salt.

    Raises InvariantBroken for a kind that is not `<app>.<past tense>` or a value without a canonical form.
    """
    if not _KIND.match(kind):
        raise InvariantBroken("malformed_fact_kind", f"{kind!r} is not written <app>.<what_happened>")
    fact = Fact(entry_id, kind, about, utc(as_of), fields)
    salts = {name: secrets.token_bytes(SALT_SIZE) for name in fields}
    entry = Entry(id=fact.id, kind=kind, about=about, at=fact.at, digests=digests_text(seal(fact, salts).digests))
    return entry, Payload(entry=entry, fields=payload_text({name: (fields[name], salts[name]) for name in fields}))


def digests_text(digests: Mapping[str, bytes]) -> str:
    """The stored form of the fields' digests."""
    return _text({name: digest.hex() for name, digest in digests.items()})


def payload_text(disclosed: Mapping[str, tuple[Json, bytes]]) -> str:
    """The stored form of fields that are still there."""
    return _text({name: {"salt": salt.hex(), "value": value} for name, (value, salt) in disclosed.items()})


def sealed_of(entry: Entry) -> SealedEntry:
    """What the leaf hashes. Raises InvariantBroken where the row holds no instant, or no digests in hexadecimal."""
    if not isinstance(entry.at, datetime):
        raise InvariantBroken("unreadable_entry", f"{entry.id}: its instant cannot be read")
    try:
        digests = {str(name): bytes.fromhex(digest) for name, digest in json.loads(entry.digests).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise InvariantBroken("unreadable_entry", f"{entry.id}: its digests cannot be read") from error
    return SealedEntry(entry.id, entry.kind, entry.about, entry.at, digests)


def disclosed_of(payload: Payload | None) -> dict[str, Disclosure]:
    """The fields not erased. Raises InvariantBroken where the row cannot be read."""
    if payload is None:
        return {}
    try:
        stored: dict[str, Any] = json.loads(payload.fields)
        return {name: Disclosure(kept["value"], bytes.fromhex(kept["salt"])) for name, kept in stored.items()}
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise InvariantBroken("unreadable_entry", f"{payload.pk}: its fields cannot be read") from error


def _text(value: Json) -> str:
    return canonical_json(value).decode()
