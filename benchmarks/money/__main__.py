"""`make soak`: what the tests of money do in part, whole; each part in a process and on a database of its own.

What a part found is kept, so a run that was cut off goes on; `--again` measures all, or the named parts, anew. Written
are `benchmarks/results/money.json` and `docs/reference/money-figures.md`; with `--share` below 1 only the JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from pathlib import Path
from typing import Any

from benchmarks.money.stage import Effort, set_up

ROOT = Path(__file__).parent.parent.parent
ON_POSTGRES = ("kills", "races", "conservation", "instant", "batch")
ON_SQLITE = ("seeds", "lives", "reconciling", "tampering", "mutants")
ALONE = ("verifying",)
LIMIT_S = 7_200


def main() -> None:
    """Reads the command line."""
    asked = argparse.ArgumentParser(prog="make soak", description=__doc__)
    asked.add_argument("--only", default="", help="only these parts, by comma")
    asked.add_argument("--again", nargs="?", const="all", default="", help="all parts anew, or those named")
    asked.add_argument("--minutes", type=float, default=0, help="so long at most for each part (0: until it is whole)")
    asked.add_argument("--share", type=float, default=1, help="the share of each whole figure")
    asked.add_argument("--seed", type=int, default=20260303, help="where seeded parts begin")
    asked.add_argument("--part", default="", help=argparse.SUPPRESS)
    options = asked.parse_args()
    os.chdir(ROOT)
    if options.part:
        measure(options.part, Effort(options.share, options.minutes, options.seed))
    else:
        run(options)


def measure(part: str, effort: Effort) -> None:
    """One part, in this process."""
    home = set_up() if part not in ALONE else Path(tempfile.mkdtemp(prefix="zhida-money-"))
    module = import_module(f"benchmarks.money.{part}")
    offered = {
        "effort": effort,
        "home": home,
        "seed": effort.seed,
        "entries": effort.of(1_000_000),
        "payments": effort.of(100_000),
        "anomalies": effort.of(1_000),
    }
    asked = signature(module.measure).parameters
    found = dict(module.measure(**{name: value for name, value in offered.items() if name in asked}))
    found |= {"share": effort.share, "minutes": effort.minutes, "load": round(os.getloadavg()[0], 1)}
    path = kept_at(part)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".draft").write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8")
    path.with_suffix(".draft").rename(path)


def kept_at(part: str) -> Path:
    """Where a part's figures are kept."""
    return Path(".zhida/benchmarks/money") / f"{part}.json"


def run(options: argparse.Namespace) -> None:
    """All parts one after the other, then the report."""
    from benchmarks.money.report import write_report

    there = [part for part in (*ON_POSTGRES, *ON_SQLITE, *ALONE) if find_spec(f"benchmarks.money.{part}")]
    parts = options.only.split(",") if options.only else there
    for part in parts:
        if kept_at(part).exists() and not (options.again == "all" or part in options.again.split(",")):
            print(f"  {part}: kept from before")
            continue
        began = time.monotonic()
        print(f"  {part}, seed {options.seed} …", flush=True)
        _in_own_process(part, options)
        print(f"    {time.monotonic() - began:.0f} s")
    held: dict[str, Any] = {
        part: json.loads(kept_at(part).read_text("utf-8")) for part in there if kept_at(part).exists()
    }
    write_report(held, is_whole=options.share == 1)


def _in_own_process(part: str, options: argparse.Namespace) -> None:
    """A part that fails, or takes too long, is told and left out of the report."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.money", "--part", part]
    command += ["--minutes", str(options.minutes), "--share", str(options.share), "--seed", str(options.seed)]
    if part in ON_POSTGRES:
        command = [".ci/postgres", *command]
    environment = {name: value for name, value in os.environ.items() if name != "ZHIDA_DATABASE_URL"}
    try:
        done = subprocess.run(command, timeout=LIMIT_S, capture_output=True, text=True, check=False, env=environment)
    except subprocess.TimeoutExpired:
        print(f"    not measured: it took longer than {LIMIT_S} s")
        return
    if done.returncode:
        print(f"    not measured: {(done.stderr.strip().splitlines() or ['no reason told'])[-1]}")


if __name__ == "__main__":
    main()
