"""What entitlements need of the machine that screens: many rows through many items, its results kept as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol, cast

import pyarrow as pa

from zhida.domain.rules import Program
from zhida.domain.rules.engines.table import Eligible
from zhida.domain.values import Facts
from zhida.kernel.entitlements.results import Outcome, Totals
from zhida.kernel.ports import wired

Progress = Callable[[int, int, str], None]
"""Hears what is done, of how much, and what it is."""


@dataclass(frozen=True, eq=False)
class Population:
    """One kind of subject as Parquet files whose rows, behind each other, keep their numbers; `root` identifies them.

    Columns are `subject`, `region`, then facts by written key. `stale` names for each column the sources that count as
    unknown (by their place in the column beside it that tells who spoke). `laid` are the rows of subjects that changed
    since, put in the place of theirs or behind all; `granted` the column of past grants by `subject`.
    """

    kind: str
    root: str
    files: tuple[Path, ...]
    stale: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    laid: pa.Table | None = None
    granted: pa.Table | None = None


@dataclass(frozen=True, eq=False)
class Task:
    """One kind of subject times its items, on a day. `packs` is the digest of the revisions of the items; `programs`
    gives their rules and the departments that own them, and is asked only where no plan of them is kept."""

    population: Population
    packs: str
    day: date
    programs: Callable[[], Iterable[tuple[Program, str]]]


@dataclass(frozen=True)
class Findings:
    """What one task came to. `digests` prove each item's result (SHA-256 in hex, by item id), whichever engine, machine
    or division of the rows it came from; `fallbacks` count the rows that engine one decided, by expression; `carried`
    are the chunks of 65,536 rows that were taken over from the run before, in which nothing can have changed; `absent`
    are the facts that rules read and the rows have no column for, so that they are unknown throughout; `strangers`
    count the subjects in each region that the tree does not hold, who may therefore live wherever an item applies."""

    subjects: int
    overlaid: int
    entitled: int
    possible: int
    pairs_in_scope: int
    digests: Mapping[str, str]
    fallbacks: Mapping[str, int]
    seconds: Mapping[str, float]
    carried: int = 0
    absent: tuple[str, ...] = ()
    strangers: Mapping[str, int] = field(default_factory=dict)


class Results(Protocol):
    """One kind's results in a run."""

    @property
    def findings(self) -> Findings:
        """What the task came to."""
        ...

    def item(self, item_id: str) -> Outcome:
        """Who is entitled to an item or may be, by subject key."""
        ...

    def subject(self, key: int) -> tuple[tuple[str, int], ...]:
        """What a subject is entitled to, by item id: fen, -1 where no amount is known."""
        ...

    def region_of(self, key: int) -> str:
        """Where the run saw a subject, "" where nowhere."""
        ...

    def totals(self) -> Totals:
        """Counts and sums by item and region."""
        ...


class ScreenerPort(Protocol):
    """Screens, and keeps what it found under names of its own: drafts until all kinds are through, then runs."""

    def screen(
        self, task: Task, *, draft: str, over: str = "", engine: str = "", progress: Progress | None = None
    ) -> Findings:
        """Screens into a draft; what a run that was cut off had finished of the same draft is not done again, nor what
        the run at `over` had found of rows and items that are still the same.

        Raises ConflictError `screening_under_way` where another process is at it, RetryableOutside `cannot_write`
        where the disk is full, InvariantBroken for columns that are not what the rules were promised.
        """
        ...

    def match_one(self, task: Task, facts: Facts) -> Eligible:
        """What one subject with these facts is entitled to of a task's items, and may be."""
        ...

    def reach(self, task: Task, program: Program) -> Outcome:
        """Who of a task's population is entitled to one item, or may be; quick where the task was screened before."""
        ...

    def keep(self, draft: str, run_id: str) -> str:
        """Makes a draft the results of a run; gives where they stand, for `results`. Other drafts are dropped."""
        ...

    def results(self, folder: str, kind: str) -> Results | None:
        """What was kept of one kind, None where the run had none of it."""
        ...


def screener() -> ScreenerPort:
    """The installation's screening machine."""
    return cast(ScreenerPort, wired("screener"))
