"""Screening as the kernel asks for it: plan, encoded rows, pieces side by side, totals; drafts that become runs."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
import pyarrow as pa

from zhida.adapters.screening import cluster
from zhida.adapters.screening.folders import sole_writer, whole, write_record, write_table
from zhida.adapters.screening.kept import ABOUT, Kept, opened, piece_path, write_rows, write_totals
from zhida.adapters.screening.parts import ROW, Parts, parts_of
from zhida.adapters.screening.pieces import Piece
from zhida.adapters.screening.plans import plan_of
from zhida.adapters.screening.stores import encoded
from zhida.adapters.screening.threads import in_threads
from zhida.adapters.screening.working import Work, matched
from zhida.domain.errors import ConflictError
from zhida.domain.rules.engines.table import Plan
from zhida.kernel.entitlements.ports import Findings, Progress, Task

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
            parts = self._parts()
        with self._timed("plan"):
            path, plan = plan_of(self.home / CACHE / "plans", self.task)
        made_from = hashlib.sha256(f"{self._rows_root()} {plan.digest}".encode()).hexdigest()
        work = Work(parts, str(path), self.task.packs, str(self.folder), made_from)
        missing = [chunk for chunk in range(parts.chunks) if not self._is_there(work, chunk)]
        self._work(work, plan, missing)
        with self._timed("totals"):
            return self._added_up(parts, plan)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = perf_counter()
        yield
        self.seconds[stage] = round(perf_counter() - started, 3)

    def _tell(self, done: int, of: int, words: str) -> None:
        if self.progress is not None:
            self.progress(done, of, f"{self.task.population.kind}: {words}")

    def _parts(self) -> Parts:
        """The rows, and beside the draft what is laid over them and what was granted."""
        population = self.task.population
        self.folder.mkdir(parents=True, exist_ok=True)
        parts = parts_of(population.files)
        parts = replace(parts, stale=population.stale)
        if population.granted is not None:
            write_table(self.folder / "granted.arrow", population.granted)
            parts = replace(parts, granted=str(self.folder / "granted.arrow"))
        if population.laid is None or not population.laid.num_rows:
            return parts
        laid, rows = _numbered(population.laid, parts)
        write_table(self.folder / "laid.arrow", laid)
        return replace(parts, laid=str(self.folder / "laid.arrow"), rows=rows)

    def _work(self, work: Work, plan: Plan, missing: list[int]) -> None:
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
            held = encoded(self.home / CACHE / "rows", parts, self._rows_root(), plan, step=step) if missing else None
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

    def _rows_root(self) -> str:
        """What identifies the encoded rows: the snapshot, what was too old, and past grants."""
        population = self.task.population
        state = hashlib.sha256(json.dumps([population.root, sorted(population.stale.items())]).encode())
        if population.granted is not None:
            state.update((self.folder / "granted.arrow").read_bytes())
        return state.hexdigest()

    def _added_up(self, parts: Parts, plan: Plan) -> Findings:
        population, items = self.task.population, [item.id for item in plan.items]
        subjects = np.asarray(parts.column("subject").to_numpy(), dtype=np.int64)
        write_rows(self.folder, subjects, parts.column("region"))
        pieces = [Piece.read(piece_path(self.folder, chunk)) for chunk in range(parts.chunks)]
        found = write_totals(self.folder, items, [item.owner for item in plan.items], pieces)
        fallbacks: Counter[str] = Counter()
        for piece in pieces:
            fallbacks.update(piece.fallbacks)
        findings = Findings(
            subjects=parts.rows,
            overlaid=0 if population.laid is None else population.laid.num_rows,
            pairs_in_scope=sum(piece.in_scope for piece in pieces),
            fallbacks=dict(fallbacks),
            seconds=self.seconds,
            carried=self.carried,
            **found,
        )
        write_record(self.folder / ABOUT, {"items": items, "chunks": parts.chunks, "findings": asdict(findings)})
        return findings


def _made_from(path: Path) -> str:
    """What a piece was made from; "" where it is not there or cut off."""
    try:
        return Piece.read(path).made_from
    except (FileNotFoundError, pa.ArrowInvalid):
        return ""


def _numbered(laid: pa.Table, parts: Parts) -> tuple[pa.Table, int]:
    """The laid rows with their numbers, ascending: those of the subjects that the files hold, then new ones behind; and
    how many rows that makes."""
    keys = np.asarray(laid["subject"].to_numpy())
    held = np.asarray(parts.column("subject").to_numpy())
    at = np.flatnonzero(np.isin(held, keys))
    row_of = dict(zip(held[at].tolist(), at.tolist(), strict=True))
    fresh = iter(range(parts.rows, parts.rows + len(keys)))
    rows = np.array([row_of[key] if key in row_of else next(fresh) for key in keys.tolist()], dtype=np.int64)
    numbered = laid.append_column(ROW, pa.array(rows)).take(pa.array(np.argsort(rows)))
    return numbered, parts.rows + len(keys) - len(at)


def _step(tell: Callable[[int, int, str], None], of: int, done: int, words: str) -> None:
    tell(done, of, words)
