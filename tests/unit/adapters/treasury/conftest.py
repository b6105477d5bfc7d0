"""A simulated treasury on a free port of this machine, in a thread, and a client that speaks to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from zhida.adapters.treasury.client import HttpTreasury
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.adapters.treasury.simulator.faults import Faults
from zhida.adapters.treasury.simulator.server import TreasuryServer

Serve = Callable[..., TreasuryServer]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts servers on demand: `serve(faults=…, deduplicates=…, clock=…)`."""
    running: list[tuple[TreasuryServer, threading.Thread]] = []

    def start(
        *, faults: Faults | None = None, deduplicates: bool = True, **clock: Callable[[], float]
    ) -> TreasuryServer:
        book = TreasuryBook(tmp_path / f"{len(running)}.sqlite3", deduplicates=deduplicates, **clock)
        server = TreasuryServer(0, book, faults or Faults(), stall_s=1.0)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        running.append((server, thread))
        return server

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()
        server.book.close()


@pytest.fixture
def connect() -> Iterator[Callable[..., HttpTreasury]]:
    """Opens clients that wait long enough for a busy machine, or as long as told, and are closed at the end."""
    clients: list[HttpTreasury] = []

    def open_client(server: TreasuryServer, *, timeout_s: float = 30) -> HttpTreasury:
        clients.append(HttpTreasury(server.address, timeout_s=timeout_s))
        return clients[-1]

    yield open_client
    for client in clients:
        client.close()
