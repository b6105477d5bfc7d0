"""Every bit of a log of 200 rows turned, then bits drawn in a large one: found, located, none accused falsely."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.money.stage import NOW, Effort

SMALL, LARGE, FLIPS, AT_ONCE = 200, 20_000, 10_000, 500


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """Single bits of every column of every row, against the log's published files."""
    from benchmarks.money.tamper import flip_at_random, flip_rows
    from tests.simulation import paying
    from zhida.kernel.ledger.bulk import rows_between
    from zhida.kernel.ledger.models import Leaf, Waiting
    from zhida.kernel.ledger.ports import tiles

    now = datetime.fromisoformat(NOW)
    paying.open_line(now, total_fen=10**14)
    system = paying.sign_release(now, cap_fen=10**14)
    paying.reserved(system, now, *[1_234] * (SMALL - Waiting.objects.count()))
    _publish(now)
    small = rows_between(0, Leaf.objects.count())
    every = flip_rows(tiles().read, small, range(effort.of(len(small))))
    for _ in range(0, effort.of(LARGE), AT_ONCE):
        paying.reserved(system, now, *[1_234] * AT_ONCE)
    _publish(now)
    large = rows_between(0, Leaf.objects.count())
    drawn = flip_at_random(tiles().read, large, effort.of(FLIPS), effort.seed)
    return {
        "flips": every["flips"] + drawn["flips"],
        "located": every["located"] + drawn["located"],
        "false_alarms": every["false_alarms"] + drawn["false_alarms"],
        "every_bit_of": len(small),
        "drawn_of": len(large),
        "seed": effort.seed,
    }


def _publish(now: datetime) -> None:
    from zhida.kernel.ledger import actions
    from zhida.kernel.ledger.publishing import publish

    while actions.sequence(as_of=now):
        continue
    actions.seal(as_of=now)
    publish()
