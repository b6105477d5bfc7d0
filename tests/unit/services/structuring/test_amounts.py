"""What a sum is and for what, in words as policies write them; and which words beside a rule make it doubtful."""

from __future__ import annotations

import pytest

from tests.unit.services.structuring.test_sentences import rules_of
from zhida.services.structuring.amounts import amounts_in
from zhida.services.structuring.plan import SURE


def told(text: str) -> list[tuple[int, str, tuple[str, ...]]]:
    """Yuan, role and unit of each sum."""
    return [(each.fen // 100, each.role, each.per) for each in amounts_in(text)]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("对新建民宿5家以上的每间奖励2000元", [(2000, "per_unit", ("间",))]),
        ("粮食烘干作业每100公斤补贴10元", [(10, "per_unit", ("100公斤",))]),
        ("按每招用1人1000元的标准发放补贴", [(1000, "per_unit", ("人",))]),
        ("给予5元/人/夜的奖励", [(5, "per_unit", ("人", "夜"))]),
        ("可按30元/平方米•月给予补助", [(30, "per_unit", ("平方米", "月"))]),
        ("包装瓶回收补贴标准为0.5元/只", [(0, "per_unit", ("只",))]),
        (
            "零售额每实现2000万元，给予奖励2万元",
            [(20_000_000, "threshold", ()), (20_000, "per_unit", ("2000万元",))],
        ),
        ("每满一万人奖励一万元", [(10_000, "per_unit", ("一万人",))]),
        ("每挂靠一次给予20万元的航线补贴", [(200_000, "per_unit", ("次",))]),
        ("每新增一家一次性奖励该平台5万元", [(50_000, "per_unit", ("家",))]),
        ("资助标准为每生每年3700元", [(3700, "per_unit", ("生", "年"))]),
        (
            "可按每平方米不超过1000元且总额不超过50万元给予补助",
            [(1000, "cap", ("平方米",)), (500_000, "cap", ())],
        ),
    ],
)
def test_a_sum_is_told_with_its_unit(text: str, right: list[tuple[int, str, tuple[str, ...]]]) -> None:
    assert told(text) == right


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("年销售额达到1亿元、5亿元、10亿元的，分别奖励5万元、15万元、25万元", "ttt" + "fff"),
        ("分别给予奖励最高60万元、30万元、10万元", "ccc"),
        ("分别给予不少于10万元、5万元、3万元的奖励", "lll"),
        ("投资额1000万元及以上至5000万元的，奖励30万元", "ttf"),
        ("给予每年3万元以内的工作经费补助", "c"),
        ("区财政每年安排100万元专项奖励资金", "o"),
        ("县财政每年安排旅游引导资金1000万元", "o"),
        ("每年安排2000万元重点支持专业论坛", "o"),
        ("每年安排最高100万元经费支持服务中心", "c"),
        ("30件以上的资助3万元，每增加30件，增加资助3万元", "ff"),
        ("上述奖励金额以1000万元为上限", "c"),
        ("资本达到3亿、10亿、30亿元人民币的，最高给予受托管理的基金管理企业300万元、800万元、1500万元", "tccc"),
        ("补助类型为智能温室(造价40万元/亩)", "t"),
        ("实到外资500万(不含)美元以上的，奖励30万元", "tf"),
    ],
)
def test_what_is_listed_in_a_row_is_one_thing(text: str, roles: str) -> None:
    names = {"t": "threshold", "f": "fixed", "c": "cap", "l": "floor", "o": "other"}
    assert [role for _, role, _ in told(text)] == [names[each] for each in roles]


@pytest.mark.parametrize(
    "giving",
    [
        "第四条 县财政每年安排旅游引导资金1000万元，用于奖励。",
        "第四条 给予2个40万元的人才购房补贴名额。",
        "第四条 给予建站补助2万元，视站点工作绩效，给予每年3万元以内的工作经费补助。",
        "第四条 省级、市级工作站分别给予最高30万元、20万元奖励。",
        "第四条 单一企业每年享受本办法规定的各类扶持资金总额不超过500万元。",
        "第四条 给予租金10%的补贴，每家企业每年最高不超过2万元，享受补贴不超过2年。",
        "第四条 对获得称号的，按照市级奖励标准给予配套奖励；其中实训基地给予2万元奖励。",
        "第四条 每连续租满1年补贴6000元。",
        "第四条 每新设一家连锁门店，给予1万元奖励。",
        "第四条 自2025年起不再给予5万元奖励。",
        "第四条 获得高新技术产品证书的，每种产品给予5万元补贴。",
        "第四条 已领取一次性奖励1000元的人员不再列入。",
        "第四条 按规定给予社会保险补贴，并按当地最低工资标准的30%给予岗位补贴。",
        "第四条 一次性奖励500万元，以红筹股形式上市的，确认后兑现，由区金融办指定。",
        "第四条 退出时按企业研发费用的10%给予奖励。",
        "第四条 每年提供困难补助费几十万元。",
        "第四条 纳税总额达到300万元的，奖励50万元。另外，纳税总额达到500万元的，奖励100万元。",
    ],
)
def test_no_sum_is_certain_beside_words_that_change_it(giving: str) -> None:
    found = rules_of(giving)
    assert [each.value["is"] for each in found if each.confidence >= SURE] == []


def test_a_sum_is_certain_beside_words_that_change_nothing() -> None:
    giving = "第四条 对首次认定的企业，一次性给予5万元的补贴，每个企业仅可申请一次。"
    assert [each.confidence >= SURE for each in rules_of(giving)] == [True]


def test_a_sum_for_each_that_was_won_is_counted() -> None:
    (rule,) = rules_of("第四条 每成功推荐1个企业给予1万元奖励，每年最高不超过10万元。")
    assert rule.value["is"] == "min(floor(1000000 * pieces_a4), 10000000)"


def test_what_a_sentence_gives_by_stretches_of_one_fact_is_one_table() -> None:
    (rule,) = rules_of("第四条 在我区纳税总额达到300万元的，奖励50万元;纳税总额达到500万元的，奖励100万元。")
    assert rule.value["rows"] == [[">= 500000000", "100000000"], [">= 300000000", "50000000"]]
