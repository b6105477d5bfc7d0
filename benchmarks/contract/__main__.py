"""`make fuzz`: serves a copy of a demonstration, asks it what its contract allows and forbids, and tells what broke.

All checks of schemathesis are on. Three answers count as right that it does not know of: 414 (the server refuses an
address that is too long before the API sees it), 422 to a request of the right form (what the contract cannot say, such
as which facts an item knows), and 409 where the world moved. Everything is drawn from the seed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.contract.callers import Caller, caller, wait_for
from benchmarks.screening.machine import machine

RESULTS = Path("benchmarks/results/contract.json")
WHO = ("", "firm", "person", "reviewer")
OPERATIONS = 25
_EXTRA = {
    "negative_data_rejection": [400, 401, 403, 404, 405, 409, 414, 415, 422],
    "positive_data_acceptance": ["2xx", 401, 403, 404, 409, 414, 422, 503],
}
_PORT = 8047


def main() -> int:
    """0 where nothing broke."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder, _served(Path(asked.home), Path(folder)) as url:
        found = {who or "nobody": _run(caller(url, who), Path(folder), asked) for who in WHO}
    told = {
        "machine": machine(),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": asked.seed,
        "schemathesis": next(iter(found.values()))["schemathesis_version"],
        "cases": sum(one["test_cases"]["generated"] for one in found.values()),
        "broken": sum(one["test_cases"]["unique_failures"] for one in found.values()),
        "callers": {who: _short(one) for who, one in found.items()},
    }
    print(json.dumps(told, indent=1, ensure_ascii=False))
    if asked.keep:
        RESULTS.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return int(bool(told["broken"]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--home", default=".zhida", help="a home that `make demo` made; a copy of it is asked")
    parser.add_argument("--cases", type=int, default=20_000, help="about so many requests in all")
    parser.add_argument("--schemathesis", default=".venv/fuzz/bin/schemathesis", help="the program")
    parser.add_argument("--seed", type=int, default=20260303)
    parser.add_argument("--keep", action="store_true", help=f"write what was found to {RESULTS}")
    return parser.parse_args()


@contextmanager
def _served(home: Path, folder: Path) -> Iterator[str]:
    """A copy of the home, served on a port of its own until the end."""
    copy = folder / "home"
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns("benchmarks", "encoded", "screenings"))
    command = [sys.executable, "-m", "zhida.surfaces.cli.main", "serve", "--home", str(copy), "--port", str(_PORT)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=(folder / "server.log").open("wb"))
    try:
        url = f"http://127.0.0.1:{_PORT}"
        wait_for(url)
        yield url
    finally:
        server.terminate()
        server.wait(30)


def _run(who: Caller, folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    config, report = folder / f"{who.login or 'nobody'}.toml", folder / f"{who.login or 'nobody'}.json"
    config.write_text(who.config(_EXTRA), "utf-8")
    each = max(1, asked.cases // len(WHO) // OPERATIONS)
    command = [
        str(Path(asked.schemathesis).absolute()), "--config-file", str(config), "run",
        f"{who.url}/api/v1/openapi.json", "--checks", "all", "--continue-on-failure", "--no-color", "--seed",
        str(asked.seed), "--max-examples", str(each), "--phases", "coverage,fuzzing,stateful",
        "--report", "json", "--report-json-path", str(report), "--generation-database", "none",
        "--suppress-health-check", "all",
    ]  # fmt: skip
    ended = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env=os.environ | {"ZHIDA_FUZZ_TOKEN": who.token}
    )
    if not report.exists():
        raise SystemExit(ended.stdout[-4000:] + ended.stderr[-4000:])
    (folder / f"{who.login or 'nobody'}.log").write_text(ended.stdout, "utf-8")
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    print(ended.stdout[ended.stdout.find("= FAILURES") :] if found["failures"] else f"  {who.login or 'nobody'}: whole")
    return found


def _short(found: dict[str, Any]) -> dict[str, Any]:
    accepted = sum(phase["accepted"] for one in found["valid_rates"].values() for phase in one.values())
    return {
        "cases": found["test_cases"]["generated"],
        "accepted": accepted,
        "broken": found["test_cases"]["unique_failures"],
        "operations": found["operations"]["tested"],
        "seconds": round(found["running_time"], 1),
    }


if __name__ == "__main__":
    sys.exit(main())
