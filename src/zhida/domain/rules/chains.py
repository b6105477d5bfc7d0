"""Names made of names: which of them are inside themselves, or stand on a chain too deep to follow safely."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zhida.domain.rules.nodes import Call, Name, Node, children, walk

MAX_TOTAL_DEPTH = 100


def tangled(expressions: Mapping[str, tuple[Node, ...]]) -> frozenset[str]:
    """The names that cannot be resolved: those in a circle, and those whose expressions, with all that they are made
    of, nest more than MAX_TOTAL_DEPTH deep."""
    needed = {name: _names_in(parts) & expressions.keys() for name, parts in expressions.items()}
    totals: dict[str, int] = {}
    waiting = list(expressions)
    for _ in range(MAX_TOTAL_DEPTH):  # each round goes at least one deeper
        ready = [name for name in waiting if needed[name] <= totals.keys()]
        for name in ready:
            totals[name] = 1 + _depth(expressions[name]) + max((totals[other] for other in needed[name]), default=0)
        waiting = [name for name in waiting if name not in totals]
    return frozenset(waiting) | {name for name, total in totals.items() if total > MAX_TOTAL_DEPTH}


def _names_in(parts: Iterable[Node]) -> frozenset[str]:
    return frozenset(node.name for part in parts for node in walk(part) if isinstance(node, Name | Call))


def _depth(parts: Iterable[Node]) -> int:
    return max((1 + _depth(children(part)) for part in parts), default=0)
