"""The database dies in the middle of work, with `fsync` on: nothing that it acknowledged may be missing afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.money.stage import Effort

WHOLE, WORKERS = 200, 2


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """Deaths at drawn instants, half of them SIGKILL and half an immediate stop, until the whole or the time."""
    from tests.simulation import cluster, dying

    names = ("deaths", "acknowledged", "wrong")
    before = {name: effort.before[name] for name in names if name in effort.before}
    with cluster.founded() as server:
        return dying.deaths(
            server,
            wanted=effort.of(WHOLE),
            seed=effort.seed,
            workers=WORKERS,
            before=before,
            until=effort.until(),
            keep=effort.keep,
        )
