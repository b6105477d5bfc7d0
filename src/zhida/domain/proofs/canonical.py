"""One byte form for a JSON value: RFC 8785 (JCS) narrowed to texts, booleans, null, lists, objects and safe integers.

Floats are refused, so the one hard part of RFC 8785 falls away and a verifier in any language is a page long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

from zhida.domain.errors import InvariantBroken

Json = Any
"""None, bool, int, str, a sequence of Json, or a mapping from str to Json."""

_SAFE_INTEGER = 2**53 - 1
_DEEPEST = 32
_CONSTANTS = {None: "null", True: "true", False: "false"}


def canonical_json(value: Json) -> bytes:
    """The canonical UTF-8 bytes: keys in UTF-16 order, no spaces.

    Raises InvariantBroken for a float, an integer beyond 2^53 - 1 (RFC 7493), a lone surrogate, a key that is no text,
    nesting deeper than 32, or any other type.
    """
    return _encoded(_written(value, 0))


def canonical_text(value: Json, *, depth: int = 0) -> str:
    """As `canonical_json`, as a text; `depth` is how deep the value will stand in another. Raises the same."""
    written = _written(value, depth)
    _encoded(written)
    return written


def _encoded(written: str) -> bytes:
    try:
        return written.encode()
    except UnicodeEncodeError as error:
        raise InvariantBroken("not_canonical", "a text holds a lone surrogate") from error


def _written(value: Json, depth: int) -> str:
    # Exact types come first: a log of a million entries writes ten million values.
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if kind is int:
        return _integer(value)
    if value is None or kind is bool:
        return _CONSTANTS[value]
    if depth >= _DEEPEST:
        raise InvariantBroken("not_canonical", f"nested deeper than {_DEEPEST}")
    if kind is dict or isinstance(value, Mapping):
        members = [f"{encode_basestring(key)}:{_written(value[key], depth + 1)}" for key in _sorted(value)]
        return f"{{{','.join(members)}}}"
    if kind is list or (isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)):
        return f"[{','.join([_written(item, depth + 1) for item in value])}]"
    if isinstance(value, str):
        return encode_basestring(str(value))
    if isinstance(value, int):
        return _integer(int(value))
    raise InvariantBroken("not_canonical", f"{kind.__name__} has no canonical form")


def _integer(value: int) -> str:
    if not -_SAFE_INTEGER <= value <= _SAFE_INTEGER:
        raise InvariantBroken("not_canonical", f"{value} is beyond 2^53 - 1; write it as a text")
    return str(value)


def _sorted(mapping: Mapping[str, Json]) -> list[str]:
    try:
        is_ascii = "".join(mapping).isascii()
    except TypeError as error:
        raise InvariantBroken("not_canonical", "an object's keys are texts") from error
    if is_ascii:
        return sorted(mapping)
    return sorted(mapping, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
