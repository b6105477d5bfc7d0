"""Building a snapshot: the latest batches of a kind joined, overlay laid in, derived facts computed, sorted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import transaction

from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.registers.columns import arrow_field, from_json, stored
from zhida.domain.registers.joining import Positions, heard, join
from zhida.domain.registers.shapes import Shape
from zhida.domain.values import Actor, CodeTree, FactKey, SubjectKind, local_date, new_id
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry import storage
from zhida.kernel.registry.counting import OVERLAYS, reached
from zhida.kernel.registry.deriving import Deriver
from zhida.kernel.registry.dictionary import load_dictionary, shapes_of
from zhida.kernel.registry.laying import Laid, has_caught_up, latest, lay
from zhida.kernel.registry.models import Overlay, Snapshot, Subject
from zhida.kernel.registry.records import SnapshotRef
from zhida.kernel.registry.rowfiles import ORIGIN, write_index
from zhida.kernel.registry.ties import refresh_column
from zhida.kernel.registry.voices import Choir


@dataclass
class _Build:
    """What one build gathers as it goes."""

    kind: str
    subjects: Positions
    shapes: Mapping[str, Shape]
    watermark: int
    as_of: datetime
    ended: list[Overlay]
    origins: dict[str, list[list[str]]]


def build_snapshot(*, kind: SubjectKind, dictionary: Dictionary, as_of: datetime, by: Actor) -> SnapshotRef:
    """Joins what is known of every open subject of a kind into one immutable file and records its root.

    Columns are `subject` (key), `region`, then facts by written key, in the order of their names; rows stand in the
    order of the region tree, in groups of 65,536. Absence in a complete source becomes the dictionary's value, what is
    older than the dictionary allows becomes unknown. A change that its source has caught up with ends here. Building
    again where nothing has changed gives the same root and the same snapshot. The file is made outside any transaction,
    so that nobody waits for it; batches that arrive meanwhile are for the next one.
    """
    load_dictionary(dictionary=dictionary, by=by, as_of=as_of)
    with transaction.atomic():
        watermark = reached(OVERLAYS)
    keys, regions = _subjects(kind)
    build = _Build(kind, keys, shapes_of(dictionary), watermark, as_of, [], {})
    facts = _derived(build, _facts(build), dictionary)
    order = _order(keys, regions, dictionary.code_trees.get("region"))
    head = [pa.array(keys), pa.array(regions, type=pa.string()).dictionary_encode()]
    table = pa.table([*head, *facts.columns], names=["subject", "region", *facts.column_names])
    table = table.take(pa.array(order)).replace_schema_metadata(None)
    table = _with_fields(table, build.shapes)
    notes = {"kind": kind, "watermark": str(watermark), "dictionary": dictionary.hash, "as_of": as_of.isoformat()}
    path, root = storage.keep(table.replace_schema_metadata(notes), "snapshots", kind)
    write_index(path, table["subject"].to_numpy())
    snapshot = Snapshot.objects.filter(root=root).first()
    if snapshot is None:
        snapshot = _record(build, path, root, table, dictionary.hash, by)
    return ref_of(snapshot)


def ref_of(row: Snapshot) -> SnapshotRef:
    """A snapshot as others see it."""
    return SnapshotRef(row.id, SubjectKind(row.kind), row.path, row.root, row.rows, row.watermark, row.as_of)


@transaction.atomic
def _record(build: _Build, path: str, root: str, table: pa.Table, dictionary_hash: str, by: Actor) -> Snapshot:
    identity = new_id("snapshot")
    positions = [row.position for row in build.ended]
    Overlay.objects.filter(position__in=positions).update(ended_by=identity)
    fields = {
        "subjects": build.kind,
        "root": root,
        "rows": table.num_rows,
        "watermark": build.watermark,
        "dictionary": dictionary_hash,
    }
    entry = ledger.record(kind="snapshot.built", about=identity, fields=fields, by=by, as_of=build.as_of)
    return Snapshot.objects.create(
        id=identity,
        kind=build.kind,
        path=path,
        root=root,
        rows=table.num_rows,
        watermark=build.watermark,
        sources=build.origins,
        dictionary_hash=dictionary_hash,
        as_of=build.as_of,
        entry=entry,
    )


def _subjects(kind: str) -> tuple[Positions, list[str]]:
    rows = Subject.objects.filter(kind=kind).exclude(status="closed").order_by("key").values_list("key", "region")
    pairs = list(rows.iterator(chunk_size=20_000))
    return np.array([key for key, _ in pairs], dtype=np.int64), [region for _, region in pairs]


def _order(keys: Positions, regions: list[str], tree: CodeTree | None) -> Positions:
    """Rows in the tree's own order (a place before what lies in it), so that a region is one range; then by key."""
    ranks = _ranks(tree) if tree else {}
    places = np.array([ranks.get(region, len(ranks)) for region in regions], dtype=np.int64)
    names = np.array(regions, dtype=str)
    return np.lexsort((keys, names, places)).astype(np.int64) if len(keys) else keys


