"""Documents that people hand in: looked at before they are kept, and named without tricks.

What a document holds must begin as its ending says (PDF 7.5.2, PNG 5.2, JPEG B.1.1.3): a program named `.pdf` is none.
"""

from __future__ import annotations

import unicodedata

from django.core.files.uploadedfile import UploadedFile

from zhida.domain.packs.forms import Paper
from zhida.services.drafts.keeping import KeptPaper
from zhida.surfaces.look.asking import NotTaken
from zhida.surfaces.look.language import say

MEGABYTE = 1_000_000
BEGINNINGS = {
    "pdf": ("application/pdf", b"%PDF-"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
}
LONGEST_NAME = 120


def asked_words(paper: Paper) -> str:
    """Which endings and how many megabytes are taken."""
    return say("{formats} 格式，不超过 {n} MB。", formats=say("、").join(paper.formats).upper(), n=paper.max_mb)


def taken_paper(file: UploadedFile[bytes], requirement: str, paper: Paper) -> KeptPaper:
    """The document as it is kept. Raises NotTaken where its size, its ending or its beginning is not what is asked."""
    name = plain_name(file.name or requirement)
    ending = name.rpartition(".")[2].lower()
    if ending not in paper.formats or not file.size or file.size > paper.max_mb * MEGABYTE:
        raise NotTaken(say("请交 {formats} 格式、不超过 {n} MB 的文件", formats=say("、").join(paper.formats),
                           n=paper.max_mb))  # fmt: skip
    body = file.read()
    media_type, beginning = BEGINNINGS.get(ending, ("application/octet-stream", b""))
    if not body.startswith(beginning):
        raise NotTaken(say("这个文件的内容不是 {ending}，请换一个", ending=ending))
    return KeptPaper(requirement, name, media_type, "", body)


def plain_name(name: str) -> str:
    """A file's name without folders, control characters and signs that turn the direction of writing."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    return plain[-LONGEST_NAME:] or "file"
