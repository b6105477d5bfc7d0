"""A document as it was read: paragraphs with their places, and what could not be read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhida.domain.packs.proposals import SourceSpan

_MIDDLE = re.compile(r"^[\u4e00-\u9fff]{1,12}[，、。；]")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph or table row (cells divided by tabs), as its characters; `number` counts from 1 through the
    document, `page` from 1, 0 where the format has no pages."""

    number: int
    text: str
    page: int = 0

    def span(self, start: int, end: int) -> SourceSpan:
        """The place of some of its characters, [start, end)."""
        return SourceSpan(self.number, start, end, self.page)


@dataclass(frozen=True)
class Note:
    """Something that was not read, or looks damaged: a stable code, words in both languages, and where."""

    code: str
    zh: str
    en: str
    paragraph: int = 0
    page: int = 0


@dataclass(frozen=True)
class Document:
    """What a file says. `format` is docx, pdf, html, text, or scan (read by OCR); `sha256` is that of the file."""

    format: str
    paragraphs: tuple[Paragraph, ...]
    sha256: str
    notes: tuple[Note, ...] = ()


def numbered(lines: list[tuple[str, int]]) -> tuple[Paragraph, ...]:
    """Lines with their pages as paragraphs, empty ones left out, spaces at the ends cut."""
    kept = [(text.strip(), page) for text, page in lines if text.strip()]
    return mended(tuple(Paragraph(number, text, page) for number, (text, page) in enumerate(kept, start=1)))


_ENDS = tuple('。；;：:！!？?”"）)】》、，,.…')
_LONG = 40


def mended(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """Two breaks that web pages make inside words are undone: a bracket broken over two lines, `(四` and `)最高`, and a
    long sentence that goes on in the next line, where a few characters and a stop follow."""
    found: list[Paragraph] = []
    for each in paragraphs:
        last = found[-1].text if found else ""
        is_open = len(last) <= 4 and last[:1] in ("(", "（") and last[-1:] not in (")", "）")
        goes_on = len(last) >= _LONG and not last.endswith(_ENDS) and bool(_MIDDLE.match(each.text)) and "，" in last
        if (is_open and each.text[:1] in (")", "）")) or goes_on:
            found[-1] = Paragraph(found[-1].number, last + each.text, found[-1].page)
        else:
            found.append(each)
    return tuple(Paragraph(number, each.text, each.page) for number, each in enumerate(found, start=1))
