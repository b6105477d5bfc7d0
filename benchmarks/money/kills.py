"""SIGKILL at every boundary of seven ways of the money, on PostgreSQL: none paid twice, none lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.money.stage import Effort

WHOLE = 600
_FOUNDED = 300


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """Kills at boundaries drawn from the seed, none again before all of its flow were, until the whole is reached."""
    from tests.simulation.killing import campaign, world

    wanted, left = effort.of(WHOLE), effort.left(WHOLE, "kills")
    with world.founded(home, claims=min(_FOUNDED, left + 60)) as province:
        return campaign.measured(
            province, kills=wanted, seed=effort.seed, until=effort.until(), before=effort.before, keep=effort.keep
        )
