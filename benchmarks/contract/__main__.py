"""`make fuzz`: serves a copy of a demonstration, asks it what its contract allows and forbids, and tells what broke.

All checks of schemathesis are on. Three answers count as right that it does not know of: 414 (the server refuses an
address that is too long before the API sees it), 422 to a request of the right form (what the contract cannot say, such
as which facts an item knows), and 409 where the world moved. Everything is drawn from the seed.

Callers are asked one after the other, and what each found is kept: a run that was cut off goes on with the next caller,
`--again` asks all anew. With `--keep` the JSON and the page about it are written.
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
from benchmarks.contract.report import PAGE, RESULTS, told_of, write_report

KEPT = Path(".zhida/benchmarks/contract")
MUCH = ("", "firm", "person", "reviewer")
LITTLE = (
    "household", "author", "reader", "maker", "checker", "releaser", "auditor", "operator", "supervisor", "gridworker",
)  # fmt: skip
"""One of each duty: most of what they are answered is what the firm, the person and the reviewer are."""
WHO = (*MUCH, *LITTLE)
FEW = 10
"""Requests drawn for each call of the contract for those who are asked little; coverage of its fields comes besides."""
_EXTRA: dict[str, list[Any]] = {
    "negative_data_rejection": [400, 401, 403, 404, 405, 409, 414, 415, 422],
    "positive_data_acceptance": ["2xx", 401, 403, 404, 409, 414, 422, 503],
}
_PORT = 8047
_PATIENCE_S = 3_600
"""What a request may take: others work on the machine too, and how long a page takes is measured elsewhere."""


def main() -> int:
    """0 where nothing broke."""
    asked = _arguments()
    if asked.again:
        shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    missing = [who for who in WHO if not _kept_at(who, asked).exists()]
    if missing:
        with tempfile.TemporaryDirectory() as folder, _served(Path(asked.home), Path(folder)) as url:
            for who in missing:
                found = _short(_run(caller(url, who), Path(folder), asked))
                _kept_at(who, asked).write_text(json.dumps(found), "utf-8")
    told = told_of({who or "nobody": json.loads(_kept_at(who, asked).read_text("utf-8")) for who in WHO}, asked.seed)
    print(json.dumps(told, indent=1, ensure_ascii=False))
    if asked.keep:
        write_report(told)
    return int(bool(told["broken"]))


def _kept_at(who: str, asked: argparse.Namespace) -> Path:
    return KEPT / f"{who or 'nobody'}-{asked.seed}-{asked.drawn}.json"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--home", default=".zhida", help="a home that `make demo` made; a copy of it is asked")
    parser.add_argument(
        "--drawn", type=int, default=30, help="requests drawn for each call, for the first four callers"
    )
    parser.add_argument("--schemathesis", default=".venv/fuzz/bin/schemathesis", help="the program")
    parser.add_argument("--seed", type=int, default=20260303)
    parser.add_argument("--keep", action="store_true", help=f"write what was found to {RESULTS} and {PAGE}")
    parser.add_argument("--again", action="store_true", help="ask every caller anew")
    return parser.parse_args()


@contextmanager
def _served(home: Path, folder: Path) -> Iterator[str]:
    """A copy of the home, served on a port of its own until the end."""
    copy = folder / "home"
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns("benchmarks", "encoded", "screenings"))
    command = [sys.executable, "-m", "zhida.surfaces.cli.main", "serve", "--home", str(copy), "--port", str(_PORT)]
    patient = os.environ | {"GUNICORN_CMD_ARGS": f"--timeout {_PATIENCE_S}"}
    log = (folder / "server.log").open("wb")
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, env=patient)
    try:
        url = f"http://127.0.0.1:{_PORT}"
        wait_for(url)
        yield url
    finally:
        server.terminate()
        server.wait(_PATIENCE_S)


def _run(who: Caller, folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    config, report = folder / f"{who.login or 'nobody'}.toml", folder / f"{who.login or 'nobody'}.json"
    config.write_text(who.config(_EXTRA), "utf-8")
    each = asked.drawn if who.login in MUCH else FEW
    command = [
        str(Path(asked.schemathesis).absolute()), "--config-file", str(config), "run",
        f"{who.url}/api/v1/openapi.json", "--checks", "all", "--continue-on-failure", "--no-color", "--seed",
        str(asked.seed), "--max-examples", str(each), "--phases", "coverage,fuzzing,stateful",
        "--report", "json", "--report-json-path", str(report), "--generation-database", "none",
        "--suppress-health-check", "all", "--request-timeout", str(_PATIENCE_S),
    ]  # fmt: skip
    ended = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env=os.environ | {"ZHIDA_FUZZ_TOKEN": who.token}
    )
    found: dict[str, Any] = json.loads(report.read_text("utf-8")) if report.exists() else {}
    if not found.get("test_cases") or (ended.returncode and not found["failures"]):  # it could not ask
        raise SystemExit(ended.stdout[-4000:] + ended.stderr[-4000:])
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
        "schemathesis": found["schemathesis_version"],
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    sys.exit(main())
