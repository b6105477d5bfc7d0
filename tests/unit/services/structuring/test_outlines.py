"""Heads, clauses and terms of validity in the odd shapes that real pages give them."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.services.structuring.test_drafting import words
from zhida.services.structuring import Structure, read_document, structure

_HEAD = """\
白云县促进
乡村旅游发展的若干意见
(2023年2月8日)
一、总的要求
"""


def read(text: str) -> Structure:
    return structure(read_document("a.txt", text.encode()), words())


def anchors(found: Structure) -> dict[str, str]:
    return {each.clause.text.split("\n")[0][:6]: each.clause.anchor for each in found.in_force()}


def test_a_title_on_two_lines_and_a_date_in_brackets_are_read() -> None:
    header = read(_HEAD + "1.奖励民宿。每间奖励2000元。\n").header
    assert header.title is not None
    assert header.title.text == "白云县促进乡村旅游发展的若干意见"
    assert header.issued_on is not None
    assert header.issued_on[0] == date(2023, 2, 8)


def test_a_line_of_its_own_above_the_title_is_no_part_of_it() -> None:
    header = read("白云县人民政府办公室\n关于乡村旅游的若干意见\n第一条 每间奖励2000元。\n").header
    assert header.title is not None
    assert header.title.text == "关于乡村旅游的若干意见"


def test_a_sentence_is_no_title() -> None:
    assert read("每引进一家企业，给予两家各50万元的政策\n第一条 每间奖励2000元。\n").header.title is None


def test_articles_whose_figures_fell_apart_are_articles() -> None:
    found = anchors(read(_HEAD + "第 9 条 甲甲甲甲甲甲。\n第 1 0 条 乙乙乙乙乙乙。\n第 1 1 条 丙丙丙丙丙丙。\n"))
    assert [found[each] for each in ("甲甲甲甲甲甲", "乙乙乙乙乙乙", "丙丙丙丙丙丙")] == ["a9", "a10", "a11"]


def test_the_first_point_may_stand_in_the_line_of_its_article() -> None:
    text = "第五条 （一）甲甲甲甲甲甲，奖励5万元：\n1.乙乙乙乙乙乙。\n（二）丙丙丙丙丙丙。\n1.丁丁丁丁丁丁。\n"
    found = anchors(read(text))
    assert [found[each] for each in ("甲甲甲甲甲甲", "乙乙乙乙乙乙", "丙丙丙丙丙丙", "丁丁丁丁丁丁")] == [
        "a5-1", "a5-1-1", "a5-2", "a5-2-1"
    ]  # fmt: skip


def test_a_bracket_that_no_second_one_follows_is_no_list() -> None:
    assert anchors(read("第五条 （一）甲甲甲甲甲甲。\n第六条 乙乙乙乙乙乙。\n"))["（一）甲甲甲"] == "a5"


def test_the_words_below_the_last_short_heading_belong_to_it() -> None:
    text = "1.酒店建设。\n新建酒店的，奖励20万元。\n2.民宿建设。\n新建民宿的，奖励2万元。\n二、其他\n3.解释。\n"
    found = anchors(read(_HEAD + text))
    assert found["新建酒店的，"] == "a1-1-p2"
    assert found["新建民宿的，"] == "a1-2-p2"


def test_the_words_below_a_list_belong_to_what_leads_to_it() -> None:
    text = "第一条 申请时提交下列材料：\n（一）申请书；\n（二）身份证复印件。\n前款材料由部门核对。\n"
    assert anchors(read(text))["前款材料由部"] == "a1-p2"


@pytest.mark.parametrize(
    ("said", "first", "end"),
    [
        ("自2019年1月1日起执行，暂定三年。", date(2019, 1, 1), date(2022, 1, 1)),
        ("自2024年1月1日起施行，至2026年12月31日止。", date(2024, 1, 1), date(2027, 1, 1)),
        ("自2024年1月1日起施行，试行期两年。", date(2024, 1, 1), date(2026, 1, 1)),
        ("自2024年1月1日起施行，有效期暂定为3年。", date(2024, 1, 1), date(2027, 1, 1)),
        ("自2024年1月1日起施行，有效期截至2025年6月30日。", date(2024, 1, 1), date(2025, 7, 1)),
    ],
)
def test_how_long_a_document_is_in_force(said: str, first: date, end: date) -> None:
    found = read(f"第一条 新建民宿的，奖励2万元。\n第二条 本意见{said}\n").validity
    assert (found.first, found.end) == (first, end)


def test_a_destination_is_no_purpose() -> None:
    found = read("一、旅游目的地市场培育\n1.支持节庆。对组团达1000人次以上的，给予5万元奖励。\n")
    assert [each.judged.role for each in found.in_force()][-1] == "benefit"


def test_a_page_of_nothing_but_short_lines_is_read_all_the_same() -> None:
    found = read("就业政策\n就业见习补贴\n申请渠道：区人社局\n")
    assert [each.clause.text for each in found.in_force()]


def test_short_lines_below_the_words_are_no_head() -> None:
    found = read("就业政策\n对毕业年度内积极求职创业的高校毕业生，每人给予一次性1000元补贴。\n申请渠道：高校\n")
    assert found.in_force()[0].clause.text.startswith("对毕业年度内")
