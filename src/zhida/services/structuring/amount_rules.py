"""What a clause gives, as a rule that packs compute: a sum, a share of a fact, a sum per unit, a table of bands, a cap.

A rule is made only where it accounts for every sum and rate of the clause; a clause that says more stays a proposal
with its figures. What the dictionary does not hold (how many months, how much was spent) the form asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from zhida.services.structuring.amounts import Amount, Rate
from zhida.services.structuring.bands import Band
from zhida.services.structuring.facts import Facts
from zhida.services.structuring.outline import Clause


@dataclass(frozen=True)
class Question:
    """What the form asks for a rule: its name, kind, unit, its words, and the values of a closed list with theirs."""

    name: str
    kind: str
    unit: str
    words: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class AmountRule:
    """`feel` is in fen, over facts, questions and the rows of its table. A row is (cell, gives); `by` is the expression
    that the cells read, `hit` the table's policy. `shape` is fixed, share, per_unit, cap
    or bands."""

    shape: str
    feel: str
    cites: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    by: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    hit: str = ""


@dataclass(frozen=True)
class Sums:
    """All sums, rates and bands of one clause, and its plain words."""

    clause: Clause
    text: str
    amounts: tuple[Amount, ...]
    rates: tuple[Rate, ...]
    bands: tuple[Band, ...]
    facts: Facts = field(compare=False)


TABLE = "{table}"
_BASE = re.compile(r"(?:按照?|按其|给予(?:其)?|对其?|标准为)(?:其|企业|该企业)?(?P<base>[^，。；;:按]{2,30}?)的?\s*$")
_UNITS = {
    "人": ("persons", "人数"),
    "名": ("persons", "人数"),
    "位": ("persons", "人数"),
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
_ONE = ("年", "年度", "自然年", "自然年度", "单位", "机构", "项目")
_GIVES = re.compile(r"给予|补贴|补助|奖励|资助|发放|津贴|支持")
_BUDGET = re.compile(r"安排|经费支持|贷款|合计|包括")
_LEVELS = re.compile(r"级|奖|型|类|等|区|居民|职工|^[A-Z]")
_ABOVE = re.compile(r"(?:超过|达到|不低于|不少于|以上)")
_DOUBT = re.compile(
    r"其中|员工个人|个人因|低于补贴标准|孰低|差额|首次|累计|每增加|再给予|额外|除|上不封顶|期限|最长|连续|不超过\s*\d+\s*个月"
)


def rule_of(sums: Sums) -> AmountRule | None:
    """The rule that accounts for every sum and rate of a clause; None where none does, or where words such as 其中,
    额外 or 每增加 speak of more cases than one."""
    if _DOUBT.search(sums.text) or any(each.currency != "CNY" for each in sums.amounts):
        return None
    makers: tuple[Callable[[Sums], AmountRule | None], ...] = (_fixed, _by_level, _share, _per_unit, _at_most)
    return next((rule for make in makers if (rule := make(sums)) is not None), None)


def _fixed(sums: Sums) -> AmountRule | None:
    """One sum; a threshold beside it belongs to the case, which the item asks a person about."""
    given = [each for each in sums.amounts if each.role != "threshold"]
    is_one = len(given) == 1 and given[0].role == "fixed" and not sums.rates and not sums.bands
    return AmountRule("fixed", str(given[0].fen), (sums.clause.anchor,)) if is_one else None


def _at_most(sums: Sums) -> AmountRule | None:
    """最高500万元 and no more: what is claimed, up to the cap."""
    cap = _cap(sums)
    if not cap or len(sums.amounts) != 1 or sums.rates or _BUDGET.search(sums.text):
        return None
    question = Question(f"claimed_{_name(sums.clause)}_fen", "number", "fen", "申请金额（元）")
    return AmountRule("cap", _capped(question.name, cap), (sums.clause.anchor,), (question,))


def _cap(sums: Sums) -> int | None:
    """The one bound of the whole sum in fen, 0 where there is none; None where there are several, or one per unit."""
    caps = [each for each in sums.amounts if each.role == "cap"]
    if any(set(each.per) - {*_ONE, "企业", "家", "人", "户"} for each in caps) or len(caps) > 1:
        return None
    return caps[0].fen if caps else 0


def _capped(feel: str, cap: int) -> str:
    return f"min({feel}, {cap})" if cap else feel


def _share(sums: Sums) -> AmountRule | None:
    """按其研发费用的10%给予奖励，最高100万元."""
    others = [each for each in sums.amounts if each.role != "cap"]
    cap = _cap(sums)
    if len(sums.rates) != 1 or sums.rates[0].role != "share" or others or cap is None:
        return None
    rate = sums.rates[0]
    base = _BASE.search(sums.text[: rate.start])
    if base is None or rate.value >= 1:
        return None
    words = base.group("base")
    said = sums.facts.of_number(words, "元", "last_year" if re.search(r"上一?年", sums.text[: rate.start]) else "")
    if said.attribute is not None and said.confidence >= 50 and not said.is_foreign:
        return AmountRule("share", _capped(f"floor({said.feel} * {rate.value})", cap), (sums.clause.anchor,))
    question = Question(f"base_{_name(sums.clause)}_fen", "number", "fen", f"{words}（元）")
    return AmountRule(
        "share", _capped(f"floor({question.name} * {rate.value})", cap), (sums.clause.anchor,), (question,)
    )


def _per_unit(sums: Sums) -> AmountRule | None:
    """每人每月800元，最高不超过50万元."""
    each_one = [each for each in sums.amounts if each.role == "per_unit"]
    others = [each for each in sums.amounts if each.role not in ("per_unit", "cap")]
    cap = _cap(sums)
    if len(each_one) != 1 or others or sums.rates or cap is None or not _GIVES.search(sums.text):
        return None
    counted = [unit for unit in each_one[0].per if unit not in _ONE]
    if any(unit not in _UNITS for unit in counted):
        return None
    if not counted or (counted in (["家"], ["企业"]) and re.search(r"每(?:家|个企业)", sums.text)):
        return AmountRule("per_unit", _capped(str(each_one[0].fen), cap), (sums.clause.anchor,))
    questions = tuple(
        Question(f"{_UNITS[unit][0]}_{_name(sums.clause)}", "number", "", f"符合条件的{_UNITS[unit][1]}")
        for unit in counted
    )
    feel = " * ".join([str(each_one[0].fen), *(question.name for question in questions)])
    return AmountRule("per_unit", _capped(f"floor({feel})", cap), (sums.clause.anchor,), questions)


def _by_level(sums: Sums) -> AmountRule | None:
    """国家级、省级、市级分别给予300万元、200万元、50万元; each case its row."""
    given = [each.fen for each in sums.bands]
    is_whole = len(sums.bands) == len(sums.amounts) >= 2 and not sums.rates and sums.text.count("分别") == 1
    if not is_whole or any(fen is None for fen in given) or not all(_LEVELS.search(band.case) for band in sums.bands):
        return None
    if len({band.case for band in sums.bands}) < len(sums.bands):
        return None
    name = f"kind_{_name(sums.clause)}"
    values = tuple((f"{name}_{number}", band.case) for number, band in enumerate(sums.bands, start=1))
    question = Question(name, "text", "", "属于下列哪一种情形", values)
    rows = tuple((value, str(fen)) for (value, _), fen in zip(values, given, strict=True))
    return AmountRule("bands", TABLE, (sums.clause.anchor,), (question,), name, rows, "unique")


def bands_below(clause: Clause, points: Sequence[Sums]) -> AmountRule | None:
    """The points of a list that each give a sum for a stretch of one fact (500万(含)至5000万元的，奖励300万元), as a
    table; None where one of them says anything else, or stretches overlap or leave a gap."""
    if len(points) < 2 or any(each.currency != "CNY" for point in points for each in point.amounts):
        return None
    rows = [_stretch(point) for point in points]
    if any(row is None for row in rows):
        return None
    found = [row for row in rows if row is not None]
    names = {name for name, *_ in found}
    if len(names) != 1 or not names.copy().pop():
        return None
    stretches = sorted((low, high, gives, has_low) for _, low, high, gives, has_low in found)
    is_open = [high is None for _, high, _, _ in stretches]
    if not all(is_open) and not all(high == then for (_, high, _, _), (then, _, _, _) in pairwise(stretches)):
        return None
    name = f"base_{_name(clause)}_fen"
    question = Question(name, "number", "fen", f"{names.pop()}（元）")
    cells = [
        (f">= {low}" if high is None else f"[{low}..{high})", str(gives)) for low, high, gives, _ in reversed(stretches)
    ]
    if not all(has_low for *_, has_low in stretches):
        return None
    anchors = tuple(point.clause.anchor for point in points)
    return AmountRule("bands", TABLE, anchors, (question,), name, tuple(cells), "first")


def _stretch(point: Sums) -> tuple[str, int, int | None, int, bool] | None:
    """(fact, low, high, gives, whether low is included) of one point; None where it says anything else."""
    limits = [each for each in point.amounts if each.role in ("band", "threshold")]
    given = [each for each in point.amounts if each.role == "fixed"]
    if len(given) != 1 or len(limits) not in (1, 2) or len(limits) + 1 != len(point.amounts) or point.rates:
        return None
    before = re.sub(r"(?:超过|达到|不低于|不少于|在|为)+\s*$", "", point.text[: limits[0].start]).strip()
    behind = point.text[limits[0].end : limits[0].end + 8]
    is_included = bool(re.match(r"\s*\(含", behind) or "含" in point.text[limits[0].start : limits[0].end])
    is_included = is_included or bool(re.match(r"\s*以上", behind))
    high = limits[1].fen if len(limits) == 2 else None
    if high is None and not (
        _ABOVE.search(point.text[: limits[0].start]) or re.match(r"\s*(?:\(含[^)]*\))?\s*以上", behind)
    ):
        return None
    return before.rpartition("，")[2], limits[0].fen, high, given[0].fen, is_included


def _name(clause: Clause) -> str:
    return clause.anchor.replace("-", "_")
