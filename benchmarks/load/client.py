"""An open-loop client: every request leaves at its appointed instant, whether or not those before it are answered."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

HANDS = 64
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Visit:
    """One request: the page it counts for, its address, and the cookie of who asks ("" for anybody)."""

    page: str
    path: str
    cookie: str = ""


@dataclass(frozen=True)
class Told:
    """How long the answer took from the appointed instant to its last byte, and its status (0: none came)."""

    page: str
    seconds: float
    status: int
    size: int


def drawn(mix: Mapping[str, tuple[float, Sequence[Visit]]], count: int, seed: int) -> list[Visit]:
    """So many visits, each page by its share and each of its addresses equally often by chance."""
    chance = random.Random(seed)
    pages = list(mix)
    chosen = chance.choices(pages, [mix[page][0] for page in pages], k=count)
    return [chance.choice(mix[page][1]) for page in chosen]


def send(port: int, visits: Sequence[Visit], rate: float) -> list[Told]:
    """Sends at `rate` a second and gives every answer; the instants are even, as the strictest reading of a rate."""
    held = threading.local()
    began = time.perf_counter() + 0.5

    def ask(place: int, visit: Visit) -> Told:
        due = began + place / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        status, size = _asked(held, port, visit)
        return Told(visit.page, time.perf_counter() - due, status, size)

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(ask, range(len(visits)), visits))


def _asked(held: threading.local, port: int, visit: Visit) -> tuple[int, int]:
    line = getattr(held, "line", None) or http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    held.line = line
    heads = {
        "Accept-Encoding": "identity",
        "Accept-Language": "zh",
        **({"Cookie": visit.cookie} if visit.cookie else {}),
    }
    for _ in range(2):
        try:
            line.request("GET", visit.path, headers=heads)
            answer = line.getresponse()
            return answer.status, len(answer.read())
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            line.close()  # the server ends a connection that was kept too long: asked once more, anew
        except (http.client.HTTPException, OSError):
            line.close()
            return 0, 0
    return 0, 0


def summed(told: Sequence[Told]) -> dict[str, dict[str, float]]:
    """Per page and for all ("all"): requests, milliseconds at p50, p95, p99 and the longest, errors (no 2xx or 3xx)."""
    groups: dict[str, list[Told]] = {"all": list(told)}
    for one in told:
        groups.setdefault(one.page, []).append(one)
    return {page: _summed(ones) for page, ones in groups.items()}


def _summed(ones: Sequence[Told]) -> dict[str, float]:
    times = sorted(one.seconds * 1000 for one in ones)
    statuses = Counter(one.status for one in ones)

    def at(share: float) -> float:
        return round(times[min(len(times) - 1, int(len(times) * share))], 1)

    return {
        "requests": len(ones), "p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99), "max_ms": round(times[-1], 1),
        "errors": sum(count for status, count in statuses.items() if not 200 <= status < 400),
        "mean_kb": round(sum(one.size for one in ones) / len(ones) / 1000, 1),
    }  # fmt: skip
