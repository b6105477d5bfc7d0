"""Progress of long work: on a terminal a line or bar that moves, elsewhere one line a stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.status import Status


class Telling:
    """A context that is told what is being done: a stage by its bare name, details of it by anything longer."""

    def __init__(self, stages: dict[str, str] | None = None) -> None:
        self._stages = stages or {}
        self._console = Console(stderr=True, highlight=False)
        self._status: Status | None = None
        self._stage = ""
        self._started = 0.0

    def __enter__(self) -> Telling:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def __call__(self, words: str) -> None:
        """Says what is being done now."""
        if words not in self._stages:
            if self._status is not None:
                self._status.update(f"{self._stages[self._stage]}  [dim]{words}[/dim]")
            return
        self._end()
        self._stage, self._started = words, time.perf_counter()
        self._status = self._console.status(self._stages[words])
        self._status.start()

    def _end(self) -> None:
        if self._status is None:
            return
        self._status.stop()
        self._status = None
        spent = time.perf_counter() - self._started
        self._console.print(f"  {self._stages[self._stage]:<58}[dim]{spent:6.1f} s[/dim]")


@contextmanager
def progress(words: str, total: int | None, as_json: bool) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, told how many more are done (or, without a total, how many in all)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=as_json, transient=True) as bar:
        task = bar.add_task(words, total=total)
        yield lambda done: bar.update(task, completed=done) if total is None else bar.advance(task, done)
