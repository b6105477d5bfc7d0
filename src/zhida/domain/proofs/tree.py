"""The Merkle tree of RFC 9162 section 2.1, grown one leaf at a time and read by stored nodes.

A node is named by its level (0 is a leaf) and its index from the left, and exists once the 2^level leaves under it do;
such a node never changes. Whoever stores the nodes that `Frontier.append` completes can prove anything later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs.hashing import SHA256, Algorithm, node_hash

NodeReader = Callable[[int, int], bytes]
"""Gives the hash of the complete node at (level, index)."""


@dataclass(frozen=True, slots=True)
class Node:
    """A complete node: the root over the leaves [index * 2^level, (index + 1) * 2^level)."""

    level: int
    index: int
    hash: bytes


class Growth(NamedTuple):
    """What one more leaf brings: the frontier after it, and the nodes it completed, the leaf itself first."""

    frontier: Frontier
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Frontier:
    """All that is needed to append: the size, and the roots of the complete subtrees from left to right."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()
    algorithm: Algorithm = SHA256

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise InvariantBroken(
                "malformed_frontier", f"{len(self.hashes)} hashes cannot stand for {self.size} leaves"
            )
        for value in self.hashes:
            _check_size(value, self.algorithm)

    @classmethod
    def read(cls, size: int, read_node: NodeReader, algorithm: Algorithm = SHA256) -> Frontier:
        """The frontier of a stored tree's first `size` leaves."""
        return cls(size, tuple(read_node(level, index) for level, index in complete_nodes(0, size)), algorithm)

    def append(self, leaf: bytes) -> Growth:
        """Adds one leaf hash. Raises InvariantBroken where it has not the algorithm's size."""
        _check_size(leaf, self.algorithm)
        nodes = [Node(0, self.size, leaf)]
        hashes = list(self.hashes)
        while (self.size >> len(nodes) - 1) & 1:
            joined = node_hash(hashes.pop(), nodes[-1].hash, self.algorithm)
            nodes.append(Node(len(nodes), self.size >> len(nodes), joined))
        hashes.append(nodes[-1].hash)
        return Growth(Frontier(self.size + 1, tuple(hashes), self.algorithm), tuple(nodes))

    def extend(self, leaves: Iterable[bytes]) -> Frontier:
        """Adds many leaf hashes and keeps no nodes: the fast way where only the head is wanted. Raises as `append`."""
        digest, hashes, size = self.algorithm.digest, list(self.hashes), self.size
        for leaf in leaves:
            _check_size(leaf, self.algorithm)
            value, rest = leaf, size
            while rest & 1:
                value, rest = digest(b"\x01" + hashes.pop() + value), rest >> 1
            hashes.append(value)
            size += 1
        return Frontier(size, tuple(hashes), self.algorithm)

    @property
    def root(self) -> bytes:
        """The tree head; that of the empty tree is the hash of no bytes."""
        return fold(self.hashes, self.algorithm) if self.hashes else self.algorithm.digest(b"")


@dataclass
class Tree:
    """A whole tree in memory, for batches, tests and verifiers."""

    algorithm: Algorithm = SHA256
    frontier: Frontier = field(init=False)
    levels: list[list[bytes]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.frontier = Frontier(algorithm=self.algorithm)

    @classmethod
    def of(cls, leaves: Iterable[bytes], algorithm: Algorithm = SHA256) -> Tree:
        """The tree over leaf hashes in their order."""
        tree = cls(algorithm)
        for leaf in leaves:
            tree.append(leaf)
        return tree

    def append(self, leaf: bytes) -> None:
        """Adds one leaf hash at the right."""
        self.frontier, nodes = self.frontier.append(leaf)
        for node in nodes:
            if node.level == len(self.levels):
                self.levels.append([])
            self.levels[node.level].append(node.hash)

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete node: a NodeReader for proofs."""
        return self.levels[level][index]

    @property
    def size(self) -> int:
        """How many leaves."""
        return self.frontier.size

    def root(self, size: int | None = None) -> bytes:
        """The head over the first `size` leaves, over all of them where it is left out."""
        if size is None:
            return self.frontier.root
        return Frontier.read(size, self.node, self.algorithm).root


def complete_nodes(begin: int, end: int) -> list[tuple[int, int]]:
    """The fewest complete nodes (level, index) that cover the leaves [begin, end), from left to right.

    `begin` starts a subtree of RFC 9162: a multiple of a power of two that is no smaller than the stretch.
    """
    nodes = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        nodes.append((level, begin >> level))
        begin += 1 << level
    return nodes


def subtree_root(begin: int, end: int, read_node: NodeReader, algorithm: Algorithm = SHA256) -> bytes:
    """The root over the leaves [begin, end), where `begin` starts a subtree of the tree in hand."""
    return fold(tuple(read_node(level, index) for level, index in complete_nodes(begin, end)), algorithm)


def fold(hashes: tuple[bytes, ...], algorithm: Algorithm = SHA256) -> bytes:
    """The head of the tree whose complete subtrees, from left to right, have these roots; at least one."""
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root, algorithm)
    return root


def _check_size(value: bytes, algorithm: Algorithm) -> None:
    if len(value) != algorithm.size:
        raise InvariantBroken("malformed_hash", f"a hash of {algorithm.name} has {algorithm.size} bytes")
