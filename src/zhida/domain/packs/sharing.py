"""What packs share, written as files again: the dictionary and the groups of a root, entry by entry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from zhida.domain.packs.revision_files import plain_of
from zhida.domain.packs.root import Root

_MOST = 200 * 1024


def shared_files(root: Root) -> dict[str, bytes]:
    """Path to bytes: files below `_attributes/` and `_groups/` that read as the root's own dictionary and groups.

    They are JSON, which is YAML too, cut so that no file is larger than a reader takes.
    """
    sections: dict[str, dict[str, Any]] = {}
    for (section, name), node in root.dictionary.entries.items():
        sections.setdefault(section, {})[name] = plain_of(node)
    files = dict(root.dictionary.tables)
    for section, entries in sections.items():
        for number, part in enumerate(_parts(entries), start=1):
            files[f"_attributes/{section}_{number}.yaml"] = _written({section: part})
    for name, node in root.group_nodes.items():
        files[f"_groups/{name}.yaml"] = _written(plain_of(node))
    return files


def _parts(entries: dict[str, Any]) -> Iterator[dict[str, Any]]:
    part: dict[str, Any] = {}
    size = 0
    for name, entry in sorted(entries.items()):
        cost = len(_written({name: entry}))
        if part and size + cost > _MOST:
            yield part
            part, size = {}, 0
        part[name] = entry
        size += cost
    if part:
        yield part


def _written(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
