"""A witness cosigns what only grew, and says by the protocol's statuses why it does not cosign the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhida.domain.proofs import (
    Checkpoint,
    Note,
    SigningKey,
    Tree,
    consistency_proof,
    leaf_hash,
    sign_checkpoint,
)
from zhida.domain.proofs.keys import encode_base64
from zhida.domain.proofs.note import sign_note
from zhida.services.witnessing import Witness, WitnessBook

LOG = SigningKey("log.example/proofs", bytes(32))
STRANGER = SigningKey("log.example/proofs", bytes(range(32)))
NOW = 1_772_503_200


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(WitnessBook(tmp_path / "state"), "audit.example/witness", [LOG.verifier], lambda: NOW)


def tree(size: int, word: str = "") -> Tree:
    return Tree.of(leaf_hash(f"{word}{number}".encode()) for number in range(size))


def request(old: int, new: int, *, word: str = "", key: SigningKey = LOG, proof: list[bytes] | None = None) -> bytes:
    grown = tree(new, word)
    if proof is None:
        proof = list(consistency_proof(grown.node, old, new)) if 0 < old <= new else []
    note = sign_checkpoint(Checkpoint(key.verifier.name, new, grown.root()), key)
    return "".join([f"old {old}\n", *(f"{encode_base64(value)}\n" for value in proof), "\n", note]).encode()


def test_a_log_that_only_grows_is_cosigned(witness: Witness) -> None:
    for old, new in [(0, 3), (3, 3), (3, 8), (8, 21)]:
        reply = witness.add_checkpoint(request(old, new))
        assert reply.status == 200
        text = Checkpoint(LOG.verifier.name, new, tree(new).root()).text
        assert Note.parse(f"{text}\n{reply.text}").signers([witness.key]) == (witness.key,)


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        (request(0, 9), 409, "5\n"),
        (request(4, 9), 409, "5\n"),
        (request(5, 5, word="other"), 409, "5\n"),
        (request(5, 9, word="other"), 422, None),
        (request(5, 9, proof=[]), 422, None),
        (request(5, 5, proof=[bytes(32)]), 422, None),
        (request(5, 9, key=STRANGER), 403, None),
        (request(5, 9, key=SigningKey("log.example/other", bytes(32))), 404, None),
        (request(5, 4, proof=[]), 400, None),
        (request(5, 9, proof=[bytes(32)] * 64), 400, None),
        (request(5, 9, proof=[bytes(31)]), 400, None),
        (request(5, 9).replace(b"old 5", b"old 05"), 400, None),
        (request(5, 9).replace(b"old 5", b"new 5"), 400, None),
        (b"", 400, None),
        (b"\xff", 400, None),
    ],
)
def test_whatever_does_not_follow_is_refused(witness: Witness, body: bytes, status: int, text: str | None) -> None:
    assert witness.add_checkpoint(request(0, 5)).status == 200
    reply = witness.add_checkpoint(body)
    assert (reply.status, reply.text if text else None) == (status, text)
    assert (reply.content_type == "text/x.tlog.size") == (status == 409)
    assert witness.add_checkpoint(request(5, 9)).status == 200


def test_one_right_signature_is_enough_and_false_ones_are_passed_over(witness: Witness) -> None:
    body = request(0, 5).decode()
    signature = "— log.example/proofs " + encode_base64(LOG.verifier.key_id + bytes(64))
    assert witness.add_checkpoint(f"{body}{signature}\n".encode()).status == 200
    text = Note.parse(body.partition("\n\n")[2]).text
    assert witness.add_checkpoint(f"old 5\n\n{sign_note(text, STRANGER)}".encode()).status == 403


def test_what_was_cosigned_outlives_the_process(tmp_path: Path) -> None:
    keys = set()
    for old, new in [(0, 3), (3, 8), (8, 9)]:
        book = WitnessBook(tmp_path / "state")
        witness = Witness(book, "audit.example/witness", [LOG.verifier], lambda: NOW)
        keys.add(witness.key)
        assert witness.add_checkpoint(request(old, new)).status == 200
        book.close()
    assert len(keys) == 1
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o600
