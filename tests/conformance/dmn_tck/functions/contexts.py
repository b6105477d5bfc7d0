"""Context built-ins (DMN 1.5, clause 10.3.4.9)."""

from __future__ import annotations

from typing import Any

from tests.conformance.dmn_tck.functions.signatures import builtin


@builtin("get value(m: context, key: string)")
def get_value(context: dict[str, Any], key: str) -> Any:
    return context.get(key)


@builtin("get entries(m: context)")
def get_entries(context: dict[str, Any]) -> list[Any]:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context(entries: list)")
def context(entries: list[Any]) -> Any:
    found: dict[str, Any] = {}
    for entry in entries:
        is_entry = isinstance(entry, dict) and isinstance(entry.get("key"), str) and "value" in entry
        if not is_entry or entry["key"] in found:
            return None
        found[entry["key"]] = entry["value"]
    return found


@builtin("context put(context: context, key: string, value)")
def context_put(context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value)")
def context_put_deep(context: dict[str, Any], keys: list[Any], value: Any) -> Any:
    if not keys or not isinstance(keys[0], str):
        return None
    key, *rest = keys
    if not rest:
        return {**context, key: value}
    inner = context.get(key, {})
    changed = context_put_deep(inner, rest, value) if isinstance(inner, dict) else None
    return None if changed is None else {**context, key: changed}


@builtin("context merge(contexts: list)")
def context_merge(contexts: list[Any]) -> Any:
    if not all(isinstance(part, dict) for part in contexts):
        return None
    return {key: value for part in contexts for key, value in part.items()}
