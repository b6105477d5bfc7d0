"""What a witness remembers, in one file (SQLite): its seed, and the latest head it cosigned of each log."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zhida.domain.proofs import Checkpoint

_TABLES = """
CREATE TABLE IF NOT EXISTS seed (value BLOB NOT NULL CHECK (length(value) = 32));
CREATE TABLE IF NOT EXISTS head (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL);
"""


class WitnessBook:
    """The file, made on first use and readable by its owner only; shared safely by threads and processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_TABLES)

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()

    def seed(self) -> bytes:
        """The 32-byte seed of the witness's key, drawn on first use."""
        with self.turn():
            row = self._connection.execute("SELECT value FROM seed").fetchone()
            if row is None:
                row = (secrets.token_bytes(32),)
                self._connection.execute("INSERT INTO seed VALUES (?)", row)
        return bytes(row[0])

    def latest(self, origin: str) -> Checkpoint | None:
        """The latest head of a log that was cosigned."""
        row = self._connection.execute("SELECT size, root FROM head WHERE origin = ?", [origin]).fetchone()
        return Checkpoint(origin, row[0], bytes(row[1])) if row else None

    def keep(self, head: Checkpoint) -> None:
        """Remembers a head in place of the one before it; on disk once the turn has ended."""
        self._connection.execute("INSERT OR REPLACE INTO head VALUES (?, ?, ?)", [head.origin, head.size, head.root])

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One at a time, here and in every other process: what is read in a turn is still so when it ends.

        An error undoes what the turn wrote.
        """
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
