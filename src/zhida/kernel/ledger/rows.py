"""Between rows and domain: a sealed entry and its disclosed fields, written as canonical JSON and read back."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Disclosure, Json, SealedEntry, canonical_json, canonical_text, seal_written
from zhida.domain.proofs.entry import SALT_SIZE
from zhida.domain.values import Actor
from zhida.kernel.ledger.models import Entry, Payload

_DEPTH = 2  # how deep a value stands in its payload
_KIND = re.compile(r"[a-z]{2,20}\.[a-z][a-z_]{1,40}\Z")


def new_texts(kind: str, fields: Mapping[str, Json], by: str) -> tuple[str, str]:
    """What a fact's two rows keep of its fields and of who acted (`by`, written by `actor_text`), under fresh salts.

    Raises InvariantBroken for a kind that is not `<app>.<past tense>` or a value without a canonical form.
    """
    if not _KIND.match(kind):
        raise InvariantBroken("malformed_fact_kind", f"{kind!r} is not written <app>.<what_happened>")
    written = {name: canonical_text(value, depth=_DEPTH) for name, value in fields.items()}
    return seal_written({**written, "by": by}, secrets.token_bytes(SALT_SIZE * (len(fields) + 1)))


def actor_text(by: Actor) -> str:
    """Who acted, as the field `by` holds it."""
    return canonical_text(by.record(), depth=_DEPTH)


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
