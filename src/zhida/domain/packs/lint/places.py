"""Where an entry of a pack's YAML stands, so that a finding points at its line."""

from __future__ import annotations

from zhida.domain.packs.pack import Pack
from zhida.domain.packs.source.nodes import ListNode, Node, RecordNode, Spot


def spot_of(pack: Pack, file: str, *path: str | int) -> Spot:
    """The place of an entry by its keys and positions; of the last one that is there, where the path leads further."""
    node: Node | None = pack.nodes.get(file)
    spot = node.spot if node is not None else Spot(f"{pack.id}/{file}")
    for step in path:
        if isinstance(node, RecordNode) and isinstance(step, str) and step in node.values:
            spot, node = node.keys[step], node.values[step]
        elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            spot = node.spot
        else:
            break
    return spot
