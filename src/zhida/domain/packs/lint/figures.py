"""Figures in the words of a clause: money, shares, spans of time, days, counts, and how their bounds are said.

A narrow reading on purpose: it only has to tell whether a figure of a rule stands in the text, and on which side the
bound itself falls (民法典 第一千二百五十九条: 以上, 以下, 以内 include it; 不满, 超过, 以外 do not).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_NUMERAL = "零〇一二两三四五六七八九十百千万亿"
_FIGURE = re.compile(
    rf"(?P<share>百分之)?(?P<number>\d+(?:\.\d+)?|[{_NUMERAL}]+)(?P<scale>百万|千万|亿|万|千|百)?"
    r"(?P<unit>元|%|个月|个工作日|工作日|周岁|岁|年|月|日|天)?"
)
_DATE = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_CAP = re.compile(r"(最高|封顶|上限|不超过|最多|至多)[^，。；、]{0,8}$")
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}

_BEFORE_UP = re.compile(r"(不低于|不少于|不小于|达到|年满|已满|(?<![不未])满|至少)[^，。；、\d]{0,2}$")
_BEFORE_DOWN_LOWER = re.compile(r"(?<!不)(超过|高于|大于|多于)[^，。；、\d]{0,2}$")
_BEFORE_DOWN_UPPER = re.compile(r"(不超过|不高于|不大于|不多于|至多)[^，。；、\d]{0,2}$")
_BEFORE_UP_UPPER = re.compile(r"((?<!不)(低于|少于|小于)|不满|不足|未满)[^，。；、\d]{0,2}$")
_AFTER_EXCLUDED = re.compile(r"^(\(不含[^)]*\)(以上|以下|以内|前|后)|(以上|以下|以内|及以上|前|后)\(不含)")
_AFTER_LOWER = re.compile(r"^(\(含[^)]*\))?(及)?(以上|起)")
_AFTER_UPPER = re.compile(r"^(\(含[^)]*\))?(及)?(以下|以内)")
_AFTER_UPPER_DAY = re.compile(r"^\(含[^)]*\)(之)?前")


@dataclass(frozen=True)
class Bound:
    """How a text bounds a figure: from below or from above, and whether the figure itself belongs to the upper part."""

    is_lower: bool
    belongs_up: bool


@dataclass(frozen=True)
class Figure:
    """One figure of a text. `kind` is money (fen), share (1 is the whole), months, years, days, date or count; `bound`
    is how the words around it bound it, None where they do not say."""

    kind: str
    value: Decimal | date
    bound: Bound | None
    is_cap: bool = False


def figures_in(text: str) -> tuple[Figure, ...]:
    """Every figure of a text, in its order."""
    plain = plain_text(text)
    return (*_dates(plain), *_numbers(plain))


def caps_in(text: str) -> tuple[int, ...]:
    """The sums of money, in fen, that a text says are the most."""
    return tuple(int(each.value) for each in figures_in(text) if each.is_cap and isinstance(each.value, Decimal))


def plain_text(text: str) -> str:
    """Full-width characters made half-width, without blanks and thousands separators."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"(?<=\d),(?=\d{3})", "", re.sub(r"[ \t　]", "", plain))


def _dates(plain: str) -> Iterator[Figure]:
    for match in _DATE.finditer(plain):
        year, month, day = (int(part) if part else 0 for part in match.groups())
        bound = _bound_of(plain, match)
        try:
            days = [date(year, month or 1, day or 1)] + ([date(year, 12, 31)] if not month else [])
        except ValueError:
            continue
        yield from (Figure("date", each, bound if day else None) for each in days)


def _numbers(plain: str) -> Iterator[Figure]:
    for match in _FIGURE.finditer(plain):
        number = _number(match["number"])
        if number is None:
            continue
        value = number * _SCALES.get(match["scale"] or "", 1)
        unit = "%" if match["share"] else match["unit"] or ""
        is_cap = unit == "元" and bool(_CAP.search(plain[: match.start()]))
        kind, value = _kind(unit, value)
        yield Figure(kind, value, _bound_of(plain, match), is_cap)


def _kind(unit: str, value: Decimal) -> tuple[str, Decimal]:
    if unit == "元":
        return "money", value * 100
    if unit == "%":
        return "share", value / 100
    kinds = {"个月": "months", "月": "months", "年": "years", "周岁": "years", "岁": "years"}
    return kinds.get(unit, "days" if unit else "count"), value


def _number(text: str) -> Decimal | None:
    if text[0].isdigit():
        return Decimal(text)
    total, section, digit = 0, 0, 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif _UNITS[char] >= 10_000:
            total, section, digit = (total + section + digit) * _UNITS[char], 0, 0
        else:
            section, digit = section + (digit or 1) * _UNITS[char], 0
    found = total + section + digit
    return Decimal(found) if found else None


def _bound_of(plain: str, match: re.Match[str]) -> Bound | None:
    before, after = plain[max(0, match.start() - 8) : match.start()], plain[match.end() : match.end() + 12]
    if not match.groupdict().get("unit"):
        after = re.sub(r"^(人|名|件|个|分|升|户|次|平方米|家|台|辆|项)", "", after)
    if _AFTER_EXCLUDED.search(after):
        is_lower = "上" in after[:8] or "后" in after[:8]
        return Bound(is_lower, not is_lower)
    if _BEFORE_DOWN_UPPER.search(before) or _AFTER_UPPER.search(after) or _AFTER_UPPER_DAY.search(after):
        return Bound(False, False)
    if _BEFORE_UP_UPPER.search(before):
        return Bound(False, True)
    if _BEFORE_UP.search(before) or _AFTER_LOWER.search(after):
        return Bound(True, True)
    return Bound(True, False) if _BEFORE_DOWN_LOWER.search(before) else None
