"""What each clause does: condition, benefit, material, process, clock, clawback, or none of these.

A heading says it for all that stands below; where no heading does, the clause's own words are weighed. The weights are
few and written out, so that a reason can be told for each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from zhida.services.structuring.amounts import amounts_in, rates_in
from zhida.services.structuring.characters import plain
from zhida.services.structuring.clocks import clocks_in
from zhida.services.structuring.outline import Clause


class Role(StrEnum):
    """What a clause does."""

    CONDITION = "condition"
    BENEFIT = "benefit"
    MATERIAL = "material"
    PROCESS = "process"
    CLOCK = "clock"
    CLAWBACK = "clawback"
    NONE = "none"


_HEADINGS = [
    (Role.MATERIAL, r"材料|资料|提交(?:的)?(?:文件|证明)"),
    (Role.CLOCK, r"办理时限|办结时限|时限$|申[请报]时间|受理时间|申报期限|申请期限"),
    (Role.PROCESS, r"流程|程序|受理部门|受理方式|申[请报]方式|申[请报]途径|申[请报]渠道|审核|审批|办理方式|"
        r"发放方式|资金拨付|主管部门|咨询|受理窗口"),
    (Role.CLAWBACK, r"追回|收回|退回|监督管理与责任|法律责任|罚则|违约|监督检查|绩效|责任追究"),
    (Role.BENEFIT, r"(?:奖励|补贴|补助|资助|扶持|支持|奖补|救助|保障|待遇|支付|发放|贴息)(?:标准|"
        r"金额|额度|内容|方式|措施|比例)|^(?:奖励|补贴|扶持|资助|支持)$|标准$"),
    (Role.CONDITION, r"条件|对象|适用范围|申报主体|资格|享受范围|申请人"),
    (Role.NONE, r"政策依据|依据|总则|附则|定义|名词解释|解释权|职责|组织(?:领导|实施|保障|机构|管理)|^组织$|"
        r"目的(?!地)"),
]  # fmt: skip
_LIST_OPENERS = [
    (Role.MATERIAL, r"(?:提交|提供|递交|报送|准备)[^。；;]{0,30}(?:材料|资料|文件|证明)[^。；;]{0,8}[:]?$|"
        r"(?:材料|资料)(?:如下|包括)?[:]$"),
    (Role.CONDITION, r"有下列[^。；;]{0,16}(?:情形|行为)[^。；;]{0,40}(?<!可以)"
        r"(?:不予(?:批准|受理|支持|登记|资助|认定)|不得(?:担任|申请|申报|享受|参加))[^。；;]{0,30}[:]$"),
    (Role.CLAWBACK, r"(?:不予|取消|停止|终止|追回|不得|责令)[^。；;]{0,40}[:]$|"
        r"有下列[^。；;]{0,12}(?:不得|不予|终止)"),
    (Role.CONDITION, r"(?:符合|满足|具备|具有|达到)[^。；;]{0,24}(?:条件|情形|要求|标准|规定)[^。；;]{0,16}[:]?$|"
        r"条件(?:之一)?(?:如下)?[:]$"),
    (Role.BENEFIT, r"(?:给予|予以|按)[^。；;]{0,30}(?:奖励|补贴|补助|资助|支持|支付|标准执行)[^。；;]{0,6}[:]$|"
        r"(?:标准|费用)(?:如下|为)?[:]$"),
]  # fmt: skip
_CUES = {
    Role.CLAWBACK: [
        (5, r"追缴|追回|收回已|退回(?:已|所|全部|骗取)?|退还|应将所获|责令退回|缴回"),
        (3, r"骗取|套取|弄虚作假|虚假材料|挪用|截留|追究|取消(?:其)?资格|停止(?:发放|享受)|"
            r"终止(?:合作|待遇)|列入(?:失信|黑名单)|不予支持"),
        (2, r"违反(?:承诺|本)|不迁[出离]|应承诺|承诺书"),
    ],
    Role.BENEFIT: [
        (4, r"给予[^。；;]{0,40}(?:奖励|补贴|补助|资助|支持|贴息|配套|扶持|优惠|救助)|"
            r"(?:补贴|补助|奖励|资助|救助|津贴|待遇|养育|保障|生活|饮食)(?:金额|标准|"
            r"额度|限额)?(?:标准)?(?:为|按|不超过|最高)"),
        (3, r"一次性|就高不重复|予以(?:奖励|补贴|补助|资助|支持)|"
            r"享受[^。；;]{0,12}(?:补贴|优惠|待遇|优待)|免费|减收|减免|半价|"
            r"按[^。；;]{0,24}比例(?:支付|给予)|报销|返还"),
        (2, r"支付限额|费用限额|奖励|补贴"),
    ],
    Role.CONDITION: [
        (4, r"(?:应当?|须|需)?(?:同时)?(?:符合|满足|具备)(?:以下|下列)|适用对象|"
            r"申[请报](?:单位|人|主体|企业)(?:应|须|若|为|具)|具有独立法人|无[^。；;]{0,10}(?:记录|违法)"),
        (2, r"年满|周岁|户籍|注册地|登记注册|连续[^。；;]{0,6}(?:就业|居住|缴纳)|"
            r"的(?:企业|机构|人员|家庭|单位|个人|老年人)[;；。]?$|所称[^。；;]{0,40}是指|认定条件|"
            r"认定标准"),
    ],
    Role.MATERIAL: [
        (4, r"(?:提交|提供|递交)[^。；;]{0,40}(?:材料|资料|证明|证件|凭据|诊断书|居住证|文件)|"
            r"(?:复印件|原件)[^。；;]{0,8}盖章|\(?(?:复印件|原件)\)?[;；。]?$"),
        (2, r"承诺书[(]|证明(?:材料)?[;；。]?$|申请表"),
    ],
    Role.CLOCK: [
        (3, r"(?:工作)?日内|个工作日|集中受理|申请时间|申报时间|"
            r"\d+\s*(?:日|天|个月)(?:之)?内[^。；;]{0,10}(?:完成|作出|提出|落实|申请|办理|登记|反馈)|"
            r"周[一二三四五]到周"),
    ],
    Role.PROCESS: [
        (3, r"受理|初审|审核|核查|公示|拨付|审批|评审|审定|转送|提请|复核|办理(?:登记|手续)|提交申请|"
            r"提出申请|向[^。；;]{0,30}申[请领报]"),
        (1, r"申请|登记|报送|备案|预算|抽查|登录"),
    ],
}  # fmt: skip
_NOTHING = re.compile(
    r"^为(?:了|贯彻|深入|进一步|加快|落实|完善|规范|全面|加强|保障)|"
    r"本(?:办法|细则|规定|措施|通知|条例|实施细则|意见|政策)[^。]{0,30}(?:施行|"
    r"实施|执行|负责解释|有效期)"
    r"|^为[^。；;]{2,80}制定本(?:办法|细则|规定|措施|条例|实施细则|意见|政策)"
    r"|同时废止|所称[“\"]?(?:以上|以下)|另行制定|参照本(?:办法|规定|细则|措施)执行$"
)
_MIN_SCORE = 2


@dataclass(frozen=True)
class Judged:
    """What a clause does, how sure in hundredths, and a code of why: heading, opener, words, position, nothing."""

    role: Role
    confidence: int
    why: str


def roles_of(clauses: tuple[Clause, ...]) -> dict[str, Judged]:
    """What each clause does, by anchor."""
    found: dict[str, Judged] = {}
    for clause in clauses:
        found[clause.anchor] = _judge(clause, found)
    return found


def _judge(clause: Clause, found: dict[str, Judged]) -> Judged:
    text = plain(clause.text)
    if clause.is_attachment:
        return Judged(Role.NONE, 90, "attachment")
    headed = _by_heading([each for each in clause.path if not _is_chapter(each)])
    if headed:
        return headed
    opened = _by_opener(clause, found)
    own = _by_words(text)
    if opened and opened.role is Role.CONDITION and opened.why == "opener" and not clause.children:
        return opened
    if opened and (own is None or own.role == opened.role or own.confidence < 85):
        return opened
    if _NOTHING.search(text) and not amounts_in(text):
        return Judged(Role.NONE, 85, "nothing")
    if own:
        return own
    parent = found.get(clause.parent.anchor) if clause.parent else None
    if parent and parent.why in ("heading", "opener", "words") and parent.role is not Role.NONE:
        return Judged(parent.role, max(50, parent.confidence - 20), "position")
    chapter = _by_heading([each for each in clause.path if _is_chapter(each)])
    return Judged(chapter.role, 55, "heading") if chapter else Judged(Role.NONE, 60, "nothing")


def _is_chapter(clause: Clause) -> bool:
    return clause.anchor[0] in "ct"


def _by_heading(path: list[Clause]) -> Judged | None:
    """The nearest heading above or at a clause that tells what stands below it."""
    for above in reversed(path):
        if above.kind in ("article", "paragraph") and not _heading(above):
            continue
        words = _heading(above)
        for role, pattern in _HEADINGS:
            if words and re.search(pattern, words):
                return Judged(role, 95, "heading")
    return None


def _heading(clause: Clause) -> str:
    """A clause's heading: a short first line without a stop, or 【…】, or a short first sentence of an article."""
    first = plain(clause.pieces[0][0].text[clause.pieces[0][1] :]).strip() if clause.pieces else ""
    bracketed = re.match(r"^【([^】]{2,14})】", first)
    if bracketed:
        return bracketed.group(1)
    if (
        clause.kind in ("count", "chapter", "section", "bracket")
        and len(first) <= 20
        and not re.search(r"[。；;，]", first)
    ):
        return first
    sentence = re.match(r"^([^。；;，,]{2,10})[。]", first)
    return sentence.group(1) if sentence and clause.kind in ("count", "bracket", "article") else ""


