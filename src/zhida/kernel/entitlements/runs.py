"""Reading the results of screenings within a scope: by item, by subject, against the run before, against the grants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from operator import attrgetter

import numpy as np
from django.db.models import QuerySet

from zhida.domain.errors import ConflictError
from zhida.domain.values import Scope, SubjectKind
from zhida.kernel.entitlements.comparing import compare
from zhida.kernel.entitlements.models import Entitlement, ScreeningItem, ScreeningRun
from zhida.kernel.entitlements.ports import Findings, screener
from zhida.kernel.entitlements.records import Change, Count, Difference, Result, Run, Screened
from zhida.kernel.entitlements.results import Flags, Outcome, Texts, Totals
from zhida.kernel.registry import queries as registry

_told = attrgetter(*(each.name for each in fields(Run)))


def run(run_id: str) -> Run:
    """One screening. Raises ConflictError `no_such_run`."""
    return _run(_run_row(run_id))


def latest_run(*, before: str = "") -> Run | None:
    """The newest screening, or the one before a given run."""
    rows = ScreeningRun.objects.order_by("-ran_at", "-id")
    row = (rows.filter(ran_at__lt=_run_row(before).ran_at) if before else rows).first()
    return _run(row) if row else None


def findings(run_id: str) -> dict[str, Findings]:
    """What a run came to for each kind of subject it looked at, with the time it took."""
    folder = _run_row(run_id).folder
    held = ((kind.value, screener().results(folder, kind.value)) for kind in SubjectKind)
    return {kind: results.findings for kind, results in held if results is not None}


def counts(run_id: str, *, scope: Scope, item_id: str = "") -> tuple[Count, ...]:
    """How many are entitled and possible, by item and region: of the scope's own items, and of its regions in all."""
    found = []
    for rows, totals, shown in _totals(run_id, scope, item_id):
        for at in np.flatnonzero(shown).tolist():
            row, region = rows[totals.items[totals.item[at]]], totals.regions[totals.region[at]]
            found.append((row.place, Count(row.item, row.owner_office, region, *totals.sums[at].tolist())))
    return tuple(count for _, count in sorted(found, key=lambda pair: pair[0]))


def screened(run_id: str, *, scope: Scope) -> tuple[Screened, ...]:
    """The scope's items in the order of the run, each with its sums over the scope's regions."""
    sums: dict[str, list[int]] = {}
    for _, totals, shown in _totals(run_id, scope, ""):
        whole = np.zeros((len(totals.items), 4), dtype=np.int64)
        np.add.at(whole, totals.item[shown], totals.sums[shown])
        sums.update(zip(totals.items, whole.tolist(), strict=True))
    return tuple(
        Screened(row.item, row.owner_office, row.revision_id, row.audience, *sums.get(row.item, (0, 0, 0, 0)))
        for row in _items(run_id, scope, "")
    )


def results_of_item(
    run_id: str, item_id: str, *, scope: Scope, only_entitled: bool = False, after: str = "", limit: int = 100
) -> tuple[Result, ...]:
    """A page of an item's results in the scope's regions; `after` is the subject id that ended the page before."""
    return _page(_outcome(run_id, item_id, scope, only_entitled=only_entitled), item_id, after, limit)


def results_of_subject(run_id: str, subject_id: str, *, scope: Scope) -> tuple[Result, ...]:
    """What one subject was found entitled to. Raises AccessError where the scope does not show the subject."""
    subject = registry.subject(subject_id, scope=scope)
    key = registry.subject_keys([subject_id], subject.kind)[subject_id]
    held = screener().results(_run_row(run_id).folder, subject.kind.value)
    if held is None:
        return ()
    region = held.region_of(key)
    return tuple(Result(subject_id, item, region, True, fen if fen >= 0 else None) for item, fen in held.subject(key))


def differences(run_id: str, previous_id: str, *, scope: Scope, item_id: str = "") -> Iterator[Difference]:
    """Who stands otherwise than in the previous run, item by item in the scope; joined by subject.

    An item that only one of the runs had counts as refused to everybody in the other.
    """
    after = {row.item: row for row in _items(run_id, scope, item_id)}
    before = {row.item: row for row in _items(previous_id, scope, item_id)}
    for name in sorted(after.keys() | before.keys()):
        if name in after and name in before and after[name].digest == before[name].digest:
            continue
        old, new = _outcome(previous_id, name, scope), _outcome(run_id, name, scope)
        for change, subjects, regions, amounts, earlier in compare(old, new):
            ids = registry.subject_ids(subjects.tolist())
            for key, region, amount, amount_before in zip(subjects, regions, amounts, earlier, strict=True):
                yield _difference(ids[int(key)], name, str(region), change, int(amount), int(amount_before))


