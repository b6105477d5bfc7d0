"""Random lives of a budget line beside a small model: returns, payments again, recoveries, recalls, cuts."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.money.stage import Effort

WHOLE, AT_ONCE = 20_000, 50


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """Lives of up to forty steps until the whole or the time is reached, or one differs from the model."""
    from tests.property.test_money_machine import live

    until, lives, differing = effort.until(), int(effort.before.get("lives", 0)), ""
    while lives < effort.of(WHOLE) and time.monotonic() < until and not differing:
        try:
            live(AT_ONCE)
        except Exception as error:
            differing = repr(error)[:500]
        lives += 0 if differing else AT_ONCE
        effort.keep(_told(lives, differing, effort))
    return _told(lives, differing, effort)


def _told(lives: int, differing: str, effort: Effort) -> dict[str, Any]:
    from tests.property.test_money_machine import STEPS

    left = max(0, effort.of(WHOLE) - lives)
    return {"lives": lives, "steps_each": STEPS, "divergences": int(bool(differing)), "what": differing, "left": left}
