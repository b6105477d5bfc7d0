"""Following a log: what came since is fetched, proven to only add to what is kept, and kept."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import (
    Checkpoint,
    Frontier,
    VerifierKey,
    consistency_proof,
    leaf_hash,
    verify_checkpoint,
    verify_consistency,
)
from zhida.domain.proofs.rows import Row, check_row
from zhida.domain.proofs.tiles import (
    CHECKPOINT,
    WIDTH,
    ReadFile,
    bundle_of,
    bundle_path,
    new_tiles,
    node_reader,
    read_bundle,
)
from zhida.services.mirroring.source import MirrorFolder, Payloads

_PORTION = 64 * WIDTH


@dataclass(frozen=True)
class Followed:
    """How many entries the mirror held before and holds now."""

    before: int
    size: int


def follow(
    *, read: ReadFile, mirror: MirrorFolder, keys: Collection[VerifierKey], payloads: Payloads | None = None
) -> Followed:
    """Brings the mirror up to the log's newest head; with `payloads` the fields of entries too, each checked.

    Every portion is proven before it is written: with what is kept already it gives a root from which a consistency
    proof (RFC 9162) leads to the signed head. Raises InvariantBroken where the log shrank (`log_shrank`), holds another
    history (`log_forked`) or hands out what does not fit; the mirror then stays as it is.
    """
    note = read(CHECKPOINT)
    if note is None:
        raise InvariantBroken("no_checkpoint", "the log shows no signed head yet")
    head, held = verify_checkpoint(note.decode(), keys), _held(mirror, keys)
    if head.size < held.size:
        raise InvariantBroken("log_shrank", f"the log shows {head.size} entries, {held.size} were seen")
    if head.size == held.size and head.root != held.root:
        raise InvariantBroken("log_forked", f"the log shows another root over {head.size} entries")
    frontier = Frontier.read(held.size, node_reader(mirror.read, held.size))
    if frontier.root != held.root:
        raise InvariantBroken("mirror_damaged", "the mirror's own files no longer give the head that it kept")
    erased: set[str] = set()
    for first in range(held.size, head.size, _PORTION):
        entries = _entries(read, first, min(first + _PORTION, head.size), head.size)
        frontier = frontier.extend(leaf_hash(entry) for entry in entries)
        _check(read, frontier, head)
        _keep(mirror, first, entries)
        erased |= {str(each["about"]) for each in map(json.loads, entries) if each["kind"] == "ledger.erased"}
    mirror.tiles.replace(CHECKPOINT, note)
    if payloads is not None:
        touched = range(held.size // WIDTH, -(-head.size // WIDTH))
        for index in sorted({*touched, *mirror.blocks_with(erased)}):
            mirror.keep_payloads(index, _checked(payloads(index), mirror.read, index, head.size))
    return Followed(held.size, head.size)


def _held(mirror: MirrorFolder, keys: Collection[VerifierKey]) -> Checkpoint:
    note = mirror.read(CHECKPOINT)
    return verify_checkpoint(note.decode(), keys) if note else Checkpoint("nothing", 0, Frontier().root)


def _entries(read: ReadFile, first: int, until: int, size: int) -> list[bytes]:
    entries: list[bytes] = []
    for index in range(first // WIDTH, -(-until // WIDTH)):
        entries += read_bundle(read, index, min(WIDTH, size - index * WIDTH))
    begin = first // WIDTH * WIDTH
    return entries[first - begin : until - begin]


def _check(read: ReadFile, frontier: Frontier, head: Checkpoint) -> None:
    proof = ()
    if frontier.size < head.size:
        proof = consistency_proof(node_reader(read, head.size), frontier.size, head.size)
    if not verify_consistency(frontier.size, head.size, proof, frontier.root, head.root):
        raise InvariantBroken("log_forked", f"the entries up to {frontier.size} do not lead to the signed head")


def _keep(mirror: MirrorFolder, first: int, entries: list[bytes]) -> None:
    begin, index = first // WIDTH * WIDTH, first // WIDTH
    before = read_bundle(mirror.read, index, first - begin) if first > begin else []
    row = before + entries
    for at in range(0, len(row), WIDTH):
        bundle = row[at : at + WIDTH]
        mirror.tiles.write(bundle_path(index + at // WIDTH, len(bundle)), bundle_of(bundle))
    hashes = b"".join(leaf_hash(entry) for entry in entries)
    for path, data in new_tiles(mirror.read, first, hashes):
        mirror.tiles.write(path, data)


def _checked(fields: dict[str, str], read: ReadFile, index: int, size: int) -> dict[str, str]:
    """Fields that fit the digests of their entries. Raises InvariantBroken for one that does not."""
    kept = {}
    for at, entry in enumerate(read_bundle(read, index, min(WIDTH, size - index * WIDTH)), index * WIDTH):
        head = json.loads(entry)
        text = fields.get(head["id"])
        if text is None:
            continue
        digests = json.dumps(head["digests"], separators=(",", ":"))
        row = Row(at, head["id"], head["id"], head["kind"], head["about"], head["at"], digests, text)
        faults, _ = check_row(row, leaf_hash(entry), entry)
        if faults:
            raise InvariantBroken("payload_does_not_fit", f"{head['id']}: {faults[0].field} does not fit its digest")
        kept[head["id"]] = text
    return kept
