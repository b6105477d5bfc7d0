"""How a built-in says its parameters, and how arguments are matched to them (DMN 1.5, clauses 10.3.2.13 and 10.3.4).

A signature is written as the standard writes it: `substring(string: string, start position: number, [length: number])`.
Kinds are joined by `|`, brackets mean optional, a parameter without a kind takes anything, null included. `...` gathers
all further arguments into a list; `list: list...` is one list, or its members as arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.dmn_tck.calendar import Day, midnight_utc
from tests.conformance.dmn_tck.values import kind_of

_SIGNATURE = re.compile(r"([^(]+)\((.*)\)")
_PARAMETER = re.compile(r"(\[?)([^:\].]+)(?:: ([^\].]+))?(\.\.\.)?\]?")
Implementation = Callable[..., Any]
REFUSED = object()


@dataclass(frozen=True)
class Parameter:
    """A parameter; without kinds it takes anything."""

    name: str
    kinds: tuple[str, ...]
    is_optional: bool
    is_variadic: bool

    def taken(self, value: Any) -> Any:
        """The argument as the parameter has it, or REFUSED."""
        kind = kind_of(value)
        if not self.kinds or kind in self.kinds:
            return value
        if "list" in self.kinds and value is not None:
            return [value]
        if kind == "list" and len(value) == 1 and kind_of(value[0]) in self.kinds and value[0] is not None:
            return value[0]
        return midnight_utc(value) if "date and time" in self.kinds and isinstance(value, Day) else REFUSED


@dataclass(frozen=True)
class Overload:
    """One way to call a built-in."""

    parameters: tuple[Parameter, ...]
    run: Implementation

    def matched(self, arguments: Sequence[Any]) -> list[Any] | None:
        """Positional arguments as the implementation takes them, or None."""
        given = list(arguments)
        last = self.parameters[-1] if self.parameters else None
        if last and last.is_variadic:
            index = len(self.parameters) - 1
            rest = given[index:]
            if not rest:
                return None
            is_the_list = len(rest) == 1 and isinstance(rest[0], list) and "list" in last.kinds
            given[index:] = rest if is_the_list else [rest]
        return self._taken(given)

    def matched_by_name(self, arguments: dict[str, Any]) -> list[Any] | None:
        """Named arguments as the implementation takes them, or None."""
        required = {parameter.name for parameter in self.parameters if not parameter.is_optional}
        if not required <= arguments.keys() <= {parameter.name for parameter in self.parameters}:
            return None
        given = [arguments.get(parameter.name, _MISSING) for parameter in self.parameters]
        while given and given[-1] is _MISSING:
            given.pop()
        last = self.parameters[len(given) - 1]
        if last.is_variadic and "list" not in last.kinds:
            given[-1] = [given[-1]]
        return self._taken([None if value is _MISSING else value for value in given])

    def _taken(self, given: list[Any]) -> list[Any] | None:
        required = sum(not parameter.is_optional for parameter in self.parameters)
        if not required <= len(given) <= len(self.parameters):
            return None
        taken = [parameter.taken(value) for parameter, value in zip(self.parameters, given, strict=False)]
        return None if any(value is REFUSED for value in taken) else taken


@dataclass(eq=False)
class Builtin:
    """A built-in function: the first overload that takes the arguments gives the result, else it is null."""

    name: str
    overloads: list[Overload] = field(default_factory=list)

    def call(self, arguments: Sequence[Any], names: Sequence[str] = ()) -> Any:
        """The result, null where no overload takes the arguments."""
        for overload in self.overloads:
            by_name = dict(zip(names, arguments, strict=False))
            taken = overload.matched_by_name(by_name) if names else overload.matched(arguments)
            if taken is not None and len(by_name) == len(names):
                return overload.run(*taken)
        return None


BUILTINS: dict[str, Builtin] = {}
_MISSING = object()


def builtin(*signatures: str) -> Callable[[Implementation], Implementation]:
    """Adds a function under the name and with the parameters of each signature."""

    def add(function: Implementation) -> Implementation:
        for signature in signatures:
            found = _SIGNATURE.fullmatch(signature)
            name, parameters = found.groups() if found else (signature, "")
            overload = Overload(tuple(_parameter(part) for part in parameters.split(", ") if part), function)
            BUILTINS.setdefault(name, Builtin(name)).overloads.append(overload)
        return function

    return add


def _parameter(written: str) -> Parameter:
    found = _PARAMETER.fullmatch(written)
    if found is None:
        raise ValueError(f"`{written}` is no parameter")
    bracket, name, kinds, dots = found.groups()
    return Parameter(name, tuple(kinds.split("|")) if kinds else (), bool(bracket), bool(dots))
