"""The stored tree: node hashes by their place, read in one query for a whole proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Frontier, NodeReader
from zhida.kernel.ledger.models import Leaf, Node

Outcome = TypeVar("Outcome")
_ANY_HASH = bytes(32)


def place_of(level: int, index: int) -> int:
    """The number of a node in the order of an infix walk: leaves are even, and no number is ever used twice."""
    return (2 * index + 1 << level) - 1


def read_with(use: Callable[[NodeReader], Outcome]) -> Outcome:
    """What `use` computes from stored nodes, with one query: a first run learns which nodes it asks for.

    Raises InvariantBroken where the table lacks one of them.
    """
    wanted: set[int] = set()

    def note(level: int, index: int) -> bytes:
        wanted.add(place_of(level, index))
        return _ANY_HASH

    use(note)
    stored = {row.place: bytes(row.hash) for row in Node.objects.filter(place__in=wanted)}
    if len(stored) < len(wanted):
        raise InvariantBroken("tree_node_missing", f"stored tree lacks {sorted(wanted - stored.keys())[:3]}")
    return use(lambda level, index: stored[place_of(level, index)])


def tree_size() -> int:
    """How many leaves the tree has."""
    last = Leaf.objects.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def stored_frontier(size: int) -> Frontier:
    """The stored tree's first `size` leaves, ready to be appended to; O(log size)."""
    return read_with(lambda read_node: Frontier.read(size, read_node))
