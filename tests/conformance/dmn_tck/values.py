"""FEEL values: None is null; bool, Decimal, str, Day, Time, Moment, Months, Seconds, list, dict, Range, Function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

from tests.conformance.dmn_tck.calendar import Day, Moment, Time, read_day, read_moment, read_time
from tests.conformance.dmn_tck.durations import Months, Seconds, plain, read_duration


@dataclass(frozen=True)
class Range:
    """A range of values; None is open to that side, or an end that is null."""

    low: Any
    high: Any
    includes_low: bool
    includes_high: bool

    def __str__(self) -> str:
        opening, closing = "[" if self.includes_low else "(", "]" if self.includes_high else ")"
        return f"{opening}{written(self.low)}..{written(self.high)}{closing}"


@runtime_checkable
class Function(Protocol):
    """What can be invoked: a built-in, a function literal, a business knowledge model, a decision service."""

    def call(self, arguments: Sequence[Any], names: Sequence[str] = ()) -> Any:
        """The result, null where the arguments do not fit; `names` is empty, or one name for each argument."""


KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    Day: "date",
    Time: "time",
    Moment: "date and time",
    Months: "years and months duration",
    Seconds: "days and time duration",
    list: "list",
    dict: "context",
    Range: "range",
}


def kind_of(value: Any) -> str:
    """The FEEL type of a value, without its parts."""
    return KINDS.get(type(value), "function")


def read_temporal(text: str) -> Any:
    """The date, time, date and time, or duration that a text says, or None (clause 10.3.2.3.11)."""
    for read in (read_day, read_time, read_moment, read_duration):
        found = read(text)
        if found is not None:
            return found
    return None


def written(value: Any, outermost: bool = False) -> str | None:
    """The text of a value; a text inside a list or a context stands in quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        return value if outermost else f'"{quoted}"'
    if value is None:
        return "null"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, list):
        return f"[{', '.join(str(written(member)) for member in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)}: {written(member)}" for name, member in value.items()) + "}"
    return None if kind_of(value) == "function" else str(value)


def _key(name: str) -> str:
    return name if all(part.isidentifier() for part in name.split(" ")) else f'"{name}"'
