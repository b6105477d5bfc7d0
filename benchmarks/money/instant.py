"""From decision to payment order on PostgreSQL: whole claims through the rules, and reservations as they arrive.

`claims`: a waiting claim is assessed, decided, granted, reserved and instructed, facts and notices written, fifty in
a transaction as the worker does; and alone, for how long one person waits. `orders`: decided payments arrive at a fixed
rate over lines; two workers take what has arrived for a line together, so that one lock serves many. Latencies run
from the arrival to the commit that makes the payment order.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.money.stage import NOW, Effort, in_processes, share_of

LINES, WORKERS, MOST, RATE = 20, 2, 50, 260
CLAIMS, ALONE = 400, 40
_REST_S = 0.005


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """Both, over twenty lines and over a single one."""
    seconds = effort.minutes * 60 / 2 or 600 * effort.share
    many, one = _orders(LINES, seconds), _orders(1, seconds)
    return {
        "offered_per_s": RATE,
        "lines": LINES,
        "instant_per_s": many["per_s"],
        "instant_p95_ms": many["p95_ms"],
        "instant_over_1s": many["over_1s"],
        "instant_s": many["seconds"],
        "single_line_per_s": one["per_s"],
        "single_line_p95_ms": one["p95_ms"],
        "single_line_over_1s": one["over_1s"],
        **_claims(effort, home),
    }


def _orders(lines: int, seconds: float) -> dict[str, Any]:
    """Arrivals at RATE for so many seconds, shared between workers by line where there are as many."""
    from tests.simulation import paying

    now = datetime.fromisoformat(NOW)
    names = [f"instant/{lines}-{number}" for number in range(lines)]
    systems = {}
    for name in names:
        paying.open_line(now, line=name, total_fen=10**14)
        systems[name] = paying.sign_release(now, line=name, cap_fen=10**14)
    workers = min(WORKERS, lines)
    began = time.monotonic() + 1

    def work(number: int) -> list[float]:
        mine = names[number::workers]
        return _serve(mine, systems, began, seconds, RATE * len(mine) / lines, now)

    waits = [wait for told in in_processes([lambda n=n: work(n) for n in range(workers)]) for wait in told]
    took_s = time.monotonic() - began
    return {
        "per_s": round(len(waits) / max(took_s, seconds), 1),
        "p95_ms": round(share_of(waits, 0.95) * 1000, 1),
        "over_1s": round(sum(wait > 1 for wait in waits) / max(len(waits), 1), 5),
        "seconds": round(seconds),
    }


def _serve(mine: list[str], systems: Any, began: float, seconds: float, rate: float, now: datetime) -> list[float]:
    """One worker: every order of its lines, in the order of arrival; how long each waited until it was committed."""
    from tests.simulation import paying
    from zhida.kernel.funds import actions

    waits: list[float] = []
    due: dict[str, list[float]] = {name: [] for name in mine}
    arrived, total = 0, int(rate * seconds)
    while arrived < total or any(due.values()):
        upto = min(total, int((time.monotonic() - began) * rate))
        for number in range(arrived, upto):
            due[mine[number % len(mine)]].append(began + number / rate)
        arrived = max(arrived, upto)
        line = max(due, key=lambda name: len(due[name]))
        taken, due[line] = due[line][:MOST], due[line][MOST:]
        if not taken:
            time.sleep(_REST_S)
            continue
        new = [paying.new_disbursement(1_234) for _ in taken]
        actions.reserve_and_instruct(line=line, disbursements=new, by=systems[line], as_of=now)
        done = time.monotonic()
        waits += [done - at for at in taken]
    return waits


def _claims(effort: Effort, home: Path) -> dict[str, Any]:
    """Whole claims: fifty in a transaction, and alone."""
    from tests.simulation.killing import world
    from zhida.kernel.cases import actions as cases

    alone = max(20, effort.of(ALONE))
    with world.founded(home, claims=max(100, effort.of(CLAIMS)) + alone) as province:
        waits = []
        for case_id in province.waiting[:alone]:
            began = time.monotonic()
            province.decide(case_id)
            waits.append(time.monotonic() - began)
        began, decided = time.monotonic(), 0
        while looked := cases.advance_due(by=province.system, as_of=province.now, limit=200):
            decided += sum("decided" in advanced.acts or bool(advanced.acts) for advanced in looked)
        took_s = time.monotonic() - began
    return {
        "claims": decided,
        "claims_per_s": round(decided / took_s, 1),
        "decision_p50_ms": round(share_of(waits, 0.5) * 1000, 1),
        "decision_p95_ms": round(share_of(waits, 0.95) * 1000, 1),
    }
