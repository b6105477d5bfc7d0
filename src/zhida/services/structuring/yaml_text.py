"""A small writer of the strict YAML that packs are read by: block records, lists of plain words in one line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_PLAIN = re.compile(r"^[A-Za-z_\u4e00-\u9fff][^:#,\[\]{}&*!|>'\"%@`\n\t]*$")
_BARE = re.compile(r"^-?(?:0|[1-9]\d*)(?:\.\d+)?$|^\d{4}-\d\d-\d\d$|^[a-z][a-z0-9_/-]*$")


def yaml_of(record: Mapping[str, Any]) -> bytes:
    """A file: records nest as blocks, empty ones are left out; texts are quoted wherever a reader could stumble."""
    return ("\n".join(_lines(record, 0)) + "\n").encode()


def _lines(record: Mapping[str, Any], depth: int) -> list[str]:
    found: list[str] = []
    for key, value in record.items():
        head = "  " * depth + f"{key}:"
        if isinstance(value, Mapping):
            found += [head, *_lines(value, depth + 1)] if value else []
        elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
            found += [head, *("  " * (depth + 1) + "- " + _flow(each) for each in value)]
        else:
            found.append(f"{head} {_flow(value)}")
    return found


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    is_code = isinstance(value, str) and text.isdecimal()
    return text if not is_code and (_BARE.match(text) or _is_plain(text)) else json.dumps(text, ensure_ascii=False)


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.match(text)) and text == text.strip() and text not in ("null", "true", "false", "~")
