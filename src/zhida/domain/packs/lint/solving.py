"""The solver behind the checks that intervals cannot decide: Z3, loaded when first asked for, never at run time.

Every question is bounded by a count of the solver's own steps, not by the clock: the same pack gets the same answer on
a slow machine. A question that the bound cuts off is answered "unsure", and nothing is told of it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from functools import cache
from typing import Any

STEPS = 2_000_000


class Can(Enum):
    """Whether some subject can be so."""

    NO = "no"
    YES = "yes"
    UNSURE = "unsure"


@cache
def z3_or_none() -> Any:
    """The solver's module, or None where it is not installed (`pip install zhida[lint]`)."""
    try:
        return importlib.import_module("z3")
    except ImportError:
        return None


class Solver:
    """Asks whether conditions can hold together. Numbers are taken as any fraction first, which settles most questions;
    only then as whole as the dictionary says. `texts` numbers the texts that are spoken of, for all its programs."""

    def __init__(self, z3: Any) -> None:
        self.z3 = z3
        self.unsure = 0
        self.texts: dict[str, int] = {}
        self._solver = z3.Solver()
        self._solver.set("rlimit", STEPS)
        self._whole: list[Any] = []

    def know(self, *conditions: Any) -> None:
        """Takes conditions for granted from now on."""
        self._solver.add(*conditions)

    def know_whole(self, condition: Any) -> None:
        """Takes a condition of wholeness for granted, in the second round only."""
        self._whole.append(condition)

    @contextmanager
    def assuming(self, *conditions: Any) -> Iterator[None]:
        """Takes conditions for granted inside the block."""
        self._solver.push()
        try:
            self._solver.add(*conditions)
            yield
        finally:
            self._solver.pop()

    def can(self, *conditions: Any) -> Can:
        """Whether the conditions can hold together with what is known."""
        with self.assuming(*conditions):
            return self._checked()

    def model(self, *conditions: Any) -> tuple[Can, Any]:
        """The same, with a model where they can: the numbers that make it so."""
        with self.assuming(*conditions):
            found = self._checked()
            return found, self._solver.model() if found is Can.YES else None

    def _checked(self) -> Can:
        found = self._solver.check()
        if found == self.z3.sat and self._whole:
            self._solver.add(*self._whole)
            found = self._solver.check()
        if found == self.z3.unsat:
            return Can.NO
        if found == self.z3.sat:
            return Can.YES
        self.unsure += 1
        return Can.UNSURE
