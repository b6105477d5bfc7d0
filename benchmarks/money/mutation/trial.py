"""One process of pytest that tries mutants: it runs a room's tests once on the true code, notes which functions each of
them runs, and then forks for each mutant, whose tests are those that pass where it stands, the quickest first.

A child starts from what its parent has loaded and from its database in memory, so that nothing carries over.
"""

from __future__ import annotations

import ast
import builtins
import gc
import os
import resource
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.money.mutation.changes import SEEN, Mutant, marked
from benchmarks.money.mutation.planting import Loaded

KILLED, SURVIVED, NOWHERE = 0, 1, 2
"""What a child ends with: a test failed, none did, the change found no place among what is loaded."""

_ENDS = {KILLED: "killed", SURVIVED: "survived", NOWHERE: "no place"}
_EVERYWHERE = (1, 10**9)
_MOST_S = 5
"""Seconds of the processor for one test beyond what it needs three times over on the true code."""


class Trial:
    """A plugin of pytest in the place of its loop: tries `mutants` and tells `keep` what became of each."""

    def __init__(self, mutants: list[Mutant], keep: Callable[[dict[str, Any]], None], minutes: float) -> None:
        self.mutants, self.keep, self.minutes = mutants, keep, minutes
        self.functions: dict[pytest.Item, set[tuple[str, int]]] = {}
        self.seconds: dict[pytest.Item, float] = {}
        self.paths = {str(each.path.resolve()) for each in mutants}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Tries every mutant, unless the tests fail on what is true."""
        self._run_on_truth(session.items)
        if session.testsfailed:
            session.shouldfail = "the tests fail on the code as it stands"
            return True
        until = time.monotonic() + (self.minutes * 60 or 10**9)
        loaded = {path: Loaded(path.resolve()) for path in {each.path for each in self.mutants}}
        gc.freeze()
        for mutant in self.mutants:
            if time.monotonic() > until:
                break
            items = self._items_for(mutant)
            result = self._try(session, mutant, loaded[mutant.path], items)
            self.keep({"name": mutant.name, "path": str(mutant.path), "result": result, "tests": len(items)})
        return True

    def _run_on_truth(self, items: list[pytest.Item]) -> None:
        """Every test once, on true code that says which of its functions are run."""
        seen: set[tuple[str, int]] = set()
        setattr(builtins, SEEN, seen.add)
        for path in map(Path, sorted(self.paths)):
            Loaded(path).plant(marked(path))
        for at, item in enumerate(items):
            began = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=items[(at + 1) % len(items)])
            self.seconds[item] = time.process_time() - began
            self.functions[item] = {*seen}
            seen.clear()

    def _items_for(self, mutant: Mutant) -> list[pytest.Item]:
        """The tests that run the function around the change; all that run anything of its file where none is."""
        first, last = _span(mutant)
        path = str(mutant.path.resolve())
        found = [
            item
            for item, seen in self.functions.items()
            if any(name == path and first <= line <= last for name, line in seen)
        ]
        return sorted(found, key=lambda item: self.seconds[item])

    def _try(self, session: pytest.Session, mutant: Mutant, loaded: Loaded, items: list[pytest.Item]) -> str:
        if not items:
            return "not run" if _span(mutant) == _EVERYWHERE else "survived: no test runs it"
        child = os.fork()
        if child == 0:
            os._exit(self._in_child(session, mutant, loaded, items))
        _, status = os.waitpid(child, 0)
        shutil.rmtree(Path(os.environ["ZHIDA_HOME"], "log"), ignore_errors=True)
        if os.WIFSIGNALED(status):
            return "killed: never ends" if os.WTERMSIG(status) == signal.SIGPROF else "killed: crash"
        return _ENDS.get(os.WEXITSTATUS(status), "killed: crash")

    def _in_child(self, session: pytest.Session, mutant: Mutant, loaded: Loaded, items: list[pytest.Item]) -> int:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
        try:
            if not loaded.plant(mutant.code()):
                return NOWHERE
        except Exception:  # a module that does not even load with the change in it
            return KILLED
        for at, item in enumerate(items):
            session._setupstate.teardown_exact(item)
            signal.setitimer(signal.ITIMER_PROF, _MOST_S + 3 * self.seconds[item])
            following = items[at + 1] if at + 1 < len(items) else item
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                return KILLED
        return SURVIVED


def _span(mutant: Mutant) -> tuple[int, int]:
    """The lines of the outermost function around the change; all lines where it stands in none."""
    tree = ast.parse(mutant.path.read_text("utf-8"))
    bodies = [tree, *(each for each in tree.body if isinstance(each, ast.ClassDef))]
    for function in (each for body in bodies for each in body.body if isinstance(each, ast.FunctionDef)):
        first = min([function.lineno, *(each.lineno for each in function.decorator_list)])
        if first <= mutant.line <= (function.end_lineno or 0):
            return first, function.end_lineno or 0
    return _EVERYWHERE


def test(mutants: list[Mutant], tests: list[str], keep: Callable[[dict[str, Any]], None], minutes: float) -> int:
    """Runs the trial in this process, `minutes` long after the run on the true code (0: to its end); pytest's code."""
    import hypothesis

    hypothesis.settings.register_profile(
        "mutants",
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
    )
    hypothesis.settings.load_profile("mutants")
    options = ["-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore"]
    return int(pytest.main([*options, *tests], plugins=[Trial(mutants, keep, minutes)]))
