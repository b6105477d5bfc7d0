"""A paper taken: its beginning is what its ending says, nothing in it acts, and nothing is hidden behind it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import partial

from zhida.domain.uploads.archives import safe_archive
from zhida.domain.uploads.documents import safe_pdf
from zhida.domain.uploads.photographs import safe_jpeg
from zhida.domain.uploads.rasters import safe_png
from zhida.domain.uploads.refusals import not_its_kind

BEGINNINGS = {
    "pdf": ("application/pdf", b"%PDF-"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    "ofd": ("application/ofd", b"PK\x03\x04"),
}
"""Media type and first bytes by ending (PDF 7.5.2, JPEG B.1.1.3, PNG 5.2, APPNOTE 4.3.7)."""
LONGEST_NAME = 120
_SAFE: dict[str, Callable[[bytes], bytes]] = {
    "pdf": safe_pdf,
    "jpg": safe_jpeg,
    "jpeg": safe_jpeg,
    "png": safe_png,
    "xlsx": partial(safe_archive, "xlsx"),
    "ofd": partial(safe_archive, "ofd"),
}


def made_safe(ending: str, body: bytes) -> tuple[str, bytes]:
    """Media type and bytes of a paper as they may be kept, without where a photograph was taken and without what is
    hidden behind the end. Of an ending that BEGINNINGS lacks nothing is known: bytes without a type, as they are.

    Raises ApplicantError for one that is not what its ending says, is damaged, locked, acts, or unfolds endlessly.
    """
    if ending not in BEGINNINGS:
        return "application/octet-stream", body
    media_type, beginning = BEGINNINGS[ending]
    if not body.startswith(beginning):
        raise not_its_kind(ending)
    return media_type, _SAFE[ending](body)


def picture_type(body: bytes) -> str:
    """The media type of a photograph or raster picture by its first bytes; "" of anything else."""
    told = (kind for kind, beginning in BEGINNINGS.values() if body.startswith(beginning))
    return next((kind for kind in told if kind.startswith("image/")), "")


def plain_name(name: str) -> str:
    """A file's name without folders, control characters and signs that turn the direction of writing; `.jpeg`, as some
    telephones write, is `.jpg`."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    stem, point, ending = plain.rpartition(".")
    plain = f"{stem}.jpg" if point and ending.lower() == "jpeg" else plain
    return plain[-LONGEST_NAME:] or "file"
