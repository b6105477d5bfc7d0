"""What a subject had been granted before one past decision: the past as that decision knew it, for running it again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from zhida.domain.values import Facts
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements.keys import quota_stem
from zhida.kernel.entitlements.models import Entitlement, Uniqueness
from zhida.kernel.entitlements.past import Past, is_full, past_of
from zhida.kernel.entitlements.stacking import Stacking


def past_before(
    published: PublishedItem, subject_id: str, facts: Facts, day: date, *, case_id: str, decision: str
) -> Past:
    """As `past_of`, without what was granted by the case itself or after the fact that recorded its decision.

    Ids tell the order of their making. A grant revoked since is no longer known here.
    """
    now = past_of([published], subject_id, facts, day)
    groups = {name: _then(stacking, case_id, decision) for name, stacking in now.groups.items()}
    earlier = _earlier(set(now.holders.values()), case_id, decision)
    holders = {key: grant for key, grant in now.holders.items() if grant in earlier}
    return replace(now, holders=holders, groups=groups, full=_full_then(published, case_id, decision))


def _then(stacking: Stacking, case_id: str, decision: str) -> Stacking:
    kept = _earlier(stacking.grant_ids, case_id, decision)
    ids = tuple(grant for grant in stacking.grant_ids if grant in kept)
    return replace(stacking, grant_ids=ids, already_fen=sum(kept[grant] for grant in ids))


def _full_then(published: PublishedItem, case_id: str, decision: str) -> frozenset[str]:
    quota = published.item.quota
    if quota is None:
        return frozenset()
    places = Uniqueness.objects.filter(key__startswith=quota_stem(published.item))
    taken = _earlier(places.values_list("entitlement_id", flat=True), case_id, decision)
    return frozenset({published.item.id} if is_full(published.item, len(taken)) else ())


def _earlier(grant_ids: Collection[str], case_id: str, decision: str) -> dict[str, int]:
    """Those made before the decision, by another case, with their amounts in fen."""
    rows = Entitlement.objects.filter(pk__in=list(grant_ids)).exclude(case_id=case_id)
    made = decision.partition("_")[2]
    return {pk: amount or 0 for pk, amount in rows.values_list("pk", "amount_fen") if pk.partition("_")[2] < made}
