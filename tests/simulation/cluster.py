"""A PostgreSQL of its own that keeps what it acknowledges (`fsync` stays on), and that can be made to die.

Not `.ci/postgres`: that one gives durability up for speed. A power cut is not played: what the operating system was
given stays; what the server only held in its own memory is gone.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_START_S = 60


def binaries() -> Path | None:
    """Where the newest installed PostgreSQL keeps its programs; None where there is none, or none may be started."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    return found[-1].parent if found and (os.getuid() or shutil.which("runuser")) else None


@dataclass(frozen=True)
class Cluster:
    """A cluster in a folder, on a free loopback port; `options` are the server's own, as `-c name=value`."""

    home: Path
    port: int
    options: str = ""

    @property
    def address(self) -> str:
        """As ZHIDA_DATABASE_URL has it."""
        return f"postgres://zhida@127.0.0.1:{self.port}/zhida"

    def start(self) -> None:
        """Starts the server, which recovers where it died; waits until it answers. Raises RuntimeError."""
        options = f"-p {self.port} -k {self.home} -h 127.0.0.1 {self.options}"
        until = time.monotonic() + _START_S
        while self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start").returncode:
            if time.monotonic() > until:  # what is left of the killed one is cleared away by and by
                raise RuntimeError((self.home / "log").read_text("utf-8")[-2_000:])
            time.sleep(0.2)

    def stop_at_once(self) -> None:
        """As an operator in a hurry: nothing is flushed, every connection ends."""
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "stop")

    def kill(self) -> None:
        """SIGKILL to the server and to all of its processes."""
        first = int((self.home / "data" / "postmaster.pid").read_text("utf-8").split()[0])
        rest = Path(f"/proc/{first}/task/{first}/children").read_text("utf-8").split()
        for process in [first, *map(int, rest)]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        owner = [] if os.getuid() else ["runuser", "-u", "postgres", "--"]
        command = [*owner, str(binaries() / program), *arguments]
        return subprocess.run(command, cwd=self.home, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def founded(*, options: str = "") -> Iterator[Cluster]:
    """A fresh cluster with an empty database, running; removed at the end."""
    home = Path(tempfile.mkdtemp(prefix="zhida-postgres-"))
    if not os.getuid():
        shutil.chown(home, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        cluster = Cluster(home, free.getsockname()[1], options)
    try:
        cluster._run("initdb", "-D", "data", "-U", "zhida", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        cluster.start()
        cluster._run("createdb", "-h", "127.0.0.1", "-p", str(cluster.port), "-U", "zhida", "zhida")
        yield cluster
    finally:
        cluster.stop_at_once()
        shutil.rmtree(home, ignore_errors=True)
