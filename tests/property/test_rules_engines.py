"""The three engines agree: `table` with `one` row by row, `questions` with what can still change in `one`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.property.rules_worlds import AS_OF, FACTS, facts_of, programs, subjects, table_of
from zhida.domain.errors import AuthorError, InvariantBroken
from zhida.domain.rules import AmountState, Answer, Assessment, Program, ask, assess, check_program, screen
from zhida.domain.values import FactKey

MANY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
checked_programs = programs().filter(lambda program: is_accepted(program))


def is_accepted(program: Program) -> bool:
    """Whether the checker accepts a program; what it refuses promises nothing."""
    try:
        check_program(program)
    except AuthorError:
        return False
    return True


def assessed(program: Program, row: dict[str, Any]) -> Assessment:
    """What engine one says; a random amount may break its promise, which is no example."""
    try:
        return assess(program, facts_of(row), AS_OF)
    except InvariantBroken:
        assume(False)
        raise


@MANY
@given(checked_programs, subjects)
def test_table_says_what_one_says_row_by_row(program: Program, rows: list[dict[str, Any]]) -> None:
    try:
        expected = [assess(program, facts_of(row), AS_OF) for row in rows]
    except InvariantBroken as broken:
        with pytest.raises(InvariantBroken, match=broken.code):
            screen([program], table_of(rows), AS_OF)
        return
    found = screen([program], table_of(rows), AS_OF).results[0]
    for index, one in enumerate(expected):
        answer = "entitled" if found.sure[index] else "possible" if found.possible[index] else "not"
        state = "known" if found.amount_known[index] else "none" if found.amount_none[index] else "unknown"
        fen = int(found.amount_fen[index]) if found.amount_known[index] else None
        assert (answer, state, fen) == (one.answer, one.amount, one.amount_fen)


@MANY
@given(st.lists(checked_programs, min_size=2, max_size=4), subjects)
def test_programs_screened_together_do_not_disturb_each_other(
    several: list[Program], rows: list[dict[str, Any]]
) -> None:
    try:
        alone = [screen([program], table_of(rows), AS_OF).results[0] for program in several]
    except InvariantBroken:
        assume(False)
    together = screen(several, table_of(rows), AS_OF).results
    for one, other in zip(alone, together, strict=True):
        assert one.sure.tolist() == other.sure.tolist()
        assert one.possible.tolist() == other.possible.tolist()
        assert one.amount_fen.tolist() == other.amount_fen.tolist()
        assert one.amount_known.tolist() == other.amount_known.tolist()


@MANY
@given(checked_programs, subjects)
def test_what_is_not_asked_cannot_change_anything(program: Program, rows: list[dict[str, Any]]) -> None:
    row, more = rows[0], rows[-1]
    before = assessed(program, row)
    asked = {question.key.attribute for question in ask([program], facts_of(row), AS_OF)}
    assert asked == {key.attribute for key in before.missing}
    after = assessed(program, {**_unsaid(row, more, asked), **row})
    assert after.answer == before.answer
    if before.answer is not Answer.NOT:
        assert (after.amount, after.amount_fen) == (before.amount, before.amount_fen)


@MANY
@given(checked_programs, subjects)
def test_what_is_decided_stays_decided_whatever_else_is_learned(program: Program, rows: list[dict[str, Any]]) -> None:
    row, more = rows[0], rows[-1]
    before, after = assessed(program, row), assessed(program, {**_unsaid(row, more, set()), **row})
    if before.answer is not Answer.POSSIBLE:
        assert after.answer == before.answer
    if before.amount is AmountState.KNOWN and not program.for_each:
        assert after.amount_fen == before.amount_fen


def _unsaid(row: dict[str, Any], more: dict[str, Any], asked: set[str]) -> dict[str, Any]:
    """Facts of another row about attributes that this row says nothing of and that nobody asked for."""
    silent = {FactKey.parse(key).attribute for key in row} | asked
    return {
        key: value
        for key, value in more.items()
        if FactKey.parse(key).attribute not in silent and FACTS[FactKey.parse(key).attribute].expression is None
    }
