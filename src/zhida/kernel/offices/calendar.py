"""The working calendar: years shipped in `working_days.json`, each replaced where an operator has announced it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from zhida.domain.process import WorkCalendar
from zhida.kernel.offices.models import AnnouncedYear

_FILE = Path(__file__).parent / "working_days.json"


@dataclass(frozen=True)
class CalendarYear:
    """One year's days off and weekend days worked; `source` is the notice, and an estimated year has none yet."""

    year: int
    holidays: frozenset[date]
    make_up_days: frozenset[date]
    source: str
    is_estimated: bool


def calendar_years() -> tuple[CalendarYear, ...]:
    """Every year the calendar knows, in order."""
    years = {year.year: year for year in _shipped_years()}
    for row in AnnouncedYear.objects.all():
        off, worked = (frozenset(map(date.fromisoformat, days)) for days in (row.holidays, row.make_up_days))
        years[row.year] = CalendarYear(row.year, off, worked, row.source, False)
    return tuple(years[year] for year in sorted(years))


def calendar() -> WorkCalendar:
    """The calendar that limits are counted by; dates in a year not yet announced are marked as estimated by it."""
    years = calendar_years()
    return WorkCalendar(
        holidays=frozenset(day for year in years for day in year.holidays),
        make_up_days=frozenset(day for year in years for day in year.make_up_days),
        years=frozenset(year.year for year in years if not year.is_estimated),
    )


@cache
def _shipped_years() -> tuple[CalendarYear, ...]:
    return tuple(
        CalendarYear(
            year["year"],
            frozenset(day for _, first, last in year["holidays"] for day in _days(first, last)),
            frozenset(map(date.fromisoformat, year["make_up_days"])),
            year["source"],
            year["is_estimated"],
        )
        for year in json.loads(_FILE.read_text("utf-8"))["years"]
    )


def _days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(count) for count in range((end - start).days + 1)]
