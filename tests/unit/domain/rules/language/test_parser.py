"""The pack dialect: what its text means, and where and how malformed text is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhida.domain.errors import AuthorError, Problem
from zhida.domain.rules import Literal, Place, children, parse, parse_cell, walk, write
from zhida.domain.rules.language.types import DATE, NUMBER, TEXT
from zhida.domain.rules.nodes import And, Arithmetic, Compare, If, In, Interval, ListOf, Name, Not, Or, Path


def number(value: str) -> Literal:
    return Literal("number", Decimal(value))


def refusal(text: str, place: Place | None = None) -> Problem:
    with pytest.raises(AuthorError) as caught:
        parse(text, place or Place("rules.yaml", 7, 11, 5))
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("2 ** 3 ** 2", "(2 ** 3) ** 2"),
        ("-2 ** 2", "(-2) ** 2"),
        ("a - b - c", "(a - b) - c"),
        ("a or b and c", "a or (b and c)"),
        ("not(a) and b = c", "(not(a)) and (b = c)"),
        ("x between 1 and 2 and y", "(x in [1..2]) and y"),
        ("if a then 1 else 2 + 3", "if a then 1 else (2 + 3)"),
        ("some h in hires satisfies h.a and h.b", "some h in hires satisfies (h.a and h.b)"),
        ("a // to the end\n + /* inside */ b", "a + b"),
        ('@"2026-01-31"', 'date("2026-01-31")'),
        ("x in > 5", "x in (> 5)"),
        (".5", "0.5"),
    ],
)
def test_two_ways_to_write_the_same(text: str, same: str) -> None:
    assert parse(text) == parse(same)


def test_the_nodes_of_a_requirement() -> None:
    node = parse('heads <= parameters.most and size in ("a", ["b"], [1..2)) or not(open)')
    compared = Compare("<=", Name("heads"), Path(Name("parameters"), "most"))
    interval = Interval(number("1"), number("2"), True, False)
    tested = In(Name("size"), (Literal("text", "a"), ListOf((Literal("text", "b"),)), interval))
    assert node == Or((And((compared, tested)), Not(Name("open"))))


def test_equal_nodes_say_the_same_wherever_they_stand() -> None:
    assert parse("  a   +\n 1.0") == parse("a + 1")
    assert Literal("boolean", True) != Literal("number", Decimal(1))
    assert [node.at for node in walk(parse("a +\n  b"))] == [(0, 2), (0, 0), (1, 2)]


def test_children_come_in_reading_order() -> None:
    node = parse("if a then b else c")
    assert isinstance(node, If)
    assert list(children(node)) == [Name("a"), Name("b"), Name("c")]
    assert list(children(parse("1"))) == []


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        ("", 7, 11, "syntax"),
        ("a b", 7, 13, "syntax"),
        ("(a", 7, 13, "syntax"),
        ("a +\n * b", 8, 6, "syntax"),
        ("a = b = c", 7, 17, "syntax"),
        ("not a", 7, 15, "syntax"),
        ("null", 7, 11, "syntax"),
        ("{a: 1}", 7, 11, "syntax"),
        ("x instance of number", 7, 13, "syntax"),
        ("[1..2", 7, 16, "syntax"),
        ("人数 > 1", 7, 11, "syntax"),
        ('"open', 7, 11, "text_not_closed"),
        ('"\\uD83D"', 7, 11, "malformed_escape"),
        ('date("2026-02-30")', 7, 11, "malformed_date"),
        ("a + 1e101", 7, 15, "number_too_long"),
        ("1" * 35, 7, 11, "number_too_long"),
        ("(" * 65, 7, 75, "expression_too_deep"),
        ("x" * 10_001, 7, 11, "expression_too_long"),
        ("[" + "1, " * 2_001 + "1]", 7, 6013, "expression_too_large"),
    ],
)
def test_malformed_text_is_refused_at_its_place(text: str, line: int, column: int, code: str) -> None:
    problem = refusal(text)
    assert (problem.file, problem.line, problem.column, problem.code) == ("rules.yaml", line, column, code)


def test_an_escape_and_a_surrogate_pair() -> None:
    assert parse('"a\\"\\n\\u00e9\\uD83D\\uDC0E\\U01F600"') == Literal("text", 'a"\né🐎😀')


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("-", []),
        ("large", ['"large"']),
        (["a", "b"], ['"a"', '"b"']),
        ('"-"', ['"-"']),
    ],
)
def test_cells_of_texts_need_no_quotes(cell: str | list[str], written: list[str]) -> None:
    assert [write(test) for test in parse_cell(cell, TEXT)] == written


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("30", "30"),
        ("-5", "-5"),
        ("[30..49]", "[30..49]"),
        ("(5000..10000]", "(5000..10000]"),
        (">= 5000", ">= 5000"),
        ("< 18", "< 18"),
    ],
)
def test_cells_of_numbers(cell: str, written: str) -> None:
    assert [write(test) for test in parse_cell(cell, NUMBER)] == [written]


def test_cells_of_dates_are_bare() -> None:
    (day,) = parse_cell("2026-01-31", DATE)
    assert day == Literal("date", date(2026, 1, 31))
    (interval,) = parse_cell("[2026-01-01..2027-01-01)", DATE)
    assert write(interval) == '[date("2026-01-01")..date("2027-01-01"))'


def test_a_cell_holds_one_test() -> None:
    with pytest.raises(AuthorError, match="one too many"):
        parse_cell("1, 2", NUMBER)


@pytest.mark.parametrize(
    "text", ["-(2)", "-x ** 2", "(a + b) * c", "a - (b - c)", "(if a then 1 else 2) + 1", "x[y].z[1 < 2]"]
)
def test_writing_keeps_the_meaning(text: str) -> None:
    assert parse(write(parse(text))) == parse(text)
    assert write(parse(text)).count("(") <= text.count("(")


def test_a_fold_of_hand_made_nodes_is_written_with_its_parentheses() -> None:
    node = Arithmetic("*", Arithmetic("+", Name("a"), Name("b")), number("-1"))
    assert write(node) == "(a + b) * -1"
