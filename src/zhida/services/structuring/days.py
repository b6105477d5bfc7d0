"""Days and spans of days in a text: 2026年3月1日, 2026-03-01, 二〇二六年三月一日, 6月27日-7月18日, 有效期5年."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from zhida.services.structuring.characters import chinese_number

_CN = "[〇零一二三四五六七八九十]"
_DAY = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]"
    r"|(?P<year2>(?:19|20)\d\d)[-/.](?P<month2>\d{1,2})[-/.](?P<day2>\d{1,2})(?!\d)"
    rf"|(?P<year3>[一二]{_CN}{{3}})年(?P<month3>{_CN}{{1,2}})月(?P<day3>{_CN}{{1,3}})日"
)
_SHORT = r"(?P<{0}m>\d{{1,2}})\s*月\s*(?P<{0}d>\d{{1,2}})\s*日"
_WINDOW = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)\s*年\D{0,14}?)?"
    + _SHORT.format("a")
    + r"\s*(?:起)?\s*(?:-|~|—|至|到)+\s*(?:(?P<year2>(?:19|20)\d\d)\s*年)?\s*"
    + _SHORT.format("b")
)


@dataclass(frozen=True)
class Dated:
    """A day and where its words stand, [start, end)."""

    day: date
    start: int
    end: int
    words: str


def dates_in(text: str) -> list[Dated]:
    """Every whole date in a text of plain characters; a day that no calendar has is left out."""
    found = []
    for match in _DAY.finditer(text):
        parts = [
            next(filter(None, (match.group(f"{name}{n}") for n in ("", "2", "3")))) for name in ("year", "month", "day")
        ]
        day = _day(*parts)
        if day is not None:
            found.append(Dated(day, match.start(), match.end(), match.group(0)))
    return found


@dataclass(frozen=True)
class Window:
    """A span of days, both included; None where the year is not said."""

    first: date | None
    last: date | None
    start: int
    end: int
    words: str


def windows_in(text: str) -> list[Window]:
    """Spans such as 2018年…6月27日-7月18日; one without a year has no days, only its place."""
    found = []
    for match in _WINDOW.finditer(text):
        year = match.group("year")
        last_year = match.group("year2") or year
        first = _day(year, match.group("am"), match.group("ad")) if year else None
        last = _day(last_year, match.group("bm"), match.group("bd")) if last_year else None
        found.append(Window(first, last, match.start(), match.end(), match.group(0)))
    return found


def years_after(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 1 March, the first day outside."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _day(year: str, month: str, day: str) -> date | None:
    parts = [int(each) if each.isdecimal() else chinese_number(each) or 0 for each in (year, month, day)]
    try:
        return date(*parts)
    except ValueError:
        return None
