"""Which periods of a schedule have come due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhida.domain.packs import Schedule
from zhida.domain.values import Period


@dataclass(frozen=True)
class Instalment:
    """The `number`-th payment (from 1), for a period ("" for an item paid at once), looked at on a date."""

    number: int
    period: str
    on: date


def due(schedule: Schedule | None, started_on: date, as_of: date) -> tuple[Instalment, ...]:
    """The instalments whose period has begun by `as_of`; the first is that of the day the claim was handed in."""
    if schedule is None:
        return (Instalment(1, "", started_on),)
    first = _period_of(schedule, started_on)
    found = []
    number, period = 1, first
    while _begins(period) <= as_of and (schedule.count is None or number <= schedule.count):
        found.append(Instalment(number, str(period), max(started_on, _begins(period))))
        number, period = number + 1, period.plus(1)
    return tuple(found)


def next_on(schedule: Schedule | None, started_on: date, as_of: date) -> date | None:
    """When the next instalment comes due; None where there is none any more."""
    if schedule is None:
        return None
    done = len(due(schedule, started_on, as_of))
    if schedule.count is not None and done >= schedule.count:
        return None
    return _begins(_period_of(schedule, started_on).plus(done))


def _period_of(schedule: Schedule, day: date) -> Period:
    return Period(day.year, day.month if schedule.every == "month" else 0)


def _begins(period: Period) -> date:
    return date(period.year, period.month or 1, 1)
