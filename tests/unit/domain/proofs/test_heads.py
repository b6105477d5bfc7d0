"""Signed heads against a log's blocks and files: which head disagrees, from where on, and in which words."""

from __future__ import annotations

import pytest

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Block, Checkpoint, Fault, Frontier, Heads, Tree, leaf_hash
from zhida.domain.proofs.heads import continues, file_faults
from zhida.domain.proofs.tiles import WIDTH, bundle_of, bundle_path, new_tiles, tile_path

SIZE = 2 * WIDTH + 44
ENTRIES = [f"entry {number}".encode() for number in range(SIZE)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
TREE = Tree.of(LEAVES)
FILES = dict(new_tiles(lambda _: None, 0, b"".join(LEAVES)))
for at in range(0, SIZE, WIDTH):
    bundle = ENTRIES[at : at + WIDTH]
    FILES[bundle_path(at // WIDTH, len(bundle))] = bundle_of(bundle)
WRONG = bytes(32)


def head(size: int, root: bytes | None = None) -> Checkpoint:
    return Checkpoint("log.example", size, TREE.root(size) if root is None else root)


def blocks(size: int = SIZE) -> list[Block]:
    return [Block(at, b"".join(LEAVES[at : min(at + WIDTH, size)])) for at in range(0, size, WIDTH)]


def followed(heads: Heads) -> list[Fault | None]:
    return [heads.follow(block) for block in blocks()]


def told(fault: Fault | None) -> tuple[str, int, int]:
    assert fault is not None
    assert (fault.field, fault.record) == ("", "")
    return fault.reason.code, fault.first, fault.until


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 300, 511, 512, 513, SIZE])
def test_a_head_at_any_size_agrees_with_its_own_leaves_and_no_others(size: int) -> None:
    heads = Heads([head(size)])
    assert heads.first_fault() is None
    assert followed(heads) == [None] * 3
    assert (heads.sealed, heads.missing(SIZE)) == (size, None)
    heads = Heads([head(size, WRONG)])
    assert heads.first_fault() is None
    (fault,) = [each for each in followed(heads) if each]
    assert told(fault) == ("rewritten", 0, size)
    assert (heads.sealed, heads.missing(SIZE)) == (0, None)


def test_many_heads_are_compared_in_the_order_of_their_sizes() -> None:
    sizes = [512, 1, 300, 256, 0, 7, 300, SIZE]
    heads = Heads(head(size) for size in sizes)
    assert heads.first_fault() is None
    reached = []
    for block in blocks():
        assert heads.follow(block) is None
        reached.append(heads.sealed)
    assert reached == [256, 512, SIZE]


def test_the_first_head_that_disagrees_is_narrowed_by_the_last_that_agreed_and_ends_the_comparison() -> None:
    heads = Heads([head(5), head(256), head(300, WRONG), head(300), head(400, WRONG), head(SIZE)])
    first, second, third = followed(heads)
    assert (first, third, heads.sealed, heads.missing(0)) == (None, None, 256, None)
    assert told(second) == ("rewritten", 256, 300)
    assert second is not None
    assert second.reason.en == ("Something from 256 to 299 was rewritten: the signed head over 300 entries disagrees.")
    assert second.reason.zh == "第 256 至 299 位之间有改动：与签名的检查点（300 条）不符。"


def test_an_empty_log_has_one_head() -> None:
    assert Heads([]).first_fault() is None
    assert Heads([head(0)]).first_fault() is None
    heads = Heads([head(0), head(3)])
    assert (heads.first_fault(), heads.first_fault()) == (None, None)
    assert (followed(heads), heads.sealed) == ([None] * 3, 3)
    for wrong in ([head(0, WRONG)], [head(0), head(0, WRONG), head(3)]):
        fault = Heads(wrong).first_fault()
        assert told(fault) == ("rewritten", 0, 0)
        assert fault is not None
        assert fault.reason.en == "The signed head over 0 entries is not that of an empty log."


def test_a_head_beyond_the_log_tells_that_its_tail_was_cut() -> None:
    heads = Heads([head(5), Checkpoint("log.example", SIZE + 9, WRONG), Checkpoint("log.example", SIZE + 1, WRONG)])
    assert followed(heads) == [None] * 3
    fault = heads.missing(SIZE)
    assert told(fault) == ("tail_cut", SIZE, SIZE + 9)
    assert fault is not None
    assert fault.reason.en == "Only 556 entries are left of the 565 under the signed head: the tail was cut."
    assert fault.reason.zh == "日志只剩 556 条，签名的检查点有 565 条：尾部被截去。"
    assert Heads([]).missing(5) is None


def test_files_are_whole_as_they_were_written() -> None:
    for size in (1, 256, 300, SIZE):
        files = dict(new_tiles(lambda _: None, 0, b"".join(LEAVES[:size])))
        for at in range(0, size, WIDTH):
            part = ENTRIES[at : min(at + WIDTH, size)]
            files[bundle_path(at // WIDTH, len(part))] = bundle_of(part)
        assert file_faults(files.get, head(size)) == []
    assert file_faults({}.get, head(0)) == []


def test_every_altered_file_and_the_head_that_disagrees_are_told() -> None:
    second, upper = tile_path(0, 1), tile_path(1, 0, 2)
    for path, data, first, until in (
        (second, FILES[second][:64] + WRONG + FILES[second][96:], 258, 259),
        (upper, FILES[upper][:32] + WRONG, 256, 512),
    ):
        altered = FILES | {path: data}
        found = [(each.field, each.first, each.until) for each in file_faults(altered.get, head(SIZE))]
        assert found == [(path, first, until)]
    assert [told(each) for each in file_faults(FILES.get, head(SIZE, WRONG))] == [("rewritten", 0, SIZE)]
    assert [told(each) for each in file_faults({}.get, head(0, WRONG))] == [("rewritten", 0, 0)]


def test_a_bundle_and_its_tile_both_gone_are_refused() -> None:
    left = {path: data for path, data in FILES.items() if path not in {tile_path(0, 1), bundle_path(1)}}
    with pytest.raises(InvariantBroken, match="tile_missing"):
        file_faults(left.get, head(SIZE))


def test_a_log_goes_on_from_what_was_seen_of_it() -> None:
    now = head(SIZE)
    for size in (0, 1, 255, 256, 300, 512, SIZE):
        assert continues(FILES.get, now, head(size))
        assert not continues(FILES.get, now, head(size, WRONG))
        assert not continues(FILES.get, now, Checkpoint("other.example", size, TREE.root(size)))
    assert not continues(FILES.get, head(300), head(301))
    assert not continues(FILES.get, head(300), Checkpoint("other.example", 301, TREE.root(301)))
    with pytest.raises(InvariantBroken, match="tile_missing"):
        continues({}.get, now, head(5))
    assert Frontier.read(0, TREE.node).root == head(0).root
