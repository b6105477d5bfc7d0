"""How the simulated treasury misbehaves: drawn from a seed and the request alone, so that a failing run replays."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    """What goes wrong with one request."""

    NONE = "none"
    LOST_REQUEST = "lost_request"  # the connection drops before anything is taken
    LOST_REPLY = "lost_reply"  # taken; the connection drops before the reply
    LATE = "late"  # the connection drops, and the request is taken a while later
    STALLED = "stalled"  # taken; the reply comes after the caller has given up
    ERROR_AFTER = "error_after"  # taken; the reply is 500
    GARBAGE = "garbage"  # taken; the reply is not readable
    TWICE = "twice"  # taken; every answer stands in the reply twice
    WRONG_AMOUNT = "wrong_amount"  # taken; the reply names another amount
    PARTIAL = "partial"  # taken; the reply leaves out every second answer


_PAYING = tuple(fault for fault in Fault if fault is not Fault.NONE)
_ASKING = (Fault.LOST_REQUEST, Fault.STALLED, Fault.ERROR_AFTER, Fault.GARBAGE, Fault.TWICE)


@dataclass
class Faults:
    """Draws one fault a request: of the requests that pay, `rate` go wrong; of those that ask, half as many."""

    seed: int | None = None
    rate: float = 0.3
    drawn: Counter[Fault] = field(default_factory=Counter)
    _tries: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def draw(self, key: str, *, is_paying: bool) -> Fault:
        """The fault of the nth request with this key; the same seed, key and n give the same fault."""
        if self.seed is None:
            return Fault.NONE
        with self._lock:
            self._tries[key] += 1
            material = f"{self.seed}|{is_paying}|{key}|{self._tries[key]}".encode()
            chance = Random(int.from_bytes(hashlib.sha256(material).digest()[:8]))
            is_wrong = chance.random() < (self.rate if is_paying else self.rate / 2)
            fault = chance.choice(_PAYING if is_paying else _ASKING) if is_wrong else Fault.NONE
            self.drawn[fault] += 1
        return fault
