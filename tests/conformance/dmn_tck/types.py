"""FEEL types and a model's item definitions: what conforms, and what is coerced (DMN 1.5, clause 10.3.2.9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.dmn_tck.calendar import Day, midnight_utc
from tests.conformance.dmn_tck.closures import Closure
from tests.conformance.dmn_tck.values import Range, kind_of

_TOKEN = re.compile(r"->|[<>,:]|(?:[^<>,:\s-]|-(?!>))+(?:\s+(?:[^<>,:\s-]|-(?!>))+)*")
_ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "duration": "days and time duration",
}
_SIMPLE = frozenset(
    (
        "Any",
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "years and months duration",
        "days and time duration",
        "list",
        "context",
        "range",
        "function",
    )
)


@dataclass(frozen=True)
class Type:
    """`name` is a FEEL type or an item definition's name. `item` is a list's or a range's member, `fields` a context's,
    `parameters` and `result` a function's. A type named "restricted" is its `item` with the unary tests `allowed`."""

    name: str = "Any"
    item: Type | None = None
    fields: tuple[tuple[str, Type], ...] | None = None
    parameters: tuple[Type, ...] | None = None
    result: Type | None = None
    allowed: str = ""


ANY = Type()


@dataclass
class Types:
    """The item definitions of a model by name. `admits` tells whether a value passes unary tests."""

    admits: Callable[[str, Any], bool] = lambda tests, value: True
    definitions: dict[str, Type] = field(default_factory=dict)

    def read(self, written: str | None) -> Type:
        """The type that a typeRef or an `instance of` writes; "" and None are Any."""
        tokens = _TOKEN.findall(written or "Any")
        return _TypeReader([re.sub(r"\s+", " ", token) for token in tokens]).type()

    def resolved(self, kind: Type) -> Type:
        """The item definition behind a name; a name that the model leaves undefined is Any."""
        return self._behind(kind)[0]

    def is_known(self, kind: Type) -> bool:
        """Whether a name stands for a type."""
        return kind.name in _SIMPLE or kind.name in self.definitions

    def _behind(self, kind: Type) -> tuple[Type, tuple[str, ...]]:
        """The type behind names and restrictions, and all their unary tests."""
        seen: set[str] = set()
        allowed: list[str] = []
        while kind.name not in _SIMPLE:
            if kind.item is not None:
                allowed.append(kind.allowed)
                kind = kind.item
            elif kind.name in seen:
                return ANY, ()
            else:
                seen.add(kind.name)
                kind = self.definitions.get(kind.name, ANY)
        return kind, tuple(allowed)

    def conforms(self, value: Any, wanted: Type) -> bool:
        """Whether a value is of a type; null inside a list or a context fits any. Allowed values do not count."""
        kind = self.resolved(wanted)
        if value is None or kind.name == "Any":
            return True
        if kind.name != kind_of(value):
            return False
        if isinstance(value, list):
            return all(self.conforms(member, kind.item or ANY) for member in value)
        if isinstance(value, dict):
            return all(name in value and self.conforms(value[name], part) for name, part in kind.fields or ())
        if isinstance(value, Range):
            return all(self.conforms(end, kind.item or ANY) for end in (value.low, value.high))
        return not isinstance(value, Closure) or self.fits(type_of_function(value), kind)

    def fits(self, found: Type, wanted: Type) -> bool:
        """Whether every value of one type is of the other (DMN 1.5, table 45)."""
        left, right = self.resolved(found), self.resolved(wanted)
        if right.name == "Any":
            return True
        if left.name != right.name:
            return False
        if left.name == "context":
            fields = dict(left.fields or ())
            return all(name in fields and self.fits(fields[name], part) for name, part in right.fields or ())
        if left.name == "function":
            return self._function_fits(left, right)
        return self.fits(left.item or ANY, right.item or ANY)

    def _function_fits(self, left: Type, right: Type) -> bool:
        if right.parameters is None:
            return self.fits(left.result or ANY, right.result or ANY)
        given = left.parameters or ()
        return (
            len(given) == len(right.parameters)
            and all(self.fits(*pair) for pair in zip(right.parameters, given, strict=True))
            and self.fits(left.result or ANY, right.result or ANY)
        )

    def coerced(self, value: Any, wanted: Type) -> Any:
        """The value as a type has it: a list of one for its member or around it, a date as its midnight; else null."""
        kind = self.resolved(wanted)
        for candidate in _candidates(value, kind):
            if self.conforms(candidate, kind):
                return candidate if self._is_allowed(candidate, wanted) else None
        return None

    def _is_allowed(self, value: Any, wanted: Type) -> bool:
        kind, allowed = self._behind(wanted)
        if value is None or kind.name == "Any":
            return True
        if not all(self.admits(tests, value) for tests in allowed):
            return False
        if isinstance(value, list):
            return all(self._is_allowed(member, kind.item or ANY) for member in value)
        if isinstance(value, dict):
            return all(self._is_allowed(value[name], part) for name, part in kind.fields or ())
        return True


def type_of_function(function: Closure) -> Type:
    """The type of a function by its parameters."""
    return Type("function", parameters=tuple(kind for _, kind in function.parameters), result=function.result)


def define(base: Type, is_collection: bool, allowed: str = "", collection_allowed: str = "") -> Type:
    """An item definition's type: a restriction of another, or a list of it."""
    kind = Type("restricted", item=base, allowed=allowed) if allowed else base
    if is_collection:
        kind = Type("list", item=kind)
    return Type("restricted", item=kind, allowed=collection_allowed) if collection_allowed else kind


def _candidates(value: Any, kind: Type) -> list[Any]:
    found = [value]
    if kind.name == "list" and not isinstance(value, list):
        found.append([value])
    if isinstance(value, list) and len(value) == 1:
        found.append(value[0])
    if kind.name == "date and time" and isinstance(value, Day):
        found.append(midnight_utc(value))
    return found


class _TypeReader:
    """A type as written, token by token."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def skip(self, token: str) -> bool:
        found = self.tokens[:1] == [token]
        self.tokens = self.tokens[found:]
        return found

    def type(self) -> Type:
        name = self.tokens.pop(0).removeprefix("feel:")
        name = _ALIASES.get(name, name)
        parts = self.parts() if self.skip("<") else None
        if name == "function":
            result = self.type() if self.skip("->") else None
            return Type(name, parameters=tuple(part for _, part in parts) if parts is not None else None, result=result)
        if name == "context":
            return Type(name, fields=tuple(parts) if parts is not None else None)
        return Type(name, item=parts[0][1]) if parts else Type(name)

    def parts(self) -> list[tuple[str, Type]]:
        found = []
        while self.tokens and not self.skip(">"):
            self.skip(",")
            name = self.tokens.pop(0) if self.tokens[1:2] == [":"] else ""
            self.skip(":")
            found.append((name, self.type()))
        return found
