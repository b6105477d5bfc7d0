"""Seeded worlds with a bank that misbehaves: so many from a first seed on, with a bank of either kind in turn."""

from __future__ import annotations

import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connections

from benchmarks.money.stage import NOW, Effort

WHOLE, AT_ONCE = 10_000, 25
_NONE = {"seeds": 0, "payments": 0, "kills": 0, "forged": 0, "faults": 0, "no_deduplication": 0, "wrong": []}


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """Plays seeds until the whole or the time is reached; a seed that shows something wrong is named."""
    until, found = effort.until(), {**_NONE, "first_seed": effort.seed, **effort.before}
    fresh = _Fresh(home)
    left = effort.left(WHOLE, "seeds")
    while left and time.monotonic() < until:
        fresh.begin()
        for _ in range(min(AT_ONCE, left)):
            _play(effort.seed + found["seeds"], found)
        left = max(0, effort.of(WHOLE) - found["seeds"])
        effort.keep(_told(found, left))
    return _told(found, left)


class _Fresh:
    """The empty database of the beginning, put back now and then: a day's books grow with every seed played before."""

    def __init__(self, home: Path) -> None:
        connections.close_all()
        self._live = home / "zhida.sqlite3"
        self._empty = home / "empty.sqlite3"
        shutil.copyfile(self._live, self._empty)

    def begin(self) -> None:
        """All that was played is gone."""
        connections.close_all()
        for ending in ("-wal", "-shm"):
            self._live.with_name(self._live.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self._empty, self._live)


def _play(seed: int, found: dict[str, Any]) -> None:
    from tests.simulation.misbehaving import Wrong, play
    from zhida.kernel.outbox.models import Message

    deduplicates = seed % 2 == 0
    found["seeds"] += 1
    found["no_deduplication"] += not deduplicates
    try:
        world = play(seed, datetime.fromisoformat(NOW), deduplicates=deduplicates)
    except Wrong as error:
        found["wrong"].append(str(error))
        Message.objects.all().delete()
        return
    found["payments"] += world.rows.count()
    found["kills"] += world.kills
    found["forged"] += world.forged
    found["faults"] += sum(times for fault, times in world.faults.drawn.items() if fault != "none")


def _told(found: dict[str, Any], left: int) -> dict[str, Any]:
    doubles, resends = (sum(words in each for each in found["wrong"]) for words in ("twice", "sent again"))
    return {**found, "doubles": doubles, "resends": resends, "left": left}
