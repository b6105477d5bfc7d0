"""The working calendar: the announced years day by day, the estimated one marked, and a year announced later."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from zhida.domain.errors import InvariantBroken
from zhida.domain.values import Actor
from zhida.kernel.ledger.queries import entries_about
from zhida.kernel.offices.actions import announce_year
from zhida.kernel.offices.queries import calendar, calendar_years

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("year", "working_days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_an_announced_year_has_the_known_number_of_working_days(year: int, working_days: int) -> None:
    days = [date(year, 1, 1) + timedelta(count) for count in range(366)]
    working = calendar()
    assert sum(working.is_working_day(day) for day in days if day.year == year) == working_days


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        ("2024-02-09", True),
        ("2024-02-18", True),
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-02-23", False),
        ("2026-02-28", True),
        ("2026-03-03", True),
        ("2026-03-07", False),
    ],
)
def test_single_days(day: str, is_working: bool) -> None:
    assert calendar().is_working_day(date.fromisoformat(day)) is is_working


def test_make_up_days_are_weekend_days() -> None:
    assert all(day.weekday() >= 5 for year in calendar_years() for day in year.make_up_days)


def test_a_year_without_an_announcement_is_estimated() -> None:
    assert [(year.year, year.is_estimated) for year in calendar_years()][-2:] == [(2026, False), (2027, True)]
    assert calendar().is_estimated(date(2027, 5, 4))
    assert not calendar().is_working_day(date(2027, 5, 4))
    assert not calendar().is_estimated(date(2026, 5, 4))


def test_an_announcement_replaces_the_estimate(actor: Actor, now: datetime) -> None:
    spring = [date(2027, 2, 5) + timedelta(count) for count in range(8)]
    notice = {"year": 2027, "source": "a notice", "by": actor, "as_of": now}
    announce_year(holidays=spring, make_up_days=[date(2027, 2, 14)], **notice)
    announce_year(holidays=spring, make_up_days=[date(2027, 2, 14)], **notice)
    told = [(fact.kind, fact.fields["make_up_days"]) for fact in entries_about("calendar/2027")]
    assert told == [("offices.year_announced", ["2027-02-14"])] * 2
    assert not calendar().is_estimated(date(2027, 5, 4))
    assert calendar().is_working_day(date(2027, 5, 4))
    assert not calendar().is_working_day(date(2027, 2, 12))
    assert calendar().is_working_day(date(2027, 2, 14))
    with pytest.raises(InvariantBroken, match="day_of_another_year"):
        announce_year(holidays=[date(2026, 2, 5)], make_up_days=[], **notice)
    with pytest.raises(InvariantBroken, match="malformed_calendar"):
        announce_year(holidays=spring, make_up_days=spring[:1], **notice)
