"""FEEL that a pack can say too, as a pack says it. What packs lack has no translation, and what they mean otherwise
(null, where they have unknown) is translated only where both agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from tests.conformance.dmn_tck.calendar import Day
from tests.conformance.dmn_tck.values import read_temporal
from zhida.domain.rules import feel_nodes, nodes
from zhida.domain.rules.nodes import Node, rebuild, walk

_SHARED = frozenset(("abs", "floor", "ceiling", "round half up", "min", "max", "sum", "count", "contains"))
_SHARED |= {"list contains"}
_SAME = (
    nodes.Literal,
    nodes.Negate,
    nodes.Arithmetic,
    nodes.Compare,
    nodes.Interval,
    nodes.In,
    nodes.And,
    nodes.Or,
    nodes.If,
    nodes.ListOf,
    nodes.Filter,
)
_TAKES_NULL = (nodes.Name, nodes.Literal, nodes.Arithmetic, nodes.And, nodes.Or, nodes.Not, nodes.Negate)


class NotInPacks(Exception):
    """The pack dialect has no such expression."""


def in_pack_words(node: Node, names: Mapping[str, str]) -> Node:
    """The same expression as nodes of the pack dialect; `names` are the facts' names by those of the model.

    Raises NotInPacks.
    """
    rule = _RULES.get(type(node))
    if rule:
        return rule(node, names)
    if not isinstance(node, _SAME):
        raise NotInPacks
    return rebuild(node, lambda child: in_pack_words(child, names))


def agrees_about_null(node: Node) -> bool:
    """Whether null and unknown give the same throughout: in arithmetic and in Kleene logic."""
    return all(isinstance(part, _TAKES_NULL) for part in walk(node))


def _name(node: nodes.Name, names: Mapping[str, str]) -> Node:
    if node.name not in names:
        raise NotInPacks
    return nodes.Name(names[node.name])


def _temporal(text: str) -> Node:
    day = read_temporal(text)
    if not isinstance(day, Day) or not 1 <= day.year <= 9999:
        raise NotInPacks
    return nodes.Literal("date", date(day.year, day.month, day.day))


def _invoke(node: feel_nodes.Invoke, names: Mapping[str, str]) -> Node:
    function = node.function.name if isinstance(node.function, nodes.Name) and not node.names else ""
    first = node.arguments[0] if len(node.arguments) == 1 else None
    if function == "date" and isinstance(first, nodes.Literal) and isinstance(first.value, str):
        return _temporal(first.value)
    if function == "not" and first is not None:
        return nodes.Not(in_pack_words(first, names))
    if function not in _SHARED:
        raise NotInPacks
    return nodes.Call(function, tuple(in_pack_words(argument, names) for argument in node.arguments))


def _iteration(node: feel_nodes.Iteration, names: Mapping[str, str]) -> Node:
    one, *more = node.iterators
    if more or one.until is not None:
        raise NotInPacks
    source = in_pack_words(one.source, names)
    result = in_pack_words(node.result, {**names, one.name: one.name})
    if node.quantifier == "for":
        return nodes.For(one.name, source, result)
    return nodes.Quantified("some" if node.quantifier == "some" else "every", one.name, source, result)


_RULES: dict[type[Node], Callable[[Any, Mapping[str, str]], Node]] = {
    nodes.Name: _name,
    feel_nodes.AtLiteral: lambda node, names: _temporal(node.text),
    feel_nodes.Invoke: _invoke,
    feel_nodes.Iteration: _iteration,
}
