"""Who is selected where places are limited: claimants in the order of the quota's expressions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs.items import Item, Quota
from zhida.domain.rules.engines.evaluation import Evaluation
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.values import Facts

LAST = (1, Decimal(0))


def rank(item: Item, claimants: Mapping[str, Facts], as_of: date) -> dict[str, tuple[int, bool]]:
    """Each claimant's place (from 1, equals share one) and whether it is selected, best first.

    Compared number by number as the quota says; an unknown number comes last. Raises InvariantBroken for an item
    without a quota.
    """
    quota = item.quota
    if quota is None:
        raise InvariantBroken("no_quota", f"{item.id} has no quota to rank for")
    keys = {name: _key(item, quota, facts, as_of) for name, facts in claimants.items()}
    ordered = sorted(claimants, key=lambda name: keys[name])
    found: dict[str, tuple[int, bool]] = {}
    for key in sorted(set(keys.values())):
        equals = [name for name in ordered if keys[name] == key]
        place = len(found) + 1
        fits = len(found) + len(equals) <= quota.n or (quota.ties == "all_in" and place <= quota.n)
        found.update((name, (place, fits)) for name in equals)
    return found


def _key(item: Item, quota: Quota, facts: Facts, as_of: date) -> tuple[tuple[int, Decimal], ...]:
    evaluation = Evaluation(Subject(item.program.schema, facts, as_of), item.within)
    values = [(evaluation.value(ranking.value), ranking.high_first) for ranking in quota.by]
    return tuple((0, -value if high else value) if isinstance(value, Decimal) else LAST for value, high in values)
