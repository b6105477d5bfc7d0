"""SM2 against the published examples, and as a log's key beside Ed25519."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import (
    Checkpoint,
    SigningKey,
    Sm2SigningKey,
    VerifierKey,
    sign_checkpoint,
    sm2,
    verify_checkpoint,
)

EXAMPLES = Path(__file__).parents[5] / "shared" / "data" / "vectors" / "gm_examples.json"
HEAD = Checkpoint("log.example/proofs", 7, bytes(32))


def test_the_published_examples_hold() -> None:
    if not EXAMPLES.exists():
        pytest.skip(f"{EXAMPLES} is absent: the published GM examples are not part of this repository")
    examples = json.loads(EXAMPLES.read_text("utf-8"))
    for each in examples["sm3"]:
        assert sm2.sm3(each["msg_utf8"].encode()).hex() == each["digest"]
    for each in examples["sm2_sign"]:
        public, message = bytes.fromhex(each["public_xy"]), each["msg_utf8"].encode()
        digest = sm2.message_digest(public, message)
        signature = sm2.sign_digest(digest, int(each["private"], 16), int(each["k"], 16))
        assert signature is not None
        assert signature.hex() == each["r"] + each["s"]
        assert sm2.verify(public, signature, message)


def test_a_log_speaks_with_either_key_and_keeps_its_name() -> None:
    old, new = SigningKey(HEAD.origin, bytes(32)), Sm2SigningKey(HEAD.origin, bytes(range(32)))
    keys = [old.verifier, VerifierKey.parse(str(new.verifier))]
    assert verify_checkpoint(sign_checkpoint(HEAD, old), keys) == HEAD
    assert verify_checkpoint(sign_checkpoint(HEAD, new), keys) == HEAD
    with pytest.raises(InvariantBroken, match="unsigned_checkpoint"):
        verify_checkpoint(sign_checkpoint(HEAD, new), keys[:1])


def test_no_changed_byte_of_key_signature_or_message_is_accepted() -> None:
    key = Sm2SigningKey(HEAD.origin, bytes(range(32)))
    signature, message = key.sign(b"text"), b"text"
    assert sm2.verify(key.verifier.public, signature, message)
    for at in range(0, 64, 3):
        changed = bytearray(signature)
        changed[at] ^= 1
        assert not sm2.verify(key.verifier.public, bytes(changed), message)
        public = bytearray(key.verifier.public)
        public[at] ^= 1
        assert not sm2.verify(bytes(public), signature, message)
    assert not sm2.verify(key.verifier.public, signature, b"Text")
    order = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
    for r, s in [(0, 1), (1, 0), (order, 1), (1, order), (1, order - 1)]:
        assert not sm2.verify(key.verifier.public, r.to_bytes(32, "big") + s.to_bytes(32, "big"), message)
    assert not sm2.verify(b"", signature, message)
