"""Which reader takes a file: told by its first bytes, never by its name."""

from __future__ import annotations

import hashlib
import io
import zipfile

from zhida.domain.sentences import tell
from zhida.services.structuring.document import Document
from zhida.services.structuring.reading.pages import read_pdf, scan_document
from zhida.services.structuring.reading.plain import read_text
from zhida.services.structuring.reading.refusals import MAX_CHARACTERS, problem, refuse_too_long
from zhida.services.structuring.reading.scans import read_scan
from zhida.services.structuring.reading.web import looks_like_html, read_html
from zhida.services.structuring.reading.word import read_docx

MAX_BYTES = 32 * 1024 * 1024
MAX_PARAGRAPH = 10_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")


def read_document(name: str, data: bytes) -> Document:
    """A DOCX, PDF, HTML or text file as paragraphs; `name` is only for the words of an error.

    Raises AuthorError with one problem that says who can mend it: an old or locked office file, a scan or picture
    without text, a broken or hostile file, a file without words. Nothing in the file is run, fetched or unpacked to
    disk.
    """
    if len(data) > MAX_BYTES:
        words = tell("{n} bytes, at most {most} are read", n=len(data), most=MAX_BYTES)
        raise problem(name, "file_too_large", words, "split the document")
    document = _read(name, data, hashlib.sha256(data).hexdigest())
    longest = max(document.paragraphs, key=lambda each: len(each.text))
    if len(longest.text) > MAX_PARAGRAPH:
        words = tell(
            "paragraph {number} (page {page}) has {n} characters: its line breaks are lost",
            number=longest.number, page=longest.page or 1, n=len(longest.text),
        )  # fmt: skip
        raise problem(name, "no_paragraphs", words, "save the document with its paragraphs, or ask for the DOCX")
    refuse_too_long(name, sum(len(each.text) for each in document.paragraphs))
    return document


def _read(name: str, data: bytes, digest: str) -> Document:
    if data.startswith(b"%PDF") or b"%PDF-" in data[:1024]:
        return read_pdf(name, data, digest)
    if data.startswith(b"PK"):
        return _read_zip(name, data, digest)
    if data.startswith(_OLD_OFFICE):
        raise problem(
            name,
            "old_or_locked_office_file",
            "it is a file of the old Word format, or one locked with a password",
            "open it in Word or WPS, take the password away and save it as DOCX",
        )
    if data.startswith(_PICTURES):
        return scan_document(read_scan(name, [[data]], tell("it is a picture")), digest)
    if len(data) > 4 * MAX_CHARACTERS:
        words = tell("{n} bytes of text, at most {most} are read", n=len(data), most=4 * MAX_CHARACTERS)
        raise problem(name, "file_too_large", words, "split the document")
    return read_html(name, data, digest) if looks_like_html(data) else read_text(name, data, digest)


def _read_zip(name: str, data: bytes, digest: str) -> Document:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names:
                return read_docx(name, archive, digest)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError) as error:
        raise problem(
            name, "broken_file", "the file is cut off or damaged", "ask whoever sent it to send it again"
        ) from error
    if "OFD.xml" in names:
        raise problem(name, "format_not_read", "it is an OFD file", "save it as PDF or DOCX")
    raise problem(name, "format_not_read", "it is an archive, no document", "give the document itself: DOCX, PDF, HTML")
