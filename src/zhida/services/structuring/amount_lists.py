"""The points of a list as one table: a sum for each stretch of a fact, or a share by kind and by growth at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from zhida.services.structuring.amount_cases import ladder
from zhida.services.structuring.outline import Clause
from zhida.services.structuring.sums import TABLE, AmountRule, Question, Sums

_CURRENCIES = {"USD": "美元", "HKD": "港元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元"}
_ABOVE = re.compile(r"(?:超过|达到?|不低于|不少于|以上)")
_REACHES = re.compile(r"(?:达到?|不低于|不少于)\s*$")


def bands_below(clause: Clause, points: Sequence[Sums]) -> AmountRule | None:
    """The points of a list that each give a sum for a stretch of one fact (500万(含)至5000万元的，奖励300万元), as a
    table; None where one of them says anything else, or stretches overlap or leave a gap."""
    return stretches(clause.anchor.replace("-", "_"), points, tuple(point.clause.anchor for point in points))


def stretches(name: str, points: Sequence[Sums], anchors: tuple[str, ...]) -> AmountRule | None:
    """The same of the points of a list or of the parts of a sentence, with what the names made for it end with and the
    clauses that it cites."""
    limits = {each.currency for point in points for each in point.amounts if each.role in ("band", "threshold")}
    given_in = {each.currency for point in points for each in point.amounts if each.role == "fixed"}
    if len(points) < 2 or len(limits) != 1 or given_in != {"CNY"}:
        return None
    (currency,) = limits
    rows = [_stretch(point) for point in points]
    if any(row is None for row in rows):
        return None
    found = [row for row in rows if row is not None]
    words = min((fact for fact, *_ in found), key=len)
    if not words or not all(fact.endswith(words) for fact, *_ in found):
        return None
    told = sorted((low, high, given, has_low) for _, low, high, given, has_low in found)
    is_open = [high is None for _, high, _, _ in told]
    if not all(is_open) and not all(high == then for (_, high, _, _), (then, _, _, _) in pairwise(told)):
        return None
    question = Question(f"base_{name}_fen", "number", "fen", f"{words}（元）")
    if currency != "CNY":
        question = Question(f"base_{name}", "number", "", f"{words}（{_CURRENCIES.get(currency, currency)}）")
        told = [(low // 100, high and high // 100, given, has_low) for low, high, given, has_low in told]
    cells = [
        (f">= {low}" if high is None else f"[{low}..{high})", str(given)) for low, high, given, _ in reversed(told)
    ]
    if not all(has_low for *_, has_low in told):
        return None
    return AmountRule("bands", TABLE, anchors, (question,), (question.name,), tuple(cells), "first")


def _stretch(point: Sums) -> tuple[str, int, int | None, int, bool] | None:
    """(fact, low, high, gives, whether low is included) of one point; None where it says anything else."""
    limits = [each for each in point.amounts if each.role in ("band", "threshold")]
    given = [each for each in point.amounts if each.role == "fixed"]
    if len(given) != 1 or len(limits) not in (1, 2) or len(limits) + 1 != len(point.amounts) or point.rates:
        return None
    words = point.text[: limits[0].start].strip()
    before = re.sub(r"(?:超过|达到|不低于|不少于|达|在|为)+\s*$", "", words).strip()
    behind = point.text[limits[0].end : limits[0].end + 8]
    is_included = bool(re.match(r"\s*\(含", behind) or "含" in point.text[limits[0].start : limits[0].end])
    is_included = is_included or bool(re.match(r"\s*以上", behind)) or bool(_REACHES.search(words))
    high = limits[1].fen if len(limits) == 2 else None
    if high is None and not (
        _ABOVE.search(point.text[: limits[0].start]) or re.match(r"\s*(?:\(含[^)]*\))?\s*以上", behind)
    ):
        return None
    return before.rpartition("，")[2], limits[0].fen, high, given[0].fen, is_included


def ladders_below(
    clause: Clause, points: Sequence[Sums], codes: Sequence[tuple[str, tuple[str, ...]]] = ()
) -> AmountRule | None:
    """The points of a list that each give shares of one base by how much something has grown (批发企业…增长达到10%、16%
    的，分别按…), as one table of kind and growth; None where one of them says anything else. `codes` are, for each
    point, the fact and its codes that tell its kind, where the conditions in its words say them; else the form asks."""
    rules = [ladder(point) for point in points]
    if len(points) < 2 or any(rule is None for rule in rules):
        return None
    told = [rule for rule in rules if rule is not None]
    if len({rule.questions[1].words for rule in told}) > 1:
        return None
    name = clause.anchor.replace("-", "_")
    kind, by, cells = _kinds(name, points, codes)
    if len({*cells}) < len(cells) or not all(cells):
        return None
    words = "或".join(dict.fromkeys(rule.questions[0].words.partition("（")[0] for rule in told))
    growth = replace(told[0].questions[0], name=f"growth_{name}", words=f"{words}（写成小数，10%是0.1）")
    base = replace(told[0].questions[1], name=f"base_{name}_fen")
    rows = tuple((cell, *row) for cell, rule in zip(cells, told, strict=True) for row in rule.rows)
    anchors = tuple(point.clause.anchor for point in points)
    feel = f"floor({base.name} * {TABLE})"
    return AmountRule("bands", feel, anchors, (*kind, growth, base), (by, growth.name), rows, "first")


def _kinds(
    name: str, points: Sequence[Sums], codes: Sequence[tuple[str, tuple[str, ...]]]
) -> tuple[tuple[Question, ...], str, list[str | tuple[str, ...]]]:
    """What tells the kinds apart: the question that asks, if any, the column, and the cell of each point."""
    told = [code for _, found in codes for code in found]
    if len(codes) == len(points) and len({fact for fact, _ in codes}) == 1 and len({*told}) == len(told):
        return (), codes[0][0], [found if len(found) > 1 else found[0] for _, found in codes]
    words = [_kind_of(point) for point in points]
    values = tuple((f"kind_{name}_{number}", each) for number, each in enumerate(words, start=1))
    kind = Question(f"kind_{name}", "text", "", "属于下列哪一种情形", values)
    is_told = len({*words}) == len(words) and all(words)
    return (kind,), kind.name, [value for value, _ in values] if is_told else ["", ""]


def _kind_of(point: Sums) -> str:
    """Whom a point speaks of: its words up to the growth."""
    return re.split(r"[，,]", point.text.strip())[0].strip()
