"""Signed heads against the leaves they sign: the first that disagrees, narrowed by the last one that agreed."""

from __future__ import annotations

from collections.abc import Iterable

from zhida.domain.proofs.checkpoint import Checkpoint
from zhida.domain.proofs.tiled_log import Block, read_blocks, upper_faults
from zhida.domain.proofs.tiles import WIDTH, ReadFile, hash_at, node_reader
from zhida.domain.proofs.tree import Frontier, fold
from zhida.domain.proofs.verdict import Fault, Reason


class Heads:
    """Compares heads, whose signatures were verified before, with a log's blocks as these pass in order.

    `sealed` is the size of the last head that agreed.
    """

    def __init__(self, heads: Iterable[Checkpoint]) -> None:
        self._roots: dict[int, set[bytes]] = {}
        for head in heads:
            self._roots.setdefault(head.size, set()).add(head.root)
        self._sizes = sorted(self._roots, reverse=True)
        self._tiles, self.sealed = Frontier(), 0

    def first_fault(self) -> Fault | None:
        """What is wrong with a head over nothing at all; to be asked before the first block."""
        if not self._sizes or self._sizes[-1] != 0:
            return None
        if self._roots[self._sizes.pop()] == {Frontier().root}:
            return None
        zh, en = "签名的检查点（0 条）不是空日志的。", "The signed head over 0 entries is not that of an empty log."
        return Fault(0, 0, "", Reason("rewritten", zh, en))

    def follow(self, block: Block) -> Fault | None:
        """Takes the next block in; the first head that disagrees, after which nothing more is compared."""
        while self._sizes and self._sizes[-1] <= block.first + block.width:
            size = self._sizes.pop()
            if self._roots[size] != {self._root(size, block)}:
                self._sizes.clear()
                return _rewritten(self.sealed, size)
            self.sealed = size
        if block.width == WIDTH:
            self._tiles = self._tiles.append(block.levels[-1]).frontier
        return None

    def missing(self, size: int) -> Fault | None:
        """Where the log ends after `size` leaves although a head signs more; to be asked after the last block."""
        if not self._sizes:
            return None
        last = self._sizes[0]
        zh = f"日志只剩 {size} 条，签名的检查点有 {last} 条：尾部被截去。"
        en = f"Only {size} entries are left of the {last} under the signed head: the tail was cut."
        return Fault(size, last, "", Reason("tail_cut", zh, en))

    def _root(self, size: int, block: Block) -> bytes:
        left = size - block.first
        if left == WIDTH:
            return self._tiles.append(block.levels[-1]).frontier.root
        within = Frontier().extend(hash_at(block.hashes, at) for at in range(left))
        return fold((*self._tiles.hashes, *within.hashes))


def _rewritten(sealed: int, size: int) -> Fault:
    zh = f"第 {sealed} 至 {size - 1} 位之间有改动：与签名的检查点（{size} 条）不符。"
    en = f"Something from {sealed} to {size - 1} was rewritten: the signed head over {size} entries disagrees."
    return Fault(sealed, size, "", Reason("rewritten", zh, en))


def file_faults(read: ReadFile, head: Checkpoint) -> list[Fault]:
    """Everything that is wrong with a log's files up to a head whose signature was verified: each entry is hashed once.

    Raises InvariantBroken where a bundle and its tile are both gone.
    """
    heads, roots = Heads([head]), bytearray()
    faults = [fault for fault in [heads.first_fault()] if fault]
    for block in read_blocks(read, head.size, head.root):
        rewritten = heads.follow(block)
        faults += [*block.faults, *([rewritten] if rewritten else [])]
        roots += block.levels[-1] if block.width == WIDTH else b""
    return faults + upper_faults(read, bytes(roots))


def continues(read: ReadFile, head: Checkpoint, seen: Checkpoint) -> bool:
    """Whether the log whose files end at `head` still begins with what somebody saw signed before, on a receipt say.

    Both heads' signatures were verified before. False where the log is shorter now. Raises InvariantBroken where tiles
    are missing.
    """
    if seen.origin != head.origin or seen.size > head.size:
        return False
    return Frontier.read(seen.size, node_reader(read, head.size)).root == seen.root
