"""Two sequencers at once: every entry gets one leaf, positions have no gap, and the tree stays right."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection

from tests.unit.kernel.ledger.conftest import Write
from zhida.kernel.ledger import actions, queries
from zhida.kernel.ledger.verification import verify


@pytest.mark.django_db(transaction=True)
def test_two_sequencers_share_the_work(write: Write, now: datetime) -> None:
    write(200)

    def run(_: int) -> int:
        try:
            return sum(actions.sequence(limit=9, as_of=now) for _ in range(15))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        taken = list(pool.map(run, range(3)))
    assert sum(taken) == 200 == queries.standing().leaves
    assert verify().ok
