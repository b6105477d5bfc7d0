"""Plain text read: UTF-8, UTF-16 with a mark, or GB 18030."""

from __future__ import annotations

from zhida.services.structuring.document import Document, Note, numbered
from zhida.services.structuring.reading.refusals import problem, refuse_too_long

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(name: str, data: bytes, declared: str = "") -> str:
    """The characters of a text file. Raises AuthorError where no Chinese encoding fits."""
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    for encoding in marked or [*filter(None, [declared]), "utf-8", "gb18030"]:
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\x00" not in text:
            return text
    raise problem(
        name, "unknown_encoding", "its characters are neither UTF-8 nor GB 18030", "save it as UTF-8 text, DOCX or PDF"
    )


def read_text(name: str, data: bytes, sha256: str) -> Document:
    """A text file, one paragraph to a line; a form feed begins a page. Raises AuthorError where it has no words."""
    text = decoded(name, data).replace("\r\n", "\n").replace("\r", "\n")
    refuse_too_long(name, len(text))
    pages = text.split("\f")
    lines = [
        (line, number if len(pages) > 1 else 0)
        for number, page in enumerate(pages, start=1)
        for line in page.split("\n")
    ]
    paragraphs = numbered(lines)
    if not paragraphs:
        raise problem(name, "no_text", "the file has no words", "give the document's text")
    return Document("text", paragraphs, sha256, damaged_characters([each.text for each in paragraphs]))


def damaged_characters(texts: list[str]) -> tuple[Note, ...]:
    """A note where characters were lost on the way to us."""
    lost = sum(text.count("\ufffd") for text in texts)
    if not lost:
        return ()
    return (Note("characters_lost", f"有 {lost} 个字符无法辨认", f"{lost} characters cannot be told"),)
