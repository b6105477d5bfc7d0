"""The seeded past: decisions as an earlier system took them, by which packs can show that they decide alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from zhida.domain.packs import Item
from zhida.domain.rules import Answer
from zhida.domain.rules.engines import table
from zhida.domain.values import Actor, Facts, Scope
from zhida.kernel.cases import actions as cases
from zhida.kernel.cases.actions import PastDecision
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.registry import queries as registry

SOURCE = "demonstration: decisions of an earlier system"
_WANTED = {Answer.ENTITLED: 80, Answer.NOT: 40}
_MOST_LOOKED_AT = 4_000


def earn_gold(published: PublishedItem, *, by: Actor, on: date, as_of: datetime) -> str:
    """Replays seeded past decisions through a revision; the tier that follows.

    The earlier system decided by columns (`table`), the replay decides one by one and exactly (`one`): two engines
    that share no evaluation must agree on every decision, to the fen.
    """
    decisions = list(_decisions(published.item, on, as_of))
    return cases.replay(revision_id=published.revision_id, decisions=decisions, source=SOURCE, by=by, as_of=as_of)


def _decisions(item: Item, on: date, as_of: datetime) -> Iterator[PastDecision]:
    ref = registry.latest_snapshot(item.audience, as_of=as_of)
    if ref is None:
        return
    rows = registry.read_snapshot(ref).slice(0, _MOST_LOOKED_AT)
    found = table.screen([item.program], rows, on).results[0]
    ids = registry.subject_ids(rows["subject"].to_pylist())
    left = dict(_WANTED)
    for index, key in enumerate(rows["subject"].to_pylist()):
        answer = Answer.ENTITLED if found.sure[index] else Answer.POSSIBLE if found.possible[index] else Answer.NOT
        if left.get(answer, 0) == 0:
            continue
        amount_fen = int(found.amount_fen[index]) if found.amount_known[index] else None
        if answer is Answer.ENTITLED and amount_fen is None:
            continue
        left[answer] -= 1
        facts = _facts(ids[key], as_of)
        yield PastDecision(item.id, on, facts, answer is Answer.ENTITLED, amount_fen)


def _facts(subject_id: str, as_of: datetime) -> Facts:
    return entitlements.facts_for(subject_id, scope=Scope.system("replay"), as_of=as_of)
