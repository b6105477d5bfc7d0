"""Restoring a damaged row from a mirror, proven against a head that the log signed and a witness cosigned."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.proofs import Note, VerifierKey, inclusion_proof, verify_checkpoint
from zhida.domain.proofs.tiles import CHECKPOINT, WIDTH, ReadFile, node_reader, read_bundle
from zhida.domain.values import Actor
from zhida.kernel.ledger.ports import log_key
from zhida.kernel.ledger.repairs import Proven, repair
from zhida.services.mirroring.source import Payloads


def repair_from(
    *,
    record: str,
    read: ReadFile,
    payloads: Payloads,
    witnesses: Collection[VerifierKey],
    mirror: str,
    by: Actor,
    as_of: datetime,
) -> tuple[str, ...]:
    """Restores the rows of an entry, named by its id or its position, and gives the names of what was restored.

    Where `witnesses` are known one of them must have cosigned the mirror's head. `mirror` is written into the fact.
    Raises InvariantBroken where the mirror proves nothing, ConflictError where it does not hold the record.
    """
    data = read(CHECKPOINT)
    if data is None:
        raise ConflictError("no_checkpoint_there", "the mirror holds no head", "run zhida mirror first")
    note = data.decode()
    head = verify_checkpoint(note, log_key().verifiers())
    cosigners = Note.parse(note).signers(witnesses)
    if witnesses and not cosigners:
        raise InvariantBroken("not_cosigned", "no known witness cosigned the mirror's head")
    position, entry = _find(record, read, head.size)
    node = node_reader(read, head.size)
    path = tuple(
        node(level, position >> level)
        for level in range(head.size.bit_length())
        if ((position >> level) + 1) << level <= head.size
    )
    proof = inclusion_proof(node, position, head.size)
    fields = payloads(position // WIDTH).get(json.loads(entry)["id"])
    proven = Proven(position, entry, fields, proof, head, path, tuple(key.name for key in cosigners), mirror)
    return repair(proven=proven, by=by, as_of=as_of)


def _find(record: str, read: ReadFile, size: int) -> tuple[int, bytes]:
    if record.isdecimal() and int(record) < size:
        index, within = divmod(int(record), WIDTH)
        return int(record), read_bundle(read, index, min(WIDTH, size - index * WIDTH))[within]
    sought = f'"id":"{record}"'.encode()
    for index in range(-(-size // WIDTH)):
        for within, entry in enumerate(read_bundle(read, index, min(WIDTH, size - index * WIDTH))):
            if sought in entry and json.loads(entry)["id"] == record:
                return index * WIDTH + within, entry
    raise ConflictError("no_such_record", f"the mirror holds no {record}", "name an entry's id or its position")
