"""Our clock is a day ahead, a day behind and right again, between workers and in the middle of a call to the bank.

What was taken for a while seems given up, or taken for another day; days of our books are not the bank's. Whatever the
seed: nothing is paid twice or sent again, and once the clock goes on everything comes to its one end.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.simulation.misbehaving import World, play

DAY = timedelta(days=1)


class Jumping(World):
    """A world whose own clock is off by a day now and then; the bank's is right."""

    off = timedelta()
    jumps = 0

    def bank_now(self) -> datetime:
        return self.now - self.off

    def turn(self) -> None:
        off = self.chance.choice([-DAY, timedelta(), DAY])
        self.jumps += off != self.off
        self.now, self.off = self.now + off - self.off, off
        super().turn()

    def close_days(self, first: datetime) -> None:
        super().close_days(first - DAY)


@pytest.mark.parametrize("deduplicates", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_a_clock_that_jumps_a_day_neither_pays_twice_nor_loses(
    db: None, now: datetime, seed: int, deduplicates: bool
) -> None:
    world = play(seed, now, deduplicates=deduplicates, kind=Jumping)
    assert isinstance(world, Jumping)
    assert world.jumps
    assert world.heard


def test_the_jumps_are_of_a_day_both_ways(db: None, now: datetime) -> None:
    world, seen = Jumping(7, now, deduplicates=True), set[date]()
    for _ in range(12):
        world.turn()
        seen.add(world.now.date())
        assert abs(world.bank_now() - now) < DAY
    world.book.close()
    assert len(seen) == 3
