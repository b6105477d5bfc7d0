"""`make load`: fills a large installation on PostgreSQL once, serves it with gunicorn as production does, and asks it
for pages 50 times a second without waiting for the answers.

The installation is kept under `.zhida/benchmarks/load`, by its size, and used again. `--costs 5` serves nothing and
tells the queries and the processor time of five requests a page. `--keep` writes the JSON and the page about it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.load.filling import Size, fill
from benchmarks.screening.machine import load as busy

ROOT = Path(__file__).parent.parent.parent
KEPT = Path(".zhida/benchmarks/load")
PORT = 8057
_TIMES, _AT_ONCE = 3, 1_000


def main() -> int:
    """0 where no page answered with an error."""
    asked = _arguments()
    os.chdir(ROOT)
    folder = (KEPT / f"{asked.items}-{asked.cases}").absolute()
    (folder / "home").mkdir(parents=True, exist_ok=True)
    if not os.environ.get("ZHIDA_LOAD_INSIDE"):
        kept = os.environ | {"ZHIDA_POSTGRES_KEEP": str(folder / "postgres"), "ZHIDA_LOAD_INSIDE": "1"}
        return subprocess.run(
            [".ci/postgres", sys.executable, "-m", "benchmarks.load", *sys.argv[1:]], env=kept
        ).returncode
    os.environ |= {"ZHIDA_HOME": str(folder / "home"), "DJANGO_SETTINGS_MODULE": "zhida.config.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill(folder, Size(asked.items, asked.cases, asked.firms), lambda words: print(words, flush=True))
    return 0 if asked.fill_only else _measure(asked, folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("--items", type=int, default=48_500, help="items published, in packs of 20 to 60")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--firms", type=int, default=50_000)
    parser.add_argument("--rate", type=float, default=50, help="requests a second")
    parser.add_argument("--also", type=float, default=0, help="another rate, measured after it")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=20260303)
    parser.add_argument("--fill-only", action="store_true", help="fill, and measure nothing")
    parser.add_argument(
        "--costs", type=int, default=0, help="so many requests a page: queries and processor time alone"
    )
    parser.add_argument("--page", default="", help="of all pages this one")
    parser.add_argument("--keep", action="store_true", help="write the JSON and the page")
    parser.add_argument("--note", default="", help="what else the page has to say of this run")
    return parser.parse_args()


def _measure(asked: argparse.Namespace, folder: Path) -> int:
    from benchmarks.load.client import drawn, send, summed
    from benchmarks.load.costs import costs
    from benchmarks.load.filling import sizes
    from benchmarks.load.report import told_of, write_report
    from benchmarks.load.visitors import mix, people_of

    pages = {page: held for page, held in mix(asked.seed).items() if asked.page in ("", page)}
    if asked.costs:
        costs(pages, asked.costs, lambda words: print(words, flush=True))
        return 0
    with _served(folder):
        every = [one for _, visits in pages.values() for one in visits]
        print(f"{len(every)} addresses, each asked {_TIMES} times to begin with …", flush=True)
        random.Random(asked.seed).shuffle(every)
        send(PORT, every * _TIMES, _AT_ONCE)
        found = {}
        for rate in (asked.rate, asked.also) if asked.also else (asked.rate,):
            print(f"{rate:g} a second for {asked.seconds:g} s …", flush=True)
            began, visits = time.monotonic(), drawn(pages, int(rate * asked.seconds), asked.seed)
            found[rate] = summed(send(PORT, visits, rate))
            print(f"{len(visits) / (time.monotonic() - began):.1f} answered a second", flush=True)
    figures = told_of(found.pop(asked.rate), pages, sizes(), asked, busy(), datetime.now(UTC))
    figures |= {"addresses": len(every), **people_of(pages), "note": asked.note, "also": found}
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    if asked.keep:
        write_report(figures)
    return int(any(page["errors"] for page in figures["pages"].values()))


@contextmanager
def _served(folder: Path) -> Iterator[None]:
    """`zhida serve`, as docs/how-to/run-on-postgresql.md says, until the end."""
    command = [sys.executable, "-m", "zhida.surfaces.cli.main", "serve", "--port", str(PORT)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | {"ZHIDA_RATES": "0"})
        try:
            _wait()
            yield
        finally:
            server.terminate()
            server.wait(600)


def _wait(seconds: float = 600) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/help/", timeout=30).read()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return


if __name__ == "__main__":
    sys.exit(main())
