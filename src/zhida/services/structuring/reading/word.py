"""A Word document (ECMA-376, WordprocessingML) read: paragraphs with their automatic numbers, rows of tables.

Only the parts that hold words are unpacked, each within a limit, never to disk. Deleted text of tracked changes is not
part of the words; what stands in pictures, text boxes and embedded files is not read and said so.
"""

from __future__ import annotations

import zipfile
from typing import Any

from zhida.domain.sentences import tell
from zhida.services.structuring.document import Document, Note, numbered
from zhida.services.structuring.reading.markup import xml_root
from zhida.services.structuring.reading.numbering import Numbering
from zhida.services.structuring.reading.plain import damaged_characters
from zhida.services.structuring.reading.refusals import HARM, problem

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_PARTS = 4096
MAX_PART = 48 * 1024 * 1024
MAX_WHOLE = 256 * 1024 * 1024
MAX_RATIO = 200


def read_docx(name: str, archive: zipfile.ZipFile, sha256: str) -> Document:
    """The paragraphs of an open DOCX archive. Raises AuthorError for a bomb, for one with macros or entities, for a
    broken one and for one without words."""
    _refuse_harm(name, archive)
    body = xml_root(name, "word/document.xml", _part(name, archive, "word/document.xml")).find(f"{W}body")
    numbering = Numbering.read(
        *(
            xml_root(name, part, _part(name, archive, part)) if part in archive.namelist() else None
            for part in ("word/numbering.xml", "word/styles.xml")
        )
    )
    lines: list[tuple[str, int]] = []
    for element in body if body is not None else ():
        if element.tag == f"{W}tbl":
            lines += [(row, 0) for row in _rows(element)]
        else:
            lines += [(line, 0) for each in _paragraphs(element) for line in _lines(each, numbering)]
    paragraphs = numbered(lines)
    if not paragraphs:
        raise problem(
            name,
            "picture_without_text",
            "the document holds no words, only pictures or nothing",
            "ask its issuer for the text; a scan has to be typed or recognised first",
        )
    notes = damaged_characters([each.text for each in paragraphs]) + _notes(body)
    return Document("docx", paragraphs, sha256, notes)


def _refuse_harm(name: str, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    whole = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    is_bomb = whole > MAX_WHOLE or (whole > 2**20 and whole // packed > MAX_RATIO)
    if len(entries) > MAX_PARTS or is_bomb:
        words = tell(
            "{n} parts unpack from {packed} to {whole} bytes: it was made to fill a machine",
            n=len(entries), packed=packed, whole=whole,
        )  # fmt: skip
        raise problem(name, "hostile_file", words, HARM)
    names = [entry.filename for entry in entries]
    if any(each.endswith(("vbaProject.bin", "vbaData.xml")) for each in names):
        raise problem(
            name, "macros_in_file", "the document carries macros", "save it as DOCX without macros (not DOCM)"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise problem(name, "locked_file", "the document is locked with a password", "save it without a password")


def _part(name: str, archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as file:
        data = file.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise problem(
            name, "hostile_file", tell("{part} unpacks to more than {most} bytes", part=part, most=MAX_PART), HARM
        )
    return data


def _paragraphs(element: Any) -> list[Any]:
    """The paragraphs of a block: itself, or those inside content controls and the like."""
    return [element] if element.tag == f"{W}p" else list(element.iter(f"{W}p"))


def _lines(paragraph: Any, numbering: Numbering) -> list[str]:
    text = _text(paragraph)
    label = numbering.label(paragraph) if text.strip() else ""
    return (label + text).split("\n")


def _rows(table: Any) -> list[str]:
    rows = []
    for row in table.iter(f"{W}tr"):
        cells = [
            " ".join(filter(None, (_text(each).strip() for each in cell.iter(f"{W}p")))) for cell in row.iter(f"{W}tc")
        ]
        rows.append("\t".join(cells).replace("\n", " "))
    return rows


def _text(paragraph: Any) -> str:
    """Runs as they read; text boxes are drawings and stay out."""
    found = []
    drawn = {id(each) for box in paragraph.iter(f"{W}txbxContent") for each in box.iter()}
    for element in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}noBreakHyphen"):
        if id(element) in drawn or (element.getparent() is not None and element.getparent().tag == f"{W}tabs"):
            continue
        if element.tag == f"{W}t":
            found.append(element.text or "")
        else:
            found.append({f"{W}tab": " ", f"{W}br": "\n"}.get(element.tag, "-"))
    return "".join(found)


def _notes(body: Any) -> tuple[Note, ...]:
    boxes = len(list(body.iter(f"{W}txbxContent")))
    changes = len(list(body.iter(f"{W}ins", f"{W}del")))
    found = _pictures(body)
    if boxes:
        found.append(Note("boxes_not_read", f"{boxes} 个文本框未读取", f"{boxes} text boxes were not read"))
    if changes:
        zh, en = f"有 {changes} 处修订未接受，按接受后的文字读取", f"{changes} tracked changes: read as if accepted"
        found.append(Note("tracked_changes", zh, en))
    return tuple(found)


def _pictures(body: Any) -> list[Note]:
    """Each place with pictures, told by the words before it, for a DOCX has no pages."""
    found: list[Note] = []
    before = ""
    for element in body:
        pictures = len(list(element.iter(f"{W}drawing", f"{W}pict")))
        words = "".join(_text(each) for each in _paragraphs(element)).strip()
        if pictures:
            place = (words or before)[-16:]
            zh = f"“{place}”处有 {pictures} 张图片未读取，图片中的文字和表格须补录"
            en = f"{pictures} pictures near “{place}” were not read: type in the words and tables in them"
            found.append(Note("pictures_not_read", zh, en))
        before = words or before
    return found
