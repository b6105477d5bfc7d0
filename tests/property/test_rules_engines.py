"""The three engines agree: `table` with `one` row by row, `questions` with what `one` leaves open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.property.rules_worlds import AS_OF, facts_of, programs, subjects, table_of
from zhida.domain.errors import AuthorError, InvariantBroken
from zhida.domain.rules import AmountState, Answer, Program, ask, assess, check_program, screen

SLOW = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def checked(program: Program) -> Program:
    """The program, if the checker accepts it; what it refuses promises nothing."""
    try:
        check_program(program)
    except AuthorError:
        assume(False)
    return program


@SLOW
@given(programs(), subjects)
def test_table_equals_one(program: Program, rows: list[dict[str, Any]]) -> None:
    checked(program)
    found = screen([program], table_of(rows), AS_OF).results[0]
    for index, row in enumerate(rows):
        expected = assess(program, facts_of(row), AS_OF)
        answer = "entitled" if found.sure[index] else "possible" if found.possible[index] else "not"
        assert answer == expected.answer
        state = "known" if found.amount_known[index] else "none" if found.amount_none[index] else "unknown"
        assert state == expected.amount
        assert expected.amount_fen is None or found.amount_fen[index] == expected.amount_fen
