"""Every bit of a log of 200 rows turned, then bits drawn in a large one: found, located, none accused falsely."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.money.stage import NOW, Effort

SMALL, LARGE, FLIPS = 200, 20_000, 10_000
_AT_ONCE, _ROWS, _DRAWN = 500, 10, 1_000
_NONE = {"flips": 0, "located": 0, "false_alarms": 0, "rows_done": 0, "drawn": 0}


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """Single bits of every column of every row, against the log's published files; then some drawn in a large log."""
    from benchmarks.money.flipping import flip_at_random, flip_rows
    from zhida.kernel.ledger.ports import tiles

    found, wanted = {**_NONE, **effort.before}, (effort.of(SMALL), effort.of(FLIPS))
    until, system = effort.until(), _founded()
    small = _grown_to(SMALL, system)
    while found["rows_done"] < wanted[0] and time.monotonic() < until:
        rows = range(found["rows_done"], min(wanted[0], found["rows_done"] + _ROWS))
        _add(found, flip_rows(tiles().read, small, rows), rows_done=len(rows))
        effort.keep(_told(found, wanted))
    large = _grown_to(effort.of(LARGE), system) if found["drawn"] < wanted[1] else []
    while found["drawn"] < wanted[1] and time.monotonic() < until:
        flips = min(_DRAWN, wanted[1] - found["drawn"])
        _add(found, flip_at_random(tiles().read, large, flips, effort.seed + found["drawn"]), drawn=flips)
        effort.keep(_told(found, wanted))
    return {**_told(found, wanted), "every_bit_of": found["rows_done"], "drawn_of": len(large) or LARGE}


def _add(found: dict[str, Any], flipped: Mapping[str, int], **counts: int) -> None:
    for name, more in {**flipped, **counts}.items():
        found[name] += more


def _told(found: dict[str, Any], wanted: tuple[int, int]) -> dict[str, Any]:
    return {**found, "left": max(0, wanted[0] - found["rows_done"]) + max(0, wanted[1] - found["drawn"])}


def _founded() -> Any:
    from tests.simulation import paying

    now = datetime.fromisoformat(NOW)
    paying.open_line(now, total_fen=10**14)
    return paying.sign_release(now, cap_fen=10**14)


def _grown_to(rows: int, system: Any) -> Any:
    """A log of so many facts of payments, sequenced, signed and published; its rows."""
    from tests.simulation import paying
    from zhida.kernel.ledger import actions
    from zhida.kernel.ledger.bulk import rows_between
    from zhida.kernel.ledger.models import Entry
    from zhida.kernel.ledger.publishing import publish

    now = datetime.fromisoformat(NOW)
    while (more := rows - Entry.objects.count()) > 0:
        paying.reserved(system, now, *[1_234] * min(more, _AT_ONCE))
    while actions.sequence(as_of=now):
        continue
    actions.seal(as_of=now)
    publish()
    return rows_between(0, rows)
