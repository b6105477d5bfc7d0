"""Work shared out over this machine's processors."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

Given = TypeVar("Given")
Done = TypeVar("Done")


def in_threads(work: Callable[[Given], Done], given: Iterable[Given]) -> Iterator[Done]:
    """What the work gives, as it comes. Where it raises, or nobody listens any more, what has not begun is left."""
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        waiting = [pool.submit(work, each) for each in given]
        try:
            for future in as_completed(waiting):
                yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
