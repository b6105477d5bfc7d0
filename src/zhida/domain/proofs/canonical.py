"""One byte form for a JSON value: RFC 8785 (JCS) narrowed to texts, booleans, null, lists, objects and safe integers.

Floats are refused, so the one hard part of RFC 8785 falls away and a verifier in any language is a page long.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from zhida.domain.errors import InvariantBroken

Json = Any
"""None, bool, int, str, a sequence of Json, or a mapping from str to Json."""

_SAFE_INTEGER = 2**53 - 1
_DEEPEST = 32


def canonical_json(value: Json) -> bytes:
    """The canonical UTF-8 bytes: keys in UTF-16 order, no spaces.

    Raises InvariantBroken for a float, an integer beyond 2^53 - 1 (RFC 7493), a lone surrogate, a key that is no text,
    nesting deeper than 32, or any other type.
    """
    try:
        return json.dumps(_plain(value, 0), ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        raise InvariantBroken("not_canonical", "a text holds a lone surrogate") from error


def _plain(value: Json, depth: int) -> Json:
    if depth > _DEEPEST:
        raise InvariantBroken("not_canonical", f"nested deeper than {_DEEPEST}")
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > _SAFE_INTEGER:
            raise InvariantBroken("not_canonical", f"{value} is beyond 2^53 - 1; write it as a text")
        return int(value)
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise InvariantBroken("not_canonical", "an object's keys are texts")
        return {key: _plain(value[key], depth + 1) for key in sorted(value, key=_utf16)}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_plain(item, depth + 1) for item in value]
    raise InvariantBroken("not_canonical", f"{type(value).__name__} has no canonical form")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")
