"""A PDF (ISO 32000-2) searched for what acts: scripts, programs, films, carried files; packed objects are unpacked.

Names stand in the open in a PDF, except in object streams; so nothing is parsed but names and those streams, and what
cannot be looked into is refused.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from zhida.domain.uploads.refusals import active, damaged, locked, not_its_kind

_ACTS = (b"/JavaScript", b"/Launch", b"/RichMedia", b"/ImportData", b"/Rendition", b"/GoToE",
         b"/XFA")  # fmt: skip
_LOCK, _CARRIED = b"/Encrypt", b"/EmbeddedFile"
_HARMLESS = (".xml", ".json", ".txt", ".csv", ".xbrl", ".pdf", ".png", ".jpg", ".jpeg")
"""What a PDF may carry: an electronic invoice its data, a receipt its proof."""
_END = b"%%EOF"
_ARCHIVE_END = b"PK\x05\x06"
_ARCHIVE_TAIL = 66_000
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_OBJECTS, _FILTER, _PREDICTED = b"/ObjStm", b"/Filter", b"/Predictor"
_DEFLATED = re.compile(rb"/Filter\s*(?:/FlateDecode|/Fl|\[\s*(?:/FlateDecode|/Fl)\s*\])(?=[\s/>])")
_NAMED = re.compile(rb"/U?F\s*(?:\(((?:\\.|[^\\()])*)\)|<([0-9A-Fa-f\s]*)>)", re.DOTALL)
_UNPACKED_STREAM = 8_000_000
_UNPACKED = 64_000_000


def safe_pdf(body: bytes) -> bytes:
    """The same document without what follows its end. Nothing within is changed, so that signatures hold.

    Raises ApplicantError `paper_damaged` where it has no end or does not unpack, `paper_locked` where it is encrypted,
    `paper_active` where it acts or carries a file other than data, `paper_not_its_kind` where it is an archive too.
    """
    end = body.rfind(_END)
    if end < 0:
        raise damaged()
    if _ARCHIVE_END in body[-_ARCHIVE_TAIL:]:
        raise not_its_kind("pdf")
    texts = [_plain(body), *(_plain(each) for each in _object_streams(body))]
    if any(_LOCK in each for each in texts):
        raise locked()
    if any(act in each for each in texts for act in _ACTS):
        raise active()
    if any(_CARRIED in each for each in texts) and not _carries_data_only(texts):
        raise active()
    return body[: end + len(_END)] + b"\n"


def _plain(text: bytes) -> bytes:
    """Names without the escapes that hide them (7.3.5)."""
    return _ESCAPED.sub(lambda found: bytes((int(found[1], 16),)), text)


def _object_streams(body: bytes) -> Iterator[bytes]:
    left, before = _UNPACKED, 0
    for found in _STREAM.finditer(body):
        told = _plain(body[before : found.start()])
        before = found.end()
        if _OBJECTS not in told:
            continue
        told = told[max(0, told.rfind(b" obj")) :]
        if _FILTER not in told:
            continue
        if told.count(_FILTER) != 1 or not _DEFLATED.search(told) or _PREDICTED in told:
            raise active()
        text = _unpacked(body[before:], min(left, _UNPACKED_STREAM))
        left -= len(text)
        yield text


def _unpacked(packed: bytes, most: int) -> bytes:
    try:
        text = zlib.decompressobj().decompress(packed, most + 1)
    except zlib.error as error:
        raise damaged() from error
    if len(text) > most:
        raise damaged()
    return text


def _carries_data_only(texts: list[bytes]) -> bool:
    names = [_decoded(*found.groups()) for each in texts for found in _NAMED.finditer(each)]
    return bool(names) and all(name.lower().endswith(_HARMLESS) for name in names)


def _decoded(literal: bytes | None, written: bytes | None) -> str:
    """A text string (7.9.2): UTF-16 with its mark, or one byte a sign."""
    try:
        held = (
            re.sub(rb"\\([()\\])", rb"\1", literal) if literal is not None else bytes.fromhex((written or b"").decode())
        )
    except ValueError:
        return ""
    return held.decode("utf-16", "replace") if held[:2] in (b"\xfe\xff", b"\xff\xfe") else held.decode("latin-1")
