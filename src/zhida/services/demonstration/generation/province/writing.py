"""A pack's files as plain data (texts, lists, records), written as YAML or turned into nodes without that detour."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from zhida.domain.packs.source.nodes import ListNode, Node, RecordNode, Spot, TextNode

Plain = str | Sequence["Plain"] | Mapping[str, "Plain"]
_BARE = re.compile(r"^[A-Za-z0-9_.][A-Za-z0-9_./@-]*$")
_NOWHERE = Spot("")


def yaml_of(data: Mapping[str, Plain], *, blocks: int = 1) -> bytes:
    """A file that the strict reader reads back as `data`; records stand one key a line down to `blocks` levels."""
    return ("\n".join(_lines(data, blocks, "")) + "\n").encode()


def node_of(data: Any) -> Node:
    """The nodes that reading `yaml_of(data)` gives, all of them at no place in particular."""
    if isinstance(data, str):
        return _text(data)
    if isinstance(data, dict):
        return RecordNode(_NOWHERE, dict.fromkeys(data, _NOWHERE), {key: node_of(value) for key, value in data.items()})
    return ListNode(_NOWHERE, tuple(node_of(value) for value in data))


@lru_cache(maxsize=16_384)
def _text(text: str) -> TextNode:
    return TextNode(_NOWHERE, text)


def _lines(data: Mapping[str, Plain], blocks: int, indent: str) -> list[str]:
    lines = []
    for key, value in data.items():
        if blocks and value and isinstance(value, Mapping):
            lines += [f"{indent}{_flow(key)}:", *_lines(value, blocks - 1, indent + "  ")]
        elif blocks and value and not isinstance(value, str):
            lines += [f"{indent}{_flow(key)}:", *(f"{indent}  - {_flow(one)}" for one in value)]
        else:
            lines.append(f"{indent}{_flow(key)}: {_flow(value)}")
    return lines


def _flow(data: Any) -> str:
    if isinstance(data, str):
        return data if _BARE.match(data) and data != "null" else json.dumps(data, ensure_ascii=False)
    if isinstance(data, Mapping):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(value)}" for key, value in data.items()) + "}"
    return "[" + ", ".join(map(_flow, data)) + "]"
