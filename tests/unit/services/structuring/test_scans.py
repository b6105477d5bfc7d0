"""Scans are read where the extra `ocr` is installed, line by line, and nothing of them is certain; elsewhere they are
refused with a hint that names the extra."""

import io
from pathlib import Path

import pytest

from tests.golden.province import province
from zhida.domain.errors import AuthorError
from zhida.services.structuring import draft_pack, read_document
from zhida.services.structuring.document import Paragraph
from zhida.services.structuring.drafting import RECOGNISED
from zhida.services.structuring.reading import scans
from zhida.services.structuring.reading.scans import Line, look_at

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SAID = (
    "明州市民政局关于发放高龄津贴的通知",
    "明民发〔2026〕12号",
    "第一条 凡具有本市户籍、年满80周岁的老年人，可以享受高龄津贴。",
    "第二条 高龄津贴每人每月200元，按月发放。",
    "第三条 本通知自2026年3月1日起施行，有效期至2028年12月31日。",
)
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


@pytest.fixture(scope="module")
def scanned() -> bytes:
    """A page drawn as a picture: nothing of it is text."""
    pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")
    if not FONT.exists():
        pytest.skip(f"{FONT} is not on this machine")
    from PIL import Image, ImageDraw, ImageFont

    page, font = Image.new("RGB", (1400, 640), "white"), ImageFont.truetype(str(FONT), 34)
    for number, line in enumerate(SAID):
        ImageDraw.Draw(page).text((70, 60 + 100 * number), line, font=font, fill="black")
    written = io.BytesIO()
    page.save(written, "PNG")
    return written.getvalue()


def test_a_picture_is_read_line_by_line(scanned: bytes) -> None:
    document = read_document("scan.png", scanned)
    text = "\n".join(each.text for each in document.paragraphs)
    assert document.format == "scan"
    for said in ("高龄津贴", "明民发〔2026〕12号", "80周岁", "200元", "2028年12月31日"):
        assert said in text
    assert [(note.code, note.page) for note in document.notes] == [("read_by_ocr", 1)] * len(SAID)
    assert all("请对照原件" in note.zh and "look at it" in note.en and note.paragraph for note in document.notes)


def test_a_scanned_pdf_keeps_its_pages(scanned: bytes) -> None:
    from PIL import Image

    written, page = io.BytesIO(), Image.open(io.BytesIO(scanned)).convert("RGB")
    page.save(written, "PDF", save_all=True, append_images=[page])
    document = read_document("scan.pdf", written.getvalue())
    assert (document.format, {each.page for each in document.paragraphs}) == ("scan", {1, 2})
    assert {note.page for note in document.notes} == {1, 2}


def test_nothing_of_a_scan_is_certain(scanned: bytes) -> None:
    draft = draft_pack(read_document("scan.png", scanned), province().dictionary, "mingzhou/scanned")
    assert draft.proposals
    assert max(each.confidence for each in draft.proposals) <= RECOGNISED
    assert [note for note in draft.notes if note.code == "read_by_ocr"]


def test_an_empty_page_says_that_nothing_was_recognised(scanned: bytes) -> None:
    from PIL import Image

    written = io.BytesIO()
    Image.new("RGB", (600, 400), "white").save(written, "PNG")
    with pytest.raises(AuthorError) as refused:
        read_document("empty.png", written.getvalue())
    assert refused.value.problems[0].code == "picture_without_text"


def test_a_broken_picture_is_refused(scanned: bytes) -> None:
    with pytest.raises(AuthorError) as refused:
        read_document("broken.png", scanned[:200])
    assert refused.value.problems[0].code == "broken_file"


def test_without_the_extra_a_scan_is_refused_and_the_extra_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "_ENGINE", "no_such_engine")
    with pytest.raises(AuthorError) as refused:
        read_document("scan.png", PICTURE)
    (problem,) = refused.value.problems
    assert problem.code == "picture_without_text"
    assert "zhida[ocr]" in problem.hint


def test_every_line_has_a_note_where_it_stands() -> None:
    paragraphs = (Paragraph(1, "甲乙"), Paragraph(2, "丙丁戊己"))
    notes = look_at([Line("甲乙", 1, 99), Line("丙丁", 1, 80), Line("戊己", 2, 61)], paragraphs)
    assert [(note.paragraph, note.page) for note in notes] == [(1, 1), (2, 1), (2, 2)]
    assert "把握 61%" in notes[2].zh
