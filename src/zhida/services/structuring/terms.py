"""For how long a benefit is given, and up to what was really spent: 补贴期限最长不超过3年, 不超过企业实际支出."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhida.services.structuring.characters import FIGURE, NUMERALS, number

_COUNT = rf"(?P<count>{FIGURE}|[{NUMERALS}]{{1,3}})\s*(?P<unit>年|个月)"
_GIFT = "补贴|补助|贴息|资助|奖励|奖补|待遇|支持|扶持|救助|津贴"
_TERMS = (
    re.compile(rf"(?:(?:{_GIFT})[^，。；;、\d]{{0,4}})?(?:期限|年限|时间|时长)[^，。；;\d{NUMERALS}]{{0,10}}{_COUNT}"),
    re.compile(rf"(?:连续|累计)\s*{_COUNT}(?=\s*(?:\([^)]*\))?\s*(?:的?(?:{_GIFT})|，|给予|按|享受|每年|予以|发放|$))"),
    re.compile(rf"(?<=，)\s*(?:共|为期)?\s*{_COUNT}\s*$"),
    re.compile(rf"不超过\s*{_COUNT}的(?=[^，。；;]{{0,6}}(?:{_GIFT}))"),
)
_SPENT = (
    re.compile(
        r"(?:企业|单位|个人|申请人)?(?P<paid>实际[^，。；;]{2,12})低于[^，。；;]{2,8}的，按照?其?实际[^，。；;]{2,12}"
        r"(?:进行|给予|予以)?(?:补贴|补助|资助|奖励|支付|计算)"
    ),
    re.compile(
        r"[^，。；;\d]{0,16}不得?超过(?:企业|单位|申请人|个人|其)*(?P<paid>实际(?:支出|支付|发生|缴纳)[^，。；;\d]{0,8})"
    ),
)


@dataclass(frozen=True)
class Term:
    """So many months at most, said in years or in months, at [start, end) of the text."""

    months: int
    in_years: bool
    start: int
    end: int


@dataclass(frozen=True)
class Bound:
    """What was really paid bounds the sum: its words, at [start, end) of the text."""

    words: str
    start: int
    end: int


def term_in(text: str) -> Term | None:
    """The one term that a text says; None where it says none, or several that differ."""
    found = [_term(match) for form in _TERMS for match in form.finditer(text)]
    told = [each for each in found if each is not None]
    return told[0] if told and len({each.months for each in told}) == 1 else None


def _term(match: re.Match[str]) -> Term | None:
    count = number(match["count"])
    if not count or count != int(count):
        return None
    in_years = match["unit"] == "年"
    return Term(int(count) * (12 if in_years else 1), in_years, match.start(), match.end())


def spent_in(text: str) -> Bound | None:
    """That no more is paid than was really spent; None where a text does not say so, or says it of one kind only."""
    for form in _SPENT:
        match = form.search(text)
        if match is not None and not re.search(r"[型类]", match.group(0)):
            words = re.sub(r"(?:的|金额|进行)+$", "", match["paid"])
            return Bound(words, match.start(), match.end())
    return None


def without(text: str, *places: Term | Bound | None) -> str:
    """A text of the same length with those words blank."""
    for each in places:
        if each is not None:
            text = f"{text[: each.start]}{' ' * (each.end - each.start)}{text[each.end :]}"
    return text
