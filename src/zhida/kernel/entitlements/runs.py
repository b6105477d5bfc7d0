"""Reading the results of screenings within a scope: by item, by subject, against the run before, against the grants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from zhida.domain.errors import ConflictError
from zhida.domain.values import Scope, SubjectKind
from zhida.kernel.entitlements import results
from zhida.kernel.entitlements.comparing import compare
from zhida.kernel.entitlements.models import Entitlement, ScreeningCount, ScreeningItem, ScreeningRun
from zhida.kernel.entitlements.records import Change, Count, Difference, Result, Run, Screened, TakeUp
from zhida.kernel.entitlements.results import Outcome
from zhida.kernel.registry import queries as registry

_EMPTY = results.SCHEMA.empty_table()
_SUMMED = ("entitled", "possible", "amount_unknown", "amount_fen")


def run(run_id: str) -> Run:
    """One screening. Raises ConflictError `no_such_run`."""
    return _run(_run_row(run_id))


def latest_run(*, before: str = "") -> Run | None:
    """The newest screening, or the one before a given run."""
    rows = ScreeningRun.objects.order_by("-ran_at", "-id")
    if before:
        rows = rows.filter(ran_at__lt=_run_row(before).ran_at)
    row = rows.first()
    return _run(row) if row else None


def counts(run_id: str, *, scope: Scope, item_id: str = "") -> tuple[Count, ...]:
    """How many are entitled and possible, by item and region: of the scope's own items, and of its regions in all."""
    rows = ScreeningCount.objects.filter(row__in=_items(run_id, scope, item_id)).select_related("row")
    if scope.regions is not None:
        rows = rows.filter(region__in=scope.regions)
    return tuple(
        Count(
            row.row.item,
            row.row.owner_office,
            row.region,
            row.entitled,
            row.possible,
            row.amount_unknown,
            row.amount_fen,
        )
        for row in rows.order_by("row__place", "region")
    )


def screened(run_id: str, *, scope: Scope) -> tuple[Screened, ...]:
    """The scope's items in the order of the run, each with its sums over the scope's regions."""
    regions = Q() if scope.regions is None else Q(counts__region__in=scope.regions)
    sums = {f"all_{name}": Coalesce(Sum(f"counts__{name}", filter=regions), 0) for name in _SUMMED}
    rows = _items(run_id, scope, "").annotate(**sums)
    return tuple(Screened(*row) for row in rows.values_list("item", "owner_office", "revision_id", "audience", *sums))


def results_of_item(
    run_id: str,
    item_id: str,
    *,
    scope: Scope,
    only_entitled: bool = False,
    after: str = "",
    limit: int = 100,
) -> tuple[Result, ...]:
    """A page of an item's results in the scope's regions; `after` is the subject id that ended the page before."""
    rows = _rows_of_item(run_id, item_id, scope, only_entitled=only_entitled)
    return _page(rows, item_id, after, limit)


def results_of_subject(run_id: str, subject_id: str, *, scope: Scope) -> tuple[Result, ...]:
    """What one subject was found entitled to. Raises AccessError where the scope does not show the subject."""
    subject = registry.subject(subject_id, scope=scope)
    key = registry.subject_keys([subject_id], subject.kind)[subject_id]
    rows = results.of_subject(_folder(run_id), subject.kind.value, key)
    places = ScreeningItem.objects.filter(run_id=run_id, place__in=rows["item"].to_pylist())
    names = dict(places.values_list("place", "item"))
    return tuple(
        Result(subject_id, names[row["item"]], row["region"], row["is_entitled"], row["amount_fen"])
        for row in rows.to_pylist()
    )


def differences(run_id: str, previous_id: str, *, scope: Scope, item_id: str = "") -> Iterator[Difference]:
    """Who stands otherwise than in the previous run, item by item in the scope; joined by subject.

    An item that only one of the runs had counts as refused to everybody in the other.
    """
    after = {row.item: row for row in _items(run_id, scope, item_id)}
    before = {row.item: row for row in _items(previous_id, scope, item_id)}
    for name in sorted(after.keys() | before.keys()):
        old, new = _outcome(before.get(name), scope), _outcome(after.get(name), scope)
        for change, subjects, regions, amounts, earlier in compare(old, new):
            ids = registry.subject_ids(subjects.tolist())
            for key, region, amount, amount_before in zip(subjects, regions, amounts, earlier, strict=True):
                yield _difference(ids[int(key)], name, str(region), change, int(amount), int(amount_before))


def unclaimed(
    run_id: str,
    item_id: str,
    *,
    scope: Scope,
    open_claims: frozenset[str] = frozenset(),
    after: str = "",
    limit: int = 100,
) -> tuple[Result, ...]:
    """A page of those entitled in the run who have neither a grant of the item in its year nor an open claim.

    `open_claims` are the ids of subjects with a case that is not closed, which only cases know.
    """
    rows = _rows_of_item(run_id, item_id, scope, only_entitled=True)
    taken = registry.subject_keys(
        sorted(_granted(item_id, _run_row(run_id).as_of_on) | open_claims), _kind(run_id, item_id)
    )
    rows = rows.filter(pc.invert(pc.is_in(rows["subject"], pa.array(list(taken.values()), pa.int64()))))
    return _page(rows, item_id, after, limit)


