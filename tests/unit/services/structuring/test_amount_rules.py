"""Sums as rules of a draft: one sum, a share with its cap, a sum per unit, a table of bands; and what is left alone."""

from __future__ import annotations

from tests.unit.services.structuring.made_up import MEASURE, drafted
from tests.unit.services.structuring.test_drafting import shared, words
from zhida.domain.packs import Pack, read_root

_GIVEN = "第四条 对符合条件的单位给予一次性20万元奖励。"
_STRETCHES = """\
第四条 按下列标准给予奖励：
（一）实缴注册资本500万元（含）至X的，奖励30万元；
（二）实缴注册资本1000万元（含）以上的，奖励60万元。"""


def pack_of(giving: str) -> Pack:
    draft = drafted(MEASURE.replace(_GIVEN, giving), words())
    root = read_root({**shared(), **{f"drafts/one/{name}": data for name, data in draft.files.items()}})
    assert [str(each) for each in root.problems] == []
    return root.packs["drafts/one"]


def test_a_share_of_a_fact_of_the_dictionary_with_its_cap() -> None:
    found = drafted_rules("第四条 按上一年度研发费用的10%给予奖励，最高不超过100万元。")
    assert 'is: "min(floor(research_spend_fen(year - 1) * 0.1), 100000000)"' in found


def test_a_share_of_what_nobody_holds_is_asked_in_the_form() -> None:
    found = drafted_rules("第四条 按场地实际租金的50%给予补贴，最高不超过5万元。")
    assert 'is: "min(floor(base_a4_fen * 0.5), 5000000)"' in found
    assert "base_a4_fen" in pack_of("第四条 按场地实际租金的50%给予补贴。").form.questions


def test_a_sum_per_unit_counts_the_units() -> None:
    found = drafted_rules("第四条 按实际面积给予每平方米800元的一次性补贴，补贴金额不超过1000万元。")
    assert 'is: "min(floor(80000 * square_metres_a4), 1000000000)"' in found


def test_levels_become_a_table() -> None:
    found = drafted_rules("第四条 国家级、省级、市级示范基地分别给予30万元、20万元、10万元奖励。")
    assert "hit: unique" in found
    assert "gives: 30000000" in found


def test_stretches_of_one_fact_become_a_table() -> None:
    found = drafted_rules(_STRETCHES.replace("X", "1000万元"))
    assert 'base_a4_fen: ">= 1000000000", gives: 60000000' in found
    assert 'base_a4_fen: "[500000000..1000000000)", gives: 30000000' in found


def test_a_gap_between_stretches_makes_no_table() -> None:
    assert "base_a4_fen" not in drafted_rules(_STRETCHES.replace("X", "900万元"))


def test_a_sum_up_to_a_cap_is_what_is_claimed_up_to_it() -> None:
    assert "min(claimed_a4_fen, 50000000)" in drafted_rules("第四条 根据等级规模给予最高50万元的一次性奖励。")


def test_a_standard_that_nobody_is_given_is_no_rule() -> None:
    assert "item_a4_fen" not in drafted_rules("第四条 低收入标准为每人每月1000元。")


def test_more_than_a_rule_says_stays_a_proposal() -> None:
    found = drafted_rules("第四条 给予20万元奖励，其中首次申请的给予30万元奖励。")
    assert "item_a4_fen" not in found


def test_months_count_up_to_the_term() -> None:
    assert 'is: "min(floor(80000 * persons_a5 * min(months_a5, 6)), 50000000)"' in drafted_rules(_GIVEN)


def test_a_bound_that_the_rule_would_not_keep_stays_a_proposal() -> None:
    assert "item_a4_fen" not in drafted_rules("第四条 每人每月给予800元补贴，差额部分由单位承担。")


def drafted_rules(giving: str) -> str:
    """rules.yaml of a draft with another fourth article; the draft checks."""
    pack_of(giving)
    return drafted(MEASURE.replace(_GIVEN, giving), words()).files["rules.yaml"].decode()
