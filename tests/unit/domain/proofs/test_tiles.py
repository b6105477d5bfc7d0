"""Tiles and bundles as c2sp.org/tlog-tiles has them: paths, widths and bytes, and proofs made from files alone."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from itertools import pairwise, starmap

import pytest

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Frontier, consistency_proof, inclusion_proof, leaf_hash, verify_inclusion
from zhida.domain.proofs.hashing import node_hash
from zhida.domain.proofs.tiles import (
    bundle_hashes,
    bundle_of,
    bundle_path,
    entries_of,
    hash_at,
    infix,
    is_tile_path,
    levels_of,
    new_tiles,
    node_reader,
    read_bundle,
    read_tile,
    tile_path,
    width_at,
)

SQUARE = 256 * 256
LARGEST = SQUARE + 256 + 44


def entry(position: int) -> bytes:
    """Something else at each position, nothing at a bundle's last."""
    return f"{position}".encode() * (position % 256 < 255)


@cache
def levels() -> list[list[bytes]]:
    """All complete nodes over `LARGEST` entries, made as RFC 9162 defines them: what tiles must agree with."""
    rows = [[leaf_hash(entry(position)) for position in range(LARGEST)]]
    while len(rows[-1]) > 1:
        rows.append(list(starmap(node_hash, zip(rows[-1][::2], rows[-1][1::2], strict=False))))
    return rows


def true_node(level: int, index: int) -> bytes:
    return levels()[level][index]


def root_of(size: int) -> bytes:
    return Frontier.read(size, true_node).root


@cache
def tiles_of(size: int) -> dict[str, bytes]:
    """All tiles of a log of `size` entries, cut straight from the tree."""
    files = {}
    for level in range(3):
        count = size >> 8 * level
        for index, first in enumerate(range(0, count, 256)):
            row = levels()[8 * level][first : min(first + 256, count)]
            files[f"tile/{level}/{index:03d}" + (f".p/{len(row)}" if len(row) < 256 else "")] = b"".join(row)
    return files


@cache
def log_of(size: int) -> dict[str, bytes]:
    """All files of a log of `size` entries but its checkpoint."""
    files = dict(tiles_of(size))
    for index, first in enumerate(range(0, size, 256)):
        held = [entry(position) for position in range(first, min(first + 256, size))]
        path = f"tile/entries/{index:03d}" + (f".p/{len(held)}" if len(held) < 256 else "")
        files[path] = b"".join(struct.pack(">H", len(each)) + each for each in held)
    return files


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """What files hold, short enough to be told apart quickly."""
    return {path: sha256(data).hexdigest() for path, data in files.items()}


@pytest.mark.parametrize(
    ("index", "written"),
    [
        (0, "000"),
        (7, "007"),
        (999, "999"),
        (1000, "x001/000"),
        (1_234_067, "x001/x234/067"),
        (5_000_000_010, "x005/x000/x000/010"),
    ],
)
def test_an_index_is_written_in_groups_of_three_digits(index: int, written: str) -> None:
    assert tile_path(3, index) == f"tile/3/{written}"
    assert bundle_path(index) == f"tile/entries/{written}"
    assert tile_path(0, index, 255) == f"tile/0/{written}.p/255"
    assert bundle_path(index, 1) == f"tile/entries/{written}.p/1"
    assert tile_path(0, index, 256) == f"tile/0/{written}"
    assert is_tile_path(tile_path(63, index, 255))
    assert is_tile_path(bundle_path(index, 9))


@pytest.mark.parametrize(
    "path",
    [
        "checkpoint",
        "tile/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/x000/000",
        "tile/0/x000/x001/000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/entries/x01/000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/1\n",
        "tile/0/000.p/١",
        "/tile/0/000",
        "tile/0/../000",
        "tile/0/000/",
        "a/tile/0/000",
    ],
)
def test_nothing_else_is_a_tile_path(path: str) -> None:
    assert not is_tile_path(path)


@pytest.mark.parametrize(
    ("level", "index", "size", "width"),
    [
        (0, 0, 0, 0),
        (0, 0, 1, 1),
        (0, 0, 255, 255),
        (0, 0, 256, 256),
        (0, 0, 257, 256),
        (0, 1, 256, 0),
        (0, 1, 257, 1),
        (0, 3, 256, 0),
        (1, 0, 255, 0),
        (1, 0, 256, 1),
        (1, 0, SQUARE - 1, 255),
        (1, 0, SQUARE, 256),
        (1, 1, SQUARE + 255, 0),
        (1, 1, SQUARE + 256, 1),
        (2, 0, SQUARE - 1, 0),
        (2, 0, 3 * SQUARE, 3),
    ],
)
def test_a_tile_is_as_wide_as_there_are_complete_nodes(level: int, index: int, size: int, width: int) -> None:
    assert width_at(level, index, size) == width


def test_a_bundle_has_each_length_in_two_bytes_before_its_entry() -> None:
    assert bundle_of([]) == b""
    assert bundle_of([b"ab", b"", b"c" * 258]) == b"\x00\x02ab\x00\x00\x01\x02" + b"c" * 258


@pytest.mark.parametrize("last", [b"", b"x", b"x" * 255, b"x" * 256, b"x" * 0xABCD, b"x" * 65_535])
def test_a_bundle_gives_its_entries_and_their_leaf_hashes(last: bytes) -> None:
    entries = [b"first", b"", last]
    assert entries_of(bundle_of(entries)) == entries
    assert bundle_hashes(bundle_of(entries)) == b"".join(leaf_hash(each) for each in entries)


def test_an_entry_that_two_bytes_cannot_count_is_refused() -> None:
    with pytest.raises(InvariantBroken) as refused:
        bundle_of([b"", b"x" * 65_536])
    assert refused.value.code == "entry_too_long"


