"""Periods, spans, fact keys and moments: written forms, order, and refusal of everything else."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.domain.errors import InvariantBroken
from zhida.domain.values import Fact, FactKey, Facts, Period, Span, local_date, utc

DAYS = st.none() | st.dates()
PERIODS = st.builds(Period, st.integers(1, 9998), st.integers(0, 12))


@given(PERIODS, st.integers(-30, 30))
def test_periods_move_and_read_back(period, count):
    assert Period.parse(str(period)) == period
    assert period.plus(count).plus(-count) == period
    assert period.plus(0) == period


@given(PERIODS.filter(lambda period: 1 < period.year < 9998))
def test_a_period_covers_the_days_up_to_the_next(period):
    assert period.span.end == period.plus(1).span.start
    assert period.span.start in period.span
    assert period.span.end not in period.span


def test_months_carry_over_years():
    assert Period(2025, 1).plus(-1) == Period(2024, 12)
    assert Period(2025, 12).span == Span(date(2025, 12, 1), date(2026, 1, 1))
    assert Period(2024, 2).span == Span(date(2024, 2, 1), date(2024, 3, 1))
    assert Period(2025).span == Span(date(2025, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    "text", ["", "25", "2025-13", "2025-00", "2025-1", "2025\n", "２０２５", "2025-06-01", " 2025"]
)
def test_malformed_periods_are_refused(text):
    with pytest.raises(InvariantBroken, match="malformed_period"):
        Period.parse(text)


def test_periods_outside_the_calendar_may_be_named_but_have_no_dates():
    assert Period(1).plus(-5) == Period(-4)
    for period in (Period(0), Period(9999, 12)):
        with pytest.raises(InvariantBroken, match="malformed_period"):
            assert period.span
    with pytest.raises(InvariantBroken, match="malformed_period"):
        Period(2025, 13)


def test_spans_are_half_open_never_empty_and_sort():
    span = Span(date(2025, 1, 1), date(2025, 7, 1))
    assert (date(2025, 1, 1) in span, date(2025, 6, 30) in span, date(2025, 7, 1) in span) == (True, True, False)
    assert date.min in Span(end=date(2025, 1, 1))
    assert date.max in Span(start=date(2025, 1, 1))
    assert sorted([span, Span(), Span(date(2025, 1, 1)), Span(None, date(2020, 1, 1))]) == [
        Span(None, date(2020, 1, 1)),
        Span(),
        span,
        Span(date(2025, 1, 1)),
    ]
    with pytest.raises(InvariantBroken, match="empty_span"):
        Span(date(2025, 1, 1), date(2025, 1, 1))


@given(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), st.none() | PERIODS | st.tuples(DAYS, DAYS))
def test_fact_keys_read_back(attribute, period):
    if isinstance(period, tuple):
        start, end = period
        if start and end and start >= end:
            start, end = None, end
        period = Span(start, end)
    key = FactKey(attribute, period)
    assert FactKey.parse(str(key)) == key


def test_fact_keys_of_every_kind_sort_together():
    keys = ["sales@2025-06", "sales", "age", "sales@2025", "stay@/2025-01-01", "sales@2024-01-01/"]
    assert [str(key) for key in sorted(map(FactKey.parse, keys))] == sorted(keys)


@pytest.mark.parametrize(
    "text", ["", "@2025", "sales@", "sales@x", "sales@2025-01-01", "sales@a/b", "sales@20250101/", "sales@2025@2026"]
)
def test_malformed_fact_keys_are_refused(text):
    with pytest.raises(InvariantBroken, match="malformed"):
        FactKey.parse(text)


def test_facts_are_known_or_missing():
    facts = Facts.of({"age": 70, "sales@2025": 5})
    assert facts.get(FactKey("age")) == Fact(70)
    assert facts.get(FactKey("sales")) is None
    more = facts.with_facts({FactKey("age"): Fact(71, "registry", date(2026, 1, 1))})
    assert (more.get(FactKey("age")).value, facts.get(FactKey("age")).value) == (71, 70)
    assert (len(more), sorted(map(str, more))) == (2, ["age", "sales@2025"])


def test_moments_are_utc_and_dates_are_chinas():
    evening = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    assert local_date(evening) == date(2026, 1, 1)
    assert utc(evening.astimezone(timezone(timedelta(hours=-5)))) == evening
    assert utc(evening.astimezone(timezone(timedelta(hours=8)))).tzinfo is UTC
    with pytest.raises(InvariantBroken, match="naive_datetime"):
        local_date(datetime(2025, 12, 31))
