"""String and conversion built-ins (DMN 1.5, clauses 10.3.4.1 to 10.3.4.3). A character is a Unicode code point."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from tests.conformance.dmn_tck.functions.numbers import finite
from tests.conformance.dmn_tck.functions.signatures import builtin
from tests.conformance.dmn_tck.values import written
from zhida.domain.rules.engines.functions import FUNCTIONS
from zhida.domain.rules.numbers import FEEL

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_SEPARATORS = {"grouping": (" ", ",", "."), "decimal": (".", ",")}


@builtin("string(from)")
def string(value: Any) -> str | None:
    return None if value is None else written(value, outermost=True)


@builtin(
    "number(from: string, grouping separator: string|null, decimal separator: string|null)", "number(from: string)"
)
def number(text: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    fits = grouping in (None, *_SEPARATORS["grouping"]) and point in (None, *_SEPARATORS["decimal"])
    if not fits or (grouping is not None and grouping == point):
        return None
    ungrouped = text.replace(grouping, "") if grouping else text
    plain = ungrouped if point in (None, ".") else ungrouped.replace(".", "x").replace(str(point), ".")
    return finite(FEEL.create_decimal(plain)) if _NUMBER.fullmatch(plain) else None


@builtin("number(from: number)")
def number_itself(value: Decimal) -> Decimal:
    return value


@builtin("not(negand: boolean)")
def negation(negand: bool) -> bool:
    return not negand


@builtin("substring(string: string, start position: number, [length: number|null])")
def substring(text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    begin, count = int(start), len(text) if length is None else int(length)
    if begin == 0 or abs(begin) > max(len(text), 1) or count < 0 or (length is not None and count < 1):
        return None
    first = begin - 1 if begin > 0 else max(len(text) + begin, 0)
    return text[first : first + count]


@builtin("string length(string: string)")
def string_length(text: str) -> Decimal:
    return Decimal(len(text))


@builtin("upper case(string: string)")
def upper_case(text: str) -> str:
    return text.upper()


@builtin("lower case(string: string)")
def lower_case(text: str) -> str:
    return text.lower()


@builtin("substring before(string: string, match: string)")
def substring_before(text: str, match: str) -> str:
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after(string: string, match: string)")
def substring_after(text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


@builtin("contains(string: string, match: string)")
def contains(text: str, match: str) -> Any:
    return FUNCTIONS["contains"](text, match)


@builtin("starts with(string: string, match: string)")
def starts_with(text: str, match: str) -> bool:
    return text.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(text: str, match: str) -> bool:
    return text.endswith(match)


@builtin("string join(list: list, [delimiter: string|null])")
def string_join(members: list[Any], delimiter: str | None = None) -> str | None:
    texts = [member for member in members if member is not None]
    return (delimiter or "").join(texts) if all(isinstance(text, str) for text in texts) else None
