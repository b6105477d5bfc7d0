"""Who is entitled to an item and has not claimed it, by place: read from the newest screening and the cases."""

from __future__ import annotations

from dataclasses import dataclass, replace

from zhida.domain.values import Scope
from zhida.kernel.cases import queries as cases
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.entitlements.records import Result

MOST = 100_000


@dataclass(frozen=True)
class Coverage:
    """Of one item in one region: how many are entitled, and how many of them have neither a grant nor a claim."""

    region: str
    entitled: int
    unclaimed: int


def unclaimed(item: str, *, scope: Scope) -> tuple[Result, ...]:
    """Those of the scope who are entitled to an item without a grant in the run's year or a claim under way.

    At most 100,000. The scope's offices, where it names any, must own the item.
    """
    run = entitlements.latest_run()
    if run is None:
        return ()
    return entitlements.unclaimed(run.id, item, scope=scope, open_claims=cases.open_claims(item), limit=MOST)


def coverage(item: str, *, scope: Scope) -> tuple[Coverage, ...]:
    """By region, those with most left over first."""
    run = entitlements.latest_run()
    if run is None:
        return ()
    left = entitlements.unclaimed_in(run.id, item, scope=scope, open_claims=cases.open_claims(item))
    counts = entitlements.counts(run.id, scope=scope, item_id=item)
    lines = (Coverage(one.region, one.entitled, left.get(one.region, 0)) for one in counts if one.entitled)
    return tuple(sorted(lines, key=lambda one: (-one.unclaimed, one.region)))


def coverage_in(item: str, regions: frozenset[str], *, scope: Scope) -> Coverage:
    """All these regions together, as far as the scope shows them."""
    seen = regions if scope.regions is None else regions & scope.regions
    found = coverage(item, scope=replace(scope, regions=seen))
    return Coverage("", sum(one.entitled for one in found), sum(one.unclaimed for one in found))
