"""Base64url and JSON, each written one way and read strictly: what has two readings is refused (RFC 7515 §2, RFC 8259).

A verifier that forgives is a verifier that two parties can make disagree.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+\Z")


class Malformed(ValueError):
    """The text is not what this format allows."""


def to_base64url(content: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """The bytes behind a text. Raises Malformed for padding, other characters, or bits that do not belong."""
    if not _BASE64URL.match(text) or len(text) % 4 == 1:
        raise Malformed("not base64url without padding")
    content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if to_base64url(content) != text:
        raise Malformed("base64url with stray bits")
    return content


def to_json(value: Any) -> bytes:
    """UTF-8 JSON without spaces, members in the order given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def from_json(content: bytes) -> Any:
    """Reads UTF-8 JSON. Raises Malformed for a member named twice, a number that is no number, or broken text."""
    try:
        text = content.decode("utf-8")
        return json.loads(text, object_pairs_hook=_members, parse_constant=_refuse, parse_float=_refuse)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON as agreed: {error}") from error


def object_of(content: bytes) -> Mapping[str, Any]:
    """Reads a JSON object. Raises Malformed for anything else."""
    value = from_json(content)
    if not isinstance(value, dict):
        raise Malformed("not a JSON object")
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed("a member is named twice")
    return members


def _refuse(text: str) -> Any:
    raise Malformed(f"{text} is not a number that this format uses")
