"""What a person reads: titles, reasons with their blanks filled, in Chinese or English. Templates reach nothing but
facts, parameters and three formats, so a pack's words cannot run anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.packs.items import Item
from zhida.domain.packs.pack import Pack
from zhida.domain.rules import FactUse, Met, ReasonAnswer, Unknown
from zhida.domain.rules.engines.evaluation import Evaluation
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.values import Fact, FactKey, Facts, Period, yuan

BLANK = re.compile(r"\{([a-z][a-z0-9_.]*)(?:@(year|month)(-\d+)?)?(?::([a-z]+))?\}")
_UNKNOWN = {"zh": "（未知）", "en": "(unknown)"}
_OR = {"zh": "；", "en": "; "}
_YES_NO = {"zh": ("否", "是"), "en": ("no", "yes")}
_RESERVED = {
    "out_of_force": ("不在政策有效期或申报时间内", "Outside the dates in which the policy is in force or open"),
    "wrong_region": ("不在政策适用的地区", "Not in the region that the policy covers"),
    "already_granted": ("已经享受过，不重复发放", "Already granted; not given twice"),
    "excluded_by_group": ("同类政策就高不重复", "Another policy of the same group gives more; only the highest counts"),
    "quota": ("名额有限，须经遴选", "Places are limited; a selection decides"),
    "no_record": ("没有可以申领的记录", "There is no record to claim for"),
}


def _percent(value: Decimal) -> str:
    return f"{_plain(value * 100)}%"


def _wan(value: Decimal) -> str:
    return _plain(value / 1_000_000)


def _plain(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return text if text != "-0" else "0"


FORMATS: Mapping[str, Callable[[Decimal], str]] = {
    "percent": _percent,
    "yuan": lambda value: yuan(int(value)),
    "wan": _wan,
}


def reason_words(pack: Pack, reason: ReasonAnswer, lang: str, *, as_of: date | None = None) -> str:
    """The words of one reason. `as_of` dates parameters and `@year-1`; without it the latest value and period are told.

    Falls back to Chinese where the pack has no words in `lang`, and to the requirement's name where it has none at all.
    """
    if reason.requirement in _RESERVED and reason.requirement not in pack.requirements:
        words = _RESERVED[reason.requirement][lang == "en"]
        return f"{words} ({reason.note})" if reason.note else words
    wording = pack.words.get(lang) or pack.words.get("zh")
    found = wording.requirements.get(reason.requirement) if wording else None
    if wording is None or found is None:
        return reason.requirement
    answer = str(reason.answer)
    if found.alternatives and reason.answer is not Met.UNKNOWN:
        chosen = [name for name, told, _ in reason.alternatives if told is reason.answer]
        chosen = chosen[:1] if reason.answer is Met.MET else chosen
        texts = [found.alternatives[name][answer].text for name in chosen if answer in found.alternatives.get(name, {})]
    else:
        texts = [found.answers[answer].text] if answer in found.answers else []
    filler = _Filler(pack, reason.uses, lang, as_of)
    return _OR[lang].join(filler.fill(text) for text in texts) or found.title or reason.requirement


def title(pack: Pack, item: Item, lang: str) -> str:
    """An item's title."""
    words = (pack.words.get(lang) or pack.words["zh"]).items.get(item.name)
    return words.title if words else item.name


def how_much(pack: Pack, item: Item, lang: str) -> str:
    """In a few words, what an item gives."""
    words = (pack.words.get(lang) or pack.words["zh"]).items.get(item.name)
    return words.how_much if words else ""


class _Filler:
    """Fills the blanks of one reason's words from the facts it used."""

    def __init__(self, pack: Pack, uses: tuple[FactUse, ...], lang: str, as_of: date | None) -> None:
        self._pack = pack
        self._uses = uses
        self._lang = lang
        self._as_of = as_of

    def fill(self, text: str) -> str:
        return BLANK.sub(self._blank, text)

    def _blank(self, match: re.Match[str]) -> str:
        name, unit, back, form = match.groups()
        if name.startswith("parameters."):
            return self._written(self._parameter(name.removeprefix("parameters.")), form, name)
        period = self._period(unit, int(back or 0))
        use = self._use(name, period)
        value = use.value if use else self._derived(name, period)
        return self._written(value, form, use.key.attribute if use else name)

    def _written(self, value: Any, form: str | None, fact: str) -> str:
        if value is None or isinstance(value, Unknown):
            return _UNKNOWN[self._lang]
        if isinstance(value, bool):
            return _YES_NO[self._lang][value]
        if isinstance(value, int | Decimal):
            number = Decimal(value)
            return FORMATS[form](number) if form else _plain(number)
        return self._pack.choices(fact, self._lang).get(str(value), str(value))

    def _parameter(self, name: str) -> Any:
        series = self._pack.parameters.get(name) or self._pack.schema.parameters.get(name)
        if series is None or not series.rows:
            return None
        rows = series.in_force(self._as_of or max(row.effective for row in series.rows))
        row = rows.get(self._pack.region) or rows.get("")
        return row.value if row else None

    def _period(self, unit: str | None, back: int) -> Period | None:
        if not unit or not self._as_of:
            return None
        return Period(self._as_of.year, self._as_of.month if unit == "month" else 0).plus(back)

    def _use(self, name: str, period: Period | None) -> FactUse | None:
        uses = [use for use in self._uses if use.key.attribute == name or use.key.attribute.endswith(f".{name}")]
        if period:
            uses = [use for use in uses if use.key == FactKey(name, period)]
        return uses[-1] if uses else None

    def _derived(self, name: str, period: Period | None) -> Any:
        """A fact that was not read but derived (an age), from the facts that the reason used."""
        fact = self._pack.schema.facts.get(name)
        if fact is None or fact.expression is None or self._as_of is None:
            return None
        known = [use for use in self._uses if not isinstance(use.value, Unknown)]
        facts = Facts({use.key: Fact(use.value, use.source, use.observed_on) for use in known})
        return Evaluation(Subject(self._pack.schema, facts, self._as_of)).fact(name, period)
