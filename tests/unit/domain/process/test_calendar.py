"""Working days, clocks with pauses, and public notice, against the published calendar of a real year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.process import Clock, Deadline, Finding, Pause, Publicise, Publicity, WorkCalendar


def days(*texts: str) -> frozenset[date]:
    """Single days and inclusive spans `2025-10-01/08`."""
    found = set()
    for text in texts:
        first, _, last = text.partition("/")
        start = date.fromisoformat(first)
        end = start.replace(day=int(last)) if last else start
        found |= {start + timedelta(days=count) for count in range((end - start).days + 1)}
    return frozenset(found)


# 国办发明电〔2024〕12号: holidays and worked weekends of 2025.
YEAR_2025 = WorkCalendar(
    holidays=days(
        "2025-01-01",
        "2025-01-28/31",
        "2025-02-01/04",
        "2025-04-04/06",
        "2025-05-01/05",
        "2025-05-31",
        "2025-06-01/02",
        "2025-10-01/08",
    ),
    make_up_days=days("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
    years=frozenset({2025}),
)


def test_2025_has_248_working_days_as_published():
    assert YEAR_2025.working_days_between(date(2024, 12, 31), date(2025, 12, 31)) == 248


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2025-09-26", 1, "2025-09-28"),  # a Sunday worked
        ("2025-09-26", 3, "2025-09-30"),
        ("2025-09-26", 4, "2025-10-09"),  # over the long holiday
        ("2025-09-26", 6, "2025-10-11"),  # the Saturday worked in exchange
        ("2025-10-03", 1, "2025-10-09"),  # from within the holiday
        ("2025-10-03", 0, "2025-10-03"),
        ("2025-06-13", 1, "2025-06-16"),
    ],
)
def test_working_days_are_added(start, count, end):
    assert YEAR_2025.add_working_days(date.fromisoformat(start), count) == date.fromisoformat(end)


@given(st.dates(date(2024, 6, 1), date(2026, 6, 1)), st.integers(0, 120))
def test_adding_and_counting_agree(start, count):
    end = YEAR_2025.add_working_days(start, count)
    assert YEAR_2025.working_days_between(start, end) == count
    assert YEAR_2025.working_days_between(end, start) == -count
    assert count == 0 or YEAR_2025.is_working_day(end)


def test_calendars_and_counts_that_cannot_be_are_refused():
    with pytest.raises(InvariantBroken, match="malformed_calendar"):
        WorkCalendar(days("2025-10-01"), days("2025-10-01"))
    with pytest.raises(InvariantBroken, match="malformed_limit"):
        YEAR_2025.add_working_days(date(2025, 1, 1), -1)
    with pytest.raises(InvariantBroken, match="malformed_limit"):
        Clock(YEAR_2025, date(2025, 1, 1), -1)


def test_dates_past_the_published_years_are_marked_estimated():
    within = Clock(YEAR_2025, date(2025, 12, 22), 7).due_on(date(2025, 12, 22))
    beyond = Clock(YEAR_2025, date(2025, 12, 22), 8).due_on(date(2025, 12, 22))
    assert within == Deadline(date(2025, 12, 31), is_estimated=False)
    assert beyond == Deadline(date(2026, 1, 1), is_estimated=True)  # nobody has published that new year's holiday yet
    assert Clock(YEAR_2025, date(2024, 12, 30), 5).due_on(date(2025, 1, 2)).is_estimated


MONDAY = date(2025, 6, 9)


def used(clock: Clock, as_of: date) -> int:
    """Working days that count after the start up to and with `as_of`: counted one by one, the judge of `due_on`."""
    days = [clock.started_on + timedelta(count) for count in range(1, (as_of - clock.started_on).days + 1)]
    counting = [day for day in days if clock.calendar.is_working_day(day)]
    return sum(not any(pause.covers(day, as_of) for pause in clock.pauses) for day in counting)


def test_the_clock_counts_from_the_day_after_and_is_late_only_past_the_due_day():
    clock = Clock(YEAR_2025, MONDAY, 5)
    assert clock.due_on(MONDAY) == Deadline(date(2025, 6, 16))
    assert (used(clock, MONDAY), used(clock, date(2025, 6, 15))) == (0, 4)
    assert not clock.is_late(date(2025, 6, 16))
    assert clock.is_late(date(2025, 6, 17))


def test_days_with_the_applicant_do_not_count():
    pause = Pause(date(2025, 6, 11), date(2025, 6, 16), "a statement of account is missing")
    clock = Clock(YEAR_2025, MONDAY, 5, (pause,))
    # Tuesday and Wednesday were used; Thursday to next Monday belong to the applicant; three days are left.
    assert clock.due_on(date(2025, 6, 17)) == Deadline(date(2025, 6, 19))
    assert used(clock, date(2025, 6, 16)) == 2
    assert not clock.is_paused


def test_while_paused_the_date_moves_and_nothing_is_late():
    clock = Clock(YEAR_2025, MONDAY, 5, (Pause(date(2025, 6, 11), None, "asked to mend"),))
    assert clock.due_on(date(2025, 6, 12)) == Deadline(date(2025, 6, 17), is_paused=True)
    assert clock.due_on(date(2025, 7, 10)) == Deadline(date(2025, 7, 15), is_paused=True)
    assert used(clock, date(2025, 7, 10)) == 2
    assert not clock.is_late(date(2025, 7, 10))


def test_a_pause_of_one_day_and_two_pauses():
    same_day = Pause(date(2025, 6, 11), date(2025, 6, 11), "mended at once")
    later = Pause(date(2025, 6, 12), date(2025, 6, 13), "again")
    assert Clock(YEAR_2025, MONDAY, 5, (same_day,)).due_on(MONDAY).on == date(2025, 6, 16)
    assert Clock(YEAR_2025, MONDAY, 5, (same_day, later)).due_on(MONDAY).on == date(2025, 6, 17)


def test_pauses_have_a_reason_and_an_order():
    with pytest.raises(InvariantBroken, match="pause_without_reason"):
        Pause(MONDAY, None, "")
    with pytest.raises(InvariantBroken, match="malformed_pause"):
        Pause(MONDAY, MONDAY - timedelta(days=1), "why")


@given(
    st.integers(0, 30),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=3),
    st.integers(0, 120),
)
def test_a_pause_never_brings_the_due_day_nearer(limit, spans, later):
    pauses = tuple(
        Pause(MONDAY + timedelta(days=start), MONDAY + timedelta(days=start + length), "why") for start, length in spans
    )
    as_of = MONDAY + timedelta(days=later)
    paused, free = Clock(YEAR_2025, MONDAY, limit, pauses), Clock(YEAR_2025, MONDAY, limit)
    due = paused.due_on(as_of).on
    assert due >= free.due_on(as_of).on
    assert used(paused, due) == limit
    assert paused.is_late(as_of) == (as_of > due)
    assert used(paused, as_of) <= used(free, as_of)


FIVE_DAYS = Publicise(working_days=5)


def test_a_notice_runs_its_working_days_and_can_be_objected_to_until_its_last():
    publicity = Publicity(FIVE_DAYS, date(2025, 9, 29), YEAR_2025)
    assert publicity.ends_on == Deadline(date(2025, 10, 13))
    publicity.check_objection(date(2025, 10, 13))
    with pytest.raises(ConflictError, match="notice_running"):
        publicity.finding(date(2025, 10, 13))
    with pytest.raises(ConflictError, match="notice_over"):
        publicity.check_objection(date(2025, 10, 14))
    assert publicity.finding(date(2025, 10, 14)) is Finding.PASSED


def test_an_objection_holds_the_notice_and_an_upheld_one_fails_it():
    over = date(2025, 10, 14)
    with pytest.raises(ConflictError, match="objection_open"):
        Publicity(FIVE_DAYS, date(2025, 9, 29), YEAR_2025, open_objections=1, upheld_objections=1).finding(over)
    assert Publicity(FIVE_DAYS, date(2025, 9, 29), YEAR_2025, upheld_objections=1).finding(over) is Finding.FAILED


def test_calendar_days_end_on_a_working_day():
    twenty = Publicise(days=20)
    assert Publicity(twenty, date(2025, 6, 4), YEAR_2025).ends_on == Deadline(date(2025, 6, 24))
    assert Publicity(twenty, date(2025, 9, 11), YEAR_2025).ends_on == Deadline(date(2025, 10, 9))
    assert Publicity(Publicise(days=365), date(2025, 6, 4), YEAR_2025).ends_on == Deadline(date(2026, 6, 4), True)


@pytest.mark.parametrize("period", [{}, {"days": 5, "working_days": 5}, {"days": 0}, {"working_days": 0}])
def test_a_notice_says_one_period(period):
    with pytest.raises(InvariantBroken, match="malformed_notice_period"):
        Publicise(**period)
