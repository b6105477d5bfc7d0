"""Running past decisions, taken by people or an earlier system, through a revision: evidence that it can be trusted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhida.domain import rules
from zhida.domain.proofs.canonical import canonical_json
from zhida.domain.rules import Answer
from zhida.domain.values import Actor, Facts
from zhida.kernel.cases.assessing import plain_value
from zhida.kernel.catalogue import actions as catalogue
from zhida.kernel.catalogue import queries as published


@dataclass(frozen=True)
class PastDecision:
    """What was known on a date and what was decided on it. `amount_fen` is None where nothing was granted.

    `explained` is an officer's word on why the past decision was wrong, where the rules now differ from it.
    """

    item: str
    on: date
    facts: Facts
    is_granted: bool
    amount_fen: int | None
    rulings: Mapping[str, bool] = field(default_factory=dict)
    explained: str = ""

    def record(self) -> dict[str, Any]:
        """The decision as canonical JSON takes it."""
        return {
            "item": self.item,
            "on": self.on.isoformat(),
            "facts": {str(key): plain_value(fact.value) for key, fact in self.facts.known.items()},
            "is_granted": self.is_granted,
            "amount_fen": self.amount_fen,
            "rulings": dict(self.rulings),
            "explained": self.explained,
        }


@transaction.atomic
def replay(*, revision_id: str, decisions: Iterable[PastDecision], source: str, by: Actor, as_of: datetime) -> str:
    """Counts how many past decisions the revision decides alike, to the fen, and has it recorded; the tier then.

    A decision that differs counts only where an officer has explained it.
    """
    given = list(decisions)
    same = [_agrees(revision_id, decision) for decision in given]
    explained = sum(not agrees and bool(one.explained) for agrees, one in zip(same, given, strict=True))
    digest = hashlib.sha256(canonical_json([decision.record() for decision in given])).hexdigest()
    return catalogue.record_replay(
        revision_id=revision_id,
        decisions=len(given),
        agreed=sum(same),
        explained=explained,
        source=source,
        digest=digest,
        by=by,
        as_of=as_of,
    )


def _agrees(revision_id: str, decision: PastDecision) -> bool:
    program = published.item_of(revision_id, decision.item).program
    found = rules.assess(program, decision.facts, decision.on, rulings=decision.rulings)
    if (found.answer is Answer.ENTITLED) is not decision.is_granted:
        return False
    return not decision.is_granted or found.amount_fen == decision.amount_fen
