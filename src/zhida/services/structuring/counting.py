"""What a sum for each is multiplied with: persons, months, square metres, each asked in the form and bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhida.services.structuring.amounts import Amount
from zhida.services.structuring.sums import Question, Sums
from zhida.services.structuring.terms import Term

UNITS = {
    "人": ("persons", "人数"),
    "名": ("persons", "人数"),
    "位": ("persons", "人数"),
    "生": ("persons", "人数"),
    "月": ("months", "月数"),
    "天": ("days", "天数"),
    "日": ("days", "天数"),
    "平方米": ("square_metres", "平方米数"),
    "㎡": ("square_metres", "平方米数"),
    "家": ("firms", "家数"),
    "企业": ("firms", "家数"),
    "户": ("households", "户数"),
    "件": ("pieces", "件数"),
    "项": ("pieces", "项数"),
    "个": ("pieces", "个数"),
    "台": ("pieces", "台数"),
    "次": ("times", "次数"),
    "人次": ("times", "人次"),
    "餐": ("meals", "餐数"),
    "亩": ("mu", "亩数"),
    "吨": ("tonnes", "吨数"),
}
ONE = ("年", "年度", "自然年", "自然年度", "单位", "机构", "项目")
"""Units of which whoever applies is or has but one."""
_PERSONS = ("人", "名", "位", "生")
_BY_TIME = {"次": "人次", "餐": "人次", "人次": "人次"}
_GIVES = re.compile(r"给予|补贴|补助|奖励|资助|发放|津贴|支持")
_GIVEN_BEFORE = re.compile(r"(?:给予|奖励|资助|补助|补贴|发放|配套|支付)[^，。；;\d]{0,14}$")
_GIVEN_BEHIND = re.compile(r"^[^，。；;\d]{0,12}(?:奖励|资助|补助|补贴|奖金|支持|扶持)")
_YEAR = 12


@dataclass(frozen=True)
class Counted:
    """The factors beside the sum for each, in FEEL, and the questions that they read; `every` and `times` where it is
    paid in parts."""

    factors: tuple[str, ...]
    questions: tuple[Question, ...]
    every: str = ""
    times: int = 0


def counted_by(sums: Sums, per: tuple[str, ...], *, term: Term | None, has_cap: bool) -> Counted | None:
    """What 每人每月 counts; None where one of the units is not known. With a term it is paid month by month, unless a
    yearly bound makes it a sum of the year."""
    units = [unit for unit in per if unit not in ONE]
    if any(unit not in UNITS for unit in units):
        return None
    by_time = [_BY_TIME[unit] for unit in units if unit in _BY_TIME]
    if sums.is_own or by_time:
        units = [unit for unit in units if unit not in _PERSONS]
    if by_time and not sums.is_own:
        units = [_BY_TIME.get(unit, unit) for unit in units]
    every, times, months = _in_parts(term, has_cap=has_cap) if "月" in units else ("", 0, "")
    if every == "month":
        units = [unit for unit in units if unit != "月"]
    asked = {
        unit: Question(f"{UNITS[unit][0]}_{sums.name}", "number", "", f"符合条件的{UNITS[unit][1]}") for unit in units
    }
    factors = tuple(
        f"min({question.name}, {months})" if unit == "月" and months else _bounded(sums, unit, question.name)
        for unit, question in asked.items()
    )
    return Counted(factors, tuple(asked.values()), every, times)


def _in_parts(term: Term | None, *, has_cap: bool) -> tuple[str, int, str]:
    """In what parts a monthly sum is paid, in how many, and how many months count in one of them."""
    if term is None:
        return "", 0, ""
    if not has_cap:
        return "month", term.months, ""
    if term.months > _YEAR and term.months % _YEAR == 0:
        return "year", term.months // _YEAR, str(_YEAR)
    return "", 0, str(term.months)


def _bounded(sums: Sums, unit: str, name: str) -> str:
    """单个企业最多申报5人, 补贴面积不超过500平方米."""
    match = re.search(
        r"(?:最多(?:可)?(?:申报|补贴|补助|资助|奖励|支持)?(?:不超过)?|(?:申报|补贴|补助|资助|奖励|支持)(?:面积|人数|数量|天数|次数|餐数)"
        rf"(?:最多|最高)?不超过)\s*(\d+)\s*{re.escape(unit)}",
        sums.text,
    )
    return f"min({name}, {match[1]})" if match else name


def whole_cap(sums: Sums) -> int | None:
    """The one bound of the whole sum in fen, 0 where there is none; None where there are several, or one per unit."""
    caps = [each for each in sums.amounts if each.role == "cap"]
    if any(set(each.per) - {*ONE, "企业", "家", "人", "户"} for each in caps) or len(caps) > 1:
        return None
    return caps[0].fen if caps else 0


def capped(feel: str, cap: int) -> str:
    """An expression that is never more than a cap; 0 is none."""
    return f"min({feel}, {cap})" if cap else feel


def gives(text: str, amount: Amount | None = None) -> bool:
    """Whether words give something; with a sum, whether they give that sum."""
    if amount is None:
        return bool(_GIVES.search(text))
    return bool(_GIVEN_BEFORE.search(text[: amount.start]) or _GIVEN_BEHIND.search(text[amount.end :]))
