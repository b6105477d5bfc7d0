"""The built-in functions over columns: each does for all rows what `functions` does for one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import numpy as np

from zhida.domain.rules import nodes
from zhida.domain.rules.engines.columns import calendars, lanes
from zhida.domain.rules.engines.columns.interfaces import Holds, Rows
from zhida.domain.rules.engines.columns.vectors import (
    Days,
    Lists,
    Mask,
    Numbers,
    Records,
    Texts,
    Truths,
    Unsupported,
    Vector,
    Whole,
    truths_of,
)
from zhida.domain.rules.nodes import Node

Arguments = tuple[Node, ...]


def matches(batch: Holds, value: Vector, expected: Vector) -> Truths:
    """Equality; for a code of a tree, whether it lies within the place that the other side names."""
    if isinstance(value, Texts) and isinstance(expected, Texts):
        if value.tree:
            return lying_within(batch, value, expected)
        if expected.tree:
            return lying_within(batch, expected, value)
        return truths_of(np.equal(value.ids, expected.ids), value.known & expected.known)
    if isinstance(value, Numbers) and isinstance(expected, Numbers):
        return lanes.compared("=", value, expected)
    if isinstance(value, Days) and isinstance(expected, Days):
        return truths_of(np.equal(value.days, expected.days), value.known & expected.known)
    if isinstance(value, Truths) and isinstance(expected, Truths):
        return truths_of(np.equal(value.sure, expected.sure), value.known & expected.known)
    raise Unsupported("a look-up of lists")


def lying_within(batch: Holds, codes: Texts, places: Texts) -> Truths:
    """Whether each code lies within its place, asked of the tree once for each pair that occurs."""
    tree, words = batch.schema.code_trees[codes.tree], batch.columns.words
    if len(places.ids) == 1:
        distinct, index = batch.columns.distinct(codes.ids)
        place = words[int(places.ids[0])]
        held = [tree.within(words[code], place) for code in distinct.tolist()]
    else:
        distinct, index = np.unique(codes.ids * len(words) + places.ids, return_inverse=True)
        held = [tree.within(words[pair // len(words)], words[pair % len(words)]) for pair in distinct.tolist()]
    known = codes.known & places.known
    sure = np.array([answer is True for answer in held], dtype=bool)[index]
    may = np.array([answer is not False for answer in held], dtype=bool)[index]
    return Truths(sure & known, may | ~known)


def has_member(batch: Holds, source: Lists, value: Vector) -> Truths:
    """Whether each row's list holds the row's value."""
    if isinstance(value, Texts) and not value.tree and len(value.ids) == 1 and value.known.all() and source.words:
        return _has_word(source, int(value.ids[0]), *source.words)
    holds = source.member & matches(batch, value.take(source.owners), source.items)
    return Truths(source.any(holds.sure) & source.known, source.any(holds.may) | ~source.known)


def _has_word(source: Lists, word: int, words: Whole, owners: Whole, doubtful: Mask) -> Truths:
    """Whether each row's list holds one text."""
    found = np.zeros(len(source.lengths), dtype=bool)
    found[owners[slice(*np.searchsorted(words, [word, word + 1]))]] = True
    return Truths(found & source.known, found | doubtful | ~source.known)


def _list_contains(frame: Rows, arguments: Arguments) -> Vector:
    value = frame.vector(arguments[1])
    if isinstance(arguments[0], nodes.ListOf):
        return frame.tested(value, arguments[0].items)
    return has_member(frame.batch, frame.lists(arguments[0]), value)


def _within(frame: Rows, arguments: Arguments) -> Vector:
    places = arguments[1].items if isinstance(arguments[1], nodes.ListOf) else arguments[1:]
    return frame.tested(frame.vector(arguments[0]), places)


def _count(frame: Rows, arguments: Arguments) -> Vector:
    if isinstance(arguments[0], nodes.ListOf):
        return lanes.constant(Decimal(len(arguments[0].items)))
    source = frame.lists(arguments[0])
    settled = source.known & ~source.any(source.member.may & ~source.member.sure)
    size = int(source.lengths.sum())
    counted = source.each(np.broadcast_to(source.member.sure, (size,)).astype(np.int64))
    return Numbers(counted, settled, 0)


