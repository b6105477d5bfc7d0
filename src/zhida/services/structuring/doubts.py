"""A second look at every rule of a sum, however it was made: whether something in its words may change what it gives.

A rule stays certain only where each figure of its words stands in it, each 每 is one that it counts by, and no word
beside them raises, narrows, divides or replaces what is given. Whoever reads a certain rule need not look for more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhida.services.structuring.counting import ONE
from zhida.services.structuring.sums import AmountRule, Sums

_EACH = re.compile(r"每(?P<whom>[^，。；;\s]{0,8})")
_ONE_EACH = re.compile(
    r"(?:一|[个位名])?(?:年|半年|(?:家|户)(?!门店|分店|连锁|店|网点|分支)|[^，。；;\d]{0,6}(?:企业|单位|机构)|家庭|申请人|自然年"
    r"|年度|级|档|月底)|人(?:仅|只|限|最多)"
)
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_CHANGES = re.compile(
    r"安排|预算|总规模|设立[^，。；;]{0,12}(?:资金|基金)|一事一议|减半|折[算半]|[上下]浮|酌情|视[^，。；;]{0,10}(?:情况|情形|绩效|财力)|左右"
    r"|逐年|逐步|递[增减]|首年|第[一二三四五\d]年|次年|余下|剩余|其余|先行|预[付拨]|分[一二两三四\d][年期批次]|各占|授信|不再|不予|取消|暂停|停止"
    r"|(?:提高|调整|降低|增加|上调|下调)[到至为]|1[:：]1|同等|具体标准|另行|[共总合]计(?!(?:最高)?不超过)|(?:给予|予以|提供)[^，。；;]{0,8}(?:借款|贷款|入股|股权投资)"
    r"|(?<![\d.])\d{1,3}\s*[个名套辆间处](?=\s*\d)|按照?(?!以下|下列)[^，。；;\d每]{0,14}(?:标准|比例|规定)[^，。；;\d]{0,6}(?:给予|奖励|补助|配套|执行|发放)"
)
_NOT_GIVEN = re.compile(r"已经?(?:领取|享受|获得补|获得资|得到)|不再列入|除(?:对|了|外)|可以?不")
_GIVING = re.compile(r"给予|予以")
_BEHIND = re.compile(
    r"[^，。；;、\d]{0,16}(?:[，,](?:每|同一)[^。；;\d]{0,24}|[，,][^。；;\d]{0,12}(?:划入|拨付)[^。；;\d]{0,16})?"
)
_MOST = re.compile(r"最高|最多|封顶|上限|至多")
_GIVES_MORE = re.compile(
    r"(?:给予|予以|享受)[^，。；;]{0,12}(?:相应|一定|适当|配套)|按[^，。；;]{0,20}(?:给予|奖励|补助|补贴|资助)"
)
_ALL_OF_IT = re.compile(
    r"总额|累计|合计|总计|各类|各项|本(?:办法|措施|政策|意见|细则|规定)|年度内|同一(?:企业|单位|项目)"
)
_TERM = re.compile(r"(?:不超过|最长|最多|连续|为期)[^，。；;\d]{0,4}[\d一二两三四五六]+\s*(?:年|个月|次)")
_PART = re.compile(r"[^。；;\n]+")


def is_doubtful(rule: AmountRule, words: Sequence[Sums]) -> bool:
    """Whether the words that a rule was made of say something of its sum that does not stand in it."""
    text = "".join("".join(each.text.split()) for each in words)
    return (
        _lacks_figure(rule, words)
        or _counts_otherwise(text, words)
        or _CHANGES.search(text) is not None
        or (_MOST.search(text) is not None and "min(" not in rule.feel)
        or any(_gives_more(each) for each in words)
        or _NOT_GIVEN.search(text) is not None
        or any(_gives_more_often(each) or _goes_on(rule, each) for each in words)
        or (
            rule.shape == "share"
            and any(each.words.startswith("当地") or "标准" in each.words for each in rule.questions)
        )
        or (rule.shape == "cap" and _ALL_OF_IT.search(text) is not None)
        or (_TERM.search(text) is not None and rule.shape != "fixed" and not rule.every and "months_" not in rule.feel)
    )


def rivals(words: Sequence[Sequence[Sums]]) -> set[int]:
    """Which of several givings of one article differ by a threshold of one fact (达到300万元的…; 达到500万元的…):
    whoever reaches the higher one reaches the lower one too, and no rule says that only one counts."""
    facts = [_threshold_of(each) for each in words]
    return {place for place, fact in enumerate(facts) if fact and facts.count(fact) > 1}


def _threshold_of(words: Sequence[Sums]) -> str:
    for one in words:
        for each in one.amounts:
            if each.role == "threshold":
                return re.sub(r"(?:首次|超过|达到?|不低于|不少于|在|为|\s)+$", "", one.text[: each.start])[-4:]
    return ""


def _lacks_figure(rule: AmountRule, words: Sequence[Sums]) -> bool:
    """Whether a sum or a rate that is given stands nowhere in the rule."""
    cells = (cell for row in rule.rows for one in row for cell in (one if isinstance(one, tuple) else (one,)))
    held = {float(each) for text in (rule.feel, *cells) for each in _NUMBERS.findall(text)}
    apart = ("threshold", "other", *(("band",) if rule.rows else ()))
    sums = {float(each.fen) for one in words for each in one.amounts if each.role not in apart}
    rates = {float(each.value) for one in words for each in one.rates if each.role != "threshold" and each.value != 1}
    return not sums | rates <= held


def _counts_otherwise(text: str, words: Sequence[Sums]) -> bool:
    """Whether something is given for each of what the sum is not read to be for."""
    units = {unit for one in words for each in one.amounts for unit in each.per} | {*ONE}
    told = [match["whom"] for match in _EACH.finditer(text) if not _ONE_EACH.match(match["whom"])]
    return any(not re.match(rf"(?:一|[个家位名新]){{0,2}}(?:{'|'.join(map(re.escape, units))})", each) for each in told)


def _gives_more_often(words: Sums) -> bool:
    """Whether a part of the words gives more often than it says figures (给予社会保险补贴，并按…30%给予岗位补贴)."""
    for match in _PART.finditer(words.text):
        figures = sum(match.start() <= each.start < match.end() for each in (*words.amounts, *words.rates))
        if figures and len(_GIVING.findall(match.group(0))) > figures:
            return True
    return False


def _goes_on(rule: AmountRule, words: Sums) -> bool:
    """Whether the sentence of one plain sum says more behind it than what it is called."""
    if rule.shape != "fixed" or not words.amounts:
        return False
    last = words.amounts[-1]
    behind = re.split(r"[。；;\n]", words.text[last.end :])[0].strip()
    return last.role == "fixed" and _BEHIND.fullmatch(behind) is None


def _gives_more(words: Sums) -> bool:
    """Whether a part of the words without a figure gives something too."""
    for match in _PART.finditer(words.text):
        has_figure = any(match.start() <= each.start < match.end() for each in (*words.amounts, *words.rates))
        if not has_figure and _GIVES_MORE.search(match.group(0)):
            return True
    return False
