"""What the books hand out cannot be changed, and a fresh line holds nothing; a day is told whole."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from datetime import UTC, date, datetime

import pytest

from zhida.domain import postings
from zhida.domain.errors import InvariantBroken
from zhida.domain.postings import Clearing, DayBalance, FindingKind, Listed, Move, Standing, State, StatementLine, Word
from zhida.domain.postings import move_all as move
from zhida.domain.postings.records import Outcome

DAY = date(2026, 3, 3)
WORKING = {"_Table"}


def records():
    for module in pkgutil.iter_modules(postings.__path__, f"{postings.__name__}."):
        for name, each in vars(importlib.import_module(module.name)).items():
            if dataclasses.is_dataclass(each) and each.__module__ == module.name:
                yield name, each


@pytest.mark.parametrize(("name", "record"), [pytest.param(*each, id=each[0]) for each in records()])
def test_a_record_cannot_be_changed(name, record):
    assert record.__dataclass_params__.frozen or name in WORKING


def test_a_fresh_line_holds_nothing():
    fresh = Standing("a")
    figures = (fresh.total, fresh.available, fresh.committed, fresh.in_flight, fresh.paid, fresh.returned)
    assert figures == (0, 0, 0, 0, 0, 0)


def test_each_of_many_amounts_is_looked_at():
    line = Standing("a", total=10, available=10)
    with pytest.raises(InvariantBroken, match="malformed_amount"):
        move(line, Move.RESERVE, [5, -3])
    with pytest.raises(InvariantBroken, match="malformed_amount"):
        move(line, Move.RESERVE, [0])
    assert move(line, Move.RESERVE, [5, 3]).committed == 8


@pytest.mark.parametrize("amount_fen", ["5", 5.0, None])
def test_an_amount_of_another_kind_is_ours_to_answer_for(amount_fen):
    given = {"posting_id": "p", "amount_fen": amount_fen, "at": datetime(2026, 3, 3, tzinfo=UTC), "why": "w"}
    with pytest.raises(InvariantBroken, match="malformed_amount"):
        postings.post(Standing("a", total=10, available=10), Move.RESERVE, **given)


def test_an_outcome_says_whether_it_moved():
    outcome = Outcome("d", "g", "s", "l", 1, State.UNKNOWN, State.SETTLED)
    assert outcome.has_moved
    assert not dataclasses.replace(outcome, state=State.UNKNOWN).has_moved


def test_a_line_of_a_statement_is_no_reversal_and_a_list_holds_nothing_unless_told():
    assert not StatementLine("M", "R", Word.PAID, 1, "1234", DAY).is_reversal
    assert Listed(Word.ABSENT).amount_fen == 0


@pytest.mark.parametrize(
    ("flying", "unexplained", "is_clean"), [(0, 0, True), (1, 0, False), (0, 1, False), (1, 1, False)]
)
def test_a_day_is_clean_where_both_accounts_are_empty(flying, unexplained, is_clean):
    one = Clearing(FindingKind.EXTRA, "R", 5, DAY, 0)
    given = {"day": DAY, "channel": "", "lines": 0, "paid_fen": 0, "returned_fen": 0, "counts": {}}
    balance = DayBalance(**given, in_flight=(one,) * flying, unexplained=(one,) * unexplained)
    assert balance.is_clean is is_clean
