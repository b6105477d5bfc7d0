"""The log's side: every new head goes to each witness with its proof, and the cosignatures that come back are kept."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhida.domain.errors import InvariantBroken, OutsideError, RetryableOutside
from zhida.domain.proofs import Checkpoint, Note, VerifierKey
from zhida.domain.proofs.keys import encode_base64, signature_line
from zhida.domain.values import Actor
from zhida.kernel.ledger import actions, queries
from zhida.kernel.ledger.ports import WitnessPort

_LOG = logging.getLogger(__name__)
_OK, _CONFLICT, _BAD_PROOF = 200, 409, 422


@dataclass(frozen=True)
class Submission:
    """How many witnesses cosigned the newest head now, and the names of those that hold another history than ours."""

    cosigned: int = 0
    disputed: tuple[str, ...] = ()


def submit(*, witnesses: Iterable[WitnessPort], by: Actor, as_of: datetime) -> Submission:
    """Asks every witness that has not cosigned the newest head yet. Runs outside transactions.

    A witness that cannot be reached is asked again next time. One that holds a longer log, or another root, is proof
    that somebody rewrote or cut this log or keeps two: the fact `ledger.disputed` says so, once a head.
    """
    note = queries.checkpoint()
    if note is None:
        return Submission()
    head, cosigned, disputed = Checkpoint.parse(Note.parse(note).text), 0, []
    known = queries.cosigned_sizes()
    for witness in witnesses:
        last = known.get(str(witness.key), 0)
        if last == head.size:
            continue
        try:
            line = _cosignature(witness, last, head, note)
        except OutsideError as error:
            _LOG.warning("witness %s: %s", witness.key.name, error)
        except InvariantBroken as error:
            _LOG.error("witness %s: %s", witness.key.name, error)
            disputed.append(witness.key.name)
            _record_dispute(witness, head, error, by, as_of)
        else:
            actions.keep_cosignature(size=head.size, key=witness.key, line=line)
            cosigned += 1
    return Submission(cosigned, tuple(disputed))


def _cosignature(witness: WitnessPort, old_size: int, head: Checkpoint, note: str) -> str:
    """The line of this witness. Raises OutsideError to try later, InvariantBroken where it refuses our history."""
    status, text = witness.add_checkpoint(_request(old_size, head.size, note))
    if status == _CONFLICT and text.strip().isdecimal() and int(text) != old_size:
        old_size = int(text)
        if old_size > head.size:
            raise InvariantBroken("log_was_longer", f"it cosigned {old_size} entries, the log has {head.size}")
        status, text = witness.add_checkpoint(_request(old_size, head.size, note))
    if status in {_CONFLICT, _BAD_PROOF}:
        raise InvariantBroken("log_was_other", f"it cosigned another log of {old_size} entries")
    if status != _OK:
        raise RetryableOutside("no_cosignature", f"{witness.key.name} answered {status}", "ask who runs the witness")
    return _line_of(witness.key, text, head)


def _line_of(key: VerifierKey, text: str, head: Checkpoint) -> str:
    """The one line of a reply that is this witness's and holds; those of keys not known here are left out."""
    try:
        signatures = Note.parse(f"{head.text}\n{text}").signatures
    except InvariantBroken:
        signatures = ()
    for signature in signatures:
        is_its = (signature.name, signature.key_id) == (key.name, key.key_id)
        if is_its and key.verifies(signature.raw, head.text.encode()):
            return signature_line(key, signature.raw)
    raise RetryableOutside("no_cosignature", f"{key.name} sent none that holds", "ask who runs the witness")


def _request(old_size: int, size: int, note: str) -> bytes:
    proof = queries.consistency(old_size, size) if 0 < old_size < size else ()
    return "".join([f"old {old_size}\n", *(f"{encode_base64(value)}\n" for value in proof), "\n", note]).encode()


def _record_dispute(witness: WitnessPort, head: Checkpoint, error: InvariantBroken, by: Actor, as_of: datetime) -> None:
    fields = {"witness": str(witness.key), "size": head.size, "root": head.root.hex(), "code": error.code}
    said = {(fact.fields.get("witness"), fact.fields.get("size")) for fact in queries.entries_about(head.origin)}
    if (fields["witness"], fields["size"]) in said:
        return
    with transaction.atomic():
        actions.record(kind="ledger.disputed", about=head.origin, fields=fields, by=by, as_of=as_of)
