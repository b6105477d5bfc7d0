"""Many at once for the last unit of a line, and for the same benefit over every channel: exactly one gets it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.money.stage import Effort

BUDGET, BENEFIT, AT_ONCE = 1_000, 10_000, 100
_NONE = {"budget_rounds": 0, "benefit_rounds": 0, "wrong": []}


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """Rounds of both kinds until the whole or the time is reached; a round that goes wrong is named.

    Each hundred rounds have a seed of their own: the first seed and what was done before.
    """
    from tests.races.rounds import benefit_rounds, budget_rounds, founded_benefit

    benefit = founded_benefit(home)
    until, found = effort.until(), {**_NONE, **effort.before}
    kinds = {
        "budget_rounds": (BUDGET, budget_rounds),
        "benefit_rounds": (BENEFIT, lambda rounds, *, seed: benefit_rounds(benefit, rounds, seed=seed)),
    }
    left = 0
    for name, (whole, run) in kinds.items():
        while (more := effort.of(whole) - found[name]) > 0 and time.monotonic() < until:
            raced = run(min(AT_ONCE, more), seed=effort.seed + found[name])
            found[name] += raced.rounds
            found["wrong"] += raced.wrong
            effort.keep(_told(found, more))
        left += max(0, effort.of(whole) - found[name])
    return _told(found, left)


def _told(found: dict[str, Any], left: int) -> dict[str, Any]:
    return {**found, "violations": len(found["wrong"]), "left": left}
