"""Range built-ins (DMN 1.5, clause 10.3.4.10). An end is a value and a step: just before, at, or just after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.conformance.dmn_tck.comparison import equal, ordered
from tests.conformance.dmn_tck.functions.signatures import BUILTINS, builtin
from tests.conformance.dmn_tck.values import Range, read_temporal
from zhida.domain.errors import AuthorError
from zhida.domain.rules.feel_nodes import AtLiteral, Invoke
from zhida.domain.rules.language.reading import Dialect, parse
from zhida.domain.rules.nodes import Interval, Literal, Name, Node

End = tuple[Any, int]
_POINT = "number|string|date|time|date and time|years and months duration|days and time duration"
_POINTS = f"{{}}(point1: {_POINT}, point2: {_POINT})"
_POINT_RANGE = f"{{}}(point: {_POINT}, range: range)"
_RANGE_POINT = f"{{}}(range: range, point: {_POINT})"
_RANGES = "{}(range1: range, range2: range)"


class NotComparable(Exception):
    """Two ends have no order: the result is null."""


def low(value: Any) -> End:
    """Where a range begins; a point begins at itself."""
    return (value.low, 0 if value.includes_low else 1) if isinstance(value, Range) else (value, 0)


def high(value: Any) -> End:
    """Where a range ends; a point ends at itself."""
    return (value.high, 0 if value.includes_high else -1) if isinstance(value, Range) else (value, 0)


def order(left: End, right: End) -> int:
    """-1, 0 or 1. Raises NotComparable."""
    if equal(left[0], right[0]):
        return (left[1] > right[1]) - (left[1] < right[1])
    is_before = ordered("<", left[0], right[0])
    if is_before is None:
        raise NotComparable
    return -1 if is_before else 1


Relation = Callable[[Any, Any], bool]


def add(name: str, mirrored: str, *signatures: str) -> Callable[[Relation], Relation]:
    """Adds a relation of two values under one name, and turned around under the other."""

    def register(relation: Relation) -> Relation:
        def run(left: Any, right: Any) -> bool | None:
            try:
                return relation(left, right)
            except NotComparable:
                return None

        builtin(*(signature.format(name) for signature in signatures))(run)
        if mirrored:
            turned = {_POINT_RANGE: _RANGE_POINT, _RANGE_POINT: _POINT_RANGE}
            named = (turned.get(signature, signature).format(mirrored) for signature in signatures)
            builtin(*named)(lambda left, right: run(right, left))
        return relation

    return register


@add("before", "after", _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
def before(left: Any, right: Any) -> bool:
    return order(high(left), low(right)) < 0


@add("meets", "met by", _RANGES)
def meets(left: Range, right: Range) -> bool:
    return left.includes_high and right.includes_low and order(high(left), low(right)) == 0


@add("overlaps", "", _RANGES)
def overlaps(left: Range, right: Range) -> bool:
    return order(high(left), low(right)) >= 0 and order(low(left), high(right)) <= 0


@add("overlaps before", "overlaps after", _RANGES)
def overlaps_before(left: Range, right: Range) -> bool:
    begins_before = order(low(left), low(right)) < 0
    return begins_before and order(high(left), low(right)) >= 0 and order(high(left), high(right)) <= 0


@add("finishes", "finished by", _POINT_RANGE, _RANGES)
def finishes(left: Any, right: Range) -> bool:
    return order(high(left), high(right)) == 0 and order(low(left), low(right)) >= 0


@add("includes", "during", _RANGE_POINT, _RANGES)
def includes(left: Range, right: Any) -> bool:
    return order(low(left), low(right)) <= 0 and order(high(left), high(right)) >= 0


@add("starts", "started by", _POINT_RANGE, _RANGES)
def starts(left: Any, right: Range) -> bool:
    return order(low(left), low(right)) == 0 and order(high(left), high(right)) <= 0


@add("coincides", "", _POINTS, _RANGES)
def coincides(left: Any, right: Any) -> bool:
    return order(low(left), low(right)) == 0 and order(high(left), high(right)) == 0


@builtin("range(from: string)")
def range_of_text(text: str) -> Range | None:
    """The range that a text says with constant ends."""
    try:
        node = parse(text, dialect=Dialect.CONFORMANCE)
    except AuthorError:
        return None
    if not isinstance(node, Interval):
        return None
    ends = [_constant(end) for end in (node.low, node.high)]
    given = [end for end in ends if end is not None]
    if not given or (len(given) == 2 and ordered("<=", *given) is not True):
        return None
    return Range(ends[0], ends[1], node.includes_low, node.includes_high)


def _constant(node: Node | None) -> Any:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, AtLiteral):
        return read_temporal(node.text)
    if isinstance(node, Invoke) and isinstance(node.function, Name) and node.function.name in BUILTINS:
        return BUILTINS[node.function.name].call([_constant(argument) for argument in node.arguments])
    return None
