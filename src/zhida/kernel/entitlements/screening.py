"""Screening a population: every item in force over every subject of its kind, kept as columns under one root."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.packs.usage import roots_of, usage_of
from zhida.domain.proofs import batch_root, canonical_json
from zhida.domain.values import Actor, SubjectKind, local_date, new_id, utc
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements.models import ScreeningItem, ScreeningRun
from zhida.kernel.entitlements.past import GRANTS
from zhida.kernel.entitlements.populations import grants_digest, living_grants, population_of
from zhida.kernel.entitlements.ports import Findings, Population, Progress, Task, screener
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SnapshotRef


def screen(
    *,
    snapshot: SnapshotRef | Sequence[SnapshotRef] | None = None,
    run_id: str = "",
    engine: str = "",
    progress: Progress | None = None,
    by: Actor,
    as_of: datetime,
) -> str:
    """Screens every item in force over the newest snapshot of its kind (or those given); gives the run's id.

    Subjects that changed since the snapshot stand with what they changed to. The results stand beside the database;
    the root, a function of snapshots, overlay watermark, plan and date alone, is recorded as `screening.run`. `engine`
    is the screener's to know ("" is its own choice) and changes no answer. Only the rows that can stand otherwise than
    in the run before are looked at; a run that was cut off goes on where it was, and leaves the last one in force.
    Raises ConflictError `nothing_to_screen` without a snapshot, and what `screener` raises.
    """
    refs = _refs(snapshot, as_of)
    identity = run_id or new_id("run")
    items = sorted(catalogue.items(as_of=as_of), key=lambda published: published.item.id)
    inputs = _inputs(refs, items, as_of)
    granted = living_grants() if any(reads_grants(published) for published in items) else None
    if granted is not None:
        inputs["grants"] = grants_digest(granted)
    draft = hashlib.sha256(canonical_json(inputs)).hexdigest()[:32]
    before = ScreeningRun.objects.order_by("-ran_at", "-id").values_list("folder", flat=True).first() or ""
    found = {}
    for ref in refs:
        population = population_of(ref, granted, as_of=as_of, purpose=f"screening {identity}")
        task = task_of([one for one in items if one.item.audience == ref.kind], population, as_of)
        found[ref.kind.value] = screener().screen(task, draft=draft, over=before, engine=engine, progress=progress)
    rows = [_row(identity, published, found) for published in items if published.item.audience.value in found]
    return _record(identity, rows, found, inputs, draft, by=by, as_of=as_of)


def task_of(items: Sequence[PublishedItem], population: Population, as_of: datetime) -> Task:
    """The items of one kind over its population, as the screener takes it."""
    return Task(
        population,
        packs_digest(items),
        local_date(as_of),
        lambda: ((published.item.program, published.pack.owner) for published in items),
    )


def packs_digest(items: Iterable[PublishedItem]) -> str:
    """SHA-256 in hex over item ids and the hashes of their revisions: what a plan was made from."""
    plan = [[published.item.id, published.pack.hash] for published in items]
    return hashlib.sha256(canonical_json(plan)).hexdigest()


def root_of(inputs: Mapping[str, Any], leaves: Iterable[tuple[str, str, str]]) -> str:
    """The root of a run in hex: over what went in, then each item's id, hash of its pack and digest of its result."""
    return batch_root([canonical_json(dict(inputs)), *(canonical_json(list(leaf)) for leaf in leaves)]).hex()


def reads_grants(published: PublishedItem) -> bool:
    """Whether an item looks at what was granted before."""
    item = published.item
    return GRANTS.attribute in usage_of(roots_of(item), item.program.schema).relations


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
    return {
        "snapshots": {ref.kind.value: ref.root for ref in refs},
        "watermark": registry.overlay_watermark(),
        "plan": packs_digest(items),
        "as_of": local_date(as_of).isoformat(),
    }


def _row(run_id: str, published: PublishedItem, found: Mapping[str, Findings]) -> ScreeningItem:
    audience = published.item.audience.value
    return ScreeningItem(
        run_id=run_id,
        item=published.item.id,
        audience=audience,
        owner_office=published.pack.owner,
        revision_id=published.revision_id,
        digest=found[audience].digests[published.item.id],
    )


@transaction.atomic
def _record(
    run_id: str,
    rows: list[ScreeningItem],
    found: Mapping[str, Findings],
    inputs: dict[str, Any],
    draft: str,
    *,
    by: Actor,
    as_of: datetime,
) -> str:
    for place, row in enumerate(rows):
        row.place = place
    hashes = {row.revision_id: catalogue.revision(row.revision_id).hash for row in rows}
    root = root_of(inputs, ((row.item, hashes[row.revision_id], row.digest) for row in rows))
    subjects, overlaid, entitled, possible = (
        sum(getattr(one, name) for one in found.values()) for name in ("subjects", "overlaid", "entitled", "possible")
    )
    counted = {"items": len(rows), "subjects": subjects, "entitled": entitled, "possible": possible}
    entry_id = ledger.record(
        kind="screening.run", about=run_id, fields={"inputs": inputs, "root": root, **counted}, by=by, as_of=as_of
    )
    ScreeningRun.objects.create(
        id=run_id,
        as_of_on=local_date(as_of),
        inputs=inputs,
        root=root,
        folder=screener().keep(draft, run_id),
        **counted,
        overlaid=overlaid,
        fallbacks={name: count for one in found.values() for name, count in one.fallbacks.items()},
        ran_at=utc(as_of),
        ran_by=by.account,
        entry_id=entry_id,
    )
    ScreeningItem.objects.bulk_create(rows, batch_size=2_000)
    return run_id
