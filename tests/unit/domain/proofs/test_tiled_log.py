"""A log's files, block by block: what is whole comes as it was written, what is not is named by file and position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

import pytest

from tests.unit.domain.proofs.test_tiles import LARGEST, SQUARE, digests, entry, levels, log_of, root_of, tiles_of
from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Block, Tree
from zhida.domain.proofs.tiled_log import read_blocks, upper_faults, upper_tiles

Files = Mapping[str, "bytes | None"]
SIZE = 556
"""Two full blocks and one of 44 entries."""


def flipped(data: bytes, *places: int) -> bytes:
    """The bytes with one bit turned in each of these."""
    return bytes(byte ^ (at in places) for at, byte in enumerate(data))


def rehashed(path: str, *places: int, size: int = SIZE) -> dict[str, bytes]:
    """A tile that was altered at these places."""
    return {path: flipped(log_of(size)[path], *(32 * at for at in places))}


def rewritten(path: str, *places: int, size: int = SIZE) -> dict[str, bytes]:
    """A bundle whose entries at these places were altered; none of them is empty."""
    data, at, ends = log_of(size)[path], 0, []
    while at < len(data):
        at += 2 + int.from_bytes(data[at : at + 2], "big")
        ends.append(at - 1)
    return {path: flipped(data, *(ends[place] for place in places))}


def blocks_of(files: Files, size: int = SIZE) -> list[Block]:
    return list(read_blocks(files.get, size, root_of(size)))


def places(blocks: Iterable[Block]) -> list[tuple[str, int, int]]:
    return [(fault.field, fault.first, fault.until) for block in blocks for fault in block.faults]


def hashes_of(blocks: Iterable[Block]) -> bytes:
    return b"".join(block.hashes for block in blocks)


def lost(blocks: Iterable[Block]) -> list[int]:
    """Positions whose entry is not at hand; each other one must be true."""
    held = [each for block in blocks for each in block.entries]
    assert [each for each in held if each is not None] == [
        entry(position) for position, each in enumerate(held) if each is not None
    ]
    return [position for position, each in enumerate(held) if each is None]


def test_a_block_of_hashes_alone_has_no_entries_and_grows_levels_when_full() -> None:
    leaves = levels()[0]
    part, full = Block(512, b"".join(leaves[:3])), Block(0, b"".join(leaves[:256]))
    assert (part.width, part.levels, part.entries, part.faults) == (3, [part.hashes], [None, None, None], [])
    assert (full.width, full.entries) == (256, [None] * 256)
    assert full.levels == [b"".join(row[: 256 >> level]) for level, row in enumerate(levels()[:9])]


@pytest.mark.parametrize("size", [1, 255, 256, 257, 512, SIZE])
def test_a_whole_log_gives_each_entry_and_its_hash(size: int) -> None:
    blocks = blocks_of(log_of(size), size)
    assert [block.first for block in blocks] == list(range(0, size, 256))
    assert [block.width for block in blocks] == [min(256, size - first) for first in range(0, size, 256)]
    assert hashes_of(blocks) == b"".join(levels()[0][:size])
    assert places(blocks) == []
    assert lost(blocks) == []


def test_each_file_of_a_whole_log_is_read_once() -> None:
    files, asked = log_of(SIZE), list[str]()
    assert places(read_blocks(lambda path: asked.append(path) or files[path], SIZE, root_of(SIZE))) == []
    assert sorted(asked) == sorted(path for path in files if not path.startswith("tile/1/"))


def test_an_empty_log_has_no_blocks() -> None:
    assert list(read_blocks({}.get, 0, sha256(b"").digest())) == []


def test_a_full_file_serves_an_older_head_cut_to_it() -> None:
    blocks = blocks_of(log_of(768))
    assert (places(blocks), lost(blocks)) == ([], [])
    assert blocks[2].bundle == log_of(SIZE)["tile/entries/002.p/44"]
    damaged = {**log_of(768), "tile/entries/002.p/44": log_of(SIZE)["tile/entries/002.p/44"][:-1]}
    assert [block.bundle for block in blocks_of(damaged)] == [block.bundle for block in blocks]
    assert places(blocks_of(damaged)) == []


@pytest.mark.parametrize(("index", "suffix", "first"), [(0, "", 0), (1, "", 256), (2, ".p/44", 512)])
def test_the_file_that_was_altered_is_named_with_the_position(index: int, suffix: str, first: int) -> None:
    bundle, tile = f"tile/entries/00{index}{suffix}", f"tile/0/00{index}{suffix}"
    blocks = blocks_of(log_of(SIZE) | rewritten(bundle, 9, 43))
    assert places(blocks) == [(bundle, first + 9, first + 10), (bundle, first + 43, first + 44)]
    assert lost(blocks) == [first + 9, first + 43]
    assert hashes_of(blocks) == b"".join(levels()[0][:SIZE])
    blocks = blocks_of(log_of(SIZE) | rehashed(tile, 0, 9))
    assert places(blocks) == [(tile, first, first + 1), (tile, first + 9, first + 10)]
    assert lost(blocks) == []
    assert hashes_of(blocks) == b"".join(levels()[0][:SIZE])


@pytest.mark.parametrize(("index", "suffix", "width"), [(1, "", 256), (2, ".p/44", 44)])
def test_a_missing_file_is_a_fault_at_each_of_its_positions(index: int, suffix: str, width: int) -> None:
    positions = range(256 * index, 256 * index + width)
    for path, gone in (
        (f"tile/entries/00{index}{suffix}", list(positions)),
        (f"tile/0/00{index}{suffix}", []),
    ):
        blocks = blocks_of({**log_of(SIZE), path: None})
        assert places(blocks) == [(path, position, position + 1) for position in positions]
        assert lost(blocks) == gone
        assert hashes_of(blocks) == b"".join(levels()[0][:SIZE])


def test_where_both_files_are_gone_the_log_cannot_be_read() -> None:
    files = {**log_of(SIZE), "tile/entries/001": None, "tile/0/001": b"short"}
    with pytest.raises(InvariantBroken, match=r"^tile_missing: tile/entries/001 and tile/0/001 are gone"):
        blocks_of(files)


@pytest.mark.parametrize(("in_bundle", "in_tile"), [((1,), (2,)), ((2,), (1,)), ((3, 5, 12, 43), (4, 10, 11, 13))])
@pytest.mark.parametrize(("index", "suffix"), [(0, ""), (2, ".p/44")])
def test_both_files_altered_in_up_to_eight_places_are_told_apart(
    in_bundle: tuple[int, ...], in_tile: tuple[int, ...], index: int, suffix: str
) -> None:
    bundle, tile, first = f"tile/entries/00{index}{suffix}", f"tile/0/00{index}{suffix}", 256 * index
    blocks = blocks_of(log_of(SIZE) | rewritten(bundle, *in_bundle) | rehashed(tile, *in_tile))
    expected = [(bundle, first + at, first + at + 1) for at in in_bundle]
    expected += [(tile, first + at, first + at + 1) for at in in_tile]
    assert places(blocks) == sorted(expected, key=lambda each: each[1])
    assert hashes_of(blocks) == b"".join(levels()[0][:SIZE])
    assert lost(blocks) == [first + at for at in in_bundle]


def test_beyond_eight_places_the_tile_is_believed() -> None:
    at = (1, 2, 3, 4, 5, 8, 9, 10, 11)
    for in_bundle, in_tile in ((at[:5], at[5:]), (at[:1], at[:1])):
        files = log_of(SIZE) | rewritten("tile/entries/000", *in_bundle) | rehashed("tile/0/000", *in_tile)
        blocks = blocks_of(files)
        named = sorted({*in_bundle, *in_tile})
        assert places(blocks) == [("tile/entries/000", place, place + 1) for place in named]
        assert (blocks[0].hashes, lost(blocks)) == (files["tile/0/000"], named)


def test_with_no_tile_above_the_lower_one_is_believed() -> None:
    files = log_of(SIZE) | {"tile/1/000.p/2": b""}
    assert places(blocks_of(files | rewritten("tile/entries/001", 3))) == [("tile/entries/001", 259, 260)]
    assert places(blocks_of(files | rehashed("tile/0/001", 3))) == [("tile/entries/001", 259, 260)]
    blocks = blocks_of({**files, "tile/0/000": None})
    assert places(blocks) == [("tile/0/000", position, position + 1) for position in range(256)]
    assert places(blocks_of({**files, "tile/entries/000": None})) == [
        ("tile/entries/000", position, position + 1) for position in range(256)
    ]


def test_tiles_are_judged_beyond_the_first_square_too() -> None:
    files = log_of(LARGEST)
    altered = [("tile/0/001", 256), ("tile/0/256", SQUARE), ("tile/0/257.p/44", SQUARE + 256)]
    for path, _ in altered:
        files = files | rehashed(path, 7, size=LARGEST)
    blocks = blocks_of(files, LARGEST)
    assert places(blocks) == [(path, first + 7, first + 8) for path, first in altered]
    assert hashes_of(blocks) == b"".join(levels()[0][:LARGEST])


def test_an_altered_file_is_told_in_both_languages() -> None:
    (fault,) = next(read_blocks((log_of(SIZE) | rewritten("tile/entries/000", 5)).get, SIZE, b"")).faults
    assert fault.reason.code == "altered_file"
    assert fault.reason.zh == "日志文件 tile/entries/000 第 5 至 5 位处被改动过或缺失。"
    assert fault.reason.en == "The log's file tile/entries/000 was altered at 5 to 5, or is missing."
    assert fault.record == ""


@pytest.mark.parametrize("size", [1, 255, 256, SIZE, SQUARE - 1, SQUARE, SQUARE + 256, LARGEST])
def test_tiles_above_are_made_from_the_roots_of_full_blocks(size: int) -> None:
    made = {
        f"tile/{level}/{index:03d}" + (f".p/{len(hashes) // 32}" if len(hashes) < 256 * 32 else ""): hashes
        for level, index, hashes in upper_tiles(b"".join(levels()[8][: size // 256]))
    }
    assert digests(made) == digests({path: data for path, data in tiles_of(size).items() if path[:7] != "tile/0/"})


ROOTS = [sha256(bytes([at // 256, at % 256])).digest() for at in range(600)]
ABOVE = {
    "tile/1/000": b"".join(ROOTS[:256]),
    "tile/1/001": b"".join(ROOTS[256:512]),
    "tile/1/002.p/88": b"".join(ROOTS[512:]),
    "tile/2/000.p/2": b"".join(Tree.of(ROOTS).levels[8]),
}


@pytest.mark.parametrize(
    ("altered", "faults"),
    [
        ({}, []),
        (
            {"tile/1/001": flipped(ABOVE["tile/1/001"], 0, 3 * 32)},
            [("tile/1/001", 256 << 8, 257 << 8), ("tile/1/001", 259 << 8, 260 << 8)],
        ),
        (
            {"tile/1/002.p/88": flipped(ABOVE["tile/1/002.p/88"], 88 * 32 - 1)},
            [("tile/1/002.p/88", 599 << 8, 600 << 8)],
        ),
        ({"tile/2/000.p/2": flipped(ABOVE["tile/2/000.p/2"], 32)}, [("tile/2/000.p/2", 1 << 16, 2 << 16)]),
        ({"tile/2/000.p/2": None}, [("tile/2/000.p/2", 0, 1 << 16), ("tile/2/000.p/2", 1 << 16, 2 << 16)]),
    ],
)
def test_what_is_wrong_above_is_named_with_the_entries_below_it(
    altered: Files, faults: list[tuple[str, int, int]]
) -> None:
    found = upper_faults({**ABOVE, **altered}.get, b"".join(ROOTS))
    assert [(fault.field, fault.first, fault.until) for fault in found] == faults
    assert {fault.reason.en for fault in found} == {
        f"The log's file {path} was altered at {first} to {until - 1}, or is missing." for path, first, until in faults
    }
