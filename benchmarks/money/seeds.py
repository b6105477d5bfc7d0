"""Seeded worlds with a bank that misbehaves: so many from a first seed on, with a bank of either kind in turn."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.money.stage import NOW, Effort

WHOLE = 10_000


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """Plays seeds until the whole or the time is reached; a seed that shows something wrong is named."""
    from tests.simulation.misbehaving import Wrong, play
    from zhida.kernel.outbox.models import Message

    began, until, now = time.monotonic(), effort.until(), datetime.fromisoformat(NOW)
    found: Counter[str] = Counter()
    wrong: list[str] = []
    for seed in range(effort.seed, effort.seed + effort.of(WHOLE)):
        if time.monotonic() > until:
            break
        deduplicates = seed % 2 == 0
        try:
            world = play(seed, now, deduplicates=deduplicates)
        except Wrong as error:
            wrong.append(str(error))
            Message.objects.all().delete()
            continue
        found.update(seeds=1, payments=world.rows.count(), kills=world.kills, forged=world.forged)
        found.update(faults=sum(times for fault, times in world.faults.drawn.items() if fault != "none"))
        found.update(no_deduplication=not deduplicates)
    return {
        **found,
        "first_seed": effort.seed,
        "wrong": wrong[:20],
        "doubles": sum("twice" in each for each in wrong),
        "resends": sum("sent again" in each for each in wrong),
        "took_s": round(time.monotonic() - began, 1),
    }
