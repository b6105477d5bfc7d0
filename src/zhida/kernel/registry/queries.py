"""What is known: subjects, their facts with source and date, snapshots, accounts, and who has looked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db.models import Count, Max, Q, QuerySet

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.registers.columns import from_json, value_of
from zhida.domain.registers.shapes import RESTRICTED
from zhida.domain.values import Actor, Fact, FactKey, Facts, Scope, SubjectKind
from zhida.kernel.registry import storage
from zhida.kernel.registry.access import Reading, note_readings
from zhida.kernel.registry.ageing import too_old
from zhida.kernel.registry.dictionary import shapes
from zhida.kernel.registry.identities import find
from zhida.kernel.registry.models import (
    AccessNote,
    BankAccount,
    Batch,
    FlaggedRow,
    Overlay,
    QuarantinedRow,
    Snapshot,
    Subject,
    Tie,
)
from zhida.kernel.registry.personal_numbers import number_index, open_line, open_number
from zhida.kernel.registry.receiving import report_of
from zhida.kernel.registry.records import (
    AccessRecord,
    AccountRecord,
    BatchReport,
    FlaggedLine,
    QuarantineLine,
    SnapshotRef,
    SubjectRecord,
)
from zhida.kernel.registry.rowfiles import ORIGIN, rows_of
from zhida.kernel.registry.snapshots import ref_of
from zhida.kernel.registry.ties import refreshed, told_of_members


def subject(subject_id: str, *, scope: Scope) -> SubjectRecord:
    """Who a subject is. Raises AccessError `subject_out_of_sight` where it is not in the scope, or not at all."""
    return _record(_visible(subject_id, scope))


def subjects(subject_ids: Sequence[str], *, scope: Scope) -> dict[str, SubjectRecord]:
    """The subjects among these ids that the scope shows, by id."""
    rows = _in(scope).filter(id__in=subject_ids)
    return {row.id: _record(row) for row in rows}


def find_by_name(
    text: str, *, scope: Scope, kind: SubjectKind | None = None, limit: int = 20
) -> tuple[SubjectRecord, ...]:
    """Subjects whose name contains the text, those that begin with it first."""
    rows = _in(scope).filter(name__contains=text, **({} if kind is None else {"kind": kind}))
    found = sorted(rows.order_by("name")[: limit * 5], key=lambda row: (not row.name.startswith(text), row.name))
    return tuple(_record(row) for row in found[:limit])


def find_by_credit_code(code: str, *, scope: Scope) -> SubjectRecord | None:
    """The organisation with this unified social credit code (or old registration number), if the scope shows it."""
    row = _in(scope).filter(credit_code=code).first()
    return _record(row) if row else None


def find_by_number(number: str, *, scope: Scope) -> SubjectRecord | None:
    """The person with this citizen number, found by its blind index, if the scope shows them."""
    row = _in(scope).filter(number_index=number_index(number)).first()
    return _record(row) if row else None


def number_of(subject_id: str, *, scope: Scope, as_of: datetime, by: Actor) -> str:
    """A person's citizen number in clear, for a purpose that the scope names; the reading is noted.

    Raises AccessError without a purpose, ConflictError where none is held.
    """
    row = _visible(subject_id, scope)
    if row.number_sealed is None:
        raise ConflictError("no_number", f"{subject_id} has no id number on record", "register it with its number")
    note_readings([Reading(row, ["citizen_number"], scope)], by=by, as_of=as_of)
    return open_number(row.number_sealed, about=subject_id)


def facts_of(
    subject_id: str, *, scope: Scope, as_of: datetime, by: Actor | None = None, only: Collection[str] | None = None
) -> Facts:
    """All that is known of a subject at an instant: its row of the latest snapshot, with later changes over it.

    Every fact has its source and date; numbers are int, or Decimal where the dictionary keeps decimals. Restricted
    facts need a purpose in the scope (AccessError `purpose_missing` without), and reading them is noted for the
    subject to see where somebody else reads (`by`) or the purpose names a case or a consent. `only` names attributes.
    """
    named = {subject_id: only} if only is not None else None
    return facts_of_many({subject_id: scope}, as_of=as_of, by=by, only=named)[subject_id]


def facts_of_many(
    scopes: Mapping[str, Scope],
    *,
    as_of: datetime,
    by: Actor | None = None,
    only: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Facts]:
    """`facts_of` for many subjects, each read under the scope given for it, with few questions to the database."""
    rows = Subject.objects.in_bulk(list(scopes), field_name="id")
    found, readings = {}, []
    for kind in {row.kind for row in rows.values()}:
        held = _latest(kind, as_of)
        later = Overlay.objects.filter(position__gt=held.watermark if held else 0, recorded_at__lte=as_of)
        changes = later.order_by("position") if later.exists() else None
        shown = {row.key: row for row in rows.values() if row.kind == kind and _shows(scopes[row.id], row)}
        sealed = _snapshot_facts(held, list(shown)) if held else {}
        for key, row in shown.items():
            subject_id, (known, classes) = row.id, sealed.get(key, ({}, {}))
            if changes is not None:
                classes |= _lay_changes(known, row, changes)
            if only is not None:
                known = {one: fact for one, fact in known.items() if one.attribute in only[subject_id]}
            restricted = sorted(str(key) for key in known if classes.get(key) in RESTRICTED)
            if restricted:
                readings.append(Reading(row, restricted, scopes[subject_id]))
            found[subject_id] = Facts(known)
    for subject_id in scopes.keys() - found.keys():
        raise _out_of_sight(subject_id)
    if readings:
        note_readings(readings, by=by, as_of=as_of)
    return found


def latest_snapshot(kind: SubjectKind, *, as_of: datetime | None = None) -> SnapshotRef | None:
    """The newest snapshot of a kind, made at or before `as_of` where one is given."""
    row = _latest(kind, as_of)
    return ref_of(row) if row else None


def snapshot(snapshot_id: str) -> SnapshotRef:
    """A snapshot by its id. Raises ConflictError `no_such_snapshot`."""
    row = Snapshot.objects.filter(id=snapshot_id).first()
    if row is None:
        raise ConflictError("no_such_snapshot", f"no snapshot {snapshot_id}", "build one")
    return ref_of(row)


def read_snapshot(ref: SnapshotRef, columns: Sequence[str] | None = None) -> pa.Table:
    """A snapshot's columns: `subject` (key), `region`, then facts by written key; all, or those named that it has."""
    names = [name for name in storage.open_file(ref.path).schema_arrow.names if not name.startswith(ORIGIN)]
    if columns is not None:
        names = [name for name in names if name in {"subject", "region", *columns}]
    return storage.read(ref.path, names)


