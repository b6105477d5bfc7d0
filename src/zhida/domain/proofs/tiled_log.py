"""Checking a log's files block by block (256 entries), as fast as they can be hashed, and naming what is damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs.tiles import (
    HASH,
    WIDTH,
    ReadFile,
    bundle_hashes,
    bundle_of,
    bundle_path,
    entries_of,
    hash_at,
    levels_of,
    read_bundle,
    read_tile,
    tile_path,
    width_at,
)
from zhida.domain.proofs.tree import Frontier, fold
from zhida.domain.proofs.verdict import Fault, Reason

_MOST_JOINED = 8
"""Places where bundle and tile may differ for all 2^8 ways of joining them to be looked through."""


@dataclass
class Block:
    """Up to 256 leaves: the first one's position, their hashes in one string, the levels above where it is full, and
    the bundle that holds just them, empty where they stand in no file.
    """

    first: int
    hashes: bytes
    bundle: bytes = b""
    faults: list[Fault] = field(default_factory=list)
    levels: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.levels = levels_of(self.hashes) if self.width == WIDTH else [self.hashes]

    @property
    def width(self) -> int:
        """How many leaves."""
        return len(self.hashes) // HASH

    @cached_property
    def entries(self) -> list[bytes | None]:
        """The entries as bytes, None for one that does not fit its hash or stands in no file."""
        return [*entries_of(self.bundle)] if self.bundle else [None] * self.width


def read_blocks(read: ReadFile, size: int, root: bytes) -> Iterator[Block]:
    """The blocks of a log's files up to `size`, each entry hashed and compared with its tile; what differs is a fault
    of the block, with the file as its field.

    Where bundle and tile differ, the tile above says which of the two was damaged, or both; for the last block the
    signed `root` does. Raises InvariantBroken where both are gone.
    """
    tiles = Frontier()
    for index in range(-(-size // WIDTH)):
        width = width_at(0, index, size)
        (bundle, hashes), tile = _hashed_bundle(read, index, width), _tile_or_none(read, 0, index, width)
        if hashes is not None and hashes == tile:
            block = Block(index * WIDTH, hashes, bundle)
        else:
            is_right = _judge(read, index, size, tiles, root)
            block = _damaged(index, width, entries_of(bundle), hashes, tile, is_right)
        tiles = tiles.append(block.levels[-1]).frontier if width == WIDTH else tiles
        yield block


def _damaged(
    index: int,
    width: int,
    entries: list[bytes],
    hashes: bytes | None,
    tile: bytes | None,
    is_right: Callable[[bytes], bool],
) -> Block:
    first, there = index * WIDTH, [each for each in (hashes, tile) if each is not None]
    if not there:
        raise InvariantBroken("tile_missing", f"{bundle_path(index, width)} and {tile_path(0, index, width)} are gone")
    trusted = next((each for each in _joined(there, width) if is_right(each)), there[-1])
    block = Block(first, trusted)
    for at in range(width):
        is_whole = hashes is not None and hash_at(hashes, at) == hash_at(trusted, at)
        block.entries[at] = entries[at] if is_whole else None
        if not is_whole:
            block.faults.append(_file_fault(bundle_path(index, width), first + at, first + at + 1))
        if tile is None or hash_at(tile, at) != hash_at(trusted, at):
            block.faults.append(_file_fault(tile_path(0, index, width), first + at, first + at + 1))
    return block


def _joined(there: list[bytes], width: int) -> Iterable[bytes]:
    """What the hashes of a block may have been: as one file gives them, as the other, or, where both are damaged in a
    few places, some from one and some from the other.
    """
    ways = [tuple({hash_at(each, at): None for each in there}) for at in range(width)]
    differing = sum(len(way) - 1 for way in ways)
    return map(b"".join, product(*ways)) if differing <= _MOST_JOINED else there


def _judge(read: ReadFile, index: int, size: int, tiles: Frontier, root: bytes) -> Callable[[bytes], bool]:
    """Tells the true hashes of a block from others."""

    def is_right(hashes: bytes) -> bool:
        width = len(hashes) // HASH
        if width < WIDTH:
            within = Frontier().extend(hash_at(hashes, at) for at in range(width))
            return fold((*tiles.hashes, *within.hashes)) == root
        above = _tile_or_none(read, 1, index // WIDTH, width_at(1, index // WIDTH, size))
        return above is not None and levels_of(hashes)[-1] == hash_at(above, index % WIDTH)

    return is_right


def upper_tiles(roots: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The tiles above level 0 as level, index and hashes, given the roots of all full blocks in one string."""
    level = 1
    while roots:
        above = b""
        for index, at in enumerate(range(0, len(roots), WIDTH * HASH)):
            hashes = roots[at : at + WIDTH * HASH]
            yield level, index, hashes
            above += levels_of(hashes)[-1] if len(hashes) == WIDTH * HASH else b""
        roots, level = above, level + 1


def upper_faults(read: ReadFile, roots: bytes) -> list[Fault]:
    """What is wrong in the tiles above level 0, given the roots of all full blocks in one string."""
    return [fault for level, index, hashes in upper_tiles(roots) for fault in _compare(read, level, index, hashes)]


def _compare(read: ReadFile, level: int, index: int, hashes: bytes) -> list[Fault]:
    width = len(hashes) // HASH
    path, tile = tile_path(level, index, width), _tile_or_none(read, level, index, width)
    if tile == hashes:
        return []
    span = 1 << 8 * level
    firsts = [at for at in range(width) if tile is None or hash_at(tile, at) != hash_at(hashes, at)]
    return [_file_fault(path, (index * WIDTH + at) * span, (index * WIDTH + at + 1) * span) for at in firsts]


def _tile_or_none(read: ReadFile, level: int, index: int, width: int) -> bytes | None:
    try:
        return read_tile(read, level, index, width)
    except InvariantBroken:
        return None


def _hashed_bundle(read: ReadFile, index: int, width: int) -> tuple[bytes, bytes | None]:
    """A bundle of just so many entries, cut from the full one where only that is there, and its leaves' hashes."""
    bundle = read(bundle_path(index, width)) or b""
    hashes = bundle_hashes(bundle)
    if len(hashes) == width * HASH:
        return bundle, hashes
    try:
        bundle = bundle_of(read_bundle(read, index, width))
    except InvariantBroken:
        return b"", None
    return bundle, bundle_hashes(bundle)


def _file_fault(path: str, first: int, until: int) -> Fault:
    zh = f"日志文件 {path} 第 {first} 至 {until - 1} 位处被改动过或缺失。"
    en = f"The log's file {path} was altered at {first} to {until - 1}, or is missing."
    return Fault(first, until, path, Reason("altered_file", zh, en))