def unclaimed(
    run_id: str, item_id: str, *, scope: Scope, open_claims: frozenset[str], after: str = "", limit: int = 100
) -> tuple[Result, ...]:
    """A page of those entitled in the run who have neither a grant of the item in its year nor an open claim.

    `open_claims` are the ids of subjects with a case that is not closed, which only cases know.
    """
    return _page(_left(run_id, item_id, scope, open_claims), item_id, after, limit)


def unclaimed_in(run_id: str, item_id: str, *, scope: Scope, open_claims: frozenset[str]) -> dict[str, int]:
    """How many `unclaimed` names in each region."""
    found = np.unique(_left(run_id, item_id, scope, open_claims).region.astype(str), return_counts=True)
    return dict(zip(*(part.tolist() for part in found), strict=True))


def _left(run_id: str, item_id: str, scope: Scope, open_claims: frozenset[str]) -> Outcome:
    rows = _outcome(run_id, item_id, scope, only_entitled=True)
    gone = sorted(_granted(item_id, _run_row(run_id).as_of_on) | open_claims)
    taken = registry.subject_keys(gone, _kind(run_id, item_id))
    return rows.where(~np.isin(rows.subjects, list(taken.values())))


def _granted(item_id: str, day: date) -> set[str]:
    rows = Entitlement.objects.filter(item=item_id, revocation=None, granted_on__year=day.year)
    return set(rows.values_list("subject_id", flat=True))


def _items(run_id: str, scope: Scope, item_id: str) -> QuerySet[ScreeningItem]:
    rows = ScreeningItem.objects.filter(run=_run_row(run_id)).order_by("place")
    rows = rows if scope.offices is None else rows.filter(owner_office__in=scope.offices)
    return rows.filter(item=item_id) if item_id else rows


def _outcome(run_id: str, item_id: str, scope: Scope, *, only_entitled: bool = False) -> Outcome:
    row = _items(run_id, scope, item_id).select_related("run").first()
    held = screener().results(row.run.folder, row.audience) if row else None
    if held is None:
        return Outcome.empty()
    found = held.item(item_id)
    if scope.regions is not None:
        found = found.where(_inside(found.region, scope))
    return found.where(found.is_entitled) if only_entitled else found


def _totals(run_id: str, scope: Scope, item_id: str) -> Iterator[tuple[dict[str, ScreeningItem], Totals, Flags]]:
    """For each kind of subject: the scope's items, the totals, and which of them the scope shows."""
    folder = _run_row(run_id).folder
    rows = {row.item: row for row in _items(run_id, scope, item_id)}
    for kind in sorted({row.audience for row in rows.values()}):
        held = screener().results(folder, kind)
        if held is None:
            continue
        totals = held.totals()
        shown = np.isin(totals.item, [place for place, item in enumerate(totals.items) if item in rows])
        if scope.regions is not None:
            shown &= _inside(np.array(totals.regions, dtype=object), scope)[totals.region]
        yield rows, totals, shown


def _inside(regions: Texts, scope: Scope) -> Flags:
    return np.isin(regions.astype(str), sorted(scope.regions or ()))


def _page(rows: Outcome, item_id: str, after: str, limit: int) -> tuple[Result, ...]:
    start = 0
    if after:
        found = [key for kind in SubjectKind for key in registry.subject_keys([after], kind).values()]
        start = int(np.searchsorted(rows.subjects, found[0], side="right")) if found else 0
    rows = rows.where(slice(start, start + limit))
    ids = registry.subject_ids(rows.subjects.tolist())
    columns = (rows.subjects.tolist(), rows.region.tolist(), rows.is_entitled.tolist(), rows.amount_fen.tolist())
    return tuple(
        Result(ids[key], item_id, region, is_entitled, fen if fen >= 0 else None)
        for key, region, is_entitled, fen in zip(*columns, strict=True)
    )


def _kind(run_id: str, item_id: str) -> SubjectKind:
    audience = ScreeningItem.objects.filter(run_id=run_id, item=item_id).values_list("audience", flat=True).first()
    return SubjectKind(audience or SubjectKind.ORGANISATION)


def _run_row(run_id: str) -> ScreeningRun:
    row = ScreeningRun.objects.filter(id=run_id).first()
    if row is None:
        raise ConflictError("no_such_run", f"no screening {run_id}", "look at the list of runs")
    return row


def _run(row: ScreeningRun) -> Run:
    return Run(*_told(row))


def _difference(subject_id: str, item_id: str, region: str, change: Change, after: int, before: int) -> Difference:
    return Difference(
        subject_id, item_id, region, change, after if after >= 0 else None, before if before >= 0 else None
    )
