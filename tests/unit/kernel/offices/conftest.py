"""A small made-up province, its offices, and people to appoint."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from zhida.domain.values import Actor
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.offices.actions import NewOffice, NewRegion, load_offices, load_regions

Open = Callable[[str], str]

REGIONS = [
    NewRegion("990000", "明州", en="Mingzhou"),
    NewRegion("990100", "临江", "990000"),
    NewRegion("990102", "东区", "990100"),
    NewRegion("990200", "海城", "990000"),
    # the zone was moved from one city to the other
    NewRegion("998001", "新区", "990100", valid_to=date(2026, 1, 1)),
    NewRegion("998001", "新区", "990200", valid_from=date(2026, 1, 1)),
]
OFFICES = [
    NewOffice("treasury", "990000", "财政厅", en="Treasury"),
    NewOffice("treasury-linjiang", "990100", "临江财政局", "treasury"),
    NewOffice("treasury-east", "990102", "东区财政局", "treasury-linjiang"),
    NewOffice("labour", "990000", "人社厅"),
]


@pytest.fixture
def province(actor: Actor, now: datetime) -> None:
    """Regions and offices, loaded."""
    load_regions(regions=REGIONS, by=actor, as_of=now)
    load_offices(offices=OFFICES, by=actor, as_of=now)


@pytest.fixture
def opened(now: datetime) -> Open:
    """Opens an account by its login name and gives its id."""
    return lambda name: open_account(login_name=name, as_of=now)
