"""A database and a home for one part, and workers that are processes of their own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MEMORY = Path("/dev/shm")
NOW = "2026-03-03T02:00:00+00:00"


@dataclass(frozen=True)
class Effort:
    """How much a part may do: `share` of its whole figure (1 is all), for at most `minutes` (0 is as long as it takes).

    `seed` is where seeded parts begin. `before` holds what the part found in runs that were cut off: it goes on from
    there. `keep` writes down what it has found so far, so that little is lost where this run is cut off too.
    """

    share: float
    minutes: float
    seed: int
    before: Mapping[str, Any] = field(default_factory=dict)
    keep: Callable[[Mapping[str, Any]], None] = lambda found: None

    def of(self, whole: int) -> int:
        """So many of the whole, at least one."""
        return max(1, round(whole * self.share))

    def left(self, whole: int, name: str) -> int:
        """So many of the whole are still to be done, where `name` counts what was done before."""
        return max(0, self.of(whole) - int(self.before.get(name, 0)))

    def until(self) -> float:
        """The instant of `time.monotonic` after which nothing new is begun."""
        return time.monotonic() + (self.minutes * 60 or 10**9)


def set_up() -> Path:
    """Django on this part's own database, migrated, with a home that is removed with the temporary folder."""
    home = Path(tempfile.mkdtemp(prefix="zhida-money-", dir=MEMORY if MEMORY.exists() else None))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["ZHIDA_HOME"] = str(home)
    os.environ["ZHIDA_SEALING_LAG"] = "0"  # days pass here without a worker that seals
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhida.config.settings"
    import django

    django.setup()
    import logging

    from django.conf import settings
    from django.core.management import call_command

    settings.ZHIDA_PAYS_ONLY_GRANTS = False  # grants are made up here
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    return home


def in_processes(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Each in a process of its own, at once; what each told as JSON. Raises RuntimeError with the first traceback."""
    from django.db import connections

    connections.close_all()
    pipes = [_forked(work) for work in works]
    told = []
    for reading, child in pipes:
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
        told.append(json.loads(said or b'{"error": "a worker died"}'))
    for each in told:
        if "error" in each:
            raise RuntimeError(each["error"])
    return [each["told"] for each in told]


def _forked(work: Callable[[], Any]) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return reading, child
    os.close(reading)
    try:
        said = {"told": work()}
    except BaseException:
        said = {"error": traceback.format_exc()}
    data = json.dumps(said).encode()
    while data:
        data = data[os.write(writing, data) :]
    os._exit(0)


def share_of(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies; 0 of none."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0