@pytest.mark.parametrize("damaged", [b"\x00", b"\x00\x02a", b"\x00\x02abc", b"\x00\x00\x00", b"\x01\x00" + b"x" * 255])
def test_a_bundle_whose_lengths_do_not_end_where_it_does_gives_nothing(damaged: bytes) -> None:
    assert entries_of(damaged) == []
    assert bundle_hashes(damaged) == b""


def test_the_levels_over_a_tile_are_the_trees() -> None:
    tile = tiles_of(256)["tile/0/000"]
    assert levels_of(tile) == [b"".join(row[: 256 >> level]) for level, row in enumerate(levels()[:9])]
    assert levels_of(tile[:32]) == [tile[:32]]
    assert [hash_at(tile, at) for at in range(256)] == levels()[0][:256]


def test_an_infix_walk_goes_left_then_over_then_right() -> None:
    def walk(level: int, index: int) -> list[bytes]:
        here = [true_node(level, index)]
        return [*walk(level - 1, 2 * index), *here, *walk(level - 1, 2 * index + 1)] if level else here

    assert infix(levels_of(tiles_of(256)["tile/0/000"])) == walk(8, 0)
    assert infix([true_node(0, 0)]) == walk(0, 0)


def test_a_tile_is_read_at_its_width_or_cut_from_the_full_one() -> None:
    full, partial = tiles_of(256), tiles_of(44)
    first = full["tile/0/000"][: 44 * 32]
    assert read_tile(partial.get, 0, 0, 44) == first
    assert read_tile(full.get, 0, 0, 44) == first
    assert read_tile({**full, "tile/0/000.p/44": first[:-1]}.get, 0, 0, 44) == first
    assert read_tile(full.get, 0, 0, 256) == full["tile/0/000"]


def test_a_bundle_is_read_at_its_width_or_cut_from_the_full_one() -> None:
    full, partial = log_of(256), log_of(44)
    entries = [entry(position) for position in range(256)]
    assert read_bundle(partial.get, 0, 44) == entries[:44]
    assert read_bundle(full.get, 0, 44) == entries[:44]
    assert read_bundle({**full, "tile/entries/000.p/44": b"\x00"}.get, 0, 44) == entries[:44]
    assert read_bundle(full.get, 0, 256) == entries


@pytest.mark.parametrize("wrong", [None, b"", bytes(43 * 32), bytes(45 * 32)])
def test_a_tile_that_is_not_there_in_its_length_is_refused(wrong: bytes | None) -> None:
    asked: list[str] = []
    with pytest.raises(InvariantBroken, match=r"^tile_missing: tile/1/002\.p/44 "):
        read_tile(lambda path: asked.append(path) or wrong, 1, 2, 44)
    assert asked == ["tile/1/002.p/44", "tile/1/002"]


@pytest.mark.parametrize("wrong", [None, b"", b"\x00\x00" * 43, b"\x00\x00" * 45, b"\x00\x00" * 44 + b"\x00"])
def test_a_bundle_that_is_not_there_with_its_entries_is_refused(wrong: bytes | None) -> None:
    with pytest.raises(InvariantBroken, match=r"^tile_missing: tile/entries/002\.p/44 "):
        read_bundle(lambda path: wrong, 2, 44)
    with pytest.raises(InvariantBroken, match=r"^tile_missing: tile/entries/002 "):
        read_bundle({"tile/entries/002.p/256": b"\x00\x00" * 256}.get, 2, 256)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600, LARGEST])
def test_every_complete_node_can_be_read_from_tiles(size: int) -> None:
    node = node_reader(tiles_of(size).get, size)
    for level in range(size.bit_length()):
        count = size >> level
        for index in {0, 1, count // 3, count - 2, count - 1}:
            if 0 <= index < count:
                assert node(level, index) == true_node(level, index)


@pytest.mark.parametrize("size", [2, 255, 256, 257, SQUARE - 1, SQUARE, SQUARE + 1, LARGEST])
def test_proofs_from_tiles_are_the_trees(size: int) -> None:
    node = node_reader(tiles_of(size).get, size)
    for position in (0, size // 2, size - 1):
        proof = inclusion_proof(node, position, size)
        assert proof == inclusion_proof(true_node, position, size)
        assert verify_inclusion(leaf_hash(entry(position)), position, size, proof, root_of(size))
    for old in (1, size // 2, size - 1):
        assert consistency_proof(node, old, size) == consistency_proof(true_node, old, size)


@pytest.mark.parametrize(
    "sizes",
    [
        (0, 1, 2, 255, 256, 257, 512, 513),
        (0, 256, 600, 601, 1024),
        (0, 1000, SQUARE - 1, SQUARE, SQUARE + 1),
        (300, SQUARE - 256, SQUARE + 256, LARGEST),
        (0, LARGEST),
    ],
)
def test_growth_gives_just_the_tiles_that_come_or_widen(sizes: tuple[int, ...]) -> None:
    for old, new in pairwise(sizes):
        before, after = tiles_of(old), tiles_of(new)
        grown = list(new_tiles(before.get, old, b"".join(levels()[0][old:new])))
        assert digests(dict(grown)) == digests({path: data for path, data in after.items() if path not in before})
        assert len(dict(grown)) == len(grown)


def test_growth_by_nothing_gives_nothing_and_needs_the_tile_that_widens() -> None:
    assert list(new_tiles({}.get, 300, b"")) == []
    with pytest.raises(InvariantBroken, match=r"^tile_missing: tile/0/001\.p/44 "):
        list(new_tiles({}.get, 300, bytes(32)))
