"""Writing the log's files anew where one is damaged or gone: from the rows, or from a mirror where these are damaged.

What is to be written must give the root that the log signed, and that of the newest head that a witness cosigned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.proofs import Block, Checkpoint, Heads, Note, VerifierKey, verify_checkpoint
from zhida.domain.proofs.rows import leaf_text
from zhida.domain.proofs.tiled_log import upper_tiles
from zhida.domain.proofs.tiles import (
    CHECKPOINT,
    HASH,
    WIDTH,
    ReadFile,
    bundle_hashes,
    bundle_of,
    bundle_path,
    read_bundle,
    tile_path,
    width_at,
)
from zhida.domain.values import Actor
from zhida.kernel.ledger import queries
from zhida.kernel.ledger.actions import record
from zhida.kernel.ledger.bulk import nodes_between, rows_between
from zhida.kernel.ledger.ports import log_key, tiles

_MOST_NAMES = 50


@dataclass(frozen=True)
class Rebuilt:
    """The files written anew, by their paths; over how many entries they were proven; from where they came."""

    paths: tuple[str, ...]
    size: int
    sources: tuple[str, ...]


class _Source:
    """The log's blocks from the rows, and those that the rows do not give from a mirror or the files themselves."""

    def __init__(self, mirror: ReadFile | None, name: str) -> None:
        self._files = [(name, mirror)] if mirror else []
        self._files.append(("files", tiles().read))
        self.used: dict[str, None] = {}

    def blocks(self, size: int) -> Iterator[Block]:
        """Each block as the first source has it that fits the stored leaf hashes, which are proven with it later."""
        for index in range(-(-size // WIDTH)):
            width = width_at(0, index, size)
            name, bundle = self._bundle(index, width)
            self.used[name] = None
            yield Block(index * WIDTH, bundle_hashes(bundle), bundle)

    def _bundle(self, index: int, width: int) -> tuple[str, bytes]:
        first = index * WIDTH
        stored = nodes_between(2 * first, 2 * (first + width))
        expected = b"".join(stored.get(2 * at, b"") for at in range(first, first + width))
        whole = []
        for name, bundle in self._offers(index, width):
            hashes = bundle_hashes(bundle)
            if hashes == expected:
                return name, bundle
            whole += [(name, bundle)] if len(hashes) == width * HASH else []
        if not whole:
            words = f"neither rows nor files hold all entries from {first} to {first + width - 1}"
            raise ConflictError("entries_missing", words, "name a mirror that holds them")
        return whole[0]

    def _offers(self, index: int, width: int) -> Iterator[tuple[str, bytes]]:
        texts = [leaf_text(row) for row in rows_between(index * WIDTH, index * WIDTH + width)]
        yield "rows", bundle_of([text for text in texts if text is not None])
        for name, read in self._files:
            with suppress(InvariantBroken):
                yield name, bundle_of(read_bundle(read, index, width))


def rebuild(
    *, witnesses: Collection[VerifierKey], by: Actor, as_of: datetime, mirror: ReadFile | None = None, name: str = ""
) -> Rebuilt:
    """Writes anew whatever file of the log is not as it must be, up to the newest signed head.

    Nothing is written before all was proven, and the fact `ledger.files_rebuilt` is recorded first: a run that was cut
    off leaves whole files only, and the next one writes the rest. Where `witnesses` are known one of them must have
    cosigned a head that is proven. Raises ConflictError `nothing_sealed` or `entries_missing`, InvariantBroken
    `log_does_not_fit` or `not_cosigned`, RetryableOutside `log_not_written` where the disk is full.
    """
    heads, note, cosigners = _heads(witnesses)
    head, source, store = heads[-1], _Source(mirror, name), tiles()
    _prove(heads, source.blocks(head.size))
    wrong = [path for path, data in _files(source.blocks(head.size)) if store.read(path) != data]
    if store.read(CHECKPOINT) != note.encode():
        wrong.append(CHECKPOINT)
    if wrong:
        fields = {
            "files": wrong[:_MOST_NAMES],
            "count": len(wrong),
            "size": head.size,
            "root": head.root.hex(),
            "sources": list(source.used),
            "witnesses": [key.name for key in cosigners],
        }
        with transaction.atomic():
            record(kind="ledger.files_rebuilt", about=head.origin, fields=fields, by=by, as_of=as_of)
    for path, data in _files(source.blocks(head.size)):
        if path in set(wrong):
            store.replace(path, data)
    if CHECKPOINT in wrong:
        store.replace(CHECKPOINT, note.encode())
    return Rebuilt(tuple(wrong), head.size, tuple(source.used))


def _heads(witnesses: Collection[VerifierKey]) -> tuple[list[Checkpoint], str, tuple[VerifierKey, ...]]:
    """The heads to prove, the newest last, with its note and those who cosigned the one before it or it."""
    note, cosigned = queries.newest_checkpoint(), queries.cosigned_checkpoint()
    if note is None or cosigned is None:
        raise ConflictError("nothing_sealed", "the log has no signed head yet", "start zhida worker")
    keys = log_key().verifiers()
    cosigners = Note.parse(cosigned[0]).signers(witnesses)
    if witnesses and not cosigners:
        raise InvariantBroken("not_cosigned", "no known witness cosigned a head of this log")
    heads = {each.size: each for each in (verify_checkpoint(cosigned[0], keys), verify_checkpoint(note, keys))}
    return [heads[size] for size in sorted(heads)], note, cosigners


def _prove(heads: list[Checkpoint], blocks: Iterator[Block]) -> None:
    following = Heads(heads)
    for block in blocks:
        fault = following.follow(block)
        if fault:
            hint = "name a mirror, whose entries are then taken where the rows do not fit"
            raise InvariantBroken("log_does_not_fit", fault.reason.en, hint)
    if following.sealed != heads[-1].size:
        raise InvariantBroken("log_does_not_fit", f"the entries end before {heads[-1].size}")


def _files(blocks: Iterator[Block]) -> Iterator[tuple[str, bytes]]:
    roots = bytearray()
    for block in blocks:
        index = block.first // WIDTH
        yield bundle_path(index, block.width), block.bundle
        yield tile_path(0, index, block.width), block.hashes
        roots += block.levels[-1] if block.width == WIDTH else b""
    for level, index, hashes in upper_tiles(bytes(roots)):
        yield tile_path(level, index, len(hashes) // HASH), hashes
