"""List built-ins (DMN 1.5, clause 10.3.4.4), and `sort` (10.3.4.8). Numbers are added and compared by the domain."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from tests.conformance.dmn_tck.arithmetic import computed
from tests.conformance.dmn_tck.comparison import equal, ordered
from tests.conformance.dmn_tck.functions.numbers import finite
from tests.conformance.dmn_tck.functions.signatures import builtin
from tests.conformance.dmn_tck.values import Function
from zhida.domain.rules.engines.functions import FUNCTIONS
from zhida.domain.rules.engines.kleene import all_of, any_of
from zhida.domain.rules.engines.values import Members
from zhida.domain.rules.numbers import FEEL


def all_numbers(members: list[Any]) -> bool:
    """Whether there are members, and all are numbers."""
    return bool(members) and all(type(member) is Decimal for member in members)


def is_member(members: Iterable[Any], value: Any) -> bool:
    """Whether any member equals a value, null included."""
    return any(equal(member, value) is True for member in members)


def place(members: list[Any], position: Decimal) -> int | None:
    """The index of a position counted from 1, or from the end where negative."""
    index = int(position)
    fits = index == position and 1 <= abs(index) <= len(members)
    return (index - 1 if index > 0 else len(members) + index) if fits else None


@builtin("list contains(list: list, element)")
def list_contains(members: list[Any], element: Any) -> bool:
    return is_member(members, element)


@builtin("count(list: list)")
def count(members: list[Any]) -> Any:
    return FUNCTIONS["count"](Members.of(members))


@builtin("min(list: list...)")
def minimum(members: list[Any]) -> Any:
    return _extreme("<", "min", members)


@builtin("max(list: list...)")
def maximum(members: list[Any]) -> Any:
    return _extreme(">", "max", members)


def _extreme(operator: str, name: str, members: list[Any]) -> Any:
    if all_numbers(members):
        return FUNCTIONS[name](*members)
    best = members[0] if members else None
    for member in members[1:]:
        is_better = ordered(operator, member, best)
        if is_better is None:
            return None
        best = member if is_better else best
    return best if ordered("<=", best, best) else None


@builtin("sum(list: list...)")
def total(members: list[Any]) -> Any:
    if all_numbers(members):
        return FUNCTIONS["sum"](*members)
    found = members[0] if members else None
    for member in members[1:]:
        found = computed("+", found, member) if not isinstance(found, str) else None
    return None if isinstance(found, str | list | dict | bool) else found


@builtin("product(list: list...)")
def product(members: list[Any]) -> Any:
    found = Decimal(1)
    for member in members:
        found = FEEL.multiply(found, member) if type(member) is Decimal else Decimal("NaN")
    return finite(found) if members else None


@builtin("mean(list: list...)")
def mean(members: list[Any]) -> Any:
    return computed("/", total(members), Decimal(len(members))) if members else None


@builtin("median(list: list...)")
def median(members: list[Any]) -> Any:
    if not all_numbers(members):
        return None
    values, middle = sorted(members), len(members) // 2
    return values[middle] if len(values) % 2 else mean(values[middle - 1 : middle + 1])


@builtin("stddev(list: list...)")
def standard_deviation(members: list[Any]) -> Any:
    if not all_numbers(members) or len(members) < 2:
        return None
    average = mean(members)
    squares = [FEEL.power(FEEL.subtract(member, average), 2) for member in members]
    return finite(FEEL.sqrt(FEEL.divide(total(squares), Decimal(len(members) - 1))))


@builtin("mode(list: list...)")
def mode(members: list[Any]) -> Any:
    if members and not all_numbers(members):
        return None
    most = max((members.count(member) for member in members), default=0)
    return sorted({member for member in members if members.count(member) == most})


@builtin("all(list: list...)")
def all_hold(members: list[Any]) -> Any:
    return all_of(members)


@builtin("any(list: list...)")
def any_holds(members: list[Any]) -> Any:
    return any_of(members)


@builtin("sublist(list: list, start position: number, [length: number|null])")
def sublist(members: list[Any], start: Decimal, length: Decimal | None = None) -> Any:
    first = place(members, start)
    size = len(members) if length is None else int(length)
    if first is None or size < 0 or (length is not None and first + size > len(members)):
        return None
    return members[first : first + size]


@builtin("append(list: list, item...)")
def append(members: list[Any], items: list[Any]) -> list[Any]:
    return [*members, *items]


@builtin("concatenate(list...)")
def concatenate(lists: list[Any]) -> Any:
    if any(members is None for members in lists):
        return None
    return [member for members in lists for member in _as_list(members)]


@builtin("union(list...)")
def union(lists: list[Any]) -> Any:
    joined = concatenate(lists)
    return None if joined is None else distinct_values(joined)


@builtin("insert before(list: list, position: number, newItem)")
def insert_before(members: list[Any], position: Decimal, item: Any) -> Any:
    index = place(members, position)
    return None if index is None else [*members[:index], item, *members[index:]]


@builtin("remove(list: list, position: number)")
def remove(members: list[Any], position: Decimal) -> Any:
    index = place(members, position)
    return None if index is None else members[:index] + members[index + 1 :]


@builtin("list replace(list: list, position: number, newItem)")
def replace_at(members: list[Any], position: Decimal, item: Any) -> Any:
    index = place(members, position)
    return None if index is None else [*members[:index], item, *members[index + 1 :]]


@builtin("list replace(list: list, match: function, newItem)")
def replace_where(members: list[Any], match: Function, item: Any) -> Any:
    found = [match.call([member, item]) for member in members]
    if any(not isinstance(hit, bool) for hit in found):
        return None
    return [item if hit else member for hit, member in zip(found, members, strict=True)]


@builtin("reverse(list: list)")
def reverse(members: list[Any]) -> list[Any]:
    return members[::-1]


@builtin("index of(list: list, match)")
def index_of(members: list[Any], match: Any) -> list[Any]:
    return [Decimal(index) for index, member in enumerate(members, 1) if equal(member, match) is True]


@builtin("distinct values(list: list)")
def distinct_values(members: list[Any]) -> list[Any]:
    found: list[Any] = []
    for member in members:
        if not is_member(found, member):
            found.append(member)
    return found


@builtin("flatten(list: list)")
def flatten(members: list[Any]) -> list[Any]:
    found: list[Any] = []
    for member in members:
        found += flatten(member) if isinstance(member, list) else [member]
    return found


@builtin("sort(list: list, precedes: function)", "sort(list: list)")
def sort(members: list[Any], precedes: Function | None = None) -> list[Any]:
    def compare(left: Any, right: Any) -> int:
        is_first = precedes.call([left, right]) if precedes else ordered("<", left, right)
        if is_first is True:
            return -1
        is_second = precedes.call([right, left]) if precedes else ordered("<", right, left)
        return int(is_second is True)

    return sorted(members, key=cmp_to_key(compare))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
