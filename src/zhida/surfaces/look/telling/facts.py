"""A fact in a person's words: what it is called, how its value is written, who says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.rules import FactType, FactUse, Unknown
from zhida.domain.values import Fact, FactKey, Span, yuan
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import FactLine
from zhida.surfaces.look.telling.offices import office_name

UNITS = {
    "fen": "{value} 元",
    "persons": "{value} 人",
    "months": "{value} 个月",
    "years": "{value} 年",
    "age": "{value} 岁",
    "days": "{value} 天",
    "pieces": "{value} 件",
    "points": "{value} 分",
}
UNIT_NAMES = {
    "fen": "元",
    "persons": "人",
    "months": "个月",
    "years": "年",
    "age": "岁",
    "days": "天",
    "pieces": "件",
    "points": "分",
}
"""What a unit is called; an age is counted in years that Chinese calls otherwise."""
RATE_SCALE = 2


def fact_type(dictionary: Dictionary, name: str, pack: Pack | None = None) -> FactType | None:
    """The type of an attribute of the dictionary or of a pack's form; a record's field stands in its relation."""
    if pack is not None and name in pack.schema.facts:
        return pack.schema.facts[name]
    if name in dictionary.attributes:
        return dictionary.attributes[name].fact
    record, _, field = name.partition(".")
    relations = (entry.relation for entry in dictionary.relations.values())
    found = next((relation for relation in relations if record in (relation.singular, relation.name)), None)
    return found.fields.get(field) if found else None


def is_rate(fact: FactType) -> bool:
    """Whether a number is a share of one, written in per cent: it has no unit and keeps two decimals or more."""
    return fact.kind == "number" and not fact.unit and fact.scale >= RATE_SCALE


def unit_of(fact: FactType) -> str:
    """The key of a number's unit in `UNITS` and `UNIT_NAMES`, "" where it has none."""
    is_age = fact.unit == "years" and (fact.name == "age" or fact.name.endswith("_age"))
    return "age" if is_age else fact.unit if fact.unit in UNITS else ""


def unit_name(fact: FactType) -> str:
    """What stands behind a field that asks for the number."""
    unit = unit_of(fact)
    return "%" if is_rate(fact) else say(UNIT_NAMES[unit]) if unit else ""


def label(dictionary: Dictionary, key: FactKey, pack: Pack | None = None) -> str:
    """What people call a fact, with the period it speaks of: `2025 年实缴失业保险费`."""
    lang = spoken()
    asked = pack.words.get(lang) or pack.words["zh"] if pack is not None else None
    name = asked.questions.get(key.attribute, "") if asked else ""
    name = name or _named(dictionary, key.attribute, lang)
    if key.period is None or isinstance(key.period, Span):
        return name
    if key.period.month:
        return say("{year} 年 {month} 月{name}", year=key.period.year, month=key.period.month, name=name)
    return say("{year} 年{name}", year=key.period.year, name=name.removeprefix("年"))


def _named(dictionary: Dictionary, name: str, lang: str) -> str:
    record, _, field = name.partition(".")
    if not field:
        return dictionary.named(name, lang)
    for entry in dictionary.relations.values():
        if record in (entry.relation.singular, entry.name) and field in entry.field_words:
            words = entry.field_words[field]
            return words.get(lang) or words["zh"]
    return name


def written(value: Any, fact: FactType | None, dictionary: Dictionary, choices: Mapping[str, str] | None = None) -> str:
    """A value as a person writes it: yuan for fen, per cent for rates, names for codes, 是 or 否."""
    if value is None or isinstance(value, Unknown):
        return say("还不知道")
    if isinstance(value, bool):
        return say("是") if value else say("否")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return number(Decimal(value), fact)
    if isinstance(value, str):
        return _text(value, fact, dictionary, choices or {})
    if not value:
        return say("没有记录")
    return (
        say("{n} 条记录", n=len(value))
        if _are_records(value)
        else say("、").join(_text(str(one), fact, dictionary, choices or {}) for one in value)
    )


def _are_records(value: Any) -> bool:
    return not all(isinstance(one, str) for one in value)


def _text(value: str, fact: FactType | None, dictionary: Dictionary, choices: Mapping[str, str]) -> str:
    tree = dictionary.code_trees.get(fact.code_tree) if fact and fact.code_tree else None
    if tree is not None and value in tree:
        return tree.named(value, spoken())
    return choices.get(value, value)


def number(value: Decimal, fact: FactType | None) -> str:
    """A number with its unit."""
    if fact is not None and fact.unit == "fen":
        return say(UNITS["fen"], value=yuan(int(value)))
    if fact is not None and is_rate(fact):
        return f"{plain(value * 100)}%"
    text = plain(value)
    unit = unit_of(fact) if fact is not None else ""
    return say(UNITS[unit], value=text) if unit else text


def plain(value: Decimal) -> str:
    """A decimal without an exponent or idle zeros, with its thousands apart."""
    return format(value.normalize() if value else Decimal(0), ",f")


def choices_of(fact: str, dictionary: Dictionary, pack: Pack | None = None) -> Mapping[str, str]:
    """What the values of a closed list are called: as the pack says, else as the dictionary does."""
    if pack is not None:
        return pack.choices(fact, spoken())
    return {value: words.get(spoken()) or words["zh"] for value, words in dictionary.value_words.get(fact, {}).items()}


def line(
    key: FactKey, fact: Fact, dictionary: Dictionary, pack: Pack | None = None, *, note: str = "", fix: str = ""
) -> FactLine:
    """A fact with its value, source and date; `fix` leads to where one says that it is wrong."""
    kind = fact_type(dictionary, key.attribute, pack)
    shown = written(fact.value, kind, dictionary, choices_of(key.attribute, dictionary, pack))
    return FactLine(label(dictionary, key, pack), shown, source_words(fact.source), fact.observed_on, note, fix)


_OUR_OWN = "zhida"


def source_words(source: str) -> str:
    """Who says so: an office by its name, the applicant, the dictionary, or the source as it calls itself."""
    if source == "derived":
        return say("由已有数据推算")
    if source == _OUR_OWN:
        return say("本系统的办理记录")
    return say("申请人填写") if source == "applicant" else office_name(source)


def not_told(key: FactKey) -> tuple[str, str]:
    """What else there is to say of a fact: nothing."""
    return "", ""


def used_lines(
    uses: Iterable[FactUse],
    dictionary: Dictionary,
    pack: Pack | None,
    told: Callable[[FactKey], tuple[str, str]] = not_told,
) -> tuple[FactLine, ...]:
    """The facts that answers were read from, each once, those that are known; `told` gives a fact's note and fix."""
    found: dict[FactKey, FactLine] = {}
    for use in uses:
        if isinstance(use.value, Unknown) or use.key in found:
            continue
        note, fix = told(use.key)
        fact = Fact(use.value, use.source, use.observed_on)
        found[use.key] = line(use.key, fact, dictionary, pack, note=note, fix=fix)
    return tuple(found.values())
