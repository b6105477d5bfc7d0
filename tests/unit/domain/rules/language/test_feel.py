"""The conformance dialect: full FEEL, as the standard's tests write it."""

from __future__ import annotations

import pytest

from zhida.domain.errors import AuthorError
from zhida.domain.rules import Dialect, Node, feel_nodes, parse, parse_unary_tests
from zhida.domain.rules.feel_nodes import (
    AtLiteral,
    ContextOf,
    FunctionOf,
    InstanceOf,
    Invoke,
    Iteration,
    Iterator,
    Null,
    UnaryTests,
)
from zhida.domain.rules.nodes import Arithmetic, Filter, Interval, Literal, Name, Path


def feel(text: str, *names: str) -> Node:
    return parse(text, dialect=Dialect.CONFORMANCE, names=names)


def one(text: str = "1") -> Node:
    return feel(text)


_IN_LIST = Iterator("a", one("[]"))


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("null", Null()),
        ('@"P1D"', AtLiteral("P1D")),
        ("f()", Invoke(Name("f"), ())),
        ("f(1)(1)", Invoke(Invoke(Name("f"), (one(),)), (one(),))),
        ("f(start position: 1)", Invoke(Name("f"), (one(),), ("start position",))),
        ("not(true)", Invoke(Name("not"), (one("true"),))),
        ("1 instance of list<number>", InstanceOf(one(), "list<number>")),
        (
            "1 instance of function<number, string>->date and time",
            InstanceOf(one(), "function<number, string>->date and time"),
        ),
        ("1 instance of context<a b: number>", InstanceOf(one(), "context<a b: number>")),
        ("function(a: number, b) a", FunctionOf((("a", "number"), ("b", "")), Name("a"))),
        ("]1..1[", Interval(one(), one(), False, False)),
        ("(< 1)", Interval(None, one(), False, False)),
        ("(= 1)", feel_nodes.Test("=", one())),
        ('{a b: 1, "c": a b}', ContextOf((("a b", one()), ("c", Name("a b"))))),
        (
            "for i in 1..1, j in [] return i",
            Iteration("for", (Iterator("i", one(), one()), Iterator("j", one("[]"))), Name("i")),
        ),
        ("some x in [] satisfies x", Iteration("some", (Iterator("x", one("[]")),), Name("x"))),
        ("[][1].a", Path(Filter(one("[]"), one()), "a")),
        ("date and time(1).time offset", Path(Invoke(Name("date and time"), (one(),)), "time offset")),
        ("年 + 🐎", Arithmetic("+", Name("年"), Name("🐎"))),
    ],
)
def test_productions(text: str, node: Node) -> None:
    assert feel(text, "time offset") == node


def test_a_known_name_is_the_longest_that_fits() -> None:
    assert feel("a-b + a - b", "a-b") == Arithmetic("+", Name("a-b"), Name("a-b"))
    assert feel("driver's age or older", "driver's age", "driver's age or older") == Name("driver's age or older")
    assert feel("a-b") == Arithmetic("-", Name("a"), Name("b"))


@pytest.mark.parametrize(
    ("text", "tests", "negated"),
    [
        ("-", (), False),
        ("1, > 1", (one(), Interval(one(), None, False, False)), False),
        ("not(1, != 1)", (one(), feel_nodes.Test("!=", one())), True),
        ("not(true) = true", (feel("not(true) = true"),), False),
        ("? > 1", (feel("? > 1"),), False),
        ('"a"', (Literal("text", "a"),), False),
    ],
)
def test_unary_tests(text: str, tests: tuple[Node, ...], negated: bool) -> None:
    assert parse_unary_tests(text) == UnaryTests(tests, negated)


@pytest.mark.parametrize(
    "text", ["f(a: 1, 2)", "{a 1}", "for x return 1", "[1..", "1 instance number", "function(a", "f("]
)
def test_malformed_feel_is_refused(text: str) -> None:
    with pytest.raises(AuthorError, match="syntax"):
        feel(text)
