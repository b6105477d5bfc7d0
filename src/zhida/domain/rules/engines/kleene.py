"""Kleene logic over values: comparison, conjunction, disjunction, membership. Unknown spreads only where it matters."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from zhida.domain.rules.answers import Unknown
from zhida.domain.rules.engines.values import Code, Members, unknown_of

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def is_plain(value: Any) -> bool:
    """A known value that can be compared."""
    return isinstance(value, str | bool | Decimal) or hasattr(value, "toordinal")


def compared(sign: str, left: Any, right: Any) -> Any:
    """`left sign right`, unknown where either side is."""
    if is_plain(left) and is_plain(right):
        return _ORDERS[sign](left, right)
    return unknown_of(left, right)


def matches(value: Any, expected: Any) -> Any:
    """Equality; for a code of a tree, whether it lies within the place that the other side names."""
    if isinstance(value, Code) and isinstance(expected, str):
        return _lies_within(value, expected)
    if isinstance(expected, Code) and isinstance(value, str):
        return _lies_within(expected, value)
    return compared("=", value, expected)


def _lies_within(code: Code, place: str) -> Any:
    held = code.tree.within(code, place)
    return Unknown((code.key,)) if held is None else held


def any_of(values: Iterable[Any]) -> Any:
    """True as soon as one is surely true, false when all are false, else unknown."""
    return decided(values, True)


def all_of(values: Iterable[Any]) -> Any:
    """False as soon as one is surely false, true when all are true, else unknown."""
    return decided(values, False)


def decided(values: Iterable[Any], decisive: bool) -> Any:
    """`decisive` as soon as one value is that, its opposite when all are the opposite, else unknown for their causes.

    Values behind the deciding one are not looked at.
    """
    doubts = []
    for value in values:
        if value is decisive:
            return decisive
        if value is not (not decisive):
            doubts.append(value)
    return unknown_of(*doubts) if doubts else not decisive


def has_member(members: Any, value: Any) -> Any:
    """Whether a list holds a value, with the doubt about each member's place in it."""
    if not isinstance(members, Members):
        return unknown_of(members, value)
    return any_of(all_of([matches(value, item), True if doubt is None else doubt]) for item, doubt in members.items)
