"""The protocol of a witness (c2sp.org/tlog-witness), from the bytes of a request to those of its reply."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection
from typing import NamedTuple

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Checkpoint, Cosigner, Note, VerifierKey, verify_checkpoint, verify_consistency
from zhida.domain.proofs.keys import decode_base64
from zhida.services.witnessing.book import WitnessBook

LARGEST_REQUEST = 1 << 16
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})\Z", re.ASCII)
_MOST_HASHES = 63
_EMPTY_ROOT = hashlib.sha256(b"").digest()


class Reply(NamedTuple):
    """What the witness answers: an HTTP status, the kind of its text, and the text."""

    status: int
    text: str
    content_type: str = "text/plain; charset=utf-8"


class Witness:
    """Cosigns the heads of the logs whose keys it was given, each after its proof against the head before it."""

    def __init__(self, book: WitnessBook, name: str, logs: Collection[VerifierKey], now: Callable[[], int]) -> None:
        """`now` gives the seconds since 1970 that go into a cosignature."""
        self._book, self._logs, self._now = book, tuple(logs), now
        self._cosigner = Cosigner(name, book.seed())

    @property
    def key(self) -> VerifierKey:
        """The public key by which its cosignatures are checked."""
        return self._cosigner.verifier

    def add_checkpoint(self, request: bytes) -> Reply:
        """200 with a cosignature line, or why not: 400 malformed, 403 no known key signed, 404 unknown log,
        409 with the size it cosigned last (another old size was given, or another root at that size), 422 bad proof.
        """
        try:
            old_size, proof, note = _read(request)
            origin = Note.parse(note).text.split("\n")[0]
        except (InvariantBroken, UnicodeDecodeError) as error:
            return Reply(400, f"{error}\n")
        keys = [key for key in self._logs if key.name == origin]
        if not keys:
            return Reply(404, "this log is not known here\n")
        try:
            head = verify_checkpoint(_without_false(note, keys), keys)
        except InvariantBroken as error:
            return Reply(403 if error.code != "malformed_checkpoint" else 400, f"{error}\n")
        if old_size > head.size:
            return Reply(400, "the old size is larger than the checkpoint's\n")
        with self._book.turn():
            refusal = self._refusal(old_size, proof, head)
            if refusal is None:
                self._book.keep(head)
        return refusal or Reply(200, self._cosigner.cosign(head.text, self._now()))

    def _refusal(self, old_size: int, proof: tuple[bytes, ...], head: Checkpoint) -> Reply | None:
        known = self._book.latest(head.origin)
        known_size = known.size if known else 0
        if old_size != known_size or (known and known.size == head.size and known.root != head.root):
            return Reply(409, f"{known_size}\n", "text/x.tlog.size")
        if known_size == 0:
            holds = not proof and (head.size > 0 or head.root == _EMPTY_ROOT)
        else:
            holds = known is not None and verify_consistency(known_size, head.size, proof, known.root, head.root)
        return None if holds else Reply(422, "the consistency proof does not hold\n")


def _read(request: bytes) -> tuple[int, tuple[bytes, ...], str]:
    """The old size, the proof and the note. Raises InvariantBroken or UnicodeDecodeError for any other form."""
    head, blank, note = request.decode().partition("\n\n")
    first, *lines = head.split("\n")
    old = _OLD.match(first)
    if len(request) > LARGEST_REQUEST or not blank or old is None or len(lines) > _MOST_HASHES:
        raise InvariantBroken("malformed_request", "expected an old size, up to 63 hashes, an empty line and a note")
    proof = tuple(decode_base64(line) for line in lines)
    if any(len(value) != 32 for value in proof):
        raise InvariantBroken("malformed_request", "a hash of a consistency proof has 32 bytes")
    return int(old[1]), proof, note


def _without_false(note: str, keys: Collection[VerifierKey]) -> str:
    """The note with those lines only that a known key signed rightly: one right signature is enough here."""
    parsed, (text, _, block) = Note.parse(note), note.rpartition("\n\n")
    right = [
        line
        for line, signature in zip(block.split("\n"), parsed.signatures, strict=False)
        if any(
            (key.name, key.key_id) == (signature.name, signature.key_id)
            and key.verifies(signature.raw, parsed.text.encode())
            for key in keys
        )
    ]
    if not right:
        raise InvariantBroken("unsigned_checkpoint", "no known key signed this checkpoint")
    return f"{text}\n\n" + "".join(f"{line}\n" for line in right)
