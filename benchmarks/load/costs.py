"""What one request of each kind costs, without a server: queries, milliseconds of processor time, and of waiting for
the database. At a rate r on c cores the mean processor time, the database's own included, must stay below c / r."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from statistics import fmean
from typing import Any

from benchmarks.load.client import Visit


@dataclass
class Asked:
    """The statements of one request and the seconds they took."""

    statements: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def costs(
    pages: Mapping[str, tuple[float, Sequence[Visit]]], each: int, tell: Callable[[str], None]
) -> dict[str, dict[str, float]]:
    """Means over `each` visits of a page, each made twice: what a process reads once and keeps is told as `first_ms`,
    the processor time of the first of the two."""
    found = {}
    for page, (share, visits) in pages.items():
        step = max(1, len(visits) // each)
        chosen = visits[::step][:each]
        first, told = [_cost(one) for one in chosen], [_cost(one) for one in chosen]
        found[page] = {
            "share": share,
            "queries": round(fmean(sum(asked.statements.values()) for asked, *_ in told), 1),
            "first_ms": round(1000 * fmean(cpu for _, cpu, *_ in first), 1),
            "cpu_ms": round(1000 * fmean(cpu for _, cpu, *_ in told), 1),
            "database_ms": round(1000 * fmean(asked.seconds for asked, *_ in told), 1),
            "kb": round(fmean(size for *_, size, _ in told) / 1000, 1),
            "errors": sum(status >= 400 for *_, status in told),
        }
        tell(f"{page:14} {found[page]}")
    whole = sum(one["share"] for one in found.values())
    mean = sum(one["share"] * (one["cpu_ms"] + one["database_ms"]) for one in found.values()) / whole
    tell(f"mean {mean:.1f} ms a request, waiting for the database counted as work")
    return found


def statements_of(visit: Visit) -> Counter[str]:
    """The statements that one request sends, each with its number."""
    return _cost(visit)[0].statements


def _cost(visit: Visit) -> tuple[Asked, float, int, int]:
    client = _client()
    client.cookies.clear()
    if visit.cookie:
        name, _, value = visit.cookie.partition("=")
        client.cookies[name] = value
    with _counted() as asked:
        began = time.process_time()
        answer = client.get(visit.path)
        body = answer.content if not answer.streaming else b"".join(answer)
        cpu = time.process_time() - began
    return asked, cpu, len(body), answer.status_code


@cache
def _client() -> Any:
    """The one of this process: another would read its middleware anew, which no server does."""
    from django.test import Client

    return Client(SERVER_NAME="localhost", headers={"Accept-Language": "zh"})


@contextmanager
def _counted() -> Iterator[Asked]:
    from django.db import connection

    asked = Asked()

    def wrapped(execute: Any, sql: str, *rest: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, *rest)
        finally:
            asked.seconds += time.perf_counter() - began
            asked.statements[sql] += 1

    with connection.execute_wrapper(wrapped):
        yield asked