def _over_numbers(name: str) -> Callable[[Rows, Arguments], Vector]:
    def folded(frame: Rows, arguments: Arguments) -> Vector:
        first = arguments[0]
        if len(arguments) == 1 and isinstance(first, nodes.ListOf):
            arguments = first.items
        elif len(arguments) == 1 and isinstance(source := frame.vector(first), Lists):
            return _fold(name, source)
        total = frame.numbers(arguments[0])
        for argument in arguments[1:]:
            other = frame.numbers(argument)
            total = lanes.arithmetic("+", total, other) if name == "sum" else lanes.extreme(name, total, other)
        return total

    return folded


def _fold(name: str, source: Lists) -> Numbers:
    """`sum`, `min` or `max` of each row's list: known where every possible member surely is one and is known."""
    items, size = source.items, int(source.lengths.sum())
    if isinstance(items, Records) or not isinstance(items, Numbers) or items.scale is None or items.none.any():
        raise Unsupported(f"the {name} of such a list")
    doubtful = source.member.may & (~source.member.sure | ~items.known)
    settled = source.known & ~source.any(doubtful)
    counted = np.broadcast_to(source.member.sure & items.known, (size,))
    values = np.broadcast_to(items.values, (size,))
    if name == "sum":
        if lanes.bound(items) * int(source.lengths.max(initial=0)) >= 2**63:
            raise Unsupported("a sum past 64 bits")
        return Numbers(source.each(np.where(counted, values, 0)), settled, items.scale)
    filled = source.any(counted)
    extreme, index = np.zeros(len(source.lengths), dtype=np.int64), np.flatnonzero(filled)
    if len(index):
        worst = np.iinfo(np.int64).max if name == "min" else np.iinfo(np.int64).min
        reduce = np.minimum if name == "min" else np.maximum
        extreme[index] = reduce.reduceat(np.where(counted, values, worst), source.starts[index])
    return Numbers(extreme, settled & filled, items.scale)


def _contains(frame: Rows, arguments: Arguments) -> Vector:
    text, part = frame.vector(arguments[0]), frame.vector(arguments[1])
    if not isinstance(text, Texts) or not isinstance(part, Texts):
        raise Unsupported("a text that is none")
    words = frame.batch.columns.words
    distinct, index = np.unique(text.ids * len(words) + part.ids, return_inverse=True)
    held = [words[pair % len(words)] in words[pair // len(words)] for pair in distinct.tolist()]
    return truths_of(np.array(held, dtype=bool)[index], text.known & part.known)


def _rounding(name: str) -> Callable[[Rows, Arguments], Vector]:
    def rounded(frame: Rows, arguments: Arguments) -> Vector:
        digits = arguments[1].value if len(arguments) > 1 and isinstance(arguments[1], nodes.Literal) else Decimal(0)
        if not isinstance(digits, Decimal):
            raise Unsupported("digits that are not constant")
        part = arguments[0]
        if isinstance(part, nodes.Arithmetic) and part.operator == "/":
            quotient = lanes.rounded_quotient(name, frame.numbers(part.left), frame.numbers(part.right), int(digits))
            if quotient is not None:
                return quotient
        return lanes.rounded(name, frame.numbers(part), int(digits))

    return rounded


def _of_days(function: Callable[..., Vector]) -> Callable[[Rows, Arguments], Vector]:
    def applied(frame: Rows, arguments: Arguments) -> Vector:
        return function(*(frame.vector(argument) for argument in arguments))

    return applied


FUNCTIONS: dict[str, Callable[[Rows, Arguments], Vector]] = {
    "abs": lambda frame, arguments: lanes.absolute(frame.numbers(arguments[0])),
    "floor": _rounding("floor"),
    "ceiling": _rounding("ceiling"),
    "round half up": _rounding("round half up"),
    "min": _over_numbers("min"),
    "max": _over_numbers("max"),
    "sum": _over_numbers("sum"),
    "count": _count,
    "list contains": _list_contains,
    "contains": _contains,
    "within": _within,
    "years_between": _of_days(calendars.years_between),
    "months_between": _of_days(calendars.months_between),
    "days_between": _of_days(calendars.days_between),
    "add_months": _of_days(calendars.add_months),
    "year": _of_days(calendars.year_of),
    "month": _of_days(calendars.month_of),
    "day": _of_days(calendars.day_of),
}