def snapshot_file(ref: SnapshotRef) -> Path:
    """Where a snapshot's file stands on this machine: columns as `read_snapshot` says, in groups of 65,536 rows, and
    beside a column of several sources (`~` before its name) the place of the one that spoke."""
    return storage.place(ref.path)


def stale_origins(ref: SnapshotRef, *, on: date) -> dict[str, tuple[int, ...]]:
    """For each column of a snapshot the places of its sources that have grown too old by a day: unknown where they
    spoke."""
    return too_old(storage.open_file(ref.path).schema_arrow, Snapshot.objects.get(id=ref.id).sources, on)


def subject_ids(keys: Sequence[int]) -> dict[int, str]:
    """The id of each subject key."""
    found: dict[int, str] = {}
    for start in range(0, len(keys), 5_000):
        part = [int(key) for key in keys[start : start + 5_000]]
        found.update(Subject.objects.filter(key__in=part).values_list("key", "id"))
    return found


def subject_keys(ids: Sequence[str], kind: SubjectKind) -> dict[str, int]:
    """The subject key of each id of a kind."""
    return {name: key for name, key, _ in find(ids, "id", kind)}


def changed_since(ref: SnapshotRef) -> frozenset[str]:
    """The ids whose facts changed after a snapshot's watermark, and those whose records name one of them."""
    changed = Overlay.objects.filter(position__gt=ref.watermark).values("subject_id")
    parents = Tie.objects.filter(member__in=changed).values("parent_id")
    rows = Subject.objects.filter(Q(key__in=changed) | Q(key__in=parents), kind=ref.kind)
    return frozenset(rows.values_list("id", flat=True))


def overlay_watermark() -> int:
    """The position of the last change recorded; 0 before the first."""
    return Overlay.objects.aggregate(last=Max("position"))["last"] or 0


