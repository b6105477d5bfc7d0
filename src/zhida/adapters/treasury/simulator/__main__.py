"""Starts the simulated treasury and prints one line, its address, once it listens."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from zhida.adapters.treasury.simulator.anomalies import Anomalies, Anomaly
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.adapters.treasury.simulator.callbacks import Callbacks
from zhida.adapters.treasury.simulator.faults import Faults
from zhida.adapters.treasury.simulator.folder import FolderBank
from zhida.adapters.treasury.simulator.server import TreasuryServer


def main(arguments: list[str] | None = None) -> int:
    """Serves until interrupted. `--port 0` takes a free port; the books stand in `treasury.sqlite3` under --home."""
    chosen = _parser().parse_args(arguments)
    chosen.home.mkdir(parents=True, exist_ok=True)
    book = TreasuryBook(chosen.home / "treasury.sqlite3", deduplicates=not chosen.no_deduplication)
    faults = Faults(chosen.faults, chosen.fault_rate)
    kinds = tuple(Anomaly) if "all" in chosen.anomaly else tuple(map(Anomaly, chosen.anomaly))
    anomalies = Anomalies(chosen.faults or 0, chosen.anomaly_rate if kinds else 0.0, kinds)
    callbacks = _callbacks(chosen)
    signal.signal(signal.SIGTERM, _interrupt)
    with TreasuryServer(
        chosen.port, book, faults, stall_s=chosen.stall, late_s=chosen.late, anomalies=anomalies, callbacks=callbacks
    ) as server:
        sys.stdout.write(f"{server.address}\n")
        sys.stdout.flush()
        if chosen.files:
            bank = FolderBank(chosen.files, book, faults, anomalies)
            threading.Thread(target=bank.watch, args=(server.closing,), daemon=True).start()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.closing.set()
    if callbacks is not None:
        callbacks.close()
    book.close()
    return 0


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _callbacks(chosen: argparse.Namespace) -> Callbacks | None:
    if not chosen.callbacks:
        return None
    secret = chosen.secret_file.read_bytes().strip()
    rate = chosen.fault_rate if chosen.faults is not None else 0.0
    return Callbacks(chosen.callbacks, secret, seed=chosen.faults or 0, rate=rate, forged=chosen.forged_rate)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m zhida.adapters.treasury.simulator")
    parser.add_argument("--port", type=int, default=8461)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--faults", type=int, metavar="SEED", help="misbehave, as this seed draws")
    parser.add_argument("--fault-rate", type=float, default=0.3)
    parser.add_argument("--stall", type=float, default=15.0, metavar="SECONDS")
    parser.add_argument("--late", type=float, default=2.0, metavar="SECONDS")
    parser.add_argument("--no-deduplication", action="store_true")
    parser.add_argument("--files", type=Path, metavar="FOLDER", help="serve this folder of payment files too")
    parser.add_argument("--anomaly", action="append", default=[], choices=["all", *Anomaly])
    parser.add_argument("--anomaly-rate", type=float, default=0.05)
    parser.add_argument("--callbacks", metavar="ADDRESS", help="call back here with what became of payments")
    parser.add_argument("--secret-file", type=Path, help="the secret that signs callbacks")
    parser.add_argument("--forged-rate", type=float, default=0.0)
    return parser


if __name__ == "__main__":
    sys.exit(main())
