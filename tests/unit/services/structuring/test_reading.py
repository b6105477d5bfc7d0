"""Files of every kind read, and those that are locked, broken, hostile or no policy refused with a plain word."""

from __future__ import annotations

import time

import pytest

from tests.hanging import HUNG_S
from tests.unit.services.structuring.made_up import MEASURE
from tests.unit.services.structuring.made_up_files import docx, pdf, zipped
from zhida.domain.errors import AuthorError
from zhida.services.structuring import Document, read_document, refuse_no_policy


def texts(document: Document) -> list[str]:
    return [each.text for each in document.paragraphs]


def refused(data: bytes, name: str = "file") -> str:
    started = time.process_time()
    with pytest.raises(AuthorError) as caught:
        read_document(name, data)
    assert time.process_time() - started < HUNG_S
    (problem,) = caught.value.problems
    assert problem.hint
    return problem.code


def test_automatic_numbers_of_word_are_counted() -> None:
    found = read_document("a.docx", docx([("目的", 0), ("条件：", 0), ("甲", 1), ("乙", 1), ("待遇", 0), ("丙", 1)]))
    assert texts(found) == ["第一条 目的", "第二条 条件：", "（一） 甲", "（二） 乙", "第三条 待遇", "（一） 丙"]


def test_rows_of_tables_keep_their_cells_apart() -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    table = f"<w:tbl><w:tr>{cell.format('国家级')}{cell.format('30万元')}</w:tr></w:tbl>"
    assert texts(read_document("a.docx", docx([("标准", None)], body=table))) == ["标准", "国家级\t30万元"]


def test_deleted_words_are_not_read_and_changes_are_told() -> None:
    changed = (
        "<w:p><w:ins><w:r><w:t>新增</w:t></w:r></w:ins><w:del><w:r><w:delText>删去</w:delText></w:r></w:del></w:p>"
    )
    found = read_document("a.docx", docx([("正文", None)], body=changed))
    assert texts(found) == ["正文", "新增"]
    assert [note.code for note in found.notes] == ["tracked_changes"]


def test_pages_of_a_pdf_are_told_and_broken_lines_joined() -> None:
    first = ["第一条为了稳定就业促进小微企业健康发展制定本措施对", "符合条件的单位给予奖励。", "第二条另行规定。"]
    found = read_document("a.pdf", pdf([first, ["第三条本措施自印发之日起施行。"]]))
    assert [(each.text, each.page) for each in found.paragraphs] == [
        ("第一条为了稳定就业促进小微企业健康发展制定本措施对符合条件的单位给予奖励。", 1),
        ("第二条另行规定。", 1),
        ("第三条本措施自印发之日起施行。", 2),
    ]


def test_a_saved_page_is_read_without_its_scripts_and_menus() -> None:
    page = "<html><head><meta charset='gb2312'><title>站</title></head><body><nav>首页</nav><p>第一条 目的</p>"
    page += (
        "<script>alert(1)</script><table><tr><td>甲</td><td>乙</td></tr></table><div>第二条<br>条件</div></body></html>"
    )
    found = read_document("a.html", page.encode("gb18030"))
    assert (found.format, texts(found)) == ("html", ["第一条 目的", "甲\t乙", "第二条", "条件"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_texts_are_read_in_every_usual_encoding(encoding: str) -> None:
    assert texts(read_document("a.txt", MEASURE.encode(encoding)))[0] == "北辰市促进小微企业稳岗扩岗若干措施"


def test_a_bomb_is_refused() -> None:
    assert refused(docx([("正文", None)], parts={"word/media/big.xml": b"\0" * (300 * 2**20)})) == "hostile_file"


def test_entities_are_refused() -> None:
    evil = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    assert refused(zipped({"word/document.xml": evil})) == "hostile_file"


def test_macros_are_refused() -> None:
    assert refused(docx([("正文", None)], parts={"word/vbaProject.bin": b"\xd0\xcf"})) == "macros_in_file"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_or_locked_office_file"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "picture_without_text"),
        (docx([("正文", None)])[:200], "broken_file"),
        (zipped({"word/document.xml": b"<w:document"}), "broken_file"),
        (zipped({"OFD.xml": b"<OFD/>"}), "format_not_read"),
        (zipped({"a.txt": b"a"}), "format_not_read"),
        (docx([]), "picture_without_text"),
        (pdf([[""], [""]]), "picture_without_text"),
        (b"%PDF-1.7\nnothing", "broken_file"),
        (b"\n \n", "no_text"),
        ("条".encode() * 10_001, "no_paragraphs"),
        (b"\x80\xff\x00\x01", "unknown_encoding"),
    ],
)
def test_what_cannot_be_read_says_who_mends_it(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_a_measure_is_a_policy_and_a_story_is_none() -> None:
    refuse_no_policy("a.txt", read_document("a.txt", MEASURE.encode()))
    story = read_document("b.txt", "从前有一座山。\n山里有一座庙。\n庙里有个老和尚在讲故事。".encode())
    with pytest.raises(AuthorError) as caught:
        refuse_no_policy("b.txt", story)
    assert [each.code for each in caught.value.problems] == ["not_a_policy"]
