"""A PDF read: the words of each page, lines joined into the paragraphs that they were broken from."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from zhida.domain.sentences import tell
from zhida.services.structuring.characters import plain
from zhida.services.structuring.document import Document, Note, Paragraph, numbered
from zhida.services.structuring.markers import marker_of
from zhida.services.structuring.reading.plain import damaged_characters
from zhida.services.structuring.reading.refusals import problem
from zhida.services.structuring.reading.scans import SCAN, Line, look_at, pictures_of, read_scan

MAX_PAGES = 1000
MAX_STREAM = 8 * 1024 * 1024
_SMALL = 40_000
_PAGE_NUMBER = re.compile(r"^[-—–~\s·]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／共]\s*\d{1,4}\s*页?)?[-—–~\s·]*$")
_ENDS = tuple("。；;：:！!？?")
_LATIN = re.compile(r"[A-Za-z0-9]$")


def read_pdf(name: str, data: bytes, sha256: str) -> Document:
    """The paragraphs of a PDF with their pages. Raises AuthorError for a locked or broken one, one of more than 1,000
    pages, and a scan without text."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise problem(name, "locked_file", "the PDF is locked with a password", "save it without a password")
        if len(reader.pages) > MAX_PAGES:
            words = tell("{n} pages, at most {most} are read", n=len(reader.pages), most=MAX_PAGES)
            raise problem(name, "file_too_large", words, "split the document")
        pages = [page.extract_text() or "" for page in reader.pages]
        pictures = [_pictures(page) for page in reader.pages]
        paragraphs = numbered(_joined(_kept_lines(pages)))
        is_scan = sum(len(each.text) for each in paragraphs) < 10 * max(1, len(pages) // 4)
        scanned = pictures_of(reader) if is_scan else []
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError) as error:
        raise problem(
            name, "broken_file", "the PDF is cut off or damaged", "print it to PDF again, or give the DOCX"
        ) from error
    except RuntimeError as error:  # what is left of it: a lock or a packing that pypdf does not know
        raise problem(name, "locked_file", "the PDF is locked in a way of its own", "save it without a lock") from error
    if is_scan:
        words = tell("its {n} page(s) are pictures: a scan without text", n=len(pages))
        return scan_document(read_scan(name, scanned, words), sha256)
    return Document("pdf", paragraphs, sha256, _notes(pages, pictures, paragraphs))


def scan_document(lines: list[Line], sha256: str) -> Document:
    """What was recognised as a document of format `scan`: lines joined as a PDF's are, each with a note to look at."""
    by_page: dict[int, list[str]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line.text)
    texts = ["\n".join(by_page.get(number, [])) for number in range(1, max(by_page) + 1)]
    paragraphs = numbered(_joined(_kept_lines(texts)))
    return Document(SCAN, paragraphs, sha256, look_at(lines, paragraphs))


def _kept_lines(pages: list[str]) -> list[tuple[str, int]]:
    """Lines with their pages, without page numbers and what stands at the head or foot of most pages."""
    split = [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]
    edges = Counter(line for lines in split for line in {*lines[:1], *lines[-1:]})
    running = {line for line, times in edges.items() if times >= 3 and times * 2 > len(pages)}
    found = []
    for number, lines in enumerate(split, start=1):
        for place, line in enumerate(lines):
            is_edge = place in (0, len(lines) - 1)
            if not (is_edge and (line in running or _PAGE_NUMBER.match(plain(line)))):
                found.append((line, number))
    return found


def _joined(lines: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """A line that fills its width and does not end a sentence goes on in the next one, unless that begins a clause."""
    widths = sorted(len(line) for line, _ in lines)
    width = widths[int(len(widths) * 0.9)] if widths else 0
    found: list[tuple[str, int]] = []
    last = ""
    for line, page in lines:
        is_full = len(last) >= width * 0.85 and not last.endswith(_ENDS)
        if found and is_full and len(last) > 12 and marker_of(plain(line)) is None:
            text, begun = found[-1]
            gap = " " if _LATIN.search(text) and line[:1].isascii() and line[:1].isalpha() else ""
            found[-1] = (text + gap + line, begun)
        else:
            found.append((line, page))
        last = line
    return found


def _pictures(page: Any) -> int:
    """How many pictures a page draws by itself; a small one (a seal, a line) is none."""
    resources = page.get("/Resources")
    drawn = resources.get_object().get("/XObject") if resources is not None else None
    held = [each.get_object() for each in drawn.get_object().values()] if drawn is not None else []
    return sum(
        each.get("/Subtype") == "/Image" and int(each.get("/Width", 0)) * int(each.get("/Height", 0)) >= _SMALL
        for each in held
    )


def _notes(pages: list[str], pictures: list[int], paragraphs: tuple[Paragraph, ...]) -> tuple[Note, ...]:
    found = list(damaged_characters([each.text for each in paragraphs]))
    for number, page in enumerate(pages, start=1):
        if not page.strip():
            zh, en = f"第 {number} 页没有文字，未读取", f"page {number} has no text and was not read"
            found.append(Note("page_not_read", zh, en, page=number))
        elif pictures[number - 1]:
            zh = f"第 {number} 页有 {pictures[number - 1]} 张图片未读取，图片中的文字和表格须补录"
            en = f"page {number} has {pictures[number - 1]} pictures that were not read: type in their words and tables"
            found.append(Note("pictures_not_read", zh, en, page=number))
    return tuple(found)
