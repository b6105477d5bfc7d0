"""The worker's rounds: one task after the other; a task that fails is told, put off for a growing pause, and ends none.

Where a promise of ours is broken (the log was rolled back, say), nothing is known any more of what was paid before:
paying is stopped as by the button, and a person lifts the stop once they know.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from zhida.domain.errors import ConflictError, InvariantBroken, ZhidaError
from zhida.domain.values import Actor, new_id

_LOG = logging.getLogger(__name__)
_FIRST_PAUSE_S = 5.0
_LONGEST_PAUSE_S = 600.0
_DOUBLINGS = 7
_REASON_LENGTH = 200


@dataclass
class Task:
    """One thing that every round does: `do` takes the instant and says how much it did.

    `failures` counts those since it last went well; until `rests_until` (of `ticks`, in seconds) it is left alone.
    """

    name: str
    do: Callable[[datetime], int]
    ticks: Callable[[], float] = time.monotonic
    failures: int = 0
    rests_until: float = 0.0

    def run(self, now: datetime) -> int:
        """How much was done; 0 where it failed or rests."""
        if self.failures and self.ticks() < self.rests_until:
            return 0
        try:
            done = self.do(now)
        except Exception as error:
            self._put_off(error, now)
            return 0
        if self.failures:
            _LOG.warning("%s goes on, after %s failures", self.name, self.failures)
        self.failures = 0
        return done

    def _put_off(self, error: Exception, now: datetime) -> None:
        pause_s = min(_FIRST_PAUSE_S * 2 ** min(self.failures, _DOUBLINGS), _LONGEST_PAUSE_S)
        self.failures += 1
        self.rests_until = self.ticks() + pause_s
        is_plain = isinstance(error, ZhidaError) and not isinstance(error, InvariantBroken)
        words = "%s failed, time %s, and is tried again in %.0f s: %s"
        _LOG.warning(words, self.name, self.failures, pause_s, error, exc_info=None if is_plain else error)
        _let_go_of_the_database()
        if isinstance(error, InvariantBroken):
            _stop_paying(self.name, error, now)


def run_round(tasks: Sequence[Task], now: datetime) -> int:
    """Every task once; how much was done in all."""
    return sum(task.run(now) for task in tasks)


def _let_go_of_the_database() -> None:
    """A connection that broke is opened anew by the next task."""
    from django.db import connection

    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def _stop_paying(name: str, error: InvariantBroken, now: datetime) -> None:
    from zhida.services.controls.stops import StopKind, press_stop

    by = Actor(account="system", duty="system")
    try:
        press_stop(
            stop_id=new_id("stop"),
            kind=StopKind.ALL,
            key="",
            reason=f"{name}: {error}"[:_REASON_LENGTH],
            by=by,
            as_of=now,
        )
    except ConflictError:
        return  # it is pressed already
    except Exception as second:
        _LOG.critical("paying could not be stopped: %s", second, exc_info=second)
