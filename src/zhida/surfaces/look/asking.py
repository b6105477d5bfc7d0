"""Questions on a page: a fact becomes a field, what somebody typed becomes a fact, and what cannot be is said kindly.

Only the impossible is refused: spaces, full-width digits and thousands commas are forgiven.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.rules import FactType
from zhida.domain.values import FactKey
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Choice, Question
from zhida.surfaces.look.telling import facts as fact_words

FEW = 8
MANY = 400
YEARS = range(1800, 3000)


@dataclass(frozen=True)
class NotTaken(Exception):
    """What was typed cannot be this fact's value; `words` say what would be."""

    words: str


def can_be_asked(fact: FactType | None, dictionary: Dictionary) -> bool:
    """Whether one field on a page can hold the fact: no lists of records, no tree of many hundred codes."""
    if fact is None or fact.kind in ("relation", "texts"):
        return False
    tree = dictionary.code_trees.get(fact.code_tree) if fact.code_tree else None
    return tree is None or len(tree.parents) <= MANY


def question_of(
    name: str,
    key: FactKey,
    fact: FactType,
    dictionary: Dictionary,
    *,
    pack: Pack | None = None,
    value: str = "",
    why: str = "",
    fault: str = "",
    is_optional: bool = False,
) -> Question:
    """The field that asks for a fact, named `name`."""
    choices = _choices(key, fact, dictionary, pack, value)
    kind = "number" if fact.kind == "number" else "date" if fact.kind == "date" else "text"
    if choices:
        kind = "choice" if len(choices) <= FEW else "select"
    label = fact_words.label(dictionary, key, pack)
    return Question(name, label, kind, why, fact_words.unit_name(fact), choices, value, fault, is_optional=is_optional)


def _choices(key: FactKey, fact: FactType, dictionary: Dictionary, pack: Pack | None, value: str) -> tuple[Choice, ...]:
    if fact.kind == "boolean":
        return (Choice("true", say("是"), value == "true"), Choice("false", say("否"), value == "false"))
    if fact.values:
        words = fact_words.choices_of(key.attribute, dictionary, pack)
        ordered = sorted(fact.values, key=[*words, *fact.values].index)
        return tuple(Choice(one, words.get(one, one), value == one) for one in ordered)
    tree = dictionary.code_trees.get(fact.code_tree) if fact.code_tree else None
    if tree is None:
        return ()
    blank = Choice("", say("请选择"), not value)
    return (blank, *(Choice(code, f"{'　' * _depth(tree.parents, code)}{tree.named(code, spoken())}", value == code)
                     for code in tree.parents))  # fmt: skip


def _depth(parents: Mapping[str, str], code: str) -> int:
    depth = 0
    while parent := parents.get(code, ""):
        code, depth = parent, depth + 1
    return depth


def taken(text: str, fact: FactType) -> Any:
    """The value that somebody typed, as rules want it: money in fen, rates as shares. Raises NotTaken."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if fact.kind == "boolean":
        if plain not in ("true", "false"):
            raise NotTaken(say("请选“是”或“否”"))
        return plain == "true"
    if fact.kind == "date":
        return _date(plain)
    if fact.kind == "number":
        return _number(plain, fact)
    if fact.values and plain not in fact.values:
        raise NotTaken(say("请从列出的里面选一个"))
    return plain


def as_typed(value: Any, fact: FactType) -> str:
    """A value as somebody would type it, so that `taken` gives it back: fen in yuan, shares in per cent."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if fact.kind != "number":
        return str(value)
    number = Decimal(str(value)) / 100 if fact.unit == "fen" else Decimal(str(value))
    return fact_words.plain(number * 100 if fact_words.is_rate(fact) else number).replace(",", "")


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    except ValueError as error:
        raise NotTaken(say("请写成 2026-03-01 这样的日期")) from error
    if day.year not in YEARS:
        raise NotTaken(say("这个数超出了可能的范围"))
    return day


def _number(text: str, fact: FactType) -> int | Decimal:
    try:
        value = Decimal(text.replace(",", "").replace("，", "").replace(" ", "").removesuffix("%").removesuffix("元"))
    except InvalidOperation as error:
        raise NotTaken(say("请只写数字")) from error
    if not value.is_finite() or abs(value) >= 10**13:
        raise NotTaken(say("请只写数字"))
    if fact.unit == "fen":
        value *= 100
    elif fact_words.is_rate(fact):
        value /= 100
    if (fact.minimum is not None and value < fact.minimum) or (fact.maximum is not None and value > fact.maximum):
        raise NotTaken(say("这个数超出了可能的范围"))
    if value == value.to_integral_value():
        return int(value)
    if fact.scale == 0 or value != round(value, fact.scale):
        raise NotTaken(say("请写到 {n} 位小数为止", n=2 if fact.unit == "fen" else fact.scale))
    return value
