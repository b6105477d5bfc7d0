"""What the load showed: one JSON for machines, and a page that sets each figure beside what was asked of it."""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.screening.machine import machine, versions

RESULTS = Path("benchmarks/results/load.json")
PAGE = Path("docs/reference/load.md")
ASKED_MS = {"worklist": 200, "search": 200}
OTHER_MS = 300
_PAGE = """# Pages under load

Written by `make load LOAD="--keep"` from `benchmarks/results/load.json`. Measured {when} at {commit} on {machine},
with Python {python} and PostgreSQL on the same cores (`.ci/postgres`, without fsync), load average {load} at the end.

A made-up province: **{policies:,} policies with {items:,} items, {firms:,} firms, {cases:,} cases** with
{steps:,} steps and {grants:,} grants. `zhida serve` runs gunicorn with three processes of two threads. The client sends
{rate:g} requests a second for {seconds:g} s, each at its appointed instant, whether or not those before it were
answered; a time runs from that instant to the last byte, so what waits counts. The client runs on the same two cores.
Every address was asked three times before; what one of the processes was not asked for then it draws while it is
measured. {addresses:,} addresses are asked for, by {people} people and
{officers} officers who have logged in and by anybody. {note}

{verdict}

| page | share | requests | p50 ms | p95 ms | asked p95 | p99 ms | longest ms | errors | kB |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
{rows}
{also}Not in it: the ledger is as small as the installation's own beginning, notices and payments of the cases are not
written, and nobody writes while pages are read. `make load LOAD="--items 5000 --cases 100000"` is a tenth of it,
`--costs 5` tells the queries and the processor time of each page. The installation is filled once, in
`.zhida/benchmarks/load`, and used again. Limits on how often one address may ask are off (`ZHIDA_RATES=0`).
"""


def told_of(
    pages: Mapping[str, Mapping[str, float]],
    mix: Mapping[str, tuple[float, Any]],
    sizes: Mapping[str, int],
    asked: argparse.Namespace,
    load: float,
    at: datetime,
) -> dict[str, Any]:
    """The figures with what they were measured on."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    return {
        "machine": machine(), "python": versions()["python"], "commit": commit, "load": round(load, 1),
        "measured_at": at.isoformat(timespec="seconds"), "seed": asked.seed,
        "rate": asked.rate, "seconds": asked.seconds,
        **sizes, "shares": {page: share for page, (share, _) in mix.items()}, "pages": pages,
    }  # fmt: skip


def write_report(told: Mapping[str, Any]) -> None:
    """Writes the JSON and the page."""
    RESULTS.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    shares = {"all": 1.0, **told["shares"]}
    rows = "".join(
        f"| {page} | {share:.0%} | {one['requests']:,} | {one['p50_ms']:,.0f} | **{one['p95_ms']:,.0f}** | "
        f"{ASKED_MS.get(page, OTHER_MS)} | {one['p99_ms']:,.0f} | {one['max_ms']:,.0f} | {one['errors']} | "
        f"{one['mean_kb']:,.0f} |\n"
        for page, share in shares.items()
        if (one := told["pages"].get(page))
    )
    filled = {**told, "rows": rows, "when": told["measured_at"][:10], "verdict": _verdict(told["pages"])}
    filled["also"] = "".join(_slower(rate, pages) for rate, pages in told.get("also", {}).items())
    PAGE.write_text(_PAGE.format(**filled), "utf-8")


def _slower(rate: float, pages: Mapping[str, Mapping[str, float]]) -> str:
    """What the same pages took at another rate."""
    rows = "".join(
        f"| {page} | {one['p50_ms']:,.0f} | **{one['p95_ms']:,.0f}** | {ASKED_MS.get(page, OTHER_MS)} | "
        f"{one['p99_ms']:,.0f} | {one['errors']} |\n"
        for page, one in pages.items()
    )
    head = "| page | p50 ms | p95 ms | asked p95 | p99 ms | errors |\n| --- | --- | --- | --- | --- | --- |\n"
    return f"At {float(rate):g} requests a second the same installation answers so:\n\n{head}{rows}\n"


def _verdict(pages: Mapping[str, Mapping[str, float]]) -> str:
    """Which pages keep what is asked of them, and which fall short."""
    short = [page for page, one in pages.items() if one["p95_ms"] > ASKED_MS.get(page, OTHER_MS) or one["errors"]]
    if not short:
        return "**Every page keeps the time asked of it, without an error.**"
    kept = [page for page in pages if page not in short and page != "all"]
    words = f"**What is asked is not reached**: {', '.join(short)} fall short."
    return f"{words} Kept: {', '.join(kept)}." if kept else words
