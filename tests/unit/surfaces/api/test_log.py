"""The log over HTTP: head and tiles as bytes, cached as the specification asks for, and nothing else."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction
from django.test import Client

from zhida.domain.proofs import verify_checkpoint
from zhida.domain.values import Actor
from zhida.kernel.ledger import actions
from zhida.kernel.ledger.ports import log_key
from zhida.kernel.ledger.publishing import publish

pytestmark = pytest.mark.django_db


def test_head_and_tiles_are_served_and_nothing_else(client: Client, actor: Actor, now: datetime) -> None:
    assert client.get("/log/checkpoint").status_code == 404
    with transaction.atomic():
        actions.record(kind="case.decided", about="case_1", fields={"amount_fen": 1}, by=actor, as_of=now)
    actions.sequence(as_of=now)
    actions.seal(as_of=now)
    publish()
    head = client.get("/log/checkpoint")
    assert verify_checkpoint(head.content.decode(), log_key().verifiers()).size == 1
    assert (head["Content-Type"], head["Cache-Control"]) == ("text/plain; charset=utf-8", "no-cache")
    tile = client.get("/log/tile/0/000.p/1")
    assert (len(tile.content), tile["Content-Type"]) == (32, "application/octet-stream")
    assert "immutable" in tile["Cache-Control"]
    assert b"case.decided" in client.get("/log/tile/entries/000.p/1").content
    for path in ("tile/0/000", "tile/0/000.p/2", "tile/0/../../keys/log.seed", "../keys/log.seed", "tile/64/000", ""):
        assert client.get(f"/log/{path}").status_code == 404
    assert client.post("/log/checkpoint").status_code == 405
