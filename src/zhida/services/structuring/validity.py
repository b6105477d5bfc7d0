"""From when to when a document is in force, as its own last clauses say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zhida.domain.packs.proposals import SourceSpan
from zhida.services.structuring.characters import plain
from zhida.services.structuring.days import dates_in
from zhida.services.structuring.details import Detail, validity_in
from zhida.services.structuring.outline import Clause


@dataclass(frozen=True)
class Said:
    """One thing said of validity: the clause, the place, the words, and what was read."""

    anchor: str
    span: SourceSpan
    quote: str
    detail: Detail


@dataclass(frozen=True)
class Validity:
    """`first` and `end` (the first day outside) where they can be told, else None; `said` are the words about it.
    `is_counted` tells that `first` is the day of issue, because the document is in force from then."""

    first: date | None
    end: date | None
    is_counted: bool
    said: tuple[Said, ...]


def validity_of(clauses: tuple[Clause, ...], issued_on: date | None) -> Validity:
    """What the clauses say of being in force; of several the last that speaks of 本办法 or the like wins."""
    said = [each for clause in clauses if not clause.is_attachment for each in _said(clause)]
    first, is_counted = _first(said, issued_on)
    return Validity(first, _end(said, first), is_counted, tuple(said))


def _said(clause: Clause) -> list[Said]:
    found = []
    for paragraph, start in clause.pieces:
        text = " " * start + plain(paragraph.text)[start:]
        for each in validity_in(text):
            begin = max(text.rfind(sign, 0, each.start) for sign in "。；;\n") + 1
            own = text[begin : each.start]
            is_own = any(word in own or word in text[:40] for word in ("本", "政策", "自")) or each.kind == "repeals"
            if is_own or each.kind == "in_force":
                span = paragraph.span(each.start, each.end)
                found.append(Said(clause.anchor, span, paragraph.text[each.start : each.end], each))
    return found


def _first(said: list[Said], issued_on: date | None) -> tuple[date | None, bool]:
    starts = [each.detail for each in said if each.detail.kind == "in_force"]
    for detail in reversed(starts):
        days = dates_in(str(detail.value["from"]))
        if days:
            return days[0].day, False
    for detail in reversed(starts):
        if detail.value["event"] and issued_on:
            return issued_on + timedelta(days=int(detail.value["days_after"])), True
    return None, False


def _end(said: list[Said], first: date | None) -> date | None:
    for each in reversed(said):
        if each.detail.kind == "until":
            days = dates_in(str(each.detail.value["to"]))
            if days:
                return days[0].day + timedelta(days=1)
    lasts = [int(each.detail.value["months"]) for each in said if each.detail.kind == "lasts"]
    return _months_after(first, lasts[-1]) if first and lasts and lasts[-1] else None


def _months_after(day: date, months: int) -> date:
    """The same day so many months on; where the month is too short, the first day of the next."""
    total = day.month - 1 + months
    try:
        return date(day.year + total // 12, total % 12 + 1, day.day)
    except ValueError:
        return date(day.year + (total + 1) // 12, (total + 1) % 12 + 1, 1)
