"""A database that dies in the middle of work, again and again: whatever was acknowledged must be there afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.simulation.cluster import Cluster

EVERYTHING_EACH = 20
_MOST_ACTS, _LONGEST_S = 12, 0.3


class Worker:
    """A program that works on the cluster, signs the log with the keys in that folder, and is asked line by line."""

    def __init__(self, cluster: Cluster, name: str, keys: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.simulation.acknowledging", name, keys],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "ZHIDA_DATABASE_URL": cluster.address},
        )

    def ask(self, words: str) -> None:
        """Asks for something to be done."""
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """The next answer. Raises RuntimeError where the program ended instead."""
        said = self._process.stdout.readline()
        if not said:
            raise RuntimeError("the program ended")
        return json.loads(said)

    def end(self) -> None:
        """No more is asked of it."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.kill()
        self._process.wait()


@contextmanager
def at_work(cluster: Cluster, workers: int) -> Iterator[list[Worker]]:
    """So many programs of one installation, ready; the first alone makes the tables."""
    found: list[Worker] = []
    with TemporaryDirectory(prefix="zhida-keys-") as keys:
        try:
            for number in range(workers):
                found.append(Worker(cluster, f"{os.getpid()}-{time.time_ns()}-{number}", keys))
                found[-1].hear()
            yield found
        finally:
            for worker in found:
                worker.end()


def die_and_come_back(cluster: Cluster, workers: list[Worker], chance: Random, *, everything: bool) -> dict[str, Any]:
    """One death at a drawn instant of the work; how many payments were acknowledged since the last, what is wrong."""
    for worker in workers:
        worker.ask(f"go {chance.randint(1, _MOST_ACTS)}")
    for worker in workers:
        worker.hear()
    time.sleep(chance.uniform(0, _LONGEST_S))
    (cluster.kill if chance.random() < 0.5 else cluster.stop_at_once)()
    for worker in workers:
        worker.hear()
    cluster.start()
    for worker in workers:
        worker.ask("check all" if everything else "check")
    told = [worker.hear() for worker in workers]
    return {
        "acknowledged": sum(each["acknowledged"] for each in told),
        "wrong": [wrong for each in told for wrong in each["wrong"]],
    }


def deaths(
    cluster: Cluster,
    *,
    wanted: int,
    seed: int,
    workers: int,
    before: Mapping[str, Any],
    until: float,
    keep: Callable[[Mapping[str, Any]], None] = lambda found: None,
) -> dict[str, Any]:
    """Deaths until so many are told or it is `until` of `time.monotonic`, after what was told `before`."""
    found = {"deaths": 0, "acknowledged": 0, "wrong": [], "seed": seed, **before}
    with at_work(cluster, workers) as programs:
        while found["deaths"] < wanted and time.monotonic() < until:
            number = found["deaths"] + 1
            everything = number % EVERYTHING_EACH == 0 or number == wanted
            told = die_and_come_back(cluster, programs, Random(f"{seed}|{number}"), everything=everything)
            found["deaths"] = number
            found["acknowledged"] += told["acknowledged"]
            found["wrong"] += [f"death {number}: {wrong}" for wrong in told["wrong"]]
            keep({**found, "left": wanted - number})
    return {**found, "left": max(0, wanted - found["deaths"])}
