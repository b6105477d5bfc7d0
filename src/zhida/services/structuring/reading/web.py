"""A saved web page read: its blocks as paragraphs, its scripts, menus and forms left out."""

from __future__ import annotations

import re
from typing import Any

from zhida.services.structuring.document import Document, Note, numbered
from zhida.services.structuring.reading.markup import html_root
from zhida.services.structuring.reading.plain import damaged_characters, decoded
from zhida.services.structuring.reading.refusals import problem

_BEGINNING = re.compile(rb"<\s*(!doctype\s+html|html|head|body|div|p|table|meta)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")
_SILENT = {
    "script",
    "style",
    "noscript",
    "nav",
    "header",
    "footer",
    "form",
    "select",
    "button",
    "iframe",
    "svg",
    "aside",
}
_BLOCKS = {
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "table", "section", "article", "br", "ul", "ol"),
    *("dl", "dt", "dd", "pre", "blockquote", "center", "body", "main", "title", "hr", "caption"),
}
_SPACE = re.compile(r"[ \t\r\n\xa0\u3000]+")


def looks_like_html(data: bytes) -> bool:
    """Whether the first bytes have a tag that begins pages."""
    return bool(_BEGINNING.search(data[:4096].replace(b"\x00", b"")))


def read_html(name: str, data: bytes, sha256: str) -> Document:
    """The words of a page in reading order, rows of tables with tabs between cells. Raises AuthorError without any."""
    declared = _CHARSET.search(data[:4096])
    encoding = declared.group(1).decode("ascii").lower() if declared else ""
    text = decoded(name, data, {"gb2312": "gb18030", "gbk": "gb18030"}.get(encoding, encoding))
    root = html_root(name, _PROLOGUE.sub("", text))
    for title in root.findall("head/title"):
        title.getparent().remove(title)
    lines = [""]
    _walk(root, lines)
    paragraphs = numbered([(_SPACE.sub(" ", line.replace("\t", "\x1f")).replace("\x1f", "\t"), 0) for line in lines])
    if not paragraphs:
        raise problem(name, "no_text", "the page has no words of its own", "save the page after it has loaded")
    notes = damaged_characters([each.text for each in paragraphs])
    pictures = len(root.findall(".//img"))
    if pictures:
        notes += (Note("pictures_not_read", f"{pictures} 张图片未读取", f"{pictures} pictures were not read"),)
    return Document("html", paragraphs, sha256, notes)


def _walk(root: Any, lines: list[str]) -> None:
    """Adds the text below an element; a stack instead of calls, for pages may nest as deep as they like."""
    waiting: list[tuple[Any, bool]] = [(root, True)]
    while waiting:
        element, is_opening = waiting.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if is_opening:
            if tag in _BLOCKS:
                lines.append("")
            if tag in ("td", "th") and lines[-1].strip():
                lines[-1] += "\t"
            is_silent = tag in _SILENT or not tag
            if not is_silent:
                lines[-1] += _flat(element.text)
            waiting.append((element, False))
            if not is_silent:
                waiting.extend((child, True) for child in reversed(element))
        else:
            if tag in _BLOCKS:
                lines.append("")
            lines[-1] += _flat(element.tail)


def _flat(text: str | None) -> str:
    return (text or "").replace("\t", " ").replace("\n", " ").replace("\r", " ")
