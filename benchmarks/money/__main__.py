"""`make soak`: what the tests of money do in part, whole; each part in a process and on a database of its own.

What a part has found is kept every few seconds, so a run that was cut off goes on where it was; `--again` measures
all, or the named parts, anew. Written after each part are `benchmarks/results/money.json` and
`docs/reference/money-figures.md`; with `--share` below 1, or with uncommitted changes, the figures are only told.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

from benchmarks.money.report import PAGE, RESULTS, UNCOMMITTED, is_committed, tell, write_report
from benchmarks.money.stage import Effort, set_up

ROOT = Path(__file__).parent.parent.parent
ON_POSTGRES = ("kills", "races", "conservation", "instant", "batch", "soaking")
ON_SQLITE = ("seeds", "lives", "reconciling", "tampering")
ALONE = ("verifying", "deaths", "mutants")
PARTS = (*ON_POSTGRES, *ON_SQLITE, *ALONE)
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
    if unknown := sorted({*_named(options.only), *_named(options.again.removeprefix("all"))} - {*PARTS}):
        asked.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    os.chdir(ROOT)
    if options.part:
        measure(options.part, options)
    else:
        run(options)


def _named(parts: str) -> list[str]:
    return [part for part in parts.split(",") if part]


def measure(part: str, options: argparse.Namespace) -> None:
    """One part, in this process."""
    began, last = time.monotonic(), [0.0]
    before = before_of(part, options)
    commit = _git("rev-parse", "--short", "HEAD") + (UNCOMMITTED if _changes() else "")

    def keep(found: Mapping[str, Any], *, pause_s: float = 5) -> None:
        if time.monotonic() - last[0] >= pause_s:
            last[0] = time.monotonic()
            stamp = {"share": options.share, "seed": options.seed, **_stamp(before, began, commit)}
            _write(kept_at(part, options.share), {**found, **stamp})

    effort = Effort(options.share, options.minutes, options.seed, before, keep)
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
    found = module.measure(**{name: value for name, value in offered.items() if name in asked})
    keep({**found, "is_whole": not options.minutes or found.get("left", 0) == 0}, pause_s=0)


def before_of(part: str, options: argparse.Namespace) -> dict[str, Any]:
    """What a part found before, unless it is whole or began elsewhere."""
    kept = _held([part], options.share).get(part, {})
    return {} if kept.get("is_whole") or kept.get("seed") != options.seed else kept


def _stamp(before: Mapping[str, Any], began: float, commit: str) -> dict[str, Any]:
    """Where, when and on which commits a part was measured, and how long it took in all its runs together."""
    return {
        "load": round(os.getloadavg()[0], 1),
        "measured_on": datetime.now(UTC).date().isoformat(),
        "commits": sorted({*before.get("commits", []), commit} - {""}),
        "took_s": round(before.get("took_s", 0) + time.monotonic() - began, 1),
    }


def _changes() -> str:
    """What is changed here and in no commit, but for what this program itself writes."""
    return _git("status", "--porcelain", "--", ".", f":!{RESULTS}", f":!{PAGE}")


def _git(*asked: str) -> str:
    return subprocess.run(["git", *asked], capture_output=True, text=True, check=False).stdout.strip()


def _write(path: Path, found: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".draft").write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8")
    path.with_suffix(".draft").rename(path)


def kept_at(part: str, share: float) -> Path:
    """Where a part's figures are kept while it goes on; a smaller share has a place of its own."""
    return Path(".zhida/benchmarks/money") / (f"{part}.json" if share == 1 else f"{part}-{share}.json")


def run(options: argparse.Namespace) -> None:
    """All parts one after the other, then the report."""
    if options.share == 1:
        _take_up()
    for part in _named(options.only) or PARTS:
        is_anew = options.again == "all" or part in _named(options.again)
        if is_anew or not (_changes() or is_committed(_held([part], options.share).get(part, {}))):
            kept_at(part, options.share).unlink(missing_ok=True)
        if kept_at(part, options.share).exists() and not before_of(part, options):
            print(f"  {part}: kept from before")
            continue
        began = time.monotonic()
        print(f"  {part}, seed {options.seed} …", flush=True)
        _in_own_process(part, options)
        print(f"    {time.monotonic() - began:.0f} s", flush=True)
        if options.share == 1:
            write_report(_held(PARTS, options.share))
    tell(_held(PARTS, options.share))


def _take_up() -> None:
    """What the report holds of earlier runs, on this machine or another, is kept before from here on."""
    held = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    for part, found in held.get("parts", {}).items():
        if part in PARTS and not kept_at(part, 1).exists():
            _write(kept_at(part, 1), found)


def _held(parts: Iterable[str], share: float) -> dict[str, Any]:
    kept = {part: kept_at(part, share) for part in parts}
    return {part: json.loads(path.read_text("utf-8")) for part, path in kept.items() if path.exists()}


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
