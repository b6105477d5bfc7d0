"""Sixty SIGKILLs over the seven ways of the money: nothing is paid twice, nothing is lost, all is final in a minute.

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


def test_a_campaign_that_was_cut_off_goes_on_where_it_was() -> None:
    tally = campaign.Tally(boundaries={"pay": 7})
    drawn = campaign.drawn(17, "pay", tally)
    first = [next(drawn) for _ in range(5)]
    tally.doubles.append("pay at 3: twice")
    tally.lost.append("pay at 4: never")
    again = campaign.Tally.of(tally.told())
    assert again == tally
    rest = campaign.drawn(17, "pay", again)
    assert sorted(first + [next(rest) for _ in range(2)]) == list(range(1, 8))
    assert sorted(next(rest) for _ in range(7)) == list(range(1, 8))
