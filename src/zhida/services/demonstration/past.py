"""The seeded past: decisions as an earlier system took them, by which packs can show that they decide alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import numpy as np

from zhida.domain.packs import Item
from zhida.domain.rules.engines.columns import screen
from zhida.domain.values import Actor, Scope
from zhida.kernel.cases import actions as cases
from zhida.kernel.cases.actions import PastDecision
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.registry import queries as registry

SOURCE = "demonstration: decisions of an earlier system"
_GRANTED, _ALL = 70, 120


def earn_gold(published: PublishedItem, *, by: Actor, on: date, as_of: datetime) -> str:
    """Replays seeded past decisions through a revision; the tier that follows.

    The earlier system decided by columns (`columns`), the replay decides one by one and exactly (`one`): two engines
    that share no evaluation must agree on every decision, to the fen.
    """
    decisions = list(_decisions(published.item, on, as_of))
    return cases.replay(revision_id=published.revision_id, decisions=decisions, source=SOURCE, by=by, as_of=as_of)


def _decisions(item: Item, on: date, as_of: datetime) -> Iterator[PastDecision]:
    ref = registry.latest_snapshot(item.audience, as_of=as_of)
    if ref is None:
        return
    rows = registry.read_snapshot(ref)
    found = screen([item.program], rows, on).results[0]
    granted = np.flatnonzero(found.sure & found.amount_known)[:_GRANTED]
    refused = np.flatnonzero(~(found.sure | found.possible))[: _ALL - len(granted)]
    keys = rows["subject"].to_numpy()
    ids = registry.subject_ids([int(keys[index]) for index in (*granted, *refused)])
    facts = entitlements.facts_for_many(dict.fromkeys(ids.values(), Scope.system("replay")), as_of=as_of)
    for index in granted:
        yield PastDecision(item.id, on, facts[ids[int(keys[index])]], True, int(found.amount_fen[index]))
    for index in refused:
        yield PastDecision(item.id, on, facts[ids[int(keys[index])]], False, None)
