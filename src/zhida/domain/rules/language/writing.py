"""Nodes back to text: what was read parses to equal nodes again. For reasons, differences and rule mutants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.rules import nodes
from zhida.domain.rules.language.parser import AND, COMPARISON, OR, POWER, PRODUCT, SIGN, SUM
from zhida.domain.rules.nodes import Node

_ATOM = SIGN + 1
_LEVELS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "**": POWER}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def write(node: Node) -> str:
    """The expression in the pack dialect. A node that only the conformance dialect knows raises KeyError."""
    return _WRITERS[type(node)](node)


def write_constant(value: Decimal | str | bool | date) -> str:
    """A constant as an author writes it: `0.052`, `"large"`, `true`, `date("2026-01-01")`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f") if -35 < value.adjusted() < 35 else str(value)
    return f'"{value.translate(_ESCAPES)}"' if isinstance(value, str) else f'date("{value.isoformat()}")'


def _level(node: Node) -> int:
    if isinstance(node, nodes.Arithmetic):
        return _LEVELS[node.operator]
    if isinstance(node, nodes.Or):
        return OR
    if isinstance(node, nodes.And):
        return AND
    if isinstance(node, nodes.Compare | nodes.In):
        return COMPARISON
    if isinstance(node, nodes.If | nodes.Quantified | nodes.For):
        return 0
    negative = isinstance(node, nodes.Literal) and isinstance(node.value, Decimal) and node.value.is_signed()
    return SIGN if negative or isinstance(node, nodes.Negate) else _ATOM


def _inside(node: Node, level: int) -> str:
    return write(node) if _level(node) >= level else f"({write(node)})"


def _joined(parts: tuple[Node, ...]) -> str:
    return ", ".join(map(write, parts))


def _arithmetic(node: nodes.Arithmetic) -> str:
    level = _LEVELS[node.operator]
    return f"{_inside(node.left, level)} {node.operator} {_inside(node.right, level + 1)}"


def _junction(node: nodes.And | nodes.Or) -> str:
    word, level = (" and ", AND) if isinstance(node, nodes.And) else (" or ", OR)
    return word.join(_inside(operand, level + 1) for operand in node.operands)


def _compare(node: nodes.Compare) -> str:
    return f"{_inside(node.left, SUM)} {node.operator} {_inside(node.right, SUM)}"


def _interval(node: nodes.Interval) -> str:
    if node.low is not None and node.high is not None:
        low, high = _inside(node.low, SUM), _inside(node.high, SUM)
        return f"{'[' if node.includes_low else '('}{low}..{high}{']' if node.includes_high else ')'}"
    if node.low is not None:
        return f"{'>=' if node.includes_low else '>'} {_inside(node.low, SUM)}"
    return f"{'<=' if node.includes_high else '<'} {_inside(node.high, SUM) if node.high else ''}"


def _in(node: nodes.In) -> str:
    tests = ", ".join(write(test) if isinstance(test, nodes.Interval) else _inside(test, SUM) for test in node.tests)
    single = len(node.tests) == 1 and isinstance(node.tests[0], nodes.Interval)
    return f"{_inside(node.value, SUM)} in {tests if single else f'({tests})'}"


def _if(node: nodes.If) -> str:
    return f"if {write(node.condition)} then {write(node.then)} else {write(node.otherwise)}"


def _quantified(node: nodes.Quantified) -> str:
    return f"{node.quantifier} {node.variable} in {write(node.source)} satisfies {write(node.condition)}"


_WRITERS: dict[type[Node], Callable[[Any], str]] = {
    nodes.Literal: lambda node: write_constant(node.value),
    nodes.Name: lambda node: str(node.name),
    nodes.Call: lambda node: f"{node.name}({_joined(node.arguments)})",
    nodes.Path: lambda node: f"{_inside(node.source, _ATOM)}.{node.field}",
    nodes.Negate: lambda node: f"-{_negated(node.operand)}",
    nodes.Arithmetic: _arithmetic,
    nodes.Compare: _compare,
    nodes.Interval: _interval,
    nodes.In: _in,
    nodes.And: _junction,
    nodes.Or: _junction,
    nodes.Not: lambda node: f"not({write(node.operand)})",
    nodes.If: _if,
    nodes.ListOf: lambda node: f"[{_joined(node.items)}]",
    nodes.Quantified: _quantified,
    nodes.For: lambda node: f"for {node.variable} in {write(node.source)} return {write(node.result)}",
    nodes.Filter: lambda node: f"{_inside(node.source, _ATOM)}[{write(node.condition)}]",
}


def _negated(operand: Node) -> str:
    """A literal behind a sign is read as one negative literal, so a negated one stands in parentheses."""
    literal = isinstance(operand, nodes.Literal)
    return f"({write(operand)})" if literal else _inside(operand, SIGN)
