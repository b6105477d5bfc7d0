"""A log whose key was changed, and changed to SM2 and back: both verifiers, the mirror and receipts go along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.conformance.test_second_verifier import second
from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Checkpoint, Note, Receipt, VerifierKey, verify_checkpoint, verify_receipt
from zhida.domain.proofs.heads import continues
from zhida.kernel.ledger import actions, queries
from zhida.kernel.ledger.ports import log_key, tiles
from zhida.kernel.ledger.publishing import publish
from zhida.kernel.ledger.verification import verify
from zhida.services.mirroring.following import follow
from zhida.services.mirroring.source import MirrorFolder

pytestmark = pytest.mark.django_db
ED25519, SM2 = b"\x01", b"\xffzhida/sm2-sm3"


@pytest.fixture
def rotated() -> Iterator[Callable[[str], VerifierKey]]:
    """Rotates the installation's key; it signs with Ed25519 again afterwards, for the other tests."""
    yield log_key().rotate
    log_key().rotate("ed25519")


@pytest.fixture
def grown(write: Callable[[int], list[str]], now: datetime) -> Callable[[], bytes]:
    """Three facts more under a head of the key in use; the receipt of the last one, taken at once."""

    def grown() -> bytes:
        ids = write(3)
        actions.sequence(as_of=now)
        actions.seal(as_of=now)
        publish()
        return queries.receipt(ids[-1])

    return grown


def test_receipts_of_every_key_hold_with_both_verifiers(
    rotated: Callable[[str], VerifierKey], grown: Callable[[], bytes], tmp_path: Path
) -> None:
    mirror, receipts = MirrorFolder(tmp_path / "mirror"), []
    for signature, kind in (("ed25519", ED25519), ("sm2", SM2), ("sm2", SM2), ("ed25519", ED25519)):
        key = rotated(signature)
        receipt = grown()
        receipts.append(receipt)
        assert Receipt.parse(receipt).key == key
        assert key.kind == kind
        follow(read=tiles().read, mirror=mirror, keys=log_key().verifiers())
    assert verify().ok
    keys = log_key().verifiers()
    head = verify_checkpoint((tiles().read("checkpoint") or b"").decode(), keys)
    for receipt in receipts:
        own = Receipt.parse(receipt).key
        assert verify_receipt(receipt, trusted_keys=keys).ok
        assert second.check(receipt, [str(key) for key in keys]) == "proven"
        others = [key for key in keys if key != own]
        assert not verify_receipt(receipt, trusted_keys=others).ok
        with pytest.raises(second.Refused, match="untrusted_key"):
            second.check(receipt, [str(key) for key in others])
        assert continues(tiles().read, head, Checkpoint.parse(Note.parse(Receipt.parse(receipt).checkpoint).text))


def test_a_mirror_that_was_not_told_the_new_key_does_not_follow(
    rotated: Callable[[str], VerifierKey], grown: Callable[[], bytes], tmp_path: Path
) -> None:
    grown()
    known, mirror = log_key().verifiers(), MirrorFolder(tmp_path / "mirror")
    follow(read=tiles().read, mirror=mirror, keys=known)
    fresh = rotated("sm2")
    grown()
    with pytest.raises(InvariantBroken, match="unsigned_checkpoint"):
        follow(read=tiles().read, mirror=mirror, keys=known)
    assert follow(read=tiles().read, mirror=mirror, keys=[*known, fresh]).size == 6
