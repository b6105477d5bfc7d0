"""Letting time pass in the demonstration: the clock moves by days, and everything that was waiting happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhida.domain.values import Actor
from zhida.kernel.cases import actions as cases
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.outbox import queries as outbox
from zhida.kernel.outbox.ports import Handler
from zhida.kernel.outbox.pump import pump

SYSTEM = Actor("system", "system")
_AT_ONCE = 1_000
_MOST_ROUNDS = 10_000
_LONGEST_WAIT = 60


@dataclass
class Crank:
    """The instant at which the demonstration stands, and the handlers that carry its messages out."""

    now: datetime
    handlers: Mapping[str, Handler]

    def pass_days(self, days: int) -> None:
        """Moves on day by day; on each, all that needs no person is done."""
        for _ in range(days):
            self.now += timedelta(days=1)
            self.turn()

    def settle(self) -> None:
        """Waits, minute by minute, until no message waits any more: what the treasury did not answer is asked again."""
        for _ in range(_LONGEST_WAIT):
            if not outbox.standing(self.now).waiting:
                return
            self.now += timedelta(minutes=1)
            self.turn()

    def turn(self) -> None:
        """Does everything that is due now: cases that go on by themselves, messages that wait, facts without a leaf."""
        while ledger.sequence(as_of=self.now):
            pass
        ledger.seal(as_of=self.now)
        for _ in range(_MOST_ROUNDS):
            advanced = cases.advance_due(by=SYSTEM, as_of=self.now, limit=_AT_ONCE)
            carried = pump(self.handlers, as_of=self.now, limit=_AT_ONCE)
            if not any(looked.acts for looked in advanced) and not carried.handled:
                break
        while ledger.sequence(as_of=self.now):
            pass
