"""Which attributes of the dictionary a few words may mean: by name, the words of the trade, likeness, and meaning."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from zhida.domain.packs import Attribute, Dictionary
from zhida.domain.packs.likeness import pairs_of
from zhida.domain.values import SubjectKind
from zhida.services.structuring.attributes import synonym_length
from zhida.services.structuring.meaning import nearness, words_of

_EXACT, _SYNONYM = 3.0, 1.0
_EVERYWHERE = {*"年月日数的上本度"}
_ASKED = 0.3
_SOURCE = 0.8
"""How much the name of its source tells of an attribute, beside its own."""
_MOST = 3
_LEAST = 0.2
"""Below this a name has nothing to do with a phrase."""
_NEAR = 0.85
"""From here on a new fact may well be one that the dictionary has."""
_QUESTIONS: tuple[tuple[re.Pattern[str], Callable[[Attribute], bool]], ...] = (
    (re.compile(r"哪[天年月]|什么时候|时间|日期"), lambda one: one.fact.kind == "date"),
    (re.compile(r"多少钱|的钱|[款额费元]"), lambda one: one.fact.unit == "fen"),
    (re.compile(r"几个月|多少个月|多久|多长时间|几年|年限|期限"), lambda one: one.fact.unit in ("months", "years")),
    (re.compile(r"几个人|多少[人员]|人数"), lambda one: one.fact.unit == "persons"),
    (re.compile(r"几[辆件台]|多少[辆件台]|件数"), lambda one: one.fact.unit == "pieces"),
    (re.compile(r"比例|百分|几个点|率$"), lambda one: one.fact.kind == "number" and not one.fact.unit),
    (re.compile(r"有没有|是不是|没有$|吗$|有无|是否"), lambda one: one.fact.kind == "boolean"),
    (re.compile(r"哪个区|哪里|地址|在哪|什么地方"), lambda one: one.fact.code_tree in ("region", "address")),
    (re.compile(r"几级|级别|等级|还是|类型"), lambda one: one.fact.kind == "text"),
)
"""What a question asks for, and the attributes that can answer it."""


@dataclass(frozen=True)
class Likely:
    """An attribute that a phrase may mean. `why` is a code of reasons: named_exactly, named_partly, synonym, or
    near_in_meaning, which is never more than a guess; then `said` and `named` are the two words that are near."""

    attribute: Attribute
    why: str
    said: str = ""
    named: str = ""


def may_be(
    words: str, dictionary: Dictionary, audience: SubjectKind, kind: str, unit: str, period: str
) -> tuple[Attribute, ...]:
    """The attributes that a new fact of a type may be under another name, by name or meaning: never more than a guess.
    An attribute told for a year can stand only for what is told for a year."""
    weight = _weights(dictionary)
    found = []
    for name, one in dictionary.attributes.items():
        is_yearly = (one.fact.period == "year", period == "year")
        fits = (
            audience in one.audience and (one.fact.kind, one.fact.unit) == (kind, unit) and one.fact.period != "month"
        )
        if fits and is_yearly[0] == is_yearly[1]:
            score, _ = _judged(words, name, one, weight, is_asked=False)
            found += [(-score, name, one)] if score >= _NEAR else []
    return tuple(one for _, _, one in sorted(found, key=lambda each: each[:2])[:_MOST])


def attributes_like(
    phrase: str, dictionary: Dictionary, audience: SubjectKind, *, limit: int = 8
) -> tuple[Attribute, ...]:
    """The attributes that a phrase may mean for one kind of subject, the likeliest first."""
    return tuple(each.attribute for each in likely_attributes(phrase, dictionary, audience, limit=limit))


def likely_attributes(
    phrase: str, dictionary: Dictionary, audience: SubjectKind, *, limit: int = 8
) -> tuple[Likely, ...]:
    """The attributes that a phrase may mean for one kind of subject, the likeliest first; none where nothing is near.

    Deterministic: names that stand in the phrase or it in them, then synonyms, shared characters, nearness in meaning,
    and whether the attribute can answer what the phrase asks.
    """
    text = phrase.strip().lower()
    if not text:
        return ()
    weight = _weights(dictionary)
    found = []
    for name, one in dictionary.attributes.items():
        if audience in one.audience:
            score, likely = _judged(text, name, one, weight)
            if score >= _LEAST:
                found.append((-score, name, likely))
    return tuple(likely for _, _, likely in sorted(found, key=lambda each: each[:2])[:limit])


def _judged(
    text: str, name: str, one: Attribute, weight: Callable[[str], float], *, is_asked: bool = True
) -> tuple[float, Likely]:
    words = one.words.get("zh", "")
    named, why = _named(text, name, one)
    near = nearness(text, words, weight)
    asked = [can(one) for question, can in _QUESTIONS if is_asked and question.search(text)]
    answers = _ASKED if any(asked) else 0.0
    score = named + max(near.degree, _SOURCE * nearness(text, one.source, weight).degree) + answers
    return round(score, 4), Likely(one, why) if why else Likely(one, "near_in_meaning", near.said, near.named)


def _named(text: str, name: str, one: Attribute) -> tuple[float, str]:
    """How much of a name a phrase says, and by which way; "" where only characters are shared."""
    words = one.words.get("zh", "")
    labels = [each for each in (words, one.words.get("en", "").lower(), name) if each]
    if text in labels:
        return _EXACT + 1, "named_exactly"
    if any(text in each or each in text for each in labels):
        return _EXACT - abs(len(words) - len(text)) / 100, "named_partly"
    wanted = pairs_of(text)
    if synonym_length(words, text):
        return _SYNONYM + _alike(words, wanted), "synonym"
    return max(_alike(words, wanted), _alike(one.source, wanted) / 2, _shared(words, text)), ""


def _weights(dictionary: Dictionary) -> Callable[[str], float]:
    """How much a word tells: the fewer names of the dictionary hold it, the more."""
    count: dict[str, int] = {}
    for one in dictionary.attributes.values():
        for word in {*words_of(one.words.get("zh", ""))}:
            count[word] = count.get(word, 0) + 1
    size = len(dictionary.attributes) + 1
    return lambda word: math.log(size / (count.get(word, 0) + 1)) + 0.5


def _shared(words: str, text: str) -> float:
    """How many of a phrase's characters a name has, from 0 to a third; those that every name has count for nothing."""
    telling = {*text} - _EVERYWHERE
    return len(telling & {*words}) / len(telling) / 3 if telling else 0.0


def _alike(words: str, wanted: frozenset[str]) -> float:
    """How much two texts share, from 0 to 1."""
    pairs = pairs_of(words)
    return 2 * len(pairs & wanted) / (len(pairs) + len(wanted)) if pairs and wanted else 0.0
