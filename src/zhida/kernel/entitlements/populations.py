"""What a screening reads: a snapshot's columns, the subjects changed since, and past grants as a column."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
import pyarrow as pa

from zhida.domain.values import Scope, local_date
from zhida.kernel.entitlements.models import Entitlement
from zhida.kernel.entitlements.outcomes import Population
from zhida.kernel.entitlements.past import GRANTS, with_grants
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SnapshotRef

_GRANT = pa.struct([("item", pa.string()), ("granted_on", pa.date32()), ("amount_fen", pa.int64())])

Granted = dict[str, list[tuple[str, date, int]]]


def population_of(ref: SnapshotRef, granted: Granted | None, *, as_of: datetime, purpose: str) -> Population:
    """One kind of subject as a screening reads it; with `granted`, the relation `grants` stands among the columns."""
    columns = registry.read_snapshot(ref, on=local_date(as_of))
    scope = Scope.system(purpose)
    ids = sorted(registry.changed_since(ref))
    keys = registry.subject_keys(ids, ref.kind)
    records = registry.subjects(ids, scope=scope)
    facts = with_grants(registry.facts_of_many(dict.fromkeys(ids, scope), as_of=as_of), local_date(as_of))
    changed = {keys[subject_id]: known for subject_id, known in facts.items()}
    if granted is not None:
        columns = columns.append_column(GRANTS.attribute, _grants_column(columns["subject"], granted, ref))
    regions = {keys[subject_id]: records[subject_id].region for subject_id in ids}
    return Population(ref.kind.value, columns, changed, regions)


def living_grants() -> Granted:
    """Every grant that stands, by subject id, in the order they were made."""
    rows = Entitlement.objects.filter(revocation=None).order_by("id")
    granted: Granted = defaultdict(list)
    for subject_id, item, granted_on, amount_fen in rows.values_list("subject_id", "item", "granted_on", "amount_fen"):
        granted[subject_id].append((item, granted_on, amount_fen or 0))
    return granted


def grants_digest(granted: Granted) -> str:
    """SHA-256 over all living grants: part of a run's identity where an item reads them."""
    state = hashlib.sha256()
    for subject_id in sorted(granted):
        state.update(f"{subject_id} {granted[subject_id]}\n".encode())
    return state.hexdigest()


def _grants_column(subjects: pa.ChunkedArray, granted: Granted, ref: SnapshotRef) -> pa.Array:
    by_key = {key: granted[subject_id] for subject_id, key in registry.subject_keys(sorted(granted), ref.kind).items()}
    rows: Sequence[int] = subjects.to_pylist() if by_key else []
    lists = [by_key.get(key, ()) for key in rows]
    counts = np.array([len(grants) for grants in lists] or [0] * len(subjects), dtype=np.int32)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    flat = [{"item": item, "granted_on": day, "amount_fen": fen} for grants in lists for item, day, fen in grants]
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(flat, type=_GRANT))
