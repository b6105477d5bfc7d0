"""Scans and pictures read by character recognition, where `zhida[ocr]` is installed: offline, and never certain.

Every line keeps its page and how sure the engine is of it; whoever drafts from such a document looks at each reading.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

from pypdf import PdfReader

from zhida.domain.sentences import tell
from zhida.services.structuring.document import Note, Paragraph
from zhida.services.structuring.reading.refusals import problem

MAX_SCANNED = 60
SCAN = "scan"
_ENGINE, _WORST = "rapidocr", 0.5
_INSTALL = tell(
    "ask its issuer for the DOCX or the text; or install zhida[ocr], which reads scans, and proof-read all of it"
)


@dataclass(frozen=True)
class Line:
    """One line as recognised: its words, its page from 1, and how sure the engine is, in hundredths."""

    text: str
    page: int
    sure: int


def can_recognise() -> bool:
    """Whether the extra `ocr` is installed."""
    return find_spec(_ENGINE) is not None


def read_scan(name: str, pictures: Sequence[Sequence[bytes]], words: str) -> list[Line]:
    """The lines of each page's pictures, from above. Raises AuthorError `picture_without_text` with `words` where the
    extra is not installed or nothing was recognised, `broken_file` for a picture that cannot be opened."""
    if not can_recognise():
        raise problem(name, "picture_without_text", words, _INSTALL)
    if len(pictures) > MAX_SCANNED:
        many = tell("{n} scanned pages, at most {most} are read", n=len(pictures), most=MAX_SCANNED)
        raise problem(name, "file_too_large", many, "split the document")
    found: list[Line] = []
    for page, shown in enumerate(pictures, 1):
        try:
            found += [line for data in shown for line in _lines(data, page)]
        except (OSError, ValueError, SyntaxError) as error:
            cut = tell("a picture on page {page} cannot be opened", page=page)
            raise problem(name, "broken_file", cut, "scan it again") from error
    if not found:
        raise problem(name, "picture_without_text", words, "nothing in it was recognised: ask its issuer for the text")
    return found


def pictures_of(reader: PdfReader) -> list[list[bytes]]:
    """The pictures of each page of a PDF, as files. Raises ValueError where one is packed in an unknown way."""
    if not can_recognise():
        return [[] for _ in reader.pages]
    try:
        return [[image.data for image in page.images] for page in reader.pages[: MAX_SCANNED + 1]]
    except NotImplementedError as error:
        raise ValueError(str(error)) from error


def look_at(lines: Sequence[Line], paragraphs: Sequence[Paragraph]) -> tuple[Note, ...]:
    """One note for every line: where it stands, how sure the engine is, and that a person is to look at it."""
    found, at = [], 0
    for line in lines:
        while at < len(paragraphs) - 1 and line.text.strip() not in paragraphs[at].text:
            at += 1
        said = line.text[:20]
        zh = f"第 {line.page} 页“{said}”是从图片认出来的（把握 {line.sure}%），请对照原件"
        en = f"page {line.page}: “{said}” was read by OCR ({line.sure} % sure): look at it"
        found.append(Note("read_by_ocr", zh, en, paragraph=paragraphs[at].number if paragraphs else 0, page=line.page))
    return tuple(found)


def _lines(data: bytes, page: int) -> Iterator[Line]:
    from PIL import Image  # comes with the extra

    try:
        with Image.open(io.BytesIO(data)) as picture:
            seen = _engine()(picture.convert("RGB"))
    except Image.DecompressionBombError as error:
        raise ValueError(str(error)) from error
    if seen.txts is None:
        return
    boxes = sorted(zip(seen.boxes, seen.txts, seen.scores, strict=True), key=lambda each: float(each[0][:, 1].min()))
    for row in _rows(boxes):
        cells = sorted(row, key=lambda each: float(each[0][:, 0].min()))
        kept = [each for each in cells if each[2] >= _WORST]
        if kept:
            yield Line("\t".join(each[1] for each in kept), page, int(100 * min(each[2] for each in kept)))


def _rows(boxes: list[Any]) -> Iterator[list[Any]]:
    """Boxes of one height together: the cells of a table's row."""
    row: list[Any] = []
    for each in boxes:
        top, bottom = float(each[0][:, 1].min()), float(each[0][:, 1].max())
        if row and (top + bottom) / 2 > float(row[-1][0][:, 1].max()):
            yield row
            row = []
        row.append(each)
    if row:
        yield row


@cache
def _engine() -> Any:
    """The engine with the models that its wheel carries; it fetches nothing."""
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(params={"Global.log_level": "error"})
