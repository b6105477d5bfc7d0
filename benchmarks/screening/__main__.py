"""`make bench`: measures everything at a scale, each part in its own process, and writes the table and the picture.

What a part found is kept in a file. A run that was cut off goes on where it was; `--again` measures all, or the named
parts, anew. The small scale is always measured anew.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import django

from benchmarks.screening.scales import Scale, scale_of

ROOT = Path(__file__).parent.parent.parent
RESULTS = ROOT / "benchmarks" / "results"
LIMIT_S = 1_800


def main() -> None:
    """Reads the command line."""
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument(
        "--scale", default="small", help="small, province, or so many organisations x items: 500000x4000"
    )
    asked.add_argument("--only", default="", help="measure only these parts, by comma")
    asked.add_argument("--again", nargs="?", const="all", default="", help="measure all parts anew, or those named")
    asked.add_argument("--budget", type=float, default=0, help="seconds that a peer may take in one round")
    asked.add_argument("--limit", type=float, default=LIMIT_S, help="seconds that one part may take")
    asked.add_argument("--part", default="", help=argparse.SUPPRESS)
    options = asked.parse_args()
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhida.config.settings")
    os.environ["ZHIDA_HOME"] = str(ROOT / ".zhida" / "benchmarks" / "home")
    django.setup()
    scale = scale_of(options.scale)
    if options.budget:
        scale = replace(scale, budget_s=options.budget)
    if options.part:
        measure(options.part, scale)
    else:
        run(scale, options)


def measure(part: str, scale: Scale) -> None:
    """One part, in this process."""
    from benchmarks.screening.engine import THREADS, Engine, screen
    from benchmarks.screening.judging import Judge
    from benchmarks.screening.own import PARTS
    from benchmarks.screening.peers import offered
    from benchmarks.screening.trials import try_peer
    from benchmarks.screening.world import World

    engine = Engine(World(scale))
    if part == "prepare":
        found: dict[str, Any] = {"rows": engine.store.rows, "cases": len(engine.world.cases)}
        found["columns"] = engine.world.prepared.num_columns
    elif part in PARTS:
        found = dict(PARTS[part](engine))
    else:
        store, plan = engine.store, engine.plan
        judge = Judge(engine, screen(store, plan))
        peer = offered(part)(engine)
        trial = try_peer(
            peer, lambda: screen(store, plan), judge, budget_s=scale.budget_s, rounds=scale.rounds, cores=THREADS
        )
        found = trial.told()
    path = kept_at(scale, part)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".draft").write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8")
    path.with_suffix(".draft").rename(path)


def kept_at(scale: Scale, part: str) -> Path:
    """Where a part's figures are kept."""
    return Path(".zhida/benchmarks/parts") / scale.folder / f"{part}.json"


def run(scale: Scale, options: argparse.Namespace) -> None:
    """All parts one after the other, then the report."""
    from benchmarks.screening.own import PARTS
    from benchmarks.screening.peers import PEERS
    from benchmarks.screening.report import write_report

    again = options.again or ("all" if scale.name == "small" else "")
    parts = options.only.split(",") if options.only else ["prepare", *PARTS, *PEERS]
    print(f"{scale.organisations:,} organisations x {scale.items:,} items = {scale.pairs:,} pairs")
    for part in parts:
        path = kept_at(scale, part)
        if path.exists() and not (again == "all" or part in again.split(",")):
            print(f"  {part}: kept from before")
            continue
        path.unlink(missing_ok=True)
        print(f"  {part} …", flush=True)
        _in_own_process(part, options)
    held = {
        path.stem: json.loads(path.read_text("utf-8")) for path in sorted(kept_at(scale, "x").parent.glob("*.json"))
    }
    write_report(scale, held, RESULTS)


def _in_own_process(part: str, options: argparse.Namespace) -> None:
    """A part that fails, or takes too long, is told and left out of the table."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.screening", "--scale", options.scale, "--part", part]
    command += ["--budget", str(options.budget)]
    try:
        done = subprocess.run(command, timeout=options.limit, capture_output=True, text=True, check=False)
    except subprocess.TimeoutExpired:
        print(f"    not measured: it took longer than {options.limit:g} s")
        return
    if done.returncode:
        print(f"    not measured: {(done.stderr.strip().splitlines() or ['no reason told'])[-1]}")
    elif done.stdout:
        print(done.stdout, end="")


if __name__ == "__main__":
    main()
