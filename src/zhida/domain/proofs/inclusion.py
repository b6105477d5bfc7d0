"""That a leaf is in a tree at a position: the proof (RFC 9162 section 2.1.3.1) and its check (section 2.1.3.2)."""

from __future__ import annotations

from collections.abc import Sequence

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs.hashing import SHA256, Algorithm, node_hash
from zhida.domain.proofs.tree import NodeReader, subtree_root


def inclusion_proof(
    read_node: NodeReader, position: int, size: int, algorithm: Algorithm = SHA256
) -> tuple[bytes, ...]:
    """The hashes that lead from the leaf at `position` (from 0) to the head of the first `size` leaves, lowest first.

    Raises InvariantBroken where the position is outside the tree.
    """
    if not 0 <= position < size:
        raise InvariantBroken("position_outside_tree", f"no leaf {position} in a tree of {size}")
    proof: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + largest_power_below(end - begin)
        if position < middle:
            proof.append(subtree_root(middle, end, read_node, algorithm))
            end = middle
        else:
            proof.append(subtree_root(begin, middle, read_node, algorithm))
            begin = middle
    return tuple(reversed(proof))


def verify_inclusion(
    leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes, algorithm: Algorithm = SHA256
) -> bool:
    """Whether the leaf hash stands at `position` of the tree of `size` leaves with this root.

    False for every malformed proof: a position outside, a hash of the wrong length, a hash too many or too few.
    """
    if not 0 <= position < size or any(len(value) != algorithm.size for value in (leaf, *proof)):
        return False
    index, last = position, size - 1
    value = leaf
    for sibling in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            value = node_hash(sibling, value, algorithm)
            while not index & 1:
                index, last = index >> 1, last >> 1
        else:
            value = node_hash(value, sibling, algorithm)
        index, last = index >> 1, last >> 1
    return last == 0 and value == root


def largest_power_below(count: int) -> int:
    """The largest power of two smaller than `count`, which is at least 2: where RFC 9162 splits a tree."""
    return 1 << (count - 1).bit_length() - 1
