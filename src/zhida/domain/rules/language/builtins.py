"""The closed list of built-in functions: their parameters, for the checker, in one table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Builtin:
    """A function's parameters by kind, its result and the unit of it: "" none, "same" that of the first argument.

    Kinds: number, date, text, list, code, codes, digits (a whole constant), whole (a whole number), numbers (one list
    of numbers, or one and more numbers). `optional` counts the last parameters that may be left out.
    """

    parameters: tuple[str, ...]
    result: str
    unit: str = ""
    whole: bool = False
    optional: int = 0


BUILTINS = {
    "abs": Builtin(("number",), "number", "same"),
    "floor": Builtin(("number", "digits"), "number", "same", optional=1),
    "ceiling": Builtin(("number", "digits"), "number", "same", optional=1),
    "round half up": Builtin(("number", "digits"), "number", "same"),
    "min": Builtin(("numbers",), "number", "same"),
    "max": Builtin(("numbers",), "number", "same"),
    "sum": Builtin(("numbers",), "number", "same"),
    "count": Builtin(("list",), "number", whole=True),
    "list contains": Builtin(("list", "member"), "boolean"),
    "contains": Builtin(("text", "text"), "boolean"),
    "within": Builtin(("code", "codes"), "boolean"),
    "years_between": Builtin(("date", "date"), "number", "years", whole=True),
    "months_between": Builtin(("date", "date"), "number", "months", whole=True),
    "days_between": Builtin(("date", "date"), "number", "days", whole=True),
    "add_months": Builtin(("date", "whole"), "date"),
    "year": Builtin(("date",), "number", whole=True),
    "month": Builtin(("date",), "number", whole=True),
    "day": Builtin(("date",), "number", whole=True),
}
NAMES_FROM_DATE = ("year", "month", "as_of")