def _by_opener(clause: Clause, found: dict[str, Judged]) -> Judged | None:
    """A list's points do what the words that open the list say."""
    if not clause.parent or clause.kind in ("article", "paragraph"):
        return None
    pieces = plain(clause.parent.text).strip().splitlines()
    for role, pattern in _LIST_OPENERS:
        if pieces and re.search(pattern, pieces[-1].strip()):
            return Judged(role, 88, "opener")
    above = found.get(clause.parent.anchor)
    return above if above and above.why == "opener" else None


def _by_words(text: str) -> Judged | None:
    scores = {role: sum(weight for weight, pattern in cues if re.search(pattern, text)) for role, cues in _CUES.items()}
    if any(each.role in ("fixed", "cap", "per_unit") for each in amounts_in(text)):
        scores[Role.BENEFIT] += 3
    if any(each.role == "share" for each in rates_in(text)):
        scores[Role.BENEFIT] += 1
    if any(each.unit == "working_days" for each in clocks_in(text)):
        scores[Role.CLOCK] += 2
    best = max(scores, key=lambda role: (scores[role], -list(scores).index(role)))
    rest = max(score for role, score in scores.items() if role is not best)
    if scores[best] < _MIN_SCORE:
        return None
    return Judged(best, min(90, 55 + 7 * (scores[best] - rest) + 3 * scores[best]), "words")