def bank_account(subject_id: str, *, scope: Scope, on: date) -> AccountRecord | None:
    """The account that money for a subject goes to on a day, if one is on record."""
    found = bank_accounts([subject_id], scope=scope, on=on).get(subject_id)
    if found is None:
        _visible(subject_id, scope)
    return found


def bank_accounts(subject_ids: Sequence[str], *, scope: Scope, on: date) -> dict[str, AccountRecord]:
    """Those of these subjects that the scope shows and that have an account on record on a day, with it."""
    rows = BankAccount.objects.filter(subject__id__in=subject_ids, valid_from__lte=on).select_related("subject")
    held = rows.filter(Q(valid_to=None) | Q(valid_to__gt=on)).order_by("valid_from", "id")
    return {row.subject.id: _account(row) for row in held if _shows(scope, row.subject)}


def with_changed_account(subject_ids: Sequence[str], *, on: date) -> frozenset[str]:
    """Those of these subjects whose account on record by a day is not their first; for the running system itself."""
    rows = BankAccount.objects.filter(subject__id__in=subject_ids, valid_from__lte=on).values("subject__id")
    return frozenset(rows.annotate(count=Count("id")).filter(count__gt=1).values_list("subject__id", flat=True))


def sharing_account(account_ids: Collection[str], *, on: date) -> dict[str, int]:
    """How many subjects have the very number of each account on record on a day, itself counted.

    For the running system itself. Accounts put on record before numbers were indexed are left out.
    """
    asked = BankAccount.objects.filter(id__in=account_ids).exclude(number_index="")
    numbers = dict(asked.values_list("id", "number_index"))
    held = BankAccount.objects.filter(number_index__in=set(numbers.values()), valid_from__lte=on)
    by_number = held.filter(Q(valid_to=None) | Q(valid_to__gt=on)).values("number_index")
    counts = dict(by_number.annotate(count=Count("subject", distinct=True)).values_list("number_index", "count"))
    return {account: counts.get(number, 0) for account, number in numbers.items()}


def payee(account_id: str) -> tuple[str, str]:
    """The holder and the full number of an account, for the order that pays it and nothing else.

    Raises ConflictError `no_such_account`.
    """
    row = BankAccount.objects.filter(id=account_id).first()
    if row is None:
        raise ConflictError("no_such_account", f"no bank account {account_id}", "register it first")
    return row.holder, open_number(row.number_sealed, about=account_id)


def access_notes(subject_id: str, *, scope: Scope) -> tuple[AccessRecord, ...]:
    """Who has read restricted facts of a subject and for what, the latest first."""
    rows = AccessNote.objects.filter(subject=_visible(subject_id, scope)).order_by("-read_at", "-id")
    return tuple(AccessRecord(row.account, row.office, row.purpose, tuple(row.facts), row.read_at) for row in rows)


def batch_report(batch_id: str) -> BatchReport:
    """The figures of a received batch. Raises ConflictError where there is none or it is still open."""
    row = Batch.objects.filter(id=batch_id).first()
    if row is None:
        raise ConflictError("no_such_batch", f"no batch {batch_id}", "look at the list of batches")
    return report_of(row)


def quarantined(batch_id: str) -> tuple[QuarantineLine, ...]:
    """The lines of a batch that did not land, in their order, without their content."""
    rows = QuarantinedRow.objects.filter(batch=batch_id).order_by("line")
    return tuple(QuarantineLine(row.line, row.field, row.reason) for row in rows)


def quarantined_line(batch_id: str, line: int, *, scope: Scope) -> Mapping[str, Any]:
    """One quarantined line in clear, for the office that mends it. Raises AccessError without a purpose,
    ConflictError where no such line was kept aside."""
    if not scope.purpose:
        raise AccessError("purpose_missing", "a quarantined line may hold personal data", "name a purpose in the scope")
    row = QuarantinedRow.objects.filter(batch=batch_id, line=line).first()
    if row is None:
        words = f"line {line} of {batch_id} was not kept aside"
        raise ConflictError("line_not_kept_aside", words, "zhida registry show lists those that were")
    return open_line(batch_id, row.raw_sealed)


