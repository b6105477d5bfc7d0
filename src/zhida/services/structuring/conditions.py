"""What a clause demands, as FEEL over the dictionary where every fact is known, else as a fact to be agreed on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from zhida.domain.packs import Attribute, Dictionary
from zhida.domain.values import SubjectKind
from zhida.services.structuring.attributes import Match, attribute_meant
from zhida.services.structuring.comparisons import Comparison, comparisons_in

_NEGATED = re.compile(r"未(?:被)?|无|没有|不(?:得|在|存在|属于)?|非")
_OR = re.compile(r"或者?|之一|若|如果|其中|除外")
_FILLING = re.compile(
    r"上一?个?(?:自然|会计)?年度?|当年度?|本年度?|申[请报](?:单位|企业|人|主体)|企业|单位|人员|应当?|[须需为的在被及且并]|同时"
    r"|年末|年度?|列入|名单|总额|人民币|[，。；;：:、\s()]"
)
_WHOLE = 70


@dataclass(frozen=True)
class Term:
    """One comparison or yes-or-no fact of a condition. `feel` is "" where no attribute was found; `why` says how the
    attribute was, or unknown_attribute."""

    feel: str
    phrase: str
    confidence: int
    why: str
    start: int
    end: int
    unit: str = ""
    kind: str = "number"
    period: str = ""
    covered: int = 0


@dataclass(frozen=True)
class Condition:
    """All that a text demands. `feel` joins the terms where every one of them could be said and nothing in the text
    speaks of alternatives; "" otherwise."""

    feel: str
    terms: tuple[Term, ...]
    confidence: int
    why: str


def condition_in(
    text: str, dictionary: Dictionary, audience: SubjectKind, *, bounds_said: bool, is_exclusion: bool = False
) -> Condition:
    """The condition that a clause's plain words state. `bounds_said` tells that the document says that its bounds are
    included; `is_exclusion` that meeting the words excludes."""
    terms = [_compared(each, text, dictionary, audience, bounds_said) for each in comparisons_in(text)]
    terms = [term for term in terms if term is not None]
    terms += _flags(text, dictionary, audience, is_exclusion)
    if not terms:
        return Condition("", (), 40, "no_figure")
    if any(not term.feel for term in terms):
        return Condition("", tuple(terms), min(term.confidence for term in terms), "unknown_attribute")
    lowest = min(term.confidence for term in terms)
    if len(terms) > 1 and (_OR.search(text) or _contradicts(terms)):
        return Condition("", tuple(terms), 45, "alternatives")
    feel = " and ".join(dict.fromkeys(term.feel for term in terms))
    is_whole = sum(term.covered for term in terms) * 100 >= _WHOLE * len(_FILLING.sub("", text))
    return Condition(
        feel, tuple(terms), lowest if is_whole else min(lowest, 55), "whole" if is_whole else "part_of_clause"
    )


def _contradicts(terms: list[Term]) -> bool:
    """Two figures for one fact on the same side are two cases, not one condition."""
    sides = [" ".join(term.feel.split(" ")[:-1]) for term in terms if term.kind == "number"]
    return len({*sides}) < len(sides)


def _compared(
    found: Comparison, text: str, dictionary: Dictionary, audience: SubjectKind, bounds_said: bool
) -> Term | None:
    if found.unit in ("工作日", "个工作日", "日", "天", "个日历日"):
        return None
    phrase = found.subject + text[found.start : found.end] if found.unit in ("周岁", "岁") else found.subject
    match = attribute_meant(phrase, found.unit, dictionary, audience)
    if match is None:
        return Term("", found.subject or text[found.start : found.end], 35, "unknown_attribute", found.start, found.end,
                    found.unit, "number", found.period)  # fmt: skip
    value = _in_unit(found.value, found.unit, match.attribute)
    if value is None:
        return None
    name, is_guess = _timed(match.attribute, found.period)
    confidence = match.confidence - (0 if found.is_bound_said or bounds_said else 4) - (12 if is_guess else 0)
    why = "period_not_said" if is_guess else match.why
    feel, covered = f"{name} {found.operator} {value}", match.length + found.end - found.start
    return Term(feel, found.subject, confidence, why, found.start, found.end, found.unit, covered=covered)


def _in_unit(value: Decimal, unit: str, attribute: Attribute) -> str | None:
    """The figure in the attribute's own unit, as FEEL writes it; None where it is no whole number of fen."""
    if attribute.fact.unit == "fen":
        value *= 100
        if value != int(value):
            return None
    elif attribute.fact.unit == "months" and unit == "年":
        value *= 12
    return f"{value.normalize():f}"


def _timed(attribute: Attribute, period: str) -> tuple[str, bool]:
    """The fact as FEEL reads it, and whether its year had to be guessed."""
    name, kind = attribute.name, attribute.fact.period
    if kind == "year":
        return f"{name}({'year' if period == 'this_year' else 'year - 1'})", not period
    if kind == "month":
        return f"{name}(month - 1)", True
    return (f"{name}(as_of)", False) if kind == "interval" else (name, False)


def _flags(text: str, dictionary: Dictionary, audience: SubjectKind, is_exclusion: bool) -> list[Term]:
    """Yes-or-no facts that a text names; a word of denial just before them turns them round."""
    found = []
    for part in re.finditer(r"[^，。；;、\n]+", text):
        match: Match | None = attribute_meant(part.group(0), "", dictionary, audience, kind="boolean")
        if match is None:
            continue
        name, _ = _timed(match.attribute, "")
        is_denied = bool(_NEGATED.search(part.group(0))) != is_exclusion
        if "异常" in part.group(0) and match.attribute.fact.absence is True:
            is_denied = not is_denied
        feel = f"not({name})" if is_denied else name
        confidence = match.confidence - 8
        covered = match.length + len("".join(_NEGATED.findall(part.group(0))))
        found.append(
            Term(feel, part.group(0), confidence, match.why, part.start(), part.end(), "", "boolean", covered=covered)
        )
    return found
