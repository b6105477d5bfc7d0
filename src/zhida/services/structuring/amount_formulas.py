"""Sums that go by what another document sets: a product of heads, months and a standard, interest, a rate of a base."""

from __future__ import annotations

import re

from zhida.services.structuring.characters import FIGURE
from zhida.services.structuring.counting import capped, whole_cap
from zhida.services.structuring.facts import digest_of
from zhida.services.structuring.sums import AmountRule, Question, Standard, Sums
from zhida.services.structuring.terms import term_in

STANDARD = "standard_"
"""How the parameters begin that are made of a document's words."""
_PRODUCT = re.compile(r"(?:金额|标准|补贴|补助|资金|待遇)\s*=\s*(?P<product>[^，。；;=+]{4,80})")
_TIMES = re.compile(r"\s*[×*✕xX]\s*")
_IS_STANDARD = re.compile(r"标准|基准|最低工资|平均工资|利率")
_INTEREST = re.compile(r"(?P<what>[^，。；;按]{0,8}贷款基准利率)的?\s*$")
_BASE_IS = re.compile(r"(?P<name>[^，。；;]{0,10}基数)为(?P<base>[^，。；;]{2,30})，[^。；;]*?费率[^。；;\d]*$")
_ONE_PLACE = re.compile(r"^(?:本|全|当地|所在)?[省市区县]?(?:的)?")


def formula(sums: Sums) -> AmountRule | None:
    """救助金额=家庭人数×每月最低生活保障标准×救助月数: standards become parameters to fill in, the rest is asked."""
    match = _PRODUCT.search(sums.text)
    if match is None or sums.amounts or sums.rates:
        return None
    factors = [each.strip() for each in _TIMES.split(match["product"])]
    if len(factors) < 2 or not all(factors) or any("-" in each or "/" in each or "÷" in each for each in factors):
        return None
    asked, standards, told = list[Question](), list[Standard](), list[str]()
    for number, words in enumerate(factors, start=1):
        if re.fullmatch(FIGURE, words):
            told.append(words)
        elif _IS_STANDARD.search(words):
            standards.append(_standard(words, "fen"))
            told.append(f"parameters.{standards[-1].name}")
        else:
            asked.append(Question(f"factor_{sums.name}_{number}", "number", "", words))
            told.append(asked[-1].name)
    if not standards or "利率" in match["product"]:
        return None
    feel = f"floor({' * '.join(told)})"
    return AmountRule("formula", feel, (sums.clause.anchor,), tuple(asked), standards=tuple(standards))


def _standard(words: str, unit: str) -> Standard:
    name = _ONE_PLACE.sub("", words) if unit else words
    return Standard(f"{STANDARD}{digest_of(name, 'number', unit)}", name, unit)


def interest(sums: Sums) -> AmountRule | None:
    """按贷款基准利率的100%给予贴息，贴息时间最长不超过1年，不超过100万元: principal, a rate to fill in, months."""
    cap, term = whole_cap(sums), term_in(sums.text)
    if len(sums.rates) != 1 or sums.rates[0].value > 1 or cap is None or len(sums.amounts) != bool(cap):
        return None
    match = _INTEREST.search(sums.text[: sums.rates[0].start])
    if match is None or "贴息" not in sums.text:
        return None
    rate = _standard(re.sub(r"^.*(?=贷款基准利率)", "", match["what"]), "")
    principal = Question(f"principal_{sums.name}_fen", "number", "fen", "贷款本金（元）")
    months = Question(f"months_{sums.name}", "number", "", "贷款月数")
    count = f"min({months.name}, {term.months})" if term else months.name
    share = "" if sums.rates[0].value == 1 else f" * {sums.rates[0].value}"
    feel = f"floor({principal.name} * parameters.{rate.name}{share} * {count} / 12)"
    return AmountRule(
        "formula", capped(feel, cap), (sums.clause.anchor,), (principal, months), standards=(rate,)
    )  # fmt: skip


def contribution(sums: Sums) -> AmountRule | None:
    """缴费基数为本年度的缴费基数，费率为0.15%."""
    if len(sums.rates) != 1 or sums.amounts:
        return None
    match = _BASE_IS.search(sums.text[: sums.rates[0].start])
    if match is None or sums.rates[0].value >= 1:
        return None
    base = Question(f"base_{sums.name}_fen", "number", "fen", f"{match['base'].strip()}（元）")
    return AmountRule("share", f"floor({base.name} * {sums.rates[0].value})", (sums.clause.anchor,), (base,))
