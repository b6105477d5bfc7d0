"""`now` and `today` (DMN 1.5, clause 10.3.4.11): what a pack never has, since a pack reads `as_of` and no clock."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from tests.conformance.dmn_tck.calendar import Day, Moment, Time
from tests.conformance.dmn_tck.functions.signatures import builtin


@builtin("now()")
def now() -> Moment:
    clock = datetime.now(UTC)
    seconds = 3600 * clock.hour + 60 * clock.minute + clock.second + Decimal(clock.microsecond) / 1_000_000
    return Moment(Day(clock.year, clock.month, clock.day), Time(seconds, 0))


@builtin("today()")
def today() -> Day:
    clock = datetime.now(UTC)
    return Day(clock.year, clock.month, clock.day)
