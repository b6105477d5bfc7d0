"""Checking the whole log: its files, its rows, the stored tree and every signature, naming each record and field that
does not hold. The files (tiles) are what the rows are compared with; where there are none yet, the stored tree is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Block, Fault, Frontier, Heads, Note, Reason, VerifierKey, verify_checkpoint
from zhida.domain.proofs import Checkpoint as Head
from zhida.domain.proofs.tiled_log import read_blocks, upper_faults
from zhida.domain.proofs.tiles import CHECKPOINT, HASH, WIDTH
from zhida.kernel.ledger.bulk import nodes_between, select
from zhida.kernel.ledger.comparison import Comparison
from zhida.kernel.ledger.models import Checkpoint, Cosignature
from zhida.kernel.ledger.ports import TilePort, log_key, tiles

MOST_FAULTS = 100


@dataclass(frozen=True)
class Report:
    """What `verify` found: `leaves` read, of them `sealed` under a signed head that agrees, entries still `waiting`."""

    leaves: int
    sealed: int
    waiting: int
    faults: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is broken."""
        return not self.faults

    @property
    def fault(self) -> Fault | None:
        """The first thing that is broken."""
        return self.faults[0] if self.faults else None


def verify(*, most: int = MOST_FAULTS, rows: bool = True) -> Report:
    """Reads the whole log in one pass, in constant memory, and names up to `most` faults, by position.

    Every bit of a row counts but for those instants that no hash covers (`sequenced_at`, `sealed_at`), and for the open
    head of an entry that still waits for its leaf. With `rows` false only files, heads and signatures are checked.
    """
    keys, store = log_key().verifiers(), tiles()
    heads, faults = _signed_heads(keys)
    published, fault = _published(store, keys)
    following = Heads([Head(keys[-1].name, 0, Frontier().root), *heads, *([published] if published else [])])
    faults += [each for each in (fault, following.first_fault()) if each]
    on_file = published.size if published else 0
    comparison = Comparison(max(on_file, _leaves()))
    roots = b""
    for block in _blocks(store, published, comparison.size):
        rewritten = following.follow(block)
        faults += [*block.faults, *([rewritten] if rewritten else [])]
        faults += comparison.follow(block) if rows else []
        roots += block.levels[-1] if block.width == WIDTH and block.first + WIDTH <= on_file else b""
        if len(faults) >= most:
            break
    else:
        missing = following.missing(comparison.size)
        faults += [*upper_faults(store.read, roots), *([missing] if missing else [])]
        faults += comparison.last_faults() if rows else []
    faults += _false_cosignatures()
    ordered = sorted(faults[:most], key=lambda each: each.first)
    return Report(comparison.size, following.sealed, comparison.waiting, tuple(ordered))


def _leaves() -> int:
    """How many leaves the tables speak of: the larger of what is placed and what is hashed."""
    ((placed,),) = select("SELECT count(*) FROM ledger_leaf")
    ((hashed,),) = select("SELECT count(*) FROM ledger_node WHERE place %% 2 = 0")
    return int(max(placed, hashed))


def _blocks(store: TilePort, published: Head | None, size: int) -> Iterator[Block]:
    """Blocks from the files as far as these go, then from the stored leaf hashes."""
    on_file, root = (published.size, published.root) if published else (0, b"")
    try:
        for block in read_blocks(store.read, on_file, root):
            yield _grown(block, size)
    except InvariantBroken as error:
        raise InvariantBroken("log_file_missing", error.words, "restore the log's folder from a mirror") from error
    for first in range(-(-on_file // WIDTH) * WIDTH, size, WIDTH):
        yield _stored_block(first, min(first + WIDTH, size))


def _grown(block: Block, size: int) -> Block:
    """The files' last block with the leaves that came since."""
    if block.width == WIDTH or block.first + block.width >= size:
        return block
    rest = _stored_block(block.first + block.width, min(block.first + WIDTH, size))
    grown = Block(block.first, block.hashes + rest.hashes, faults=block.faults)
    grown.entries = block.entries + rest.entries
    return grown


def _stored_block(first: int, until: int) -> Block:
    stored = nodes_between(2 * first, 2 * until)
    hashes = [stored.get(2 * at, b"").ljust(HASH, b"\x00")[:HASH] for at in range(first, until)]
    return Block(first, b"".join(hashes))


def _published(store: TilePort, keys: tuple[VerifierKey, ...]) -> tuple[Head | None, Fault | None]:
    """The head that the files end at."""
    data = store.read(CHECKPOINT)
    if data is None:
        return None, None
    try:
        return verify_checkpoint(data.decode(), keys), None
    except (InvariantBroken, UnicodeDecodeError):
        return None, _bad_checkpoint(0, CHECKPOINT)


def _signed_heads(keys: tuple[VerifierKey, ...]) -> tuple[list[Head], list[Fault]]:
    heads: list[Head] = []
    faults: list[Fault] = []
    for row in Checkpoint.objects.order_by("size").iterator():
        try:
            head = verify_checkpoint(row.note, keys)
        except InvariantBroken:
            faults.append(_bad_checkpoint(row.size, "checkpoint.note"))
            continue
        if head.size != row.size:
            faults.append(_bad_checkpoint(row.size, "checkpoint.size"))
        heads.append(head)
    return heads, faults


def _bad_checkpoint(size: int, field: str) -> Fault:
    zh = f"第 {size} 条处的检查点被改动过：签名不成立。"
    en = f"The checkpoint over {size} entries was altered: its signature does not hold."
    return Fault(size, size, field, Reason("bad_checkpoint", zh, en), f"checkpoint {size}")


def _false_cosignatures() -> list[Fault]:
    faults = []
    for row in Cosignature.objects.select_related("checkpoint").order_by("pk").iterator():
        try:
            key = VerifierKey.parse(row.witness)
            holds = key in Note.parse(row.checkpoint.note + row.line).signers([key])
        except InvariantBroken:
            holds = False
        if not holds:
            zh = f"第 {row.checkpoint_id} 条处检查点的联署被改动过。"
            en = f"A cosignature of the checkpoint over {row.checkpoint_id} entries was altered."
            reason = Reason("bad_cosignature", zh, en)
            faults.append(Fault(row.checkpoint_id, row.checkpoint_id, "cosignature.line", reason, row.witness))
    return faults
