"""A log as static files (c2sp.org/tlog-tiles): tiles of 256 hashes, bundles of 256 entries, and where each stands."""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Callable, Iterator, Sequence

from zhida.domain.errors import InvariantBroken

WIDTH = 256
"""Hashes in a full tile, entries in a full bundle: a subtree of 8 levels."""

CHECKPOINT = "checkpoint"
"""The one file that changes: the newest signed head."""

HASH = 32
_INDEX = r"(?!x000)(?:x\d{3}/)*\d{3}(?:\.p/(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?"
_PATH = re.compile(rf"tile/(?:entries|\d|[1-5]\d|6[0-3])/{_INDEX}\Z", re.ASCII)
_LARGEST_ENTRY = 0xFFFF
_PAIRS = struct.Struct(f"{2 * HASH}s").iter_unpack

ReadFile = Callable[[str], "bytes | None"]
"""Gives the bytes at a path below the log's prefix, None where there is no such file."""


def is_tile_path(path: str) -> bool:
    """Whether a path names a tile or a bundle: nothing else below the prefix is ever asked for."""
    return bool(_PATH.match(path))


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """`tile/<L>/<N>[.p/<W>]`: the hashes of nodes at tree level 8 * `level`."""
    return f"tile/{level}/{_index_path(index)}{_suffix(width)}"


def bundle_path(index: int, width: int = WIDTH) -> str:
    """`tile/entries/<N>[.p/<W>]`: the bytes that the leaves of the level-0 tile hash."""
    return f"tile/entries/{_index_path(index)}{_suffix(width)}"


def _index_path(index: int) -> str:
    parts = [f"{index % 1000:03d}"]
    while index := index // 1000:
        parts.append(f"x{index % 1000:03d}")
    return "/".join(reversed(parts))


def _suffix(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"


def width_at(level: int, index: int, size: int) -> int:
    """How many hashes the tile has in a tree of `size` leaves: 256, fewer at the right edge, 0 where there is none."""
    return max(0, min(WIDTH, (size >> 8 * level) - WIDTH * index))


def bundle_of(entries: Sequence[bytes]) -> bytes:
    """Entries with their lengths before them. Raises InvariantBroken for one of more than 65,535 bytes."""
    if any(len(entry) > _LARGEST_ENTRY for entry in entries):
        raise InvariantBroken("entry_too_long", "an entry of the log has 65,535 bytes at most")
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def entries_of(bundle: bytes) -> list[bytes]:
    """A bundle's entries; none where its lengths do not end just where it does."""
    entries, at, end = [], 0, len(bundle)
    while at + 2 <= end:
        begin = at + 2
        at = begin + (bundle[at] << 8 | bundle[at + 1])
        entries.append(bundle[begin:at])
    return entries if at == end else []


def bundle_hashes(bundle: bytes) -> bytes:
    """The hashes of a bundle's entries as leaves (RFC 9162 section 2.1.1), one after the other: a level-0 tile.

    Empty where its lengths do not end just where it does. Nothing is kept of an entry, and a hash that has taken its
    prefix is copied for each: that is the quickest that hashlib does it.
    """
    start, hashes, at, end = hashlib.sha256(b"\x00").copy, [], 0, len(bundle)
    while at + 2 <= end:
        begin = at + 2
        at = begin + (bundle[at] << 8 | bundle[at + 1])
        hashed = start()
        hashed.update(bundle[begin:at])
        hashes.append(hashed.digest())
    return b"".join(hashes) if at == end else b""


def levels_of(tile: bytes) -> list[bytes]:
    """The levels of the subtree over a full tile, each one's hashes after another: the tile itself, up to the root."""
    start, levels = hashlib.sha256(b"\x01").copy, [tile]
    while len(tile) > HASH:
        hashes = []
        for (pair,) in _PAIRS(tile):
            hashed = start()
            hashed.update(pair)
            hashes.append(hashed.digest())
        tile = b"".join(hashes)
        levels.append(tile)
    return levels


def infix(levels: Sequence[bytes]) -> list[bytes]:
    """All nodes of a full subtree in the order of an infix walk, leaves at the even places."""
    nodes = [b""] * (2 * len(levels[0]) // HASH - 1)
    for level, row in enumerate(levels):
        nodes[(1 << level) - 1 :: 2 << level] = [row[at : at + HASH] for at in range(0, len(row), HASH)]
    return nodes


def hash_at(tile: bytes, index: int) -> bytes:
    """The hash at a place of a tile."""
    return tile[index * HASH : (index + 1) * HASH]


def read_tile(read: ReadFile, level: int, index: int, width: int) -> bytes:
    """A tile's first `width` hashes, from a file of just that width or from the full one.

    Raises InvariantBroken where neither is there in its length.
    """
    for held in dict.fromkeys((width, WIDTH)):
        data = read(tile_path(level, index, held))
        if data is not None and len(data) == held * HASH:
            return data[: width * HASH]
    raise InvariantBroken("tile_missing", f"{tile_path(level, index, width)} is missing or has another length")


def read_bundle(read: ReadFile, index: int, width: int) -> list[bytes]:
    """A bundle's first `width` entries, as `read_tile`. Raises InvariantBroken where they are not there."""
    for held in dict.fromkeys((width, WIDTH)):
        data = read(bundle_path(index, held))
        entries = entries_of(data) if data is not None else []
        if len(entries) == held:
            return entries[:width]
    raise InvariantBroken("tile_missing", f"{bundle_path(index, width)} is missing or damaged")


def node_reader(read: ReadFile, size: int) -> Callable[[int, int], bytes]:
    """A NodeReader over the tiles of a log of `size` leaves: any proof can be made from files alone."""

    def node(level: int, index: int) -> bytes:
        above, within = divmod(level, 8)
        first = index << within
        tile = first // WIDTH
        hashes = read_tile(read, above, tile, width_at(above, tile, size))
        begin = (first % WIDTH) * HASH
        return levels_of(hashes[begin : begin + (HASH << within)])[-1]

    return node


def new_tiles(read: ReadFile, old_size: int, hashes: bytes) -> Iterator[tuple[str, bytes]]:
    """The tiles, with their paths, that come or grow when leaf hashes are added to a log of `old_size` leaves.

    A tile that was partial is read and written anew under its new width.
    """
    level = 0
    while hashes:
        first = old_size >> 8 * level
        index, width = divmod(first, WIDTH)
        row = (read_tile(read, level, index, width) if width else b"") + hashes
        hashes = b""
        for at in range(0, len(row), WIDTH * HASH):
            tile = row[at : at + WIDTH * HASH]
            yield tile_path(level, index, len(tile) // HASH), tile
            index += 1
            hashes += levels_of(tile)[-1] if len(tile) == WIDTH * HASH else b""
        level += 1
