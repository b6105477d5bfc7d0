"""Screening as the kernel asks for it: plan, encoded rows, pieces side by side, totals; drafts that become runs."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhida.adapters.screening import cluster
from zhida.adapters.screening.folders import sole_writer, whole, write_record
from zhida.adapters.screening.kept import ABOUT, Kept, opened, piece_path, write_rows, write_totals
from zhida.adapters.screening.laying import laid_out, root_of_rows
from zhida.adapters.screening.parts import Parts
from zhida.adapters.screening.pieces import Piece
from zhida.adapters.screening.plans import plan_of, plan_path
from zhida.adapters.screening.singly import reached, single_of
from zhida.adapters.screening.stores import encoded
from zhida.adapters.screening.threads import in_threads
from zhida.adapters.screening.working import Work, matched
from zhida.domain.errors import ConflictError
from zhida.domain.rules import Program
from zhida.domain.rules.engines.table import Eligible, Plan
from zhida.domain.values import Facts
from zhida.kernel.entitlements.ports import Findings, Progress, Task
from zhida.kernel.entitlements.results import Outcome

LOCAL, DASK = "local", "dask"
RUNS, CACHE = "screenings", "encoded"


@dataclass(frozen=True)
class FileScreener:
    """Keeps plans, encoded rows, drafts and runs below a home."""

    home: Path

    def screen(
        self, task: Task, *, draft: str, over: str = "", engine: str = "", progress: Progress | None = None
    ) -> Findings:
        """As `ScreenerPort.screen`; engines are `local` (all processors of this machine) and `dask`.

        Raises ConflictError `no_such_engine` or `engine_not_installed` besides.
        """
        folder = self.home / RUNS / f"{draft}.draft"
        with sole_writer(folder):
            kind = task.population.kind
            before = self.home / over / kind if over else None
            return _Screening(self.home, task, folder / kind, before, engine or LOCAL, progress).findings()

    def keep(self, draft: str, run_id: str) -> str:
        """As `ScreenerPort.keep`."""
        runs = self.home / RUNS
        (runs / f"{draft}.draft").rename(runs / run_id)
        for old in runs.glob("*.draft"):
            with suppress(ConflictError), sole_writer(old):
                shutil.rmtree(old, ignore_errors=True)
        return f"{RUNS}/{run_id}"

    def match_one(self, task: Task, facts: Facts) -> Eligible:
        """As `ScreenerPort.match_one`."""
        plans = self.home / CACHE / "plans"
        if not plan_path(plans, task).exists():
            plan_of(plans, task)
        return single_of(plan_path(plans, task), task.packs).match(facts)

    def reach(self, task: Task, program: Program) -> Outcome:
        """As `ScreenerPort.reach`."""
        _, plan = plan_of(self.home / CACHE / "plans", task)
        with TemporaryDirectory(prefix="reach-", dir=self.home / CACHE) as aside:
            parts = laid_out(task.population, Path(aside))
            root = root_of_rows(task.population)
            held = encoded(self.home / CACHE / "rows", parts, root, plan, step=lambda done, words: None)
            return reached(parts, plan, held.store, program)

    def results(self, folder: str, kind: str) -> Kept | None:
        """As `ScreenerPort.results`."""
        place = self.home / folder / kind
        return opened(place) if place.exists() else None


@dataclass
class _Screening:
    """One task on its way."""

    home: Path
    task: Task
    folder: Path
    before: Path | None
    engine: str
    progress: Progress | None
    seconds: dict[str, float] = field(default_factory=dict)
    carried: int = 0

    def findings(self) -> Findings:
        """Does what is not yet done, and adds up."""
        if (self.folder / ABOUT).exists():
            return Kept(self.folder).findings
        with self._timed("rows"):
            parts = laid_out(self.task.population, self.folder)
            rows_root = root_of_rows(self.task.population)
        with self._timed("plan"):
            path, plan = plan_of(self.home / CACHE / "plans", self.task)
        made_from = hashlib.sha256(f"{rows_root} {plan.digest}".encode()).hexdigest()
        work = Work(parts, str(path), self.task.packs, str(self.folder), made_from)
        missing = [chunk for chunk in range(parts.chunks) if not self._is_there(work, chunk)]
        self._work(work, plan, rows_root, missing)
        with self._timed("totals"):
            findings = self._added_up(parts, plan)
        record = {"items": [item.id for item in plan.items], "chunks": parts.chunks, "findings": asdict(findings)}
        write_record(self.folder / ABOUT, record)
        return findings

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = perf_counter()
        yield
        self.seconds[stage] = round(perf_counter() - started, 3)

    def _tell(self, done: int, of: int, words: str) -> None:
        if self.progress is not None:
            self.progress(done, of, f"{self.task.population.kind}: {words}")

    def _work(self, work: Work, plan: Plan, rows_root: str, missing: list[int]) -> None:
        """Makes the pieces that are missing."""
        parts = work.parts
        if self.engine == DASK:
            with self._timed("matching"):
                self._count(cluster.worked(work, missing), parts.chunks, len(missing))
            return
        if self.engine != LOCAL:
            raise ConflictError("no_such_engine", f"there is no engine {self.engine}", f"name {LOCAL} or {DASK}")
        with self._timed("encoding"):
            step = partial(_step, self._tell, parts.chunks)
            held = encoded(self.home / CACHE / "rows", parts, rows_root, plan, step=step) if missing else None
        touched = parts.touched

        def make(chunk: int) -> int:
            if held is None or chunk in touched:
                return work(chunk)
            piece = matched(plan, held.store, chunk, chunk, held.fallbacks[chunk], work.key(chunk))
            work.keep(piece, chunk)
            return chunk

        with self._timed("matching"):
            self._count(in_threads(make, missing), parts.chunks, len(missing))

    def _is_there(self, work: Work, chunk: int) -> bool:
        """Whether a chunk's piece is there, or can be taken over from the run before."""
        key, path = work.key(chunk), work.path(chunk)
        if _made_from(path) == key:
            return True
        before = None if self.before is None else piece_path(self.before, chunk)
        if before is None or _made_from(before) != key:
            return False
        with whole(path) as draft:
            os.link(before, draft)
        self.carried += 1
        return True

    def _count(self, done: Iterable[int], of: int, missing: int) -> None:
        for number, _ in enumerate(done, start=of - missing + 1):
            self._tell(number, of, "matching")

    def _added_up(self, parts: Parts, plan: Plan) -> Findings:
        population, items = self.task.population, [item.id for item in plan.items]
        subjects = np.asarray(parts.column("subject").to_numpy(), dtype=np.int64)
        write_rows(self.folder, subjects, parts.column("region"))
        pieces = [Piece.read(piece_path(self.folder, chunk)) for chunk in range(parts.chunks)]
        found = write_totals(self.folder, items, [item.owner for item in plan.items], pieces)
        fallbacks: Counter[str] = Counter()
        for piece in pieces:
            fallbacks.update(piece.fallbacks)
        return Findings(
            subjects=parts.rows,
            overlaid=0 if population.laid is None else population.laid.num_rows,
            pairs_in_scope=sum(piece.in_scope for piece in pieces),
            fallbacks=dict(fallbacks),
            seconds=self.seconds,
            carried=self.carried,
            absent=tuple(sorted(plan.reads - parts.attributes)),
            strangers=_strangers(parts, plan),
            **found,
        )


def _strangers(parts: Parts, plan: Plan) -> dict[str, int]:
    """How many rows are in each region that the plan's tree does not hold; "" is one that is not known."""
    tree = plan.region_tree
    counted = pc.value_counts(parts.column("region").cast(pa.string()).drop_null()).to_pylist()
    return {one["values"]: one["counts"] for one in counted if tree and one["values"] and one["values"] not in tree}


def _made_from(path: Path) -> str:
    """What a piece was made from; "" where it is not there or cut off."""
    try:
        return Piece.read(path).made_from
    except (FileNotFoundError, pa.ArrowInvalid):
        return ""


def _step(tell: Callable[[int, int, str], None], of: int, done: int, words: str) -> None:
    tell(done, of, words)
