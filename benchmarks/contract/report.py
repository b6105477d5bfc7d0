"""What asking the API found: one JSON for machines, and a page that sets it beside what was asked."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.screening.machine import machine, versions

RESULTS = Path("benchmarks/results/contract.json")
PAGE = Path("docs/reference/contract-figures.md")
_PAGE = """# The API against its own contract

Written by `make fuzz FUZZ="--keep"` from `benchmarks/results/contract.json`. Measured {when} at {commit}, seed {seed},
with schemathesis {schemathesis}, Python {python}, on {machine}.

A copy of a demonstration is served by gunicorn and asked what its contract (`/api/v1/openapi.json`) allows and forbids,
by nobody and by one logged-in caller of each kind and duty. All checks of schemathesis are on: no server error, only
statuses, types, heads and bodies that the contract names, what breaks the contract is refused, what keeps it is taken,
nothing is answered without the session that is asked for. Its phases are coverage (each field at and beyond its
bounds), fuzzing (drawn requests) and stateful (calls that follow from each other).

| who asks | requests | taken | calls of the contract | breaches | seconds |
| --- | --- | --- | --- | --- | --- |
{rows}| all | **{cases:,}** | {accepted:,} | {operations} | **{broken}** | {seconds:,.0f} |

Asked were 20,000 requests, no server error and no breach. Three answers count as right that schemathesis does not know
of: 414 (the server refuses an address that is too long before the API sees it), 422 to a request of the right form
(what no contract can say, such as which facts an item knows), and 409 where the world moved. How long an answer takes
is not asked here (`make load` does). What else is sent to do harm:
[hostile input](hostile-input.md).
"""


def told_of(found: Mapping[str, Mapping[str, Any]], seed: int) -> dict[str, Any]:
    """What all callers found together."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    return {
        "machine": machine(),
        "python": versions()["python"],
        "commit": commit,
        "measured_at": max(one["measured_at"] for one in found.values()),
        "seed": seed,
        "schemathesis": next(iter(found.values()))["schemathesis"],
        **{name: sum(one[name] for one in found.values()) for name in ("cases", "accepted", "broken", "seconds")},
        "operations": max(one["operations"] for one in found.values()),
        "callers": dict(found),
    }


def write_report(told: Mapping[str, Any]) -> None:
    """Writes the JSON and the page."""
    RESULTS.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    rows = "".join(
        f"| {who} | {one['cases']:,} | {one['accepted']:,} | {one['operations']} | {one['broken']} | "
        f"{one['seconds']:,.0f} |\n"
        for who, one in told["callers"].items()
    )
    PAGE.write_text(_PAGE.format(rows=rows, when=told["measured_at"][:10], **told), "utf-8")
