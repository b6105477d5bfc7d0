"""Children of this warmed process: each has its own connection through a deadly backend, and tells by a pipe."""

from __future__ import annotations

import json
import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connections

from tests.simulation.killing import boundary

LONGEST_S = 600
_BACKEND = {"sqlite": "tests.simulation.killing.sqlite", "postgresql": "tests.simulation.killing.postgresql"}


@dataclass(frozen=True)
class Ended:
    """How a child ended: killed at its boundary, or with what its work told after so many boundaries."""

    killed: bool
    passed: int = 0
    told: Any = None


def in_child(work: Callable[[], Any], *, deadly: int = 0) -> Ended:
    """Runs work (that tells JSON) in a child that dies at the `deadly`-th boundary; 0 lets it live.

    Raises RuntimeError with the child's traceback where the work fails by itself, or takes longer than LONGEST_S.
    """
    vendor = connections["default"].vendor
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_a_child(work, vendor, deadly, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return Ended(killed=True)
    if not said:
        raise RuntimeError(f"the child told nothing, status {status}")
    found = json.loads(said)
    if "error" in found:
        raise RuntimeError(found["error"])
    return Ended(killed=False, passed=found["passed"], told=found["told"])


def _be_a_child(work: Callable[[], Any], vendor: str, deadly: int, writing: int) -> None:
    """Never returns: whatever happens, nothing of the parent's unwinding runs here."""
    try:
        signal.alarm(LONGEST_S)
        connections.settings["default"]["ENGINE"] = _BACKEND[vendor]
        del connections["default"]
        boundary.arm(deadly)
        told = work()
        said = {"told": told, "passed": boundary.passed()}
    except BaseException:
        said = {"error": traceback.format_exc()}
    os.write(writing, json.dumps(said).encode())
    os._exit(0)
