"""Many at once for the last unit of a line, and for the same benefit over every channel: exactly one gets it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.money.stage import Effort

BUDGET, BENEFIT = 1_000, 10_000


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """Rounds of both kinds until the whole or the time is reached; a round that goes wrong is named."""
    from tests.races.rounds import benefit_rounds, budget_rounds

    began, until = time.monotonic(), effort.until()
    half = began + (until - began) / 2
    budget = budget_rounds(effort.of(BUDGET), seed=effort.seed, until=half)
    benefit = benefit_rounds(home, effort.of(BENEFIT), seed=effort.seed, until=until)
    return {
        "budget_rounds": budget.rounds,
        "benefit_rounds": benefit.rounds,
        "violations": len(budget.wrong) + len(benefit.wrong),
        "wrong": [*budget.wrong, *benefit.wrong][:20],
        "seed": effort.seed,
        "took_s": round(time.monotonic() - began, 1),
    }
