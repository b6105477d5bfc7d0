"""What a process keeps so as not to work it out twice: up to a bound, what was longest unused is given up first."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """Values by key; the sizes of those kept come to at most `most`. Threads may share it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: OrderedDict[Hashable, tuple[V, int, float]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> V | None:
        """The value kept under a key; None where there is none, or its time is over."""
        with self._lock:
            found = self._held.get(key)
            if found is None:
                return None
            if found[2] < time.monotonic():
                self._drop(key)
                return None
            self._held.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: V, *, size: int = 1, for_s: float = float("inf")) -> V:
        """Keeps a value for so many seconds, and gives it back; one larger than all that may be kept is not kept."""
        with self._lock:
            self._drop(key)
            if size <= self.most:
                self._held[key] = (value, size, time.monotonic() + for_s)
                self._size += size
            while self._size > self.most:
                self._drop(next(iter(self._held)))
        return value

    def take(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value kept under a key, else one made now and kept."""
        found = self.get(key)
        return self.put(key, make()) if found is None else found

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._held.clear()
            self._size = 0

    def _drop(self, key: Hashable) -> None:
        found = self._held.pop(key, None)
        self._size -= found[1] if found else 0
