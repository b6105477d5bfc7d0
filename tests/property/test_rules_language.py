"""The language is total: any text is read or refused in bounded time, and what is read can be written back."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hanging import HUNG_S
from tests.property.rules_worlds import AS_OF, SCHEMA, conditions, numbers, parsed, subjects
from zhida.domain.errors import AuthorError, Problem
from zhida.domain.rules import (
    Alternative,
    Dialect,
    FactType,
    Program,
    Requirement,
    Schema,
    assess,
    check,
    check_names,
    check_program,
    parse,
    parse_unary_tests,
    walk,
    write,
)
from zhida.domain.values import Facts, SubjectKind

LOOSE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
_WORDS = st.sampled_from(
    ["if", "then", "else", "and", "or", "not", "(", ")", "[", "]", "..", "1", '"a"', "x", "in", "some", "for", "-", "*"]
) | st.sampled_from(
    ["satisfies", "return", "between", "=", "<", ".", ",", "@", "{", "}", ":", "?", "null", "function", "instance of"]
)


@LOOSE
@given(st.text(max_size=200) | st.lists(_WORDS, max_size=40).map(" ".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    readers: list[Callable[[], object]] = [
        lambda: parse(text),
        lambda: parse(text, dialect=Dialect.CONFORMANCE, names=["x x", "a+b"]),
        lambda: parse_unary_tests(text),
    ]
    for read in readers:
        for problem in _problems(read):
            assert problem.line >= 1
            assert problem.column >= 1


def _problems(read: Callable[[], object]) -> tuple[Problem, ...]:
    try:
        read()
    except AuthorError as refusal:
        return refusal.problems
    return ()


@LOOSE
@given(conditions(2) | numbers(2))
def test_what_is_written_is_read_back_the_same(text: str) -> None:
    node = parsed(text)
    assert parse(write(node)) == node


@LOOSE
@given(conditions(2))
def test_positions_point_into_the_text(text: str) -> None:
    assert all(node.at.line == 0 and 0 <= node.at.column < len(text) for node in walk(parsed(text)))


_HOSTILE = {
    "parentheses": "(" * 5_000,
    "lists": "[" * 5_000,
    "signs": "-" * 9_999 + "1",
    "nots": "not(" * 2_000 + "true" + ")" * 2_000,
    "ifs": "if true then " * 700 + "1",
    "sum": "+".join(["1"] * 5_000),
    "conjunction": " and ".join(["true"] * 1_900),
    "quantifiers": "some x in y satisfies " * 400 + "true",
    "filters": "x" + "[true" * 1_500,
    "contexts": "{a: " * 2_000,
    "calls": "f(" * 4_000,
    "comments": "/*" * 5_000,
    "quotes": '"' + "\\" * 9_000,
    "digits": "9" * 9_000,
    "exponent": "1e999999999",
    "long": "x" * 10_001,
    "types": "1 instance of " + "list<" * 1_900,
}


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize("text", _HOSTILE.values(), ids=_HOSTILE.keys())
def test_hostile_text_is_refused_in_bounded_time(text: str, dialect: Dialect) -> None:
    began = time.process_time()
    with pytest.raises(AuthorError):
        check(parse(text, dialect=dialect), SCHEMA)
    assert time.process_time() - began < HUNG_S


def _program(text: str, schema: Schema) -> Program:
    requirement = Requirement("r", "computed", (Alternative("", parsed(text)),))
    within = "region" if "region" in schema.facts else ""
    return Program("p/i", SubjectKind.PERSON, schema, within=within, requires=(requirement,))


def _doubling(length: int) -> Schema:
    """Facts each of which names the one before it twice: 2^length readings without a memory."""
    facts = {"f0": FactType("f0", "number")}
    for step in range(1, length):
        before = f"f{step - 1}"
        facts[f"f{step}"] = FactType(f"f{step}", "number", expression=parse(f"{before} - {before} + 1"))
    return Schema(facts)


def test_names_that_double_cost_no_more_than_their_number() -> None:
    schema = _doubling(25)
    program = Program(
        "p/i",
        SubjectKind.PERSON,
        schema,
        requires=(Requirement("r", "computed", (Alternative("", parse("f24 = 1")),)),),
    )
    began = time.process_time()
    check_names(schema)
    check_program(program)
    assert assess(program, Facts.of({"f0": 7}), AS_OF).answer == "entitled"
    assert time.process_time() - began < HUNG_S


def test_a_chain_too_long_to_follow_is_refused_wherever_it_is_used() -> None:
    schema = _doubling(3_000)
    with pytest.raises(AuthorError, match="name_in_itself"):
        check_names(schema)
    with pytest.raises(AuthorError, match="name_in_itself"):
        check(parse("f2999 > 1"), schema)


@LOOSE
@given(conditions(2), subjects)
def test_a_checked_condition_has_an_answer_for_everyone(text: str, rows: list[dict[str, object]]) -> None:
    program = _program(text, SCHEMA)
    try:
        check_program(program)
    except AuthorError:
        return
    for row in rows:
        assert assess(program, Facts.of(row), AS_OF).answer in ("entitled", "possible", "not")
