"""Tree, inclusion and consistency: every pair of sizes up to a bound, and every way to break a proof."""

import hashlib

import pytest

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import (
    Frontier,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [leaf_hash(str(number).encode()) for number in range(33)]
TREE = Tree.of(LEAVES)
SIZES = range(1, len(LEAVES) + 1)


def head_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    both = head_by_definition(leaves[:split]) + head_by_definition(leaves[split:])
    return hashlib.sha256(b"\x01" + both).digest()


def test_heads_follow_the_recursive_definition():
    for size in range(len(LEAVES) + 1):
        assert TREE.root(size) == head_by_definition(LEAVES[:size])
        assert Tree.of(LEAVES[:size]).root() == TREE.root(size)


def test_frontier_names_each_node_when_it_is_complete():
    frontier, stored = Frontier(), {}
    for leaf in LEAVES:
        frontier, nodes = frontier.append(leaf)
        for node in nodes:
            assert (node.level, node.index) not in stored
            stored[node.level, node.index] = node.hash
    assert stored == {(level, index): value for level, row in enumerate(TREE.levels) for index, value in enumerate(row)}
    for size in SIZES:
        restored = Frontier.read(size, lambda level, index: stored[level, index])
        assert restored.root == TREE.root(size)


def test_extending_is_appending_from_wherever_one_stands():
    for begin in range(len(LEAVES) + 1):
        for end in range(begin, len(LEAVES) + 1):
            extended = Frontier.read(begin, TREE.node).extend(LEAVES[begin:end])
            assert extended == Frontier.read(end, TREE.node)
    assert Frontier.read(5, TREE.node).append(LEAVES[5]).frontier == Frontier.read(6, TREE.node)


def test_every_inclusion_proof_holds_at_its_own_place_only():
    for size in SIZES:
        for position in range(size):
            proof = inclusion_proof(TREE.node, position, size)
            leaf, root = LEAVES[position], TREE.root(size)
            assert verify_inclusion(leaf, position, size, proof, root)
            assert not any(verify_inclusion(leaf, other, size, proof, root) for other in SIZES if other != position)
            # A longer or shorter tree may share the path's shape, but never the root as well.
            assert not any(
                verify_inclusion(leaf, position, other, proof, TREE.root(other)) for other in SIZES if other != size
            )


def test_every_consistency_proof_holds_for_its_own_sizes_only():
    for new in SIZES:
        for old in range(1, new + 1):
            proof = consistency_proof(TREE.node, old, new)
            assert verify_consistency(old, new, proof, TREE.root(old), TREE.root(new))
            for other in range(1, new):
                if other != old:
                    assert not verify_consistency(other, new, proof, TREE.root(other), TREE.root(new))


def test_broken_inclusion_proofs_are_rejected():
    size, position = 21, 13
    proof, root, leaf = inclusion_proof(TREE.node, position, size), TREE.root(size), LEAVES[position]
    broken = [proof[:-1], proof[1:], (*proof, root), (root, *proof), (*proof, b""), proof[::-1], ()]
    broken += [(*proof[:index], bytes(32), *proof[index + 1 :]) for index in range(len(proof))]
    broken += [(*proof[:index], proof[index][:31], *proof[index + 1 :]) for index in range(len(proof))]
    for case in broken:
        assert not verify_inclusion(leaf, position, size, case, root)
    for wrong_position, wrong_size in ((-1, size), (size, size), (position, 0), (position, -1), (2**64, size)):
        assert not verify_inclusion(leaf, wrong_position, wrong_size, proof, root)
    assert not verify_inclusion(leaf[:31], position, size, proof, root)


def test_broken_consistency_proofs_are_rejected():
    for old, new in ((8, 21), (13, 21), (20, 21)):
        proof, before, after = consistency_proof(TREE.node, old, new), TREE.root(old), TREE.root(new)
        broken = [proof[:-1], proof[1:], (*proof, after), (before, *proof), proof[::-1], ()]
        broken += [(*proof[:index], bytes(32), *proof[index + 1 :]) for index in range(len(proof))]
        broken += [(*proof[:index], proof[index] + b"\x00", *proof[index + 1 :]) for index in range(len(proof))]
        for case in broken:
            if case != proof:
                assert not verify_consistency(old, new, case, before, after)
        assert not verify_consistency(old, new, proof, after, before)
        assert not verify_consistency(new, old, proof, after, before)
    assert not verify_consistency(5, 5, (), TREE.root(5), TREE.root(6))
    assert not verify_consistency(5, 5, (TREE.root(5),), TREE.root(5), TREE.root(5))
    assert not verify_consistency(0, 5, (), Frontier().root, TREE.root(5))


def test_a_byte_cannot_move_from_one_hash_into_its_neighbour():
    """The joined bytes, and so the root, would be the same: only the lengths tell."""
    proof, root, leaf = inclusion_proof(TREE.node, 2, 4), TREE.root(4), LEAVES[2]
    shifted = (leaf[-1:] + proof[0], *proof[1:])
    assert not verify_inclusion(leaf[:-1], 2, 4, shifted, root)
    before, after, extension = TREE.root(2), TREE.root(4), consistency_proof(TREE.node, 2, 4)
    assert verify_consistency(2, 4, extension, before, after)
    assert not verify_consistency(2, 4, (before[-1:] + extension[0],), before[:-1], after)


def test_a_right_proof_does_not_vouch_for_a_wrong_old_head():
    for old, new in ((3, 7), (4, 7), (6, 7)):
        proof = consistency_proof(TREE.node, old, new)
        assert not verify_consistency(old, new, proof, TREE.root(5), TREE.root(new))
        assert not verify_consistency(old, new, proof, TREE.root(old), TREE.root(5))


def test_a_root_does_not_vouch_for_a_size_it_is_not_of():
    inclusion, consistency = inclusion_proof(TREE.node, 1, 4), consistency_proof(TREE.node, 2, 4)
    for size in (5, 7, 8, 16):
        assert not verify_inclusion(LEAVES[1], 1, size, inclusion, TREE.root(4))
        assert not verify_consistency(2, size, consistency, TREE.root(2), TREE.root(4))


def test_misuse_is_refused():
    with pytest.raises(InvariantBroken, match="position_outside_tree"):
        inclusion_proof(TREE.node, 5, 5)
    with pytest.raises(InvariantBroken, match="sizes_out_of_order"):
        consistency_proof(TREE.node, 0, 5)
    for size in (0, 1):
        with pytest.raises(InvariantBroken, match="malformed_hash"):
            Frontier.read(size, TREE.node).append(b"short")
        with pytest.raises(InvariantBroken, match="malformed_hash"):
            Frontier.read(size, TREE.node).extend([b"short", LEAVES[0]])
    with pytest.raises(InvariantBroken, match="malformed_frontier"):
        Frontier(3, (LEAVES[0],))
    with pytest.raises(InvariantBroken, match="malformed_frontier"):
        Frontier(-1, (LEAVES[0],))
    for hashes in ((b"short",), (LEAVES[0] + b"\x00",)):
        with pytest.raises(InvariantBroken, match="malformed_hash"):
            Frontier(1, hashes)
    with pytest.raises(TypeError):
        Tree(levels=[[LEAVES[0]]])


class Sha512:
    """Another hash of another size, to show that nothing in the tree is tied to SHA-256."""

    name, size = "sha-512", 64

    def digest(self, data: bytes) -> bytes:
        return hashlib.sha512(data).digest()


def test_another_hash_takes_the_place_of_sha256():
    other = Sha512()
    leaves = [leaf_hash(bytes([number]), other) for number in range(7)]
    tree = Tree.of(leaves, other)
    proof = inclusion_proof(tree.node, 4, 7, other)
    assert verify_inclusion(leaves[4], 4, 7, proof, tree.root(), other)
    assert not verify_inclusion(leaves[4], 4, 7, proof, tree.root())
    extension = consistency_proof(tree.node, 3, 7, other)
    assert verify_consistency(3, 7, extension, tree.root(3), tree.root(), other)
