"""Many at once for the last unit of a line and for the same benefit over all channels; `make soak` runs thousands."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from random import SystemRandom

import pytest
from django.db import connection

from tests.races.rounds import benefit_rounds, budget_rounds, founded_benefit
from tests.simulation.figures import keep

ROUNDS = 25

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_last_units_of_a_line_go_to_exactly_as_many_as_there_are() -> None:
    seed = SystemRandom().randrange(10**6)
    found = budget_rounds(ROUNDS, seed=seed)
    keep(f"races for budget on {connection.vendor}", {**asdict(found), "seed": seed})
    assert (found.rounds, found.wrong) == (ROUNDS, []), f"seed {seed}"


def test_one_benefit_is_granted_once_whichever_channels_ask(tmp_path: Path) -> None:
    seed = SystemRandom().randrange(10**6)
    found = benefit_rounds(founded_benefit(tmp_path), ROUNDS, seed=seed)
    keep(f"races for a benefit on {connection.vendor}", {**asdict(found), "seed": seed})
    assert (found.rounds, found.wrong) == (ROUNDS, []), f"seed {seed}"
