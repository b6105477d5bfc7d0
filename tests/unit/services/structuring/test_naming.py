"""Items get short names in the policy's own words, whole words only."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.services.structuring.made_up import structured
from zhida.domain.packs import Dictionary, read_root
from zhida.services.structuring.naming import MOST, whole_words
from zhida.services.structuring.plan import plan_of
from zhida.surfaces.cli.folders import read_files

PACKS = Path(__file__).parents[4] / "packs"
MEASURE = """\
北辰市工业企业{about}办法
辰工信规〔2026〕12号
北辰市工业和信息化局
2026年3月20日
第一条 申请单位应当符合下列条件：
（一）上一年度营业收入不超过4000万元。
{articles}
第九条 本办法自2026年4月1日起施行。
"""


@pytest.fixture(scope="module")
def words() -> Dictionary:
    shared = {name: data for name, data in read_files(PACKS).items() if name.startswith(("_attributes/", "_groups/"))}
    return read_root(shared).dictionary


def titles(words: Dictionary, *articles: str, about: str = "提质增效扶持") -> list[str]:
    numbered = "\n".join(f"第{mark}条 {text}" for mark, text in zip("二三四五", articles, strict=False))
    return [item.title for item in plan_of(structured(MEASURE.format(about=about, articles=numbered), words), "").items]


@pytest.mark.parametrize(
    ("article", "name"),
    [
        ("对完成技术改造的企业，一次性给予20万元奖励。", "技术改造奖励"),
        ("对购置设备的单位，给予20万元补助。", "设备购置补助"),
        ("对符合条件的企业，按其上年度研发费用的5%给予补助，每家企业每年最高不超过100万元。", "研发费用补助"),
        ("对新引进的企业，每家给予50万元落户奖励。", "落户奖励"),
        ("【办公用房补贴】对租用办公用房的企业，每平方米补贴20元。", "办公用房补贴"),
        ("租金补贴。对租用厂房的企业，每平方米补贴20元。", "租金补贴"),
        ("按招用人数给予补贴，每人每月800元。", "招用补贴"),
    ],
)
def test_an_item_is_called_by_the_policys_own_noun(words: Dictionary, article: str, name: str) -> None:
    assert titles(words, article, "对获得认定的省级实验室，一次性给予10万元资助。")[0] == name


def test_a_title_that_names_the_benefit_names_the_only_item(words: Dictionary) -> None:
    article = "对符合条件的企业，按其购买工业设计服务费用的30%给予补助。"
    assert titles(words, article, about="设计服务券实施") == ["工业企业设计服务券"]


def test_two_items_of_one_name_are_told_apart_by_their_articles(words: Dictionary) -> None:
    given = "对新引进的企业，每家给予{}万元落户奖励。"
    assert titles(words, given.format(50), given.format(20)) == ["落户奖励（第二条）", "落户奖励（第三条）"]


def test_a_name_is_never_cut(words: Dictionary) -> None:
    """What would be too long gives way to what the document is about."""
    long = "对在本市行政区域内从事先进制造业智能化改造数字化转型网络化联接活动的企业，给予20万元奖励。"
    found = titles(words, long, "对完成技术改造的企业，一次性给予20万元奖励。", about="扶持")
    assert all(len(title) <= MOST for title in found)
    assert found[0] == "工业企业奖励"


def test_words_end_at_a_stop() -> None:
    assert whole_words("按其上年度研发费用的5%给予补助，每家企业最高100万元", 20) == "按其上年度研发费用的5%给予补助"
    assert whole_words("没有停顿的一长串字", 4) == ""
    assert whole_words("短句", 4) == "短句"


def test_whoever_meets_the_conditions_is_no_case_of_its_own(words: Dictionary) -> None:
    text = MEASURE.format(
        about="扶持", articles="第二条 对符合条件的企业，给予20万元奖励。\n第三条 对完成技术改造的企业，给予5万元奖励。"
    )
    plan = plan_of(structured(text, words), "")
    assert [each.name for each in plan.requirements if each.name.startswith("case_")] == ["case_a3"]
    assert [each.title for each in plan.requirements if each.name == "case_a3"] == [
        "属于条文所述情形：完成技术改造的企业"
    ]
