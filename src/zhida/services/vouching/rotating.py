"""Changing the key that signs log-ins: the ledger is told."""

from __future__ import annotations

from datetime import datetime

from zhida.domain.values import Actor
from zhida.kernel.ledger import actions as ledger
from zhida.services.vouching.ports import voucher


def rotate_voucher_key(*, by: Actor, as_of: datetime) -> str:
    """Signs log-ins with a fresh key from now on; its id. Records `vouching.key_rotated`.

    An ID token lives for minutes, and the old public half stays published: a crash between the two loses no log-in.
    """
    after = voucher().rotate()
    ledger.record(kind="vouching.key_rotated", about="voucher", fields={"to": after}, by=by, as_of=as_of)
    return after
