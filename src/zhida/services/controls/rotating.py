"""Changing keys: the ledger is told before and after, so that no key changes unseen, wherever it is cut off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from zhida.domain.values import Actor
from zhida.kernel.credentials.ports import issuer
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.ledger.ports import log_key

LOG, ISSUER = "log", "issuer"
BEGUN, ROTATED = "ledger.key_rotation_begun", "ledger.key_rotated"


def rotate_log_key(*, signature: str, by: Actor, as_of: datetime) -> str:
    """Puts a fresh log key in use, of the installation's kind where `signature` names none; its public half.

    Records `ledger.key_rotation_begun` with the old half, committed before anything changes, and `ledger.key_rotated`
    with both; the head over these facts is the first that the new key signs. To be called outside a transaction.
    """
    before = str(log_key().signer().verifier)
    _note(BEGUN, LOG, {"from": before}, by, as_of)
    after = str(log_key().rotate(signature))
    _note(ROTATED, LOG, {"from": before, "to": after}, by, as_of)
    return after


def rotate_issuer_key(*, by: Actor, as_of: datetime) -> str:
    """Signs licences with a fresh key from now on; its id. Records the same two facts."""
    _note(BEGUN, ISSUER, {}, by, as_of)
    after = issuer().rotate()
    _note(ROTATED, ISSUER, {"to": after}, by, as_of)
    return after


@transaction.atomic
def _note(kind: str, key: str, fields: Mapping[str, str], by: Actor, as_of: datetime) -> None:
    ledger.record(kind=kind, about=key, fields={"key": key, **fields}, by=by, as_of=as_of)