def flagged(batch_id: str) -> tuple[FlaggedLine, ...]:
    """The lines of a batch that landed with a doubt, in their order."""
    rows = FlaggedRow.objects.filter(batch=batch_id).order_by("line", "field")
    return tuple(FlaggedLine(row.line, row.field, row.reason, row.subject_id) for row in rows)


def _in(scope: Scope) -> QuerySet[Subject]:
    rows = Subject.objects.all() if scope.regions is None else Subject.objects.filter(region__in=scope.regions)
    return rows if scope.subjects is None else rows.filter(id__in=scope.subjects)


def _visible(subject_id: str, scope: Scope) -> Subject:
    row = Subject.objects.filter(id=subject_id).first()
    if row is None or not _shows(scope, row):
        raise _out_of_sight(subject_id)
    return row


def _shows(scope: Scope, row: Subject) -> bool:
    in_region = scope.regions is None or row.region in scope.regions
    return in_region and (scope.subjects is None or row.id in scope.subjects)


def _out_of_sight(subject_id: str) -> AccessError:
    words = f"{subject_id} is not within what you may see"
    return AccessError("subject_out_of_sight", words, "ask for a duty in its region, or a mandate from the subject")


def _account(row: BankAccount) -> AccountRecord:
    spans = (row.valid_from, row.valid_to, row.recorded_at)
    return AccountRecord(row.id, row.subject.id, row.tail, row.holder, row.bank, *spans)


def _record(row: Subject) -> SubjectRecord:
    return SubjectRecord(
        row.id,
        SubjectKind(row.kind),
        row.region,
        row.name,
        row.credit_code or "",
        row.code_state,
        row.number_index is not None,
        row.status,
    )


def _latest(kind: str, as_of: datetime | None) -> Snapshot | None:
    rows = Snapshot.objects.filter(kind=kind, **({} if as_of is None else {"as_of__lte": as_of}))
    found = rows.order_by("-as_of", "-watermark", "-id").values_list("id", flat=True).first()
    return _kept(found) if found else None


@lru_cache(maxsize=16)
def _kept(snapshot_id: str) -> Snapshot:
    """A snapshot never changes, and says much of its sources: it is read once."""
    return Snapshot.objects.get(id=snapshot_id)


@lru_cache(maxsize=16)
def _layout(snapshot_id: str, schema: pa.Schema) -> list[tuple[pa.Field, FactKey, str, list[tuple[str, date]]]]:
    """The columns that hold facts: key, class, and the sources that a value may come from."""
    sources = _kept(snapshot_id).sources
    return [
        (
            field,
            FactKey.parse(field.name),
            (field.metadata or {}).get(b"field_class", b"restricted").decode(),
            [(source, date.fromisoformat(day)) for source, day, _ in sources[field.name]],
        )
        for field in schema
        if field.name in sources
    ]


def _snapshot_facts(held: Snapshot, keys: Sequence[int]) -> dict[int, tuple[dict[FactKey, Fact], dict[FactKey, str]]]:
    """What a snapshot knows of these subjects, by subject key, each with the classes of the facts."""
    table = rows_of(held.path, keys)
    layout = _layout(held.id, table.schema)
    found = {}
    for values in table.to_pylist():
        known, classes = {}, {}
        for field, key, field_class, origins in layout:
            value = values[field.name]
            if value is not None:
                known[key] = Fact(value_of(field, value), *origins[values.get(ORIGIN + field.name, 0)])
                classes[key] = field_class
        found[values["subject"]] = known, classes
    return found


def _lay_changes(known: dict[FactKey, Fact], row: Subject, changes: QuerySet[Overlay]) -> dict[FactKey, str]:
    """Lays the changes since the snapshot over `known`, in place; gives the classes of what was laid."""
    later = list(changes.filter(subject=row))
    declared = shapes()
    told = told_of_members(row, changes, declared)
    for key, fact in known.items():
        shape = declared.get(key.attribute)
        if told and shape is not None and shape.kind == "relation":
            known[key] = replace(fact, value=refreshed(fact.value, shape, told))
    classes: dict[FactKey, str] = {}
    for change in later:
        key = FactKey.parse(change.fact_key)
        shape = declared.get(key.attribute)
        if shape is None or change.is_unknown:
            known.pop(key, None)
            continue
        known[key] = Fact(from_json(shape, change.value), change.source, change.observed_on)
        classes[key] = shape.field_class
    return classes
