"""Screening rows that no registry holds: Parquet files against a pack root, without a database."""

from __future__ import annotations

import hashlib
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from zhida.domain.proofs import canonical_json
from zhida.domain.values import SubjectKind, local_date, new_id
from zhida.surfaces.cli.folders import read_files
from zhida.surfaces.cli.groundwork.installation import load
from zhida.surfaces.cli.groundwork.programs import programs_of
from zhida.surfaces.cli.saying import both

if TYPE_CHECKING:
    from zhida.kernel.entitlements.ports import Findings, Progress


def screen_files(rows: Path, packs: Path, as_of: date | None, engine: str, progress: Progress) -> dict[str, Any]:
    """Screens every item of a pack root for the kind of subject that the files hold; gives the figures.

    The kind and the day are what the files' notes say, an organisation and today where they say nothing. The root is
    one over the files, the packs, the day and the results, the same wherever it is done.
    """
    load()
    from django.conf import settings

    from zhida.kernel.entitlements.ports import Population, Task, screener
    from zhida.kernel.entitlements.screening import root_of

    began = perf_counter()
    files = tuple(sorted(rows.glob("*.parquet"))) if rows.is_dir() else (rows,)
    if not files:
        raise click.ClickException(both(f"{rows} 里没有 Parquet 文件", f"{rows} holds no Parquet file"))
    kind, day = _notes(files[0])
    day = as_of or day
    texts = read_files(packs)
    snapshot, plan = _digest(_digest_of(path) for path in files), _digest(_each(texts))
    inputs = {"snapshots": {kind: snapshot}, "watermark": 0, "plan": plan, "as_of": day.isoformat()}
    draft, run_id = hashlib.sha256(canonical_json(inputs)).hexdigest()[:32], new_id("run")
    reading = perf_counter() - began
    kept = Path(settings.HOME) / "encoded" / "packs"
    task = Task(Population(kind, snapshot, files), plan, day, lambda: programs_of(texts, kind, day, kept, progress))
    found = screener().screen(task, draft=draft, engine=engine, progress=progress)
    root = root_of(inputs, ((item, plan, digest) for item, digest in sorted(found.digests.items())))
    folder = screener().keep(draft, run_id)
    measured = spent([found])
    return {
        "run": run_id,
        "root": root,
        "inputs": inputs,
        "results": folder,
        "subjects": found.subjects,
        "overlaid": found.overlaid,
        "item_count": len(found.digests),
        "pairs": found.subjects * len(found.digests),
        "pairs_in_scope": found.pairs_in_scope,
        "entitled": found.entitled,
        "possible": found.possible,
        "fallbacks": dict(found.fallbacks),
        "absent": list(found.absent),
        "strangers": dict(found.strangers),
        "seconds": round(perf_counter() - began, 3),
        **measured,
        "stages": {"reading": round(reading, 3), **measured["stages"]},
    }


def spent(found: Iterable[Findings]) -> dict[str, Any]:
    """Seconds by stage, and the most memory that this process, or the largest of its workers, ever held, in MiB."""
    stages: dict[str, float] = {}
    for one in found:
        for stage, seconds in one.seconds.items():
            stages[stage] = round(stages.get(stage, 0) + seconds, 3)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    peaks = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"stages": stages, "peak_mib": max(peaks) // unit}


def _notes(path: Path) -> tuple[str, date]:
    """The kind of subject and the day that a file says it is of."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from zhida.kernel.ports import clock

    try:
        notes = pq.read_metadata(path).metadata or {}
    except pa.ArrowInvalid as error:
        words = both(f"{path} 不是完整的 Parquet 文件", f"{path} is not a whole Parquet file: {error}")
        raise click.ClickException(words) from error
    said = notes.get(b"as_of", b"").decode()
    day = local_date(datetime.fromisoformat(said) if said else clock().now())
    return notes.get(b"kind", SubjectKind.ORGANISATION.encode()).decode(), day


def _each(texts: dict[str, bytes]) -> Iterator[bytes]:
    for path in sorted(texts):
        yield path.encode() + b"\0" + hashlib.sha256(texts[path]).digest()


def _digest(parts: Iterable[bytes]) -> str:
    state = hashlib.sha256()
    for part in parts:
        state.update(part)
    return state.hexdigest()


def _digest_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
