"""SIGKILL at every boundary of six ways of the money, on PostgreSQL: nothing paid twice, nothing lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.money.stage import Effort

WHOLE = 1_000


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """Every boundary there is where the share is 1; else so many, drawn from the seed."""
    from tests.simulation.killing import campaign, world

    wanted = effort.of(WHOLE)
    with world.founded(home, claims=wanted + 60) as province:
        return campaign.measured(province, kills=wanted, seed=effort.seed, until=effort.until())
