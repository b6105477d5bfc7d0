"""The closed list of what a mapping may do to a cell before it is read; each takes a text and gives a text.

strip            no white space at either end, full-width space included
half_width       full-width letters, digits and signs as ASCII
upper_case       small letters as capitals
drop_separators  no commas or spaces within a number
date: FORMAT     a date in this strptime format (or one of a list) as ISO 8601; ISO itself always passes
wan_to_fen       ten thousands of yuan as fen: 8371.9 is 8371900000
yuan_to_fen      yuan as fen
percent          5.2 as 0.052
map: {from: to}  codes of the source as ours; a code that the map does not have is refused
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Transform = Callable[[str], str]

_NUMBER = re.compile(r"^[+-]?[0-9]{1,30}(\.[0-9]{1,30})?$")
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


class Unfit(ValueError):
    """A cell that cannot be read: a stable reason, and the field it was meant for where that is known."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


def number(text: str) -> Decimal:
    """A plain decimal number without exponent or separators. Raises Unfit `not_a_number`."""
    if not _NUMBER.match(text):
        raise Unfit("not_a_number")
    return Decimal(text)


def _moved(places: int) -> Transform:
    return lambda text: f"{number(text).scaleb(places):f}"


PLAIN: Mapping[str, Transform] = {
    "strip": lambda text: text.strip(" \t\r\n\u3000\u00a0\ufeff"),
    "half_width": lambda text: text.translate(_HALF),
    "upper_case": str.upper,
    "drop_separators": lambda text: text.replace(",", "").replace("，", "").replace(" ", ""),
    "wan_to_fen": _moved(6),
    "yuan_to_fen": _moved(2),
    "percent": _moved(-2),
}


def _date(formats: Sequence[str]) -> Transform:
    def read(text: str) -> str:
        try:
            return date.fromisoformat(text[:10]).isoformat()
        except ValueError:
            pass
        for each in formats:
            try:
                return datetime.strptime(text, each).date().isoformat()  # noqa: DTZ007 (a date has no zone)
            except ValueError:
                continue
        raise Unfit("not_a_date")

    return read


def _map(pairs: Mapping[str, str]) -> Transform:
    def look(text: str) -> str:
        if text not in pairs:
            raise Unfit("not_in_code_map")
        return pairs[text]

    return look


def transform(written: Any) -> Transform:
    """The transform that a mapping names. Raises ValueError, its text a hint, where there is none such."""
    match written:
        case str(name) if name in PLAIN:
            return PLAIN[name]
        case {"date": str(one), **rest} if not rest:
            return _date([one])
        case {"date": list(several), **rest} if not rest:
            return _date([str(each) for each in several])
        case {"map": dict(pairs), **rest} if not rest:
            return _map({str(key): str(value) for key, value in pairs.items()})
    raise ValueError(f"transforms are {', '.join(PLAIN)}, date: and map:")
