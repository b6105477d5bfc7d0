"""Sums said sentence by sentence: each its own item, with its term, its bounds, its cases; and what stays doubtful."""

from __future__ import annotations

import pytest

from tests.unit.services.structuring.made_up import MEASURE, drafted
from tests.unit.services.structuring.test_amount_rules import _GIVEN, drafted_rules, pack_of
from tests.unit.services.structuring.test_drafting import words
from zhida.domain.packs.proposals import Proposal
from zhida.services.structuring.plan import SURE
from zhida.services.structuring.terms import spent_in, term_in

_TWO = (
    "第四条 对新落户的单位给予20万元落户奖励；落户三年内达到规模的，再给予10万元奖励。对获奖的单位一次性给予5万元奖励。"
)
_RENT = (
    "第四条 租用办公用房的，按每平方米每月最高50元的标准给予补贴，补贴期限为3年，每年最高不超过30万元。"
    "购置的，按每平方米1000元的标准给予一次性补贴。对单位的补贴不超过单位实际支出。"
)
_LADDERS = """\
第四条 按下列标准给予奖励：
（一）批发企业，年度销售额同比增长达到10%、20%以上的，分别按照其对本市经济贡献的5%、8%予以奖励；
（二）零售企业，年度零售额同比增长达到15%、30%以上的，分别按照其对本市经济贡献的6%、9%予以奖励。"""
_FORMULA = "第四条 救助金额=家庭人数×本市每月最低生活保障标准×救助月数。同一家庭一年内救助金额累计最高不得超过5万元。"


def rules_of(giving: str) -> list[Proposal]:
    """The proposals of sums of a draft with another fourth article, those of that article."""
    found = drafted(MEASURE.replace(_GIVEN, giving), words()).proposals
    return [each for each in found if each.kind == "amount_rule" and each.anchor.startswith("a4")]


def test_each_sentence_that_gives_is_an_item_of_its_own() -> None:
    assert [(each.edit["path"], each.value["is"]) for each in rules_of(_TWO)] == [
        ("amounts.item_a4_s1_fen", "20000000"),
        ("amounts.item_a4_s2_fen", "10000000"),
        ("amounts.item_a4_s3_fen", "5000000"),
    ]
    assert all(each.confidence >= SURE for each in rules_of(_TWO))
    told = drafted(MEASURE.replace(_GIVEN, _TWO), words()).files["words/zh.yaml"].decode()
    assert "how_much: 对获奖的单位一次性给予5万元奖励" in told


def test_a_sum_is_settled_in_the_item_whose_words_say_it() -> None:
    found = drafted(MEASURE.replace(_GIVEN, _TWO), words()).proposals
    places = [each.edit["path"] for each in found if each.kind == "amount" and each.anchor == "a4"]
    assert places == ["amounts.item_a4_s1_fen", "amounts.item_a4_s2_fen", "amounts.item_a4_s3_fen"]


def test_a_term_is_paid_in_parts_and_what_was_spent_is_a_bound() -> None:
    found = drafted_rules(_RENT)
    rent = "min(min(floor(5000 * square_metres_a4_s1 * min(months_a4_s1, 12)), 30000000), spent_a4_s1_fen)"
    assert f'is: "{rent}"' in found
    assert 'is: "min(floor(100000 * square_metres_a4_s2), spent_a4_s2_fen)"' in found
    schedule = pack_of(_RENT).items["item_a4_s1"].schedule
    assert schedule is not None
    assert (schedule.every, schedule.count) == ("year", 3)


def test_kinds_are_counted_each_with_its_sum() -> None:
    found = drafted_rules("第四条 按博士每人8万元、硕士每人5万元的标准给予单位补贴，每年最高不超过500万元。")
    assert 'is: "min(floor(8000000 * persons_a4_1 + 5000000 * persons_a4_2), 500000000)"' in found


def test_growth_and_kind_become_a_table_of_two_columns() -> None:
    found = drafted_rules(_LADDERS)
    assert 'is: "floor(base_a4_fen * item_a4_1_bands)"' in found
    assert '{kind_a4: kind_a4_1, growth_a4: ">= 0.2", gives: 0.08}' in found
    assert '{kind_a4: kind_a4_2, growth_a4: ">= 0.15", gives: 0.06}' in found


def test_each_case_has_its_share_and_its_cap() -> None:
    found = drafted_rules(
        "第四条 对省级项目的给予70%的资金配套，最高300万元；对市级项目的给予50%的资金配套，最高200万元。"
    )
    assert "then min(floor(base_a4_fen * 0.7), 300000000) else if kind_a4" in found


def test_steps_count_up_from_the_first() -> None:
    found = drafted_rules("第四条 对专利申请20件以上的单位给予3万元奖励，每增加10件，增加资助1万元。")
    assert "if counted_a4 >= 20 then 3000000 + floor((counted_a4 - 20) / 10) * 1000000 else 0" in found


def test_a_standard_of_another_document_is_a_parameter_to_fill_in() -> None:
    (rule,) = rules_of(_FORMULA)
    assert rule.confidence < SURE
    assert rule.value["is"].startswith("min(floor(factor_a4_s1_1 * parameters.standard_")
    assert rule.value["is"].endswith("max(0, 5000000 - so_far_a4_s1_fen))")
    found = drafted(MEASURE.replace(_GIVEN, _FORMULA), words())
    (standard,) = [each for each in found.proposals if each.kind == "standard"]
    assert (standard.value["words"], standard.confidence) == ("每月最低生活保障标准", 0)
    assert "value: 0" in found.files["parameters.yaml"].decode()


@pytest.mark.parametrize(
    "giving",
    [
        "第四条 对国家级、省级基地分别给予30万元、20万元奖励。不同级别叠加奖励。",
        "第四条 给予20万元奖励，每年获奖单位数量不超过10个。对获奖的给予5万元奖励。",
        "第四条 对省级基地给予30万元奖励。对市级基地给予20万元奖励。两项奖励总额不超过40万元。",
        "第四条 对入驻的单位连续3年给予20万元奖励。对获奖的给予5万元奖励。",
    ],
)
def test_what_may_be_narrowed_by_words_beside_it_is_doubtful(giving: str) -> None:
    assert rules_of(giving)[0].confidence < SURE


@pytest.mark.parametrize(
    "giving",
    [
        "第四条 纳税100、200万元以上的，给予3、6万元奖励。对获奖的给予5万元奖励。",
        "第四条 前5件给予每件2000元奖励。对获奖的给予5万元奖励。",
        "第四条 同一机构的奖励额度每年最高不超过10万元。对获奖的给予5万元奖励。",
        "第四条 按不低于生活费20%的标准发放零用钱。对获奖的给予5万元奖励。",
    ],
)
def test_what_is_no_plain_sum_is_left_to_a_person(giving: str) -> None:
    assert [each.value["is"] for each in rules_of(giving)] == ["5000000"]


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("给予补贴，补贴期限最长不超过3年", 36),
        ("连续5年给予奖励", 60),
        ("给予不超过两年的场租补贴", 24),
        ("补贴期限不超过6个月", 6),
        ("连续3年缴纳社会保险的，给予奖励", 0),
        ("经营满3年的，给予奖励", 0),
    ],
)
def test_terms_are_told_from_conditions(text: str, months: int) -> None:
    found = term_in(text)
    assert (found.months if found else 0) == months


def test_a_bound_of_one_kind_only_is_none_for_all() -> None:
    assert spent_in("对企业的补贴不超过企业实际支出") is not None
    assert spent_in("支出型救助金额不得超过申请人实际支出金额") is None
