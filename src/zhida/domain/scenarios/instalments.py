"""What this year's claims bind in later years: payments by period, year by year."""

from __future__ import annotations

from datetime import date

from zhida.domain.packs import Schedule

YEARS = 5
_MONTHS = 12


def due_by_year(schedule: Schedule | None, fen: int, day: date, years: int = YEARS) -> tuple[int, ...]:
    """The fen that fall due in the year of `day` and those after it, for claims of `day` that pay `fen` a period.

    Without a schedule all falls due at once; the first period is that of the day; one without a count goes on for all
    the years asked for, as long as the entitled are.
    """
    if schedule is None:
        return (fen, *(0,) * (years - 1))
    per_year = 1 if schedule.every == "year" else _MONTHS
    first = 1 if schedule.every == "year" else _MONTHS + 1 - day.month
    left, found = schedule.count, []
    for year in range(years):
        periods = per_year if year else first
        periods = periods if left is None else min(left, periods)
        left = None if left is None else left - periods
        found.append(periods * fen)
    return tuple(found)
