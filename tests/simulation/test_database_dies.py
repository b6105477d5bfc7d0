"""PostgreSQL killed in the middle of work: every action that it acknowledged is there when it comes back.

The instants are drawn from a seed that is printed; `make soak SOAK="--only deaths"` dies two hundred times.
"""

from __future__ import annotations

import math
from random import SystemRandom

import pytest

from tests.simulation import cluster, dying
from tests.simulation.figures import keep

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(cluster.binaries() is None, reason="no PostgreSQL is installed here"),
]
DEATHS = 2


def test_what_a_dying_database_acknowledged_is_there_when_it_comes_back() -> None:
    seed = SystemRandom().randrange(10**6)
    with cluster.founded() as server:
        found = dying.deaths(server, wanted=DEATHS, seed=seed, workers=2, before={}, until=math.inf)
    keep("deaths of the database", found)
    assert found["deaths"] == DEATHS
    assert found["acknowledged"] >= DEATHS
    assert found["wrong"] == [], f"seed {seed}: {found}"
