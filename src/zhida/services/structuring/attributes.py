"""Which attribute of the dictionary a phrase means: by its exact name first, then by synonyms; else a new one.

Synonyms are the words of the trade for a name that dictionaries use; they name no place and no programme. What no
attribute fits is proposed as a new one, with the office that most likely holds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhida.domain.packs import Attribute, Dictionary
from zhida.domain.values import SubjectKind

_SYNONYMS = [
    (r"营业(?:总)?收入|主营业务收入|营收", "营业收入"),
    (r"(?:年度)?销售额", "销售额"),
    (r"纳税(?:总)?额|缴纳税(?:款|收)|纳税", "纳税额"),
    (r"经济贡献|财政贡献", "地方经济贡献"),
    (r"研发(?:费用|投入|经费)", "研发费用"),
    (r"资产总额|总资产", "资产总额"),
    (r"从业人(?:员|数)|职工人数|员工(?:人数|总数)|用工人数", "从业人员数"),
    (r"参保(?:人数|职工)", "参保人数"),
    (r"周岁|年龄|年满", "年龄"),
    (r"(?<!发明)专利申请", "专利申请量"),
    (r"裁员率", "裁员率"),
    (r"户籍", "户籍地"),
    (r"(?:居住证)", "居住证有效"),
    (r"严重(?:违法)?失信|失信(?:惩戒|被执行|联合惩戒)|违法失信", "列入严重失信主体名单"),
    (r"经营异常", "经营状态正常"),
    (r"拖欠(?:职工|农民工)?工资|欠薪", "拖欠工资"),
    (r"高新技术企业", "高新技术企业资格"),
    (r"注册(?:成立)?(?:满|时间|年限)|成立(?:满|时间|年限)", "成立日期"),
    (r"金融资产|存款", "金融资产"),
    (r"机动车", "机动车数"),
]
_HOLDERS = [
    (r"税|财务报表|发票", "税务"),
    (r"社会保险|社保|参保|就业|劳动合同|工资", "人力资源"),
    (r"医疗|医保|长护险|护理", "医疗保障"),
    (r"注册|登记|营业执照|法人|成立|食品经营|经营异常", "市场监督"),
    (r"专利|知识产权|商标", "知识产权"),
    (r"高新技术|科技|研发|创新|孵化", "科学技术"),
    (r"规上|规模以上|统计|营业收入|销售额|产值", "统计"),
    (r"工业|制造|技改|专精特新|信息化", "工业"),
    (r"户籍|居住证|居住|出生|周岁|违法犯罪|机动车", "公安"),
    (r"老年|低保|最低生活|救助|特困|残疾|孤儿|家庭|收入|婚", "民政"),
    (r"失信|信用", "信用"),
    (r"学历|学位|毕业|高校|在读", "教育"),
    (r"贸易|进出口|零售|商贸|外资", "商务"),
    (r"投资|项目备案|立项", "发展和改革"),
]
_UNITS = {
    "fen": {"元"}, "persons": {"人", "名"}, "years": {"周岁", "岁", "年"}, "months": {"个月", "个自然月", "年"},
    "pieces": {"件", "个", "项", "台"}, "points": {"分"}, "": {"%", "‰", "倍"},
}  # fmt: skip
_LEADING = re.compile(r"^(?:足额缴纳|实缴|年末|家庭|年|现|月)")


@dataclass(frozen=True)
class Match:
    """An attribute that a phrase means; `confidence` in hundredths, `why`: named_exactly, named_partly, synonym;
    `length` is how many characters of the phrase say so."""

    attribute: Attribute
    confidence: int
    why: str
    length: int


def attribute_meant(
    phrase: str, unit: str, dictionary: Dictionary, audience: SubjectKind, kind: str = "number"
) -> Match | None:
    """The attribute that a phrase names, of a kind and with a unit that fits what it is compared with; None where there
    is none. Of two that fit equally well neither is taken."""
    found: list[tuple[int, int, str, Match]] = []
    for name, attribute in sorted(dictionary.attributes.items()):
        if audience not in attribute.audience or attribute.fact.kind != kind or not _fits(attribute, unit):
            continue
        label = attribute.words.get("zh", "")
        short = _LEADING.sub("", label)
        if label and label in phrase:
            found.append((3, len(label), name, Match(attribute, 92, "named_exactly", len(label))))
        elif len(short) >= 3 and short in phrase:
            found.append((2, len(short), name, Match(attribute, 85, "named_partly", len(short))))
        elif length := synonym_length(label, phrase):
            found.append((1, length, name, Match(attribute, 75, "synonym", length)))
    found.sort(key=lambda each: (-each[0], -each[1], each[2]))
    if len(found) > 1 and found[0][:2] == found[1][:2]:
        return None
    return found[0][3] if found else None


def _fits(attribute: Attribute, unit: str) -> bool:
    return not unit or unit in _UNITS.get(attribute.fact.unit, set())


def synonym_length(label: str, phrase: str) -> int:
    """How many characters of a phrase are words of the trade for a name; 0 for none."""
    lengths = [
        len(match.group(0))
        for pattern, word in _SYNONYMS
        if word in label and (match := re.search(pattern, phrase)) is not None
    ]
    return max(lengths, default=0)


def likely_holder(phrase: str, dictionary: Dictionary, near: str = "") -> tuple[str, str]:
    """The office of the dictionary that most likely holds a fact (the one nearest above or at the region `near`), and
    the line of work that says so; "" where nothing does."""
    for pattern, work in _HOLDERS:
        if not re.search(pattern, phrase):
            continue
        offices = [slug for slug, office in dictionary.offices.items() if work in office.words.get("zh", "")]
        offices.sort(key=lambda slug: (dictionary.offices[slug].region != near, slug))
        return (offices[0] if offices else "", work)
    return "", ""
