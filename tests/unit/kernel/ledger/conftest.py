"""Facts to write, shared by the ledger's tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import transaction

from zhida.domain.values import Actor
from zhida.kernel.ledger import actions

Write = Callable[[int], list[str]]


@pytest.fixture
def write(actor: Actor, now: datetime) -> Write:
    """Records so many decided cases in one transaction and gives the entries' ids."""

    def write(count: int) -> list[str]:
        with transaction.atomic():
            facts = [
                actions.NewFact("case.decided", f"case_{number}", {"amount_fen": number, "outcome": "entitled"})
                for number in range(count)
            ]
            return list(actions.record_all(facts=facts, by=actor, as_of=now))

    return write
