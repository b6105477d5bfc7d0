"""What gunicorn does with its processes (`-c python:zhida.config.serving`): the program and the packs in force are read
once, before it makes the processes that answer, so that they share them."""

from __future__ import annotations

import gc
import time
from typing import Any

preload_app = True
LONGEST_S = 20.0
"""Packs that were not read by then are read by whoever is asked for them first; requests wait as long in the queue."""


COLLECTED_AFTER = (50_000, 20, 20)
"""Packs that were read stay for good. As often as Python does it by itself, looking for garbage among them took a
seventh of the processor's time of a large installation under load."""


def post_fork(server: Any, worker: Any) -> None:
    """Has a process that answers look for garbage more seldom."""
    gc.set_threshold(*COLLECTED_AFTER)


def when_ready(server: Any) -> None:
    """Reads the packs in force, those of the newest policies first; leaves no connection open that two would use."""
    from django.db import DatabaseError, connections

    from zhida.domain.errors import ZhidaError

    began = time.monotonic()
    gc.disable()  # nothing that is read here is let go
    try:
        read = read_packs(began + LONGEST_S)
        server.log.info("%d packs read in %.1f s", read, time.monotonic() - began)
    except (DatabaseError, ZhidaError) as error:
        server.log.warning("packs could not be read before the first request: %s", error)
    finally:
        connections.close_all()
    gc.enable()
    gc.collect()
    gc.freeze()  # the collector would write to each object that it looks at, and so copy what is shared


def read_packs(until: float) -> int:
    """Reads packs until an instant of the monotonic clock; how many."""
    from zhida.kernel.catalogue import queries as catalogue
    from zhida.kernel.ports import clock

    count = 0
    for record in catalogue.policies(as_of=clock().now()):
        if time.monotonic() >= until:
            break
        catalogue.revision(record.id)
        count += 1
    return count
