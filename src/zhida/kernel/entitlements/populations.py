"""What a screening reads: a snapshot's file, the rows of subjects that changed since, and past grants as a column."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from django.db.models import Count, Sum

from zhida.domain.registers.columns import arrow_field, stored
from zhida.domain.registers.shapes import Shape
from zhida.domain.values import Fact, FactKey, Facts, Scope, local_date
from zhida.kernel.entitlements.models import Entitlement
from zhida.kernel.entitlements.past import GRANTS
from zhida.kernel.entitlements.ports import Population
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.dictionary import shapes
from zhida.kernel.registry.records import SnapshotRef

_GRANT = pa.struct([("item", pa.string()), ("granted_on", pa.date32()), ("amount_fen", pa.int64())])

Granted = dict[str, list[tuple[str, date, int]]]


def population_of(ref: SnapshotRef, granted: Granted | None, *, as_of: datetime, purpose: str) -> Population:
    """One kind of subject as a screening reads it; with `granted`, the relation `grants` stands among the columns."""
    grants = None if granted is None else _grants_table(granted, ref)
    laid = _laid(ref, as_of=as_of, purpose=purpose)
    stale = registry.stale_origins(ref, on=local_date(as_of))
    return Population(ref.kind.value, ref.root, (registry.snapshot_file(ref),), stale, laid, grants)


def living_grants() -> Granted:
    """Every grant that stands, by subject id, in the order they were made."""
    rows = Entitlement.objects.filter(revocation=None).order_by("id")
    granted: Granted = defaultdict(list)
    for subject_id, item, granted_on, amount_fen in rows.values_list("subject_id", "item", "granted_on", "amount_fen"):
        granted[subject_id].append((item, granted_on, amount_fen or 0))
    return granted


def granted_in(year: int, items: Collection[str]) -> dict[str, tuple[int, int]]:
    """How many subjects were granted each item in a year, and how many fen; nobody's name. Revoked grants are out."""
    rows = Entitlement.objects.filter(item__in=items, revocation=None, granted_on__year=year).values("item")
    sums = rows.annotate(subjects=Count("subject_id", distinct=True), fen=Sum("amount_fen")).order_by("item")
    return {row["item"]: (row["subjects"], row["fen"] or 0) for row in sums}


def grants_digest(granted: Granted) -> str:
    """SHA-256 over all living grants: part of a run's identity where an item reads them."""
    state = hashlib.sha256()
    for subject_id in sorted(granted):
        state.update(f"{subject_id} {granted[subject_id]}\n".encode())
    return state.hexdigest()


def _grants_table(granted: Granted, ref: SnapshotRef) -> pa.Table:
    keys = registry.subject_keys(sorted(granted), ref.kind)
    rows = sorted((key, granted[subject_id]) for subject_id, key in keys.items())
    lists = [[{"item": item, "granted_on": day, "amount_fen": fen} for item, day, fen in held] for _, held in rows]
    columns = [pa.array([key for key, _ in rows], pa.int64()), pa.array(lists, pa.list_(_GRANT))]
    return pa.table(columns, names=["subject", GRANTS.attribute])


def _laid(ref: SnapshotRef, *, as_of: datetime, purpose: str) -> pa.Table | None:
    """The rows of subjects that changed since the snapshot, as it would hold them, by subject key."""
    ids = sorted(registry.changed_since(ref))
    if not ids:
        return None
    scope = Scope.system(purpose)
    keys = registry.subject_keys(ids, ref.kind)
    facts = registry.facts_of_many(dict.fromkeys(ids, scope), as_of=as_of)
    places = registry.subjects(ids, scope=scope)
    rows = sorted((keys[identity], places[identity].region, facts[identity]) for identity in ids)
    head = [pa.array([key for key, *_ in rows], pa.int64()), pa.array([region for _, region, _ in rows], pa.string())]
    columns = dict(zip(("subject", "region"), head, strict=True))
    declared = shapes()
    for key in sorted({key for *_, known in rows for key in known}):
        if shape := declared.get(key.attribute):
            values = [_held(known, key, shape, local_date(as_of)) for *_, known in rows]
            columns[str(key)] = pa.array(values, arrow_field(str(key), shape).type)
    return pa.table(columns)


def _held(known: Facts, key: FactKey, shape: Shape, day: date) -> Any:
    """A fact as its column holds it; null where it is not known, or older than the dictionary allows."""
    fact = known.get(key)
    return None if fact is None or _is_stale(fact, shape, day) else stored(shape, fact.value)


def _is_stale(fact: Fact, shape: Shape, day: date) -> bool:
    limit = shape.stale_after_days
    return limit is not None and fact.observed_on is not None and (day - fact.observed_on).days > limit
