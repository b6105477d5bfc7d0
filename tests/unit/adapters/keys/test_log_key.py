"""The log's key is made once, kept from others' eyes, and rotated without forgetting what it signed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from zhida.adapters.keys import FileLogKey
from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Checkpoint, sign_checkpoint, verify_checkpoint


def test_the_same_key_comes_back(tmp_path: Path) -> None:
    first = FileLogKey(tmp_path / "keys", "example.org/log").signer().verifier
    assert FileLogKey(tmp_path / "keys", "example.org/log").verifiers() == (first,)


def test_nobody_else_may_read_the_seed(tmp_path: Path) -> None:
    FileLogKey(tmp_path / "keys", "example.org/log").signer()
    assert (tmp_path / "keys" / "log.seed").stat().st_mode & 0o077 == 0


def test_a_rotated_key_still_verifies_what_it_signed(tmp_path: Path) -> None:
    key = FileLogKey(tmp_path / "keys", "example.org/log")
    head = Checkpoint("example.org/log", 0, bytes(32))
    before = sign_checkpoint(head, key.signer())
    fresh = key.rotate()
    after = sign_checkpoint(head, key.signer())
    assert key.verifiers()[-1] == fresh
    assert len(key.verifiers()) == 2
    assert before != after
    assert verify_checkpoint(before, key.verifiers()) == verify_checkpoint(after, key.verifiers()) == head


def test_many_that_start_at_once_end_with_one_key(tmp_path: Path) -> None:
    def start(_: int) -> str:
        return str(FileLogKey(tmp_path / "keys", "example.org/log").signer().verifier)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(32)))) == 1
    assert [path.name for path in (tmp_path / "keys").glob("log.seed.*")] == []


def test_a_log_goes_over_to_sm2_and_keeps_its_old_key(tmp_path: Path) -> None:
    keys = FileLogKey(tmp_path, "log.example/proofs")
    old = keys.signer().verifier
    new = keys.rotate("sm2")
    again = FileLogKey(tmp_path, "log.example/proofs")
    assert again.verifiers() == (old, new)
    assert new.verifies(again.signer().sign(b"text"), b"text")
    assert FileLogKey(tmp_path / "other", "log.example/proofs", "sm2").signer().verifier.kind == new.kind
    with pytest.raises(InvariantBroken, match="unknown_signature"):
        keys.rotate("rsa")
