"""Sixty SIGKILLs over the six ways of the money: nothing is paid twice, nothing is lost, all is final in a minute.

The boundaries are drawn from a seed that is printed; `ZHIDA_KILL_SEED=17 pytest tests/simulation/test_killed.py` draws
them again. `make soak` kills at every boundary there is.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import SystemRandom

import pytest
from django.db import connection

from tests.simulation.figures import keep
from tests.simulation.killing import campaign, world

KILLS = 60
CLAIMS = KILLS + 30


@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_nothing_is_paid_twice_and_nothing_is_lost(tmp_path: Path) -> None:
    seed = int(os.environ.get("ZHIDA_KILL_SEED", SystemRandom().randrange(10**6)))
    with world.founded(tmp_path, claims=CLAIMS) as province:
        found = campaign.measured(province, kills=KILLS, seed=seed)
    keep(f"kills on {connection.vendor}", found)
    assert found["kills"] == KILLS, f"seed {seed}: {found}"
    assert (found["doubles"], found["lost"]) == (0, 0), f"seed {seed}: {found}"
    assert found["longest_restart_s"] <= campaign.RESTART_S, f"seed {seed}: {found}"
