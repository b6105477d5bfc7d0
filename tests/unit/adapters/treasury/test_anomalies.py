"""Bent statements: each kind is there, each statement still adds up, and a seed bends alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from zhida.adapters.treasury.messages import Statement, statement_message, statement_of
from zhida.adapters.treasury.simulator.anomalies import Anomalies, Anomaly
from zhida.domain.postings import StatementLine, Word

DAY = date(2026, 3, 3)


def true(day: date) -> Statement:
    """Six hundred payments a day, to sixty accounts."""
    of_day = day.toordinal() * 1_000
    lines = [
        StatementLine(f"M{of_day + number}", f"P{of_day + number}", Word.PAID, 100 + number, f"{number % 60:04d}", day)
        for number in range(600)
    ]
    return Statement(day, 0, -sum(line.amount_fen for line in lines), tuple(lines))


def bent(*kinds: Anomaly, seed: int = 7, day: date = DAY) -> Statement:
    return Anomalies(seed, 0.1, kinds).bend(true, day)


@pytest.mark.parametrize("kind", list(Anomaly))
def test_each_kind_shows_and_the_statement_adds_up(kind):
    statement = bent(kind)
    assert statement.lines != true(DAY).lines
    written = statement_message(statement, account="0001", made_at=datetime(2026, 3, 4, tzinfo=UTC))
    assert statement_of(written) == statement


def test_a_seed_bends_alike_and_another_otherwise():
    assert bent(*Anomaly) == bent(*Anomaly)
    assert bent(*Anomaly) != bent(*Anomaly, seed=8)


def test_what_is_late_stands_on_the_next_day_and_nowhere_else():
    first, second = bent(Anomaly.LATE), bent(Anomaly.LATE, day=DAY + timedelta(days=1))
    gone = {line.reference for line in true(DAY).lines} - {line.reference for line in first.lines}
    assert gone
    assert gone <= {line.reference for line in second.lines if line.booked_on == second.day}


def test_a_true_statement_is_handed_out_as_it_is():
    assert Anomalies().bend(true, DAY) == true(DAY)
