"""Sums of money and rates in a text: what each is (fixed, cap, per unit, threshold …) and for what unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from zhida.services.structuring.characters import FIGURE, MULTIPLIER, NUMERALS, number

_CURRENCY = "美元|港元|港币|欧元|英镑|日元|元|圆"
_MONEY = re.compile(
    rf"(?:(?<![A-Za-z\d.,])(?P<figure>{FIGURE})\s*(?P<times>{MULTIPLIER})?(?:\(不?含(?:本数)?\))?\s*(?P<currency>{_CURRENCY})"
    rf"|(?<![A-Za-z\d{NUMERALS}几数])(?P<words>(?![百千万亿佰仟])[{NUMERALS}]{{1,20}})(?P<currency2>美元|港元|欧元|元|圆)(?![素旦化月年件老首气]))(?:人民币)?整?"
)
_FIRST_OF_RANGE = re.compile(
    rf"(?P<figure>{FIGURE})\s*(?P<times>{MULTIPLIER})?(?P<incl>\((?:不)?含(?:本数)?\))?\s*(?=(?:至|到|-|~|—)+\s*{FIGURE}\s*"
    rf"(?P<times2>{MULTIPLIER})?\s*(?P<currency>{_CURRENCY}))"
)
_RATE = re.compile(
    rf"(?P<figure>{FIGURE})\s*(?P<sign>%|‰)|百分之(?P<hundred>[{NUMERALS}点]{{1,8}})|千分之(?P<thousand>[{NUMERALS}]{{1,5}})"
    rf"|(?P<low>[二三四五六七八九十])分之(?P<high>[一二三四五六七八九])|(?P<fold>{FIGURE})\s*倍"
)
_UNITS = (
    "平方米|立方米|自然年度|自然年|年度|学期|学年|企业|机构|单位|项目|团队|家庭|学员|员工|总吨|标箱|TEU|班次|人次|车次|标准箱|千瓦时|千瓦|公里|季度|半年|兆瓦|公斤|千克"
    "|公顷|延米|毫升|分钟|学时|航班|航次|架次|班列|人|家|户|个|件|项|次|餐|天|日|月|年|亩|吨|名|位|台|辆|套|笔|所|床|张|期|场|批|孩|胎|度|㎡|晚|班|课时|小时"
    "|间|块|只(?![能要限有])|头|羽|匹|株|棵|座|栋|幢|层|艘|柜|箱|篇|部(?![门分])|集(?![体团中])|首(?![次年台批])|册|本(?![科市区级人地])|届|周|季"
    "|条(?![件款])|根|门|款(?!项)|处|村|夜|桌|盏|支(?![付持出])|片|口|枚|例|组(?!织)|架|斤|米|升(?!级)|列(?![入为])|生(?!产)|种(?![植粮子养苗])"
)
_COUNT = rf"(?:{FIGURE}|[一二两三四五六七八九十百千万]{{1,3}}(?![级类档等]))"
_DONE = r"[^，。；;,每满增\d]{0,4}?(?:新增)?[^，。；;,每满增\d]{0,3}?"
_EACH_BEFORE = re.compile(
    rf"(?:每(?:[个家位名新]{{0,2}}|{_DONE}{_COUNT}\s*)(?:{_UNITS})){{1,3}}(?P<between>[^，。；;,每]{{0,24}})$"
)
_EACH = re.compile(rf"每\s*(?:[个家位名新]{{0,2}}|{_DONE}(?P<count>{_COUNT})\s*)(?P<unit>{_UNITS})")
_ALL_OF_IT = re.compile(r"总额|合计|总计|共计")
_PER_AFTER = re.compile(rf"^\s*(?:人民币)?(?:(?:/|每)\s*(?:[·•]?\s*)?(?:{_UNITS})(?:\s*[·•]\s*(?:{_UNITS}))?)+")
_PER = re.compile(rf"(?:/|每|[·•])\s*({_UNITS})")
_STEP = re.compile(
    r"每(?:增加|增长|实现|满|达到?|完成|超过?|新增|多)[^，。；;,每\d一二两三四五六七八九十]{0,8}"
    rf"(?P<step>{_COUNT}?\s*{MULTIPLIER}?\s*(?:{_CURRENCY}|%|个百分点|{_UNITS}))"
    r"[^，。；;,每\d]{0,8}[，,]?\s*(?:的)?[，,]?(?:另|再|给予|予以|奖励|补助|补贴|资助|一次性|不超过)*(?:(?!增加)[^，。；;,\d]){0,8}$"
)
_IS_STEP = re.compile(rf"每(?:增加|增长|实现|满|达到?|完成|超过?|新增|多)[^，。；;,每\d{NUMERALS}]{{0,8}}$")
_WITHIN = re.compile(r"^\s*(?:\((?:不)?含[^)]*\))?\s*以内")
_YEARLY_BUDGET = re.compile(r"(?:每年|年度|财政)[^，。；;]{0,6}安排\s*$")
_BARE_ROW = re.compile(
    rf"(?:达到?|超过|不低于|不少于|满|为)\s*(?:{FIGURE}\s*{MULTIPLIER}?\s*(?:\(不?含\))?\s*[、和]\s*)+$"
)
_AS_BOUND = re.compile(r"^\s*(?:人民币)?为(?:上限|限|最高限额)")
_BUDGET = re.compile(r"(?:安排|设立|筹集|列支|预算)(?P<whom>[^，。；;]{0,24})$")
_FUND = re.compile(r"资金|经费|基金|专款|预算|规模")
_LISTED = re.compile(
    r"^\s*(?:人民币)?(?:\(不?含[^)]*\))?(?:及?以上|以下)?(?:[/每·•][^、，。；;\d]{1,4})*\s*(?:、|和|及|与|或|以及)\s*(?:人民币)?$"
)
_UP_FROM = re.compile(r"^\s*(?:\(不?含[^)]*\))?及?以上(?:\(不?含[^)]*\))?\s*(?:至|到|~|—|-)+\s*$")
_CAP = re.compile(
    r"(?:不超过|不得超过|不高于|最高|最多|上限(?:为|是)?|至多|封顶(?:为)?|限额(?:标准)?(?:为|是)?|以内)[^，。；;,\d]{0,20}$"
)
_LIMITED = re.compile(r"限额(?:标准)?(?:为|是)")
_FINE = re.compile(r"^[^。；;，]{0,20}(?:罚款|罚金)")
_FLOOR = re.compile(r"(?:不低于|不少于|最低|至少|保底)[^，。；;,\d]{0,8}$")
_OVER = re.compile(
    r"(?:不低于|不少于|不小于|超过|高于|大于|多于|低于|少于|小于|达到|达|满|至少|≥|≤|>|<|不超过|不高于|不大于)\s*(?:人民币)?$"
)
_SPAN_AFTER = re.compile(
    r"^\s*(?:\((?:不)?含[^)]*\))?\s*(?:及|或)?\s*(?:以上|以下|以内|之间|\((?:不)?含[^)]*\)\s*(?:以上|以下))"
)
_RANGE_AFTER = re.compile(r"^\s*(?:\((?:不)?含[^)]*\))?\s*(?:至|到|~|—|-)\s*\d")
_FACTS = re.compile(
    r"(?:营业收入|销售额|零售额|销售收入|年收入|营收|纳税|税收|产值|投资额|总投资|固定资产|资本|月收入|收入|资产|资金投入|工资薪金|净利润|利润|"
    r"造价|单价|售价|出口额|进出口|交易额|融资额|金额达|合同额|贷款金额|研发(?:费用|投入))[^，。；;]{0,10}$"
)
_GIVING = re.compile(
    r"给予|奖励|补助|补贴|资助|支持|贴息|发放|奖补|配套|标准为|标准按|救助|待遇|救济|减免|返还|扶持|费用|经费|津贴|养育|保障标准"
)


@dataclass(frozen=True)
class Amount:
    """One sum. `fen` is its worth in fen of its currency; `role` is fixed, per_unit, cap, floor, threshold, band,
    other, or disputed where words and figures differ; `per` are the units it is for, in order (人, 月)."""

    fen: int
    currency: str
    role: str
    per: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Rate:
    """One rate as a plain number (0.5 is 50 %; a fold 1.6 is 1.6 times); `role` is share, cap, threshold or fold."""

    value: Decimal
    role: str
    start: int
    end: int


def amounts_in(text: str) -> list[Amount]:
    """Every sum in a text of plain characters, in order. A sum that is no whole number of fen is left out."""
    found = []
    for match in _MONEY.finditer(text):
        figure = match.group("figure") or match.group("words")
        currency = match.group("currency") or match.group("currency2")
        amount = _amount(text, figure, match.group("times") or "", currency, match.start(), match.end())
        if amount is not None:
            found.append(amount)
    for match in _FIRST_OF_RANGE.finditer(text):
        times = match.group("times") or match.group("times2") or ""
        amount = _amount(text, match.group("figure"), times, match.group("currency"), match.start(), match.end())
        if amount is not None:
            found.append(Amount(amount.fen, amount.currency, "band", amount.per, amount.start, amount.end))
    return _evened(text, sorted(found, key=lambda each: each.start))


def _evened(text: str, amounts: list[Amount]) -> list[Amount]:
    """The same sums, those that are listed in a row (达到5000万元、1亿元的; 最高30万元、20万元) as one thing."""
    found: list[Amount] = []
    row: list[Amount] = []
    for each in amounts:
        between = text[row[-1].end : each.start] if row else ""
        if row and _UP_FROM.match(between):
            each = replace(each, role="threshold")
        if row and not _LISTED.match(between):
            found, row = [*found, *_as_one(row)], []
        row.append(each)
    return [*found, *_as_one(row)]


def _as_one(row: list[Amount]) -> list[Amount]:
    roles = {each.role for each in row}
    if len(row) > 1 and "threshold" in roles and roles <= {"threshold", "fixed", "other"}:
        return [replace(each, role="threshold") for each in row]
    if len(row) > 1 and row[0].role in ("cap", "floor") and roles <= {row[0].role, "fixed", "per_unit"}:
        return [replace(each, role=row[0].role, per=each.per or row[0].per) for each in row]
    return row


def _amount(text: str, figure: str, times: str, currency: str, start: int, end: int) -> Amount | None:
    value = number(figure, times)
    if value is None or value * 100 != int(value * 100):
        return None
    code = {
        "元": "CNY",
        "圆": "CNY",
        "美元": "USD",
        "港元": "HKD",
        "港币": "HKD",
        "欧元": "EUR",
        "英镑": "GBP",
        "日元": "JPY",
    }[currency]
    before, after = _sentence_before(text, start), text[end : end + 24]
    per = tuple(_PER.findall(after[: _end_of(_PER_AFTER, after)]))
    if not per:
        each, step = _EACH_BEFORE.search(before), _STEP.search(before)
        is_whole = each is not None and _ALL_OF_IT.search(each.group("between")) is not None
        per = tuple(map(_unit, _EACH.finditer(each.group(0)))) if each and not is_whole else ()
        per = per or ((step["step"].strip(),) if step else ())
    return Amount(int(value * 100), code, _role(before, after, per), per, start, end)


def _unit(match: re.Match[str]) -> str:
    """个 of 每个, 100公斤 of 每100公斤."""
    count = match.group("count") or ""
    return match.group("unit") if count in ("", "1", "一") else f"{count}{match.group('unit')}"


def _end_of(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0


def _sentence_before(text: str, start: int) -> str:
    begin = max(text.rfind(sign, 0, start) for sign in "。；;\n")
    return text[max(begin + 1, start - 60) : start]


def _role(before: str, after: str, per: tuple[str, ...]) -> str:
    near = re.split(r"[，,、:]", before)[-1]
    if _RANGE_AFTER.match(after) or re.search(r"\d\s*(?:[万亿美元]|\(不?含\))*\s*(?:至|到|-|~|—)\s*$", before):
        return "band"
    if _FINE.search(after) or _is_budget(near, after):
        return "other"
    if _IS_STEP.search(near) or _BARE_ROW.search(before):
        return "threshold"
    if _AS_BOUND.match(after) or (_WITHIN.match(after) and _GIVING.search(near)):
        return "cap"
    if _FACTS.search(near):
        return "threshold"
    if _CAP.search(near) or (per and _LIMITED.search(before)):
        return "cap"
    if _SPAN_AFTER.match(after) or (_OVER.search(near) and not _GIVING.search(near)):
        return "threshold"
    if _FLOOR.search(near):
        return "floor"
    if per:
        return "per_unit"
    return "fixed" if _GIVING.search(before) or _GIVING.search(after) else "other"


def _is_budget(near: str, after: str) -> bool:
    """Whether a sum is what an office sets aside (财政每年安排专项资金100万元), not what anybody gets."""
    if _YEARLY_BUDGET.search(near):
        return True
    match = None if _CAP.search(near) else _BUDGET.search(near)
    words = f"{match['whom']}{re.split('[，。；;]', after)[0]}" if match else ""
    return bool(_FUND.search(words)) and not re.search("给予|奖励每|补助每", words)


def rates_in(text: str) -> list[Rate]:
    """Every percentage, fraction and fold in a text of plain characters, in order."""
    found = []
    for match in _RATE.finditer(text):
        value = _rate(match)
        if value is None:
            continue
        before, after = _sentence_before(text, match.start()), text[match.end() : match.end() + 16]
        near = re.split(r"[，,、:]", before)[-1]
        if match.group("fold"):
            role = "fold"
        elif _CAP.search(near) and not _SPAN_AFTER.match(after):
            role = "cap"
        elif _SPAN_AFTER.match(after) or _OVER.search(near):
            role = "threshold"
        else:
            role = "share"
        found.append(Rate(value, role, match.start(), match.end()))
    return found


def _rate(match: re.Match[str]) -> Decimal | None:
    if match.group("figure"):
        return Decimal(match.group("figure").replace(",", "")) / (100 if match.group("sign") == "%" else 1000)
    if match.group("fold"):
        return Decimal(match.group("fold").replace(",", ""))
    if match.group("low"):
        high, low = number(match.group("high")), number(match.group("low"))
        return (high / low).quantize(Decimal("0.000001")).normalize() if high and low else None
    whole, _, part = (match.group("hundred") or match.group("thousand")).partition("点")
    value = number(whole)
    if value is None or (part and number(part) is None):
        return None
    if part:
        value += Decimal(f"0.{number(part)}")
    return value / (100 if match.group("hundred") else 1000)