def unclaimed_of(subject_id: str, *, scope: Scope, open_items: frozenset[str] = frozenset()) -> tuple[Result, ...]:
    """What a subject was found entitled to in the newest run and has neither been granted in its year nor claimed.

    `open_items` are the items of its cases that are not closed.
    """
    row = ScreeningRun.objects.order_by("-ran_at", "-id").first()
    if row is None:
        return ()
    rows = Entitlement.objects.filter(subject_id=subject_id, revocation=None, granted_on__year=row.as_of_on.year)
    taken = open_items | set(rows.values_list("item", flat=True))
    return tuple(found for found in results_of_subject(row.id, subject_id, scope=scope) if found.item_id not in taken)


def take_up(run_id: str, *, scope: Scope) -> tuple[TakeUp, ...]:
    """For each item of the scope: how many were entitled, and how many of them were granted it in the run's year."""
    day = _run_row(run_id).as_of_on
    found = []
    for row in _items(run_id, scope, ""):
        entitled = _rows_of_item(run_id, row.item, scope, only_entitled=True)
        granted = registry.subject_keys(sorted(_granted(row.item, day)), SubjectKind(row.audience))
        taken = np.isin(entitled["subject"].to_numpy(), np.array(list(granted.values()), dtype=np.int64))
        found.append(TakeUp(row.item, len(entitled), int(taken.sum())))
    return tuple(found)


def _granted(item_id: str, day: date) -> set[str]:
    rows = Entitlement.objects.filter(item=item_id, revocation=None, granted_on__year=day.year)
    return set(rows.values_list("subject_id", flat=True))


def _items(run_id: str, scope: Scope, item_id: str) -> QuerySet[ScreeningItem]:
    rows = ScreeningItem.objects.filter(run=_run_row(run_id)).order_by("place")
    if scope.offices is not None:
        rows = rows.filter(owner_office__in=scope.offices)
    return rows.filter(item=item_id) if item_id else rows


def _rows_of_item(run_id: str, item_id: str, scope: Scope, *, only_entitled: bool) -> pa.Table:
    row = _items(run_id, scope, item_id).first()
    if row is None:
        return _EMPTY
    rows = _in_regions(results.of_item(_folder(run_id), row.audience, row.place), scope)
    return rows.filter(rows["is_entitled"]) if only_entitled else rows


def _in_regions(rows: pa.Table, scope: Scope) -> pa.Table:
    if scope.regions is None:
        return rows
    return rows.filter(pc.is_in(rows["region"].cast(pa.string()), pa.array(sorted(scope.regions), pa.string())))


def _outcome(row: ScreeningItem | None, scope: Scope) -> Outcome:
    if row is None:
        return results.outcome_of(_EMPTY)
    return results.outcome_of(_in_regions(results.of_item(_folder(row.run_id), row.audience, row.place), scope))


def _page(rows: pa.Table, item_id: str, after: str, limit: int) -> tuple[Result, ...]:
    if after:
        found = [key for kind in SubjectKind for key in registry.subject_keys([after], kind).values()]
        rows = rows.filter(pc.greater(rows["subject"], found[0] if found else -1))
    rows = rows.slice(0, limit)
    ids = registry.subject_ids(rows["subject"].to_pylist())
    return tuple(
        Result(ids[row["subject"]], item_id, row["region"], row["is_entitled"], row["amount_fen"])
        for row in rows.to_pylist()
    )


def _kind(run_id: str, item_id: str) -> SubjectKind:
    audience = ScreeningItem.objects.filter(run_id=run_id, item=item_id).values_list("audience", flat=True).first()
    return SubjectKind(audience or SubjectKind.ORGANISATION)


def _run_row(run_id: str) -> ScreeningRun:
    row = ScreeningRun.objects.filter(id=run_id).first()
    if row is None:
        raise ConflictError("no_such_run", f"no screening {run_id}", "look at the list of runs")
    return row


def _folder(run_id: str) -> Path:
    return Path(settings.HOME) / _run_row(run_id).folder


def _run(row: ScreeningRun) -> Run:
    return Run(
        row.id,
        row.as_of_on,
        row.inputs,
        row.root,
        row.subjects,
        row.items,
        row.entitled,
        row.possible,
        row.overlaid,
        row.fallbacks,
        row.ran_at,
        row.entry_id,
    )


def _difference(subject_id: str, item_id: str, region: str, change: Change, after: int, before: int) -> Difference:
    return Difference(
        subject_id, item_id, region, change, after if after >= 0 else None, before if before >= 0 else None
    )
