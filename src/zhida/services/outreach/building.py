"""Below the street: who is left over in which building, by an attribute whose values are codes of an address register.

A building with fewer entitled than five is told with the rest, and of few who have not claimed only that they are few:
nobody is found by counting (as with the sums of simulations).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from zhida.domain.values import Facts, Scope
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.registry import queries as registry
from zhida.services.outreach.reaching import unclaimed

FEWEST = 5
MOST = 20_000
UNKNOWN, REST = "", "~"


@dataclass(frozen=True)
class BuildingCoverage:
    """Of one item in one building: how many are entitled, and how many of them have not claimed; None where those are
    fewer than five but not none. `building` is REST for buildings told together, UNKNOWN where none is on record."""

    building: str
    entitled: int
    unclaimed: int | None


def by_building(
    item: str, street: Collection[str], *, scope: Scope, attributes: Collection[str], as_of: datetime
) -> tuple[BuildingCoverage, ...]:
    """The buildings of a street (its regions), those with most entitled first; at most 20,000 subjects are looked at.

    Only sums leave it, so that no reading is noted for anybody.
    """
    run = entitlements.latest_run()
    seen = frozenset(street) if scope.regions is None else frozenset(street) & scope.regions
    if run is None or not attributes or not seen:
        return ()
    here = Scope(scope.offices, seen, None, scope.purpose)
    every = entitlements.results_of_item(run.id, item, scope=here, only_entitled=True, limit=MOST)
    left = {one.subject_id for one in unclaimed(item, scope=here)}
    where = buildings_of([one.subject_id for one in every], attributes=attributes, as_of=as_of)
    entitled = Counter(where.values())
    open_ones = Counter(building for subject, building in where.items() if subject in left)
    if set(entitled) <= {UNKNOWN}:
        return ()
    return _folded(entitled, open_ones)


def buildings_of(subject_ids: Sequence[str], *, attributes: Collection[str], as_of: datetime) -> dict[str, str]:
    """The building of each, UNKNOWN where none is on record. It is the system that looks, to add up or to choose."""
    scope = Scope.system("outreach")
    named = dict.fromkeys(subject_ids, attributes)
    found = registry.facts_of_many(dict.fromkeys(subject_ids, scope), as_of=as_of, only=named)
    return buildings_in(found)


def buildings_in(found: Mapping[str, Facts]) -> dict[str, str]:
    """The building that each one's facts name."""
    told = {subject: list(facts.known.values()) for subject, facts in found.items()}
    return {subject: str(known[0].value) if known else UNKNOWN for subject, known in told.items()}


def _folded(entitled: Mapping[str, int], open_ones: Mapping[str, int]) -> tuple[BuildingCoverage, ...]:
    """The rest holds five or none: where it would hold fewer, the next smallest building goes with it."""
    order = sorted(entitled, key=lambda code: (-entitled[code], code))
    shown = [code for code in order if entitled[code] >= FEWEST]
    rest = [code for code in order if entitled[code] < FEWEST]
    while rest and shown and sum(entitled[code] for code in rest) < FEWEST:
        rest.append(shown.pop())
    lines = [BuildingCoverage(code, entitled[code], _told(open_ones.get(code, 0))) for code in shown]
    if rest:
        count = sum(entitled[code] for code in rest)
        lines.append(BuildingCoverage(REST, count, _told(sum(open_ones.get(code, 0) for code in rest))))
    return tuple(lines)


def _told(count: int) -> int | None:
    return None if 0 < count < FEWEST else count
