"""Screening a population: every item in force over every subject of its kind, kept as columns under one root."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.proofs import batch_root, canonical_json
from zhida.domain.values import Actor, SubjectKind, local_date, new_id, utc
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements.models import ScreeningCount, ScreeningItem, ScreeningRun
from zhida.kernel.entitlements.outcomes import outcomes, reads_grants
from zhida.kernel.entitlements.populations import grants_digest, living_grants, population_of
from zhida.kernel.entitlements.results import Outcome, Writer
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SnapshotRef

FOLDER = "screenings"
Progress = Callable[[int, int, str], None]


@dataclass
class _Run:
    """What a run gathers before anything of it is written to the database."""

    id: str
    folder: Path
    rows: list[ScreeningItem] = field(default_factory=list)
    counts: list[ScreeningCount] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    fallbacks: dict[str, str] = field(default_factory=dict)
    subjects: int = 0
    overlaid: int = 0


def screen(
    *,
    snapshot: SnapshotRef | Sequence[SnapshotRef] | None = None,
    run_id: str = "",
    progress: Progress | None = None,
    by: Actor,
    as_of: datetime,
) -> str:
    """Screens every item in force over the newest snapshot of its kind (or those given); gives the run's id.

    Subjects that changed since the snapshot are assessed one by one. Results stand under the home, their counts by
    region in the database; the root, a function of snapshots, overlay watermark, plan and date alone, is recorded as
    `screening.run`. `progress` hears (done, of, item). Raises ConflictError `nothing_to_screen` without a snapshot.
    """
    refs = _refs(snapshot, as_of)
    run = _Run(run_id or new_id("run"), Path(settings.HOME) / FOLDER)
    items = catalogue.items(as_of=as_of)
    inputs = _inputs(refs, items, as_of)
    granted = living_grants() if any(reads_grants(published) for published in items) else None
    if granted is not None:
        inputs["grants"] = grants_digest(granted)
    draft = run.folder / f"{run.id}.draft"
    draft.mkdir(parents=True)
    try:
        for ref in refs:
            population = population_of(ref, granted, as_of=as_of, purpose=f"screening {run.id}")
            run.subjects += len(population.columns)
            run.overlaid += len(population.changed)
            mine = [published for published in items if published.item.audience == ref.kind]
            found = outcomes(mine, population, local_date(as_of), run.fallbacks)
            _write(run, draft, ref.kind, zip(mine, found, strict=True), len(items), progress)
        draft.rename(run.folder / run.id)
    except BaseException:
        shutil.rmtree(draft)
        raise
    return _record(run, inputs, by=by, as_of=as_of)


def _refs(snapshot: SnapshotRef | Sequence[SnapshotRef] | None, as_of: datetime) -> tuple[SnapshotRef, ...]:
    if isinstance(snapshot, SnapshotRef):
        return (snapshot,)
    if snapshot is not None:
        return tuple(snapshot)
    latest = (registry.latest_snapshot(kind, as_of=as_of) for kind in SubjectKind)
    refs = tuple(ref for ref in latest if ref is not None)
    if not refs:
        raise ConflictError("nothing_to_screen", "no snapshot of any kind of subject", "build a snapshot first")
    return refs


def _inputs(refs: Sequence[SnapshotRef], items: Sequence[PublishedItem], as_of: datetime) -> dict[str, Any]:
    plan = [[published.item.id, catalogue.revision(published.revision_id).hash] for published in items]
    return {
        "snapshots": {ref.kind.value: ref.root for ref in refs},
        "watermark": registry.overlay_watermark(),
        "plan": hashlib.sha256(canonical_json(plan)).hexdigest(),
        "as_of": local_date(as_of).isoformat(),
    }


def _write(
    run: _Run,
    draft: Path,
    kind: SubjectKind,
    found: Iterable[tuple[PublishedItem, Outcome]],
    total: int,
    progress: Progress | None,
) -> None:
    writer = Writer(draft, kind.value)
    for published, outcome in found:
        place = len(run.rows)
        item_id = published.item.id
        row = ScreeningItem(
            run_id=run.id,
            item=item_id,
            place=place,
            audience=kind.value,
            owner_office=published.pack.owner,
            revision_id=published.revision_id,
            digest=outcome.digest.hex(),
        )
        writer.add(place, outcome)
        run.rows.append(row)
        run.counts.extend(_counts(row, outcome, pays=published.item.program.amount is not None))
        run.leaves.append(canonical_json([item_id, published.pack.hash, row.digest]))
        if progress is not None:
            progress(len(run.rows), total, item_id)
    writer.close()


def _counts(row: ScreeningItem, outcome: Outcome, *, pays: bool) -> Iterable[ScreeningCount]:
    regions, at = np.unique(outcome.region.astype(str), return_inverse=True)
    entitled = outcome.is_entitled
    is_known = outcome.amount_fen >= 0
    for place, region in enumerate(regions):
        here = at == place
        yield ScreeningCount(
            row=row,
            region=str(region),
            entitled=int((here & entitled).sum()),
            possible=int((here & ~entitled).sum()),
            amount_unknown=int((here & entitled & ~is_known).sum()) if pays else 0,
            amount_fen=int(outcome.amount_fen[here & is_known].sum()),
        )


@transaction.atomic
def _record(run: _Run, inputs: dict[str, Any], *, by: Actor, as_of: datetime) -> str:
    root = batch_root([canonical_json(inputs), *run.leaves]).hex()
    entitled = sum(count.entitled for count in run.counts)
    possible = sum(count.possible for count in run.counts)
    fields = {
        "inputs": inputs,
        "root": root,
        "items": len(run.rows),
        "subjects": run.subjects,
        "entitled": entitled,
        "possible": possible,
    }
    entry_id = ledger.record(kind="screening.run", about=run.id, fields=fields, by=by, as_of=as_of)
    ScreeningRun.objects.create(
        id=run.id,
        as_of_on=local_date(as_of),
        inputs=inputs,
        root=root,
        folder=f"{FOLDER}/{run.id}",
        subjects=run.subjects,
        items=len(run.rows),
        entitled=entitled,
        possible=possible,
        overlaid=run.overlaid,
        fallbacks=run.fallbacks,
        ran_at=utc(as_of),
        ran_by=by.account,
        entry_id=entry_id,
    )
    ScreeningItem.objects.bulk_create(run.rows, batch_size=2_000)
    ScreeningCount.objects.bulk_create(run.counts, batch_size=2_000)
    return run.id
