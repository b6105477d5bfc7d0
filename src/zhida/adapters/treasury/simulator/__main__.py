"""Starts the simulated treasury and prints one line, its address, once it listens."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.adapters.treasury.simulator.faults import Faults
from zhida.adapters.treasury.simulator.server import TreasuryServer


def main(arguments: list[str] | None = None) -> int:
    """Serves until interrupted. `--port 0` takes a free port; the books stand in `treasury.sqlite3` under --home."""
    parser = argparse.ArgumentParser(prog="python -m zhida.adapters.treasury.simulator")
    parser.add_argument("--port", type=int, default=8461)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--faults", type=int, metavar="SEED", help="misbehave, as this seed draws")
    parser.add_argument("--fault-rate", type=float, default=0.3)
    parser.add_argument("--stall", type=float, default=15.0, metavar="SECONDS")
    parser.add_argument("--late", type=float, default=2.0, metavar="SECONDS")
    parser.add_argument("--no-deduplication", action="store_true")
    chosen = parser.parse_args(arguments)
    chosen.home.mkdir(parents=True, exist_ok=True)
    book = TreasuryBook(chosen.home / "treasury.sqlite3", deduplicates=not chosen.no_deduplication)
    faults = Faults(chosen.faults, chosen.fault_rate)
    with TreasuryServer(chosen.port, book, faults, stall_s=chosen.stall, late_s=chosen.late) as server:
        sys.stdout.write(f"{server.address}\n")
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.closing.set()
    book.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
