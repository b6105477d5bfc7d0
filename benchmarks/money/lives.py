"""Random lives of a budget line beside a small model: returns, payments again, recoveries, recalls, cuts."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.money.stage import Effort

WHOLE, AT_ONCE = 20_000, 50


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """Lives of up to forty steps until the whole or the time is reached, or one differs from the model."""
    from tests.property.test_money_machine import STEPS, live

    began, until, lives, differing = time.monotonic(), effort.until(), 0, ""
    while lives < effort.of(WHOLE) and time.monotonic() < until:
        try:
            live(AT_ONCE)
        except Exception as error:
            differing = repr(error)[:500]
            break
        lives += AT_ONCE
    took_s = round(time.monotonic() - began, 1)
    return {
        "lives": lives,
        "steps_each": STEPS,
        "divergences": int(bool(differing)),
        "what": differing,
        "took_s": took_s,
    }
