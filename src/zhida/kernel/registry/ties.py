"""Records that name another subject: a change of the one named shows in the record and marks whose record it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import QuerySet

from zhida.domain.registers.columns import arrow_field, from_json, stored, value_of
from zhida.domain.registers.joining import Positions, pick
from zhida.domain.registers.shapes import Shape
from zhida.domain.values import FactKey, SubjectKind
from zhida.kernel.registry.models import Overlay, Subject, Tie

_PREFIX = "subject_"
_AT_ONCE = 5_000
Changes = Mapping[str, Mapping[str, Any]]


def tie(table: pa.Table) -> None:
    """Keeps who is named by whose records, for every relation column of a batch."""
    for name in table.column_names:
        kind = table.schema.field(name).type
        if pa.types.is_list(kind) and pa.types.is_struct(kind.value_type):
            _tie_column(FactKey.parse(name).attribute, table["subject"], table[name].combine_chunks())


def _tie_column(relation: str, subjects: pa.ChunkedArray, records: pa.Array) -> None:
    parents = subjects.combine_chunks().take(pc.list_parent_indices(records))
    flat = pc.list_flatten(records)
    for field in flat.type:
        if not pa.types.is_string(field.type):
            continue
        names = flat.field(field.name)
        is_id = pc.fill_null(pc.starts_with(names, _PREFIX), False)
        pairs = list(zip(parents.filter(is_id).to_pylist(), names.filter(is_id).to_pylist(), strict=True))
        keys = _keys({name for _, name in pairs})
        Tie.objects.bulk_create(
            (
                Tie(parent_id=parent, member_id=keys[name], relation=relation)
                for parent, name in pairs
                if name in keys and keys[name] != parent
            ),
            ignore_conflicts=True,
        )


def _keys(ids: Iterable[str]) -> dict[str, int]:
    names = sorted(ids)
    found: dict[str, int] = {}
    for start in range(0, len(names), _AT_ONCE):
        part = names[start : start + _AT_ONCE]
        found.update(Subject.objects.filter(id__in=part).values_list("id", "key"))
    return found


def households_of(subject_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """The households whose records name each of these subjects, by subject; for the running system itself."""
    rows = Tie.objects.filter(member__id__in=list(subject_ids), parent__kind=SubjectKind.HOUSEHOLD)
    found: dict[str, frozenset[str]] = {}
    for member, parent in rows.values_list("member__id", "parent__id"):
        found[member] = found.get(member, frozenset()) | {parent}
    return found


def told_of_members(parent: Subject, rows: QuerySet[Overlay], shapes: Mapping[str, Shape]) -> dict[str, dict[str, Any]]:
    """What changes (some rows of the overlay) tell of the subjects that a parent's records name, by their ids."""
    members = dict(Tie.objects.filter(parent=parent).values_list("member__key", "member__id"))
    return _by_id(rows.filter(subject__key__in=members).order_by("position") if members else (), members, shapes)


def _by_id(rows: Iterable[Overlay], names: Mapping[int, str], shapes: Mapping[str, Shape]) -> dict[str, dict[str, Any]]:
    told: dict[str, dict[str, Any]] = {}
    for row in rows:
        shape = shapes.get(row.fact_key)
        if shape is not None:
            value = None if row.is_unknown else from_json(shape, row.value)
            told.setdefault(names[row.subject_id], {})[row.fact_key] = value
    return told


def refreshed(records: Sequence[Mapping[str, Any]], shape: Shape, told: Changes) -> tuple[dict[str, Any], ...]:
    """The records, each field that is told anew of the subject it names in its new value."""
    fields = {field.name for field in shape.fields}
    result = []
    for record in records:
        named = [value for value in record.values() if isinstance(value, str) and value in told]
        fresh = {key: value for name in named for key, value in told[name].items() if key in fields}
        merged = {**record, **fresh}
        result.append({key: value for key, value in merged.items() if value is not None})
    return tuple(result)


def refresh_column(
    values: pa.Array, shape: Shape, subjects: Positions, watermark: int, shapes: Mapping[str, Shape]
) -> pa.Array:
    """A relation's column with the changes in force of those its records name laid into the records."""
    changes = Overlay.objects.filter(ended_by="", position__lte=watermark).order_by("position")
    ties = Tie.objects.filter(relation=shape.name, member__in=changes.values("subject"))
    parents: dict[int, list[int]] = {}
    for parent, member in ties.values_list("parent__key", "member__key"):
        parents.setdefault(parent, []).append(member)
    if not parents:
        return values
    members = {member for named in parents.values() for member in named}
    names = dict(Subject.objects.filter(key__in=members).values_list("key", "id"))
    told = _by_id(changes.filter(subject__key__in=members), names, shapes)
    chosen = np.where(np.asarray(values.is_valid()), np.arange(len(values)), -1)
    field = arrow_field(shape.name, shape)
    fresh: list[Any] = []
    for parent in parents:
        place = int(np.searchsorted(subjects, parent))
        if place < len(subjects) and subjects[place] == parent and chosen[place] >= 0:
            chosen[place] = len(values) + len(fresh)
            fresh.append(stored(shape, refreshed(value_of(field, values[place].as_py()), shape, told)))
    return pick([values, pa.array(fresh, type=field.type)], chosen, field.type)
