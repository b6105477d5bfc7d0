"""That a later tree only added to an earlier one: the proof (RFC 9162 section 2.1.4.1), its check (section 2.1.4.2)."""

from __future__ import annotations

from collections.abc import Sequence

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs.hashing import SHA256, Algorithm, node_hash
from zhida.domain.proofs.inclusion import largest_power_below
from zhida.domain.proofs.tree import NodeReader, subtree_root


def consistency_proof(
    read_node: NodeReader, old_size: int, new_size: int, algorithm: Algorithm = SHA256
) -> tuple[bytes, ...]:
    """The hashes from which both heads, of the first `old_size` and of the first `new_size` leaves, can be built.

    Raises InvariantBroken unless 0 < old_size <= new_size: an empty tree is consistent with everything.
    """
    if not 0 < old_size <= new_size:
        raise InvariantBroken("sizes_out_of_order", f"{new_size} leaves cannot extend {old_size}")
    proof: list[bytes] = []
    begin, end = 0, new_size
    while end != old_size:
        middle = begin + largest_power_below(end - begin)
        if old_size <= middle:
            proof.append(subtree_root(middle, end, read_node, algorithm))
            end = middle
        else:
            proof.append(subtree_root(begin, middle, read_node, algorithm))
            begin = middle
    if begin:
        proof.append(subtree_root(begin, end, read_node, algorithm))
    return tuple(reversed(proof))


def verify_consistency(
    old_size: int,
    new_size: int,
    proof: Sequence[bytes],
    old_root: bytes,
    new_root: bytes,
    algorithm: Algorithm = SHA256,
) -> bool:
    """Whether the tree with the new root holds the tree with the old root as its first leaves.

    False for every malformed proof, and for an old tree without leaves, about which nothing can be proven.
    """
    if not 0 < old_size <= new_size or any(len(value) != algorithm.size for value in proof):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    starts_at_old_root = old_size & (old_size - 1) == 0
    path = (old_root, *proof) if starts_at_old_root else tuple(proof)
    if not path:
        return False
    index, last = old_size - 1, new_size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    old = new = path[0]
    for value in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old = node_hash(value, old, algorithm)
            new = node_hash(value, new, algorithm)
            while not index & 1:
                index, last = index >> 1, last >> 1
        else:
            new = node_hash(new, value, algorithm)
        index, last = index >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root
