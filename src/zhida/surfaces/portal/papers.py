"""Documents that people hand in: looked at before they are kept, in the words of the page."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from zhida.domain.errors import ApplicantError
from zhida.domain.packs.forms import Paper
from zhida.domain.uploads import made_safe, plain_name
from zhida.services.drafts.keeping import KeptPaper
from zhida.surfaces.look.answers import words_of
from zhida.surfaces.look.asking import NotTaken
from zhida.surfaces.look.language import say

MEGABYTE = 1_000_000


def asked_words(paper: Paper) -> str:
    """Which endings and how many megabytes are taken."""
    return say("{formats} 格式，不超过 {n} MB。", formats=say("、").join(paper.formats).upper(), n=paper.max_mb)


def taken_paper(file: UploadedFile[bytes], requirement: str, paper: Paper) -> KeptPaper:
    """The document as it is kept, made safe. Raises NotTaken where its size or its ending is not what is asked, and
    where its content cannot be made safe."""
    name = plain_name(file.name or requirement)
    ending = name.rpartition(".")[2].lower()
    if ending not in paper.formats or not file.size or file.size > paper.max_mb * MEGABYTE:
        raise NotTaken(say("请交 {formats} 格式、不超过 {n} MB 的文件", formats=say("、").join(paper.formats),
                           n=paper.max_mb))  # fmt: skip
    try:
        media_type, body = made_safe(ending, file.read())
    except ApplicantError as refused:
        raise NotTaken(words_of(refused)) from refused
    return KeptPaper(requirement, name, media_type, "", body)
