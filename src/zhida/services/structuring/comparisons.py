"""Comparisons in a text: what is compared, how, with which figure and unit, and whether the bound is included.

以上, 以下, 以内 and 届满 include the figure, 不满, 超过 and 以外 do not: Civil Code of the PRC, article 1259. 含本数
and 不含本数 in brackets, and a clause of the document itself, say it outright.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from zhida.services.structuring.characters import FIGURE, MULTIPLIER, NUMERALS, number

_UNIT = (
    "周岁|岁|个工作日|工作日|个自然月|个月|个自然年度|个自然年|年|个日历日|日|天|平方米|㎡|亩|万人次|人次|人|名|个|家|户|件|项|次|倍|吨|台|张|分|%|‰|学分"
    "|美元|港元|元|级"
)
_OPERATORS = {
    "不低于": ">=", "不少于": ">=", "不小于": ">=", "至少": ">=", "最低": ">=", "达到": ">=", "达": ">=", "年满": ">=",
    "已满": ">=", "届满": ">=", "满": ">=", "≥": ">=", "不高于": "<=", "不超过": "<=", "不得超过": "<=", "不大于": "<=",
    "不多于": "<=", "≤": "<=", "超过": ">", "高于": ">", "大于": ">", "多于": ">", ">": ">", "低于": "<", "少于": "<",
    "小于": "<", "不足": "<", "未满": "<", "不满": "<", "未逾": "<", "<": "<",
}  # fmt: skip
_AFTER = {"以上": ">=", "以下": "<=", "以内": "<=", "之后": ">=", "之前": "<="}
_WORDS = "|".join(sorted(_OPERATORS, key=len, reverse=True))
_INCLUDED = r"\(\s*(?P<{0}>不?含)[^)]{{0,12}}\)"
_COMPARISON = re.compile(
    rf"(?P<operator>{_WORDS})?\s*(?:人民币)?(?:(?P<figure>{FIGURE})|(?P<words>[{NUMERALS}]{{1,8}}))\s*(?P<times>{MULTIPLIER})?\s*"
    rf"(?P<unit>{_UNIT})(?P<incl>{_INCLUDED.format('first')})?\s*(?:及|或|\(?含\)?)?(?P<after>以上|以下|以内)?"
    rf"(?P<incl2>{_INCLUDED.format('second')})?"
)
_RANGE = re.compile(
    rf"(?P<low>{FIGURE})\s*(?P<times>{MULTIPLIER})?\s*(?P<unit>{_UNIT})?(?:{_INCLUDED.format('first')})?\s*(?:至|到|-|~|—)+\s*"
    rf"(?P<high>{FIGURE})\s*(?P<times2>{MULTIPLIER})?\s*(?P<unit2>{_UNIT})(?:{_INCLUDED.format('second')})?"
)
_BOUNDARY = re.compile(r"[，。；;:、？！\n]|(?<!年)且|并且|或者|以及|(?:^|\s)\S{1,3}[.)]")
_LAST_YEAR = re.compile(r"上一?(?:个)?(?:自然|会计|统计)?年度|去年|上年|前一年")
_THIS_YEAR = re.compile(r"当年度?|本年度|本年|申报年度|当年")


@dataclass(frozen=True)
class Comparison:
    """One comparison. `subject` are the words before it in its part of the sentence; `operator` is >=, >, <=, <;
    `value` is in `unit` (元 not 万元). `period` is last_year, this_year or "". `is_bound_said` tells that the text says
    whether the figure is included; [start, end) is from the operator to the figure's end."""

    subject: str
    operator: str
    value: Decimal
    unit: str
    period: str
    is_bound_said: bool
    start: int
    end: int


def comparisons_in(text: str) -> list[Comparison]:
    """Every comparison in a text of plain characters, in order; a mere figure is none."""
    found = []
    for match in _COMPARISON.finditer(text):
        operator = match.group("operator") or ""
        after = match.group("after") or ""
        if not operator and not after:
            continue
        value = number(match.group("figure") or match.group("words"), match.group("times") or "")
        if value is None:
            continue
        said = match.group("first") or match.group("second") or ""
        subject = _subject(text, match.start())
        found.append(
            Comparison(
                subject=subject,
                operator=_operator(operator, after, said),
                value=value / 100 if match.group("unit") == "%" else value,
                unit=match.group("unit"),
                period=_period(subject),
                is_bound_said=bool(said),
                start=match.start(),
                end=match.end(),
            )
        )
    return found


def _operator(word: str, after: str, said: str) -> str:
    """The operator; 以上 behind 达到 or 超过 is the stronger word, 含 and 不含 the last."""
    sign = _AFTER.get(after) or _OPERATORS[word]
    if word in ("不满", "未满", "低于", "少于", "小于", "不足") and not after:
        sign = "<"
    if said:
        sign = sign[0] + ("=" if said == "含" else "")
    return sign


def _subject(text: str, start: int) -> str:
    """The words before a place, back to the last break of the sentence; behind a mere break the part before it."""
    begin = 0
    for match in _BOUNDARY.finditer(text, 0, start):
        begin = match.end()
    return text[begin:start].strip()


def _period(subject: str) -> str:
    if _LAST_YEAR.search(subject):
        return "last_year"
    return "this_year" if _THIS_YEAR.search(subject) else ""
