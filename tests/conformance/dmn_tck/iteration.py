"""What `for`, `some` and `every` walk over (DMN 1.5, clause 10.3.2.14): lists, and whole numbers or dates by steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tests.conformance.dmn_tck.calendar import Day
from tests.conformance.dmn_tck.values import Range

Scope = Mapping[str, Any]
Source = Callable[[Scope], Any]


def rounds(sources: Sequence[tuple[str, Source]], scope: Scope) -> list[Scope] | None:
    """The scope of every round, the last source turning fastest; None where a source cannot be walked. A source is a
    list, a range, one value, or a pair of bounds counted up or down."""
    if not sources:
        return [scope]
    (name, source), *rest = sources
    members = _members(source(scope))
    if members is None:
        return None
    found: list[Scope] = []
    for member in members:
        inner = rounds(rest, {**scope, name: member})
        if inner is None:
            return None
        found += inner
    return found


def _members(source: Any) -> list[Any] | None:
    if isinstance(source, list):
        return source
    if isinstance(source, tuple):
        return _steps(*source)
    if isinstance(source, Range):
        steps = _steps(source.low, source.high)
        ordered = steps if steps and _number(source.low) <= _number(source.high) else None
        return ordered[not source.includes_low : len(ordered) - (not source.includes_high)] if ordered else None
    return None if source is None else [source]


def _steps(first: Any, last: Any) -> list[Any] | None:
    """Both bounds and all between them; None unless both are whole numbers, or both dates."""
    if isinstance(first, Day) and isinstance(last, Day):
        return [Day.from_ordinal(number) for number in _between(first.toordinal(), last.toordinal())]
    if type(first) is Decimal and type(last) is Decimal and first == int(first) and last == int(last):
        return [Decimal(number) for number in _between(int(first), int(last))]
    return None


def _between(first: int, last: int) -> range:
    step = 1 if first <= last else -1
    return range(first, last + step, step)


def _number(value: Any) -> Any:
    return value.toordinal() if isinstance(value, Day) else value