def _ranks(tree: CodeTree) -> dict[str, int]:
    paths = sorted((*reversed(tree.ancestors(code)), code) for code in tree.parents)
    return {path[-1]: rank for rank, path in enumerate(paths)}


def _facts(build: _Build) -> pa.Table:
    choir = Choir(build.kind)
    rows = Overlay.objects.filter(subject__kind=build.kind, ended_by="", position__lte=build.watermark).order_by(
        "position"
    )
    changes: dict[str, list[Overlay]] = {}
    superseded: dict[tuple[str, int], list[Overlay]] = {}
    for row in rows:
        superseded.setdefault((row.fact_key, row.subject_id), []).append(row)
    for (name, _), row in latest(row for group in superseded.values() for row in group).items():
        changes.setdefault(name, []).append(row)
    columns: dict[str, Any] = {}
    for name in sorted({*choir.columns, *changes}):
        shape = build.shapes.get(FactKey.parse(name).attribute)
        if shape is None or shape.is_derived:
            continue
        laid = _column(build, choir, name, shape, changes.get(name, []), superseded)
        columns[name] = laid.values
        build.origins[name] = [list(origin) for origin in laid.origins]
        if len(laid.origins) > 1:
            columns[ORIGIN + name] = pa.array(laid.said_by.astype(np.int16))
    return pa.table(columns)


def _derived(build: _Build, facts: pa.Table, dictionary: Dictionary) -> pa.Table:
    """The facts with derived columns added, or filled where a source that may supply them is silent."""
    deriver = Deriver(dictionary, build.shapes, build.kind, local_date(build.as_of))
    columns = dict(zip(facts.column_names, facts.columns, strict=True))
    for key, values in deriver.columns(facts):
        name = str(key)
        origins = build.origins.setdefault(name, [])
        if origins:
            supplied = np.asarray(columns[name].is_valid())
            said_by = columns[ORIGIN + name].to_numpy() if ORIGIN + name in columns else np.zeros(len(values))
            said_by = np.where(supplied, said_by, len(origins))
            columns[ORIGIN + name] = pa.array(said_by.astype(np.int16))
        origins.append(["derived", local_date(build.as_of).isoformat(), "derived"])
        columns[name] = values
    return pa.table(dict(sorted(columns.items(), key=lambda column: column[0].removeprefix(ORIGIN))))


def _column(
    build: _Build,
    choir: Choir,
    name: str,
    shape: Shape,
    changes: Iterable[Overlay],
    superseded: Mapping[tuple[str, int], list[Overlay]],
) -> Laid:
    kind = arrow_field(name, shape).type
    voices = heard(choir.voices(name), shape, local_date(build.as_of))
    here = []
    for row in changes:
        if has_caught_up(row, shape, voices):
            build.ended.extend(superseded[row.fact_key, row.subject_id])
        elif _holds(build.subjects, row.subject_id):
            here.append(row)
    absent = None if shape.absence is None else stored(shape, from_json(shape, shape.absence))
    laid = lay(join(voices, build.subjects, kind, absent), here, build.subjects, shape, kind)
    if shape.kind != "relation":
        return laid
    return replace(laid, values=refresh_column(laid.values, shape, build.subjects, build.watermark, build.shapes))


def _holds(subjects: Positions, key: int) -> bool:
    place = int(np.searchsorted(subjects, key))
    return place < len(subjects) and int(subjects[place]) == key


def _with_fields(table: pa.Table, shapes: Mapping[str, Shape]) -> pa.Table:
    """The same columns, each with its notes (scale, class, owner) in its field, so that the file explains itself."""
    fields = []
    for field in table.schema:
        shape = shapes.get(FactKey.parse(field.name).attribute) if field.name not in ("subject", "region") else None
        fields.append(arrow_field(field.name, shape) if shape else field)
    return pa.table(table.columns, schema=pa.schema(fields))
