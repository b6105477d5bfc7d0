"""The built-in functions, each total and Kleene: what `language.builtins` types, this evaluates."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from zhida.domain.rules.answers import UNKNOWN
from zhida.domain.rules.engines.kleene import any_of, has_member, matches
from zhida.domain.rules.engines.values import NONE, Members, is_settled, unknown_of
from zhida.domain.rules.numbers import FEEL, add_months, months_between, round_to, years_between


def strict(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function of known arguments: none where any is none, unknown where any is unknown."""

    def lifted(*arguments: Any) -> Any:
        if any(argument is NONE for argument in arguments):
            return NONE
        return function(*arguments) if all(map(is_settled, arguments)) else unknown_of(*arguments)

    return lifted


def over_numbers(function: Callable[[list[Decimal]], Any]) -> Callable[..., Any]:
    """The function of all the numbers that stand in one list or in several arguments."""

    def listed(*arguments: Any) -> Any:
        members = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], Members) else Members.of(arguments)
        values = [value for value, _ in members.items]
        if any(value is NONE for value in values):
            return NONE
        return function(values) if is_settled(members) else unknown_of(members)

    return listed


def _sum(numbers: list[Decimal]) -> Any:
    total = Decimal(0)
    for number in numbers:
        total = FEEL.add(total, number)
    return total if total.is_finite() else UNKNOWN


def _count(members: Any) -> Any:
    if not isinstance(members, Members) or any(doubt is not None for _, doubt in members.items):
        doubts = [doubt for _, doubt in members.items] if isinstance(members, Members) else [members]
        return unknown_of(*doubts)
    return Decimal(len(members.items))


def _within(code: Any, places: Any) -> Any:
    wanted = [place for place, _ in places.items] if isinstance(places, Members) else [places]
    return any_of(matches(code, place) for place in wanted)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": strict(FEEL.abs),
    "floor": strict(lambda number, digits=Decimal(0): round_to("floor", number, digits)),
    "ceiling": strict(lambda number, digits=Decimal(0): round_to("ceiling", number, digits)),
    "round half up": strict(lambda number, digits: round_to("round half up", number, digits)),
    "min": over_numbers(lambda numbers: min(numbers, default=UNKNOWN)),
    "max": over_numbers(lambda numbers: max(numbers, default=UNKNOWN)),
    "sum": over_numbers(_sum),
    "count": _count,
    "list contains": has_member,
    "contains": strict(lambda text, part: part in text),
    "within": _within,
    "years_between": strict(lambda start, end: Decimal(years_between(start, end))),
    "months_between": strict(lambda start, end: Decimal(months_between(start, end))),
    "days_between": strict(lambda start, end: Decimal((end - start).days)),
    "add_months": strict(add_months),
    "year": strict(lambda day: Decimal(day.year)),
    "month": strict(lambda day: Decimal(day.month)),
    "day": strict(lambda day: Decimal(day.day)),
}
