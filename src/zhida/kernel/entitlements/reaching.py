"""Quick looks beside the runs: one subject over all items, one new or changed item over everyone."""

from __future__ import annotations

from datetime import datetime

from zhida.domain.rules.engines.table import Eligible
from zhida.domain.values import Actor, Facts, Scope, SubjectKind, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements.assessing import facts_for
from zhida.kernel.entitlements.comparing import compare
from zhida.kernel.entitlements.models import ScreeningItem, ScreeningRun
from zhida.kernel.entitlements.populations import living_grants, population_of
from zhida.kernel.entitlements.ports import Population, Task, screener
from zhida.kernel.entitlements.records import Reached, Result
from zhida.kernel.entitlements.results import Outcome
from zhida.kernel.entitlements.screening import reads_grants, task_of
from zhida.kernel.registry import queries as registry


def screen_one(
    subject_id: str, *, as_of: datetime, scope: Scope, extra: Facts | None = None, by: Actor | None = None
) -> tuple[Result, ...]:
    """What a subject is entitled to of all items in force, by item id, and what it may be: by the rules alone.

    Unlike `assess_all` it looks at no grants that exclude each other and gives no reasons; it takes milliseconds where
    that takes seconds. Raises AccessError where the scope does not show the subject.
    """
    subject = registry.subject(subject_id, scope=scope)
    facts = facts_for(subject_id, scope=scope, as_of=as_of, extra=extra, by=by)
    found = screen_facts(subject.kind, facts, as_of=as_of)
    entitled = found.entitled.items()
    sure = [Result(subject_id, item, subject.region, True, fen if fen >= 0 else None) for item, fen in entitled]
    maybe = [Result(subject_id, item, subject.region, False, None) for item in found.possible]
    return tuple(sorted((*sure, *maybe), key=lambda result: result.item_id))


def screen_facts(kind: SubjectKind, facts: Facts, *, as_of: datetime) -> Eligible:
    """`screen_one` for facts in hand. Packs are read only where the plan of what is in force was not compiled yet."""
    task = Task(
        Population(kind.value, "", ()),
        catalogue.plan_digest(as_of=as_of, audience=kind),
        local_date(as_of),
        lambda: ((one.item.program, one.pack.owner) for one in catalogue.items(as_of=as_of, audience=kind)),
    )
    return screener().match_one(task, facts)


def reach(published: PublishedItem) -> Reached | None:
    """Whom a new or changed item reaches among everyone whom the newest run looked at, on its day; None without a run.

    Milliseconds where the run's encoded rows hold what the item asks, however many subjects there are. What it finds is
    what the next run finds of the same rows on the same day.
    """
    run = ScreeningRun.objects.order_by("-ran_at", "-id").first()
    kind = published.item.audience
    ref = registry.latest_snapshot(kind, as_of=run.ran_at) if run else None
    if run is None or ref is None:
        return None
    rows = ScreeningItem.objects.filter(run=run, audience=kind.value).order_by("place")
    items = [catalogue.pinned_item(row.revision_id, row.item) for row in rows]
    granted = living_grants() if any(reads_grants(one) for one in (*items, published)) else None
    population = population_of(ref, granted, as_of=run.ran_at, purpose=f"reach of {published.item.id}")
    found = screener().reach(task_of(items, population, run.ran_at), published.item.program)
    held = screener().results(run.folder, kind.value) if any(row.item == published.item.id for row in rows) else None
    before = held.item(published.item.id) if held else Outcome.empty()
    return Reached(
        run.id,
        int(found.is_entitled.sum()),
        int((~found.is_entitled).sum()),
        int(found.amount_fen[found.amount_fen > 0].sum()),
        {change: len(subjects) for change, subjects, *_ in compare(before, found)},
    )
