"""A report on as many pages as it needs: a heading, paragraphs and tables, set line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhida.services.papers.pdf import HEIGHT, WIDTH, Line, Squares, document, wrapped

_LEFT, _TOP, _BOTTOM = 56.0, 56.0, HEIGHT - 64.0
_TITLE, _HEAD, _TEXT, _SMALL = 18.0, 12.5, 10.0, 8.5
_LEADING = 1.6


@dataclass(frozen=True)
class Table:
    """A head and rows of cells; `shares` say how wide the columns are, the first set left and the others right."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[int]


@dataclass(frozen=True)
class Part:
    """One part of a report: its heading, what it says, and a table where it has one; one that `is_fresh` begins a
    page."""

    heading: str
    words: Sequence[str] = ()
    table: Table | None = None
    is_fresh: bool = False


def report_pdf(title: str, lead: Sequence[str], parts: Sequence[Part], *, foot: str) -> bytes:
    """The report. The same words give the same bytes; a cell that is too long is cut with an ellipsis."""
    pages: list[list[Line | Squares]] = [[]]
    top = _TOP
    for kind, lines, height in _rows(title, lead, parts):
        if kind == "fresh" or top + height > _BOTTOM or (kind == "head" and top + 4 * height > _BOTTOM):
            pages.append([])
            top = _TOP
        pages[-1] += [line._replace(top=top + line.top) for line in lines]
        top += height
    for number, page in enumerate(pages, 1):
        page.append(Line(_LEFT, HEIGHT - 44, _SMALL, f"{foot}　{number} / {len(pages)}"))
    return document(pages, title=title)


def _rows(title: str, lead: Sequence[str], parts: Sequence[Part]) -> Iterator[tuple[str, list[Line], float]]:
    """Each row of the report with its lines, from its own top, and its height in points."""
    yield from _text(title, _TITLE)
    for words in lead:
        yield from _text(words, _TEXT)
    for part in parts:
        yield ("fresh", [], 0.0) if part.is_fresh else ("gap", [], _TEXT)
        yield "head", [Line(_LEFT, 0, _HEAD, part.heading)], _HEAD * _LEADING
        for words in part.words:
            yield from _text(words, _TEXT)
        if part.table:
            for row in (part.table.head, *part.table.rows):
                yield "row", list(_cells(row, part.table.shares)), _SMALL * _LEADING


def _text(words: str, size: float) -> Iterator[tuple[str, list[Line], float]]:
    for piece in wrapped(words, size):
        yield "text", [Line(_LEFT, 0, size, piece)], size * _LEADING


def _cells(row: Sequence[str], shares: Sequence[int]) -> Iterator[Line]:
    left, whole = _LEFT, WIDTH - 2 * _LEFT
    for place, (words, share) in enumerate(zip(row, shares, strict=True)):
        width = whole * share / sum(shares)
        fitted = _fitted(words, width - 4)
        pad = 0.0 if place == 0 else width - 4 - _wide(fitted)
        yield Line(left + pad, 0, _SMALL, fitted)
        left += width


def _fitted(words: str, width: float) -> str:
    if _wide(words) <= width:
        return words
    return f"{next(wrapped(words, _SMALL, width - _SMALL))}…"


def _wide(words: str) -> float:
    return sum(_SMALL if ord(sign) >= 0x2E80 else _SMALL / 2 for sign in words)
