"""What a requirement asks of each fact, in short: the `>= 12` beside a value in a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from zhida.domain.rules import nodes
from zhida.domain.rules.answers import Unknown
from zhida.domain.rules.language.writing import write, write_constant
from zhida.domain.rules.nodes import Node

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
Needs = dict[str, tuple[str, Node]]


@lru_cache(maxsize=10_000)
def needs_in(conditions: tuple[Node, ...]) -> Needs:
    """Attribute to (words before, node behind): the first comparison, membership or plain use of each boolean fact."""
    found: Needs = {}
    for condition in conditions:
        for attribute, need in _needs(condition, True):
            found.setdefault(attribute, need)
    return found


def written_need(need: tuple[str, Node], evaluate: Callable[[Node], Any]) -> str:
    """A need as text; a parameter is shown by its value."""
    words, node = need
    if isinstance(node, nodes.Path) and node.source == nodes.Name("parameters"):
        value = evaluate(node)
        if not isinstance(value, Unknown):
            return f"{words} {write_constant(value)}".strip()
    return f"{words} {write(node)}".strip()


def _needs(node: Node, wanted: bool) -> Iterator[tuple[str, tuple[str, Node]]]:
    if isinstance(node, nodes.Not):
        yield from _needs(node.operand, not wanted)
    elif isinstance(node, nodes.And | nodes.Or):
        for operand in node.operands:
            yield from _needs(operand, wanted)
    else:
        found = _need(node, wanted)
        if attribute := _attribute(found[0]):
            yield attribute, found[1]


def _need(node: Node, wanted: bool) -> tuple[Node, tuple[str, Node]]:
    if isinstance(node, nodes.Compare):
        if _attribute(node.left):
            return node.left, (node.operator, node.right)
        return node.right, (_MIRRORED[node.operator], node.left)
    if isinstance(node, nodes.In):
        return node.value, ("in", node.tests[0] if len(node.tests) == 1 else nodes.ListOf(node.tests))
    if isinstance(node, nodes.Call) and node.name == "within":
        return node.arguments[0], ("within", node.arguments[1])
    return node, ("", nodes.Literal("boolean", wanted))


def _attribute(node: Node) -> str:
    if isinstance(node, nodes.Name | nodes.Call):
        return node.name
    return ""
