"""What bad input gets: what was read, what was not, and where. Nothing is guessed in silence."""

from __future__ import annotations

import pytest

from tests.unit.services.structuring.made_up import MEASURE, drafted, structured
from tests.unit.services.structuring.made_up_files import docx, pdf
from tests.unit.services.structuring.test_drafting import words
from zhida.services.structuring import read_document
from zhida.services.structuring.amounts import amounts_in
from zhida.services.structuring.characters import plain

_GIVEN = "给予一次性20万元奖励"


def notes_of(giving: str) -> list[tuple[str, int]]:
    found = structured(MEASURE.replace(_GIVEN, giving), words())
    return [(note.code, note.paragraph) for note in found.notes]


def sums_of(giving: str) -> list[tuple[int, str]]:
    return [(each.fen, each.role) for each in amounts_in(plain(giving))]


@pytest.mark.parametrize(
    "said",
    [
        "给予壹佰万元奖励",
        "给予壹佰万圆整奖励",
        "给予１００万元奖励",
        "给予1,000,000元奖励",
        "给予一百万元奖励",
        "给予１，０００，０００元奖励",
    ],
)
def test_a_million_is_a_million_however_it_is_written(said: str) -> None:
    assert sums_of(said.replace("，", ",")) == [(100_000_000, "fixed")]


@pytest.mark.parametrize("said", ["给予10O万元奖励", "给予l0万元奖励", "（单位：万元）"])
def test_a_figure_with_a_letter_in_it_is_no_figure(said: str) -> None:
    assert sums_of(said) == []


def test_words_and_figures_that_agree_are_one_sum() -> None:
    found = drafted(MEASURE.replace(_GIVEN, "给予一次性奖励贰拾万元整（200,000元）"), words())
    assert 'is: "20000000"' in found.files["rules.yaml"].decode()
    assert not [note for note in found.notes if note.code == "sums_disagree"]


def test_words_and_figures_that_differ_are_told_and_neither_is_used() -> None:
    giving = "给予一次性奖励贰拾万元整（250,000元）"
    found = drafted(MEASURE.replace(_GIVEN, giving), words())
    (note,) = [each for each in found.notes if each.code == "sums_disagree"]
    assert "贰拾万元整（250,000元" in note.zh
    assert note.paragraph
    assert "item_a4_fen" not in found.files["rules.yaml"].decode()


def test_a_table_that_differs_from_the_text_is_told() -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    table = f"<w:tbl><w:tr>{cell.format('国家级示范基地')}{cell.format('40万元')}</w:tr></w:tbl>"
    lines = [*MEASURE.splitlines(), "国家级示范基地奖励30万元。"]
    document = read_document("a.docx", docx([(line, None) for line in lines], body=table))
    from zhida.services.structuring import structure

    (note,) = [each for each in structure(document, words()).notes if each.code == "sums_disagree"]
    assert "表中 40万元，正文 30万元" in note.zh


def test_a_document_without_contradictions_has_no_such_note() -> None:
    assert "sums_disagree" not in {code for code, _ in notes_of(_GIVEN)}


def test_a_table_in_a_picture_is_named_by_the_words_before_it() -> None:
    picture = "<w:p><w:r><w:drawing/></w:r></w:p>"
    found = read_document("a.docx", docx([("第五条 奖励标准见下表：", None)], body=picture))
    (note,) = found.notes
    assert (note.code, "奖励标准见下表" in note.zh) == ("pictures_not_read", True)


def test_a_picture_in_a_pdf_is_named_by_its_page() -> None:
    first = ["第一条为了稳定就业促进小微企业健康发展制定本措施。"] * 2
    found = read_document("a.pdf", pdf([first, ["第二条奖励标准见下表并按规定执行。"]], pictures={2}))
    assert [(note.code, note.page) for note in found.notes] == [("pictures_not_read", 2)]


def test_three_hundred_pages_are_read_to_the_last() -> None:
    pages = [[f"第{number}条本措施第{number}项的具体规定由主管部门另行制定并公布。"] for number in range(1, 301)]
    found = read_document("a.pdf", pdf(pages))
    assert (len(found.paragraphs), found.paragraphs[-1].page) == (300, 300)
