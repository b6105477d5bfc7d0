"""The worker goes on where the disk of the log is full, and writes what is missing once there is room."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.unit.kernel.ledger.conftest import write as write
from zhida.kernel.ledger import actions
from zhida.kernel.ledger.ports import tiles
from zhida.surfaces.cli import worker


@pytest.mark.django_db
def test_a_full_disk_does_not_end_the_worker(
    write: Callable[[int], list[str]],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(worker._asked, "witnesses", worker._LONG_AGO)
    write(3)
    actions.sequence(as_of=now)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        worker._seal(now)
    assert "log_not_written" in caplog.text
    assert tiles().read("checkpoint") is None
    worker._seal(now + timedelta(minutes=2))
    assert tiles().read("checkpoint") is not None
