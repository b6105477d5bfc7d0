"""Programs as plain JSON values and back: how a plan travels to another machine without pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules import nodes, program, schema, tables
from zhida.domain.rules.places import Place, Spot
from zhida.domain.values import CodeTree, Span

_KINDS: dict[str, type] = {
    kind.__name__: kind
    for module in (nodes, program, schema, tables)
    for kind in vars(module).values()
    if isinstance(kind, type) and kind.__module__ == module.__name__ and hasattr(kind, "__dataclass_fields__")
} | {"Span": Span}


class Trees:
    """Code trees by digest, so that a tree is written once however many expressions look at it; and beside them the
    `sources` that `Meanings` found for expressions over stored facts alone, so that a later item need not."""

    def __init__(self, known: Mapping[str, CodeTree] | None = None) -> None:
        self.known: dict[str, CodeTree] = dict(known or {})
        self._digests: dict[int, tuple[CodeTree, str]] = {}
        self.sources: dict[object, Any] = {}

    def digest(self, tree: CodeTree) -> str:
        """SHA-256 in hex over the tree's parents; remembers the tree."""
        if id(tree) not in self._digests:
            written = json.dumps(sorted(tree.parents.items()), ensure_ascii=False)
            self._digests[id(tree)] = (tree, hashlib.sha256(written.encode()).hexdigest())
        found = self._digests[id(tree)][1]
        self.known.setdefault(found, tree)
        return found

    def written(self) -> list[Any]:
        """The trees as JSON values."""
        return [
            [digest, tree.name, list(tree.parents), list(tree.parents.values())]
            for digest, tree in sorted(self.known.items())
        ]

    @classmethod
    def read(cls, written: list[Any]) -> Trees:
        """The trees that `written` wrote."""
        return cls(
            {digest: CodeTree(name, dict(zip(codes, parents, strict=True))) for digest, name, codes, parents in written}
        )


def write(value: Any, trees: Trees) -> Any:
    """A program, schema, node or plain value as JSON values. Where an expression stands in its file is left out."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return {"number": str(value)}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, CodeTree):
        return {"tree": trees.digest(value)}
    if isinstance(value, tuple):
        return [write(member, trees) for member in value]
    if isinstance(value, Mapping):
        return {"pairs": [[name, write(member, trees)] for name, member in sorted(value.items())]}
    if type(value).__name__ in _KINDS:
        held = {part.name: getattr(value, part.name) for part in fields(value) if not _is_default(part, value)}
        return {"is": type(value).__name__, **{name: write(member, trees) for name, member in held.items()}}
    raise InvariantBroken("unwritable_plan", f"a {type(value).__name__} has no place in a plan")


def _is_default(part: Field[Any], value: Any) -> bool:
    held = getattr(value, part.name)
    return isinstance(held, Place | Spot) or (part.default is not MISSING and held == part.default)


def read(written: Any, trees: Trees) -> Any:
    """The value that `write` wrote."""
    if isinstance(written, list):
        return tuple(read(member, trees) for member in written)
    if not isinstance(written, dict):
        return written
    if "number" in written:
        return Decimal(written["number"])
    if "day" in written:
        return date.fromisoformat(written["day"])
    if "tree" in written:
        return trees.known[written["tree"]]
    if "pairs" in written:
        return {name: read(member, trees) for name, member in written["pairs"]}
    held = {name: read(member, trees) for name, member in written.items() if name != "is"}
    return _KINDS[written["is"]](**held)


def digest_of(written: Any) -> str:
    """SHA-256 in hex over the canonical JSON of what `write` wrote."""
    canonical = json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
