"""The texts under which a benefit may happen once, with what they say of a third person (a hire, a car) hidden."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from zhida.domain.packs import Item
from zhida.kernel.registry.ports import registry_keys


def held_keys(keys: Iterable[str]) -> tuple[str, ...]:
    """Keys as the uniqueness table holds them.

    A key of `Item.keys_of` keeps its subject, year and item readable; from its first `<relation>.<field>=…` on it is
    an HMAC-SHA-256 (RFC 2104) under the installation's index key, so that no number of a person stands in it.
    """
    return tuple(_hidden(key) for key in keys)


def quota_stem(item: Item) -> str:
    """How the numbered places of an item's quota begin: one round for each window of claims."""
    return f"quota:{item.id}|from={item.window.start or 'ever'}|place="


def _hidden(key: str) -> str:
    parts = key.split("|")
    first = next((at for at, part in enumerate(parts) if "." in part.partition("=")[0] and "=" in part), None)
    if first is None:
        return key
    name = parts[first].partition("=")[0]
    tail = "|".join(parts[first:])
    digest = hmac.new(registry_keys().index_key(), tail.encode(), hashlib.sha256).hexdigest()
    return "|".join([*parts[:first], f"{name}=#{digest}"])
