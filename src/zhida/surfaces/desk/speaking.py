"""What an author's words for facts come to: one that is known, else a new one, asked of applicants or proposed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, cast

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.packs.grids import constant_of
from zhida.domain.packs.sentences import constant
from zhida.domain.packs.source.splicing import Bare, Rows
from zhida.domain.rules import FactType, parse, write_constant
from zhida.services.authoring.claims import put_count
from zhida.services.authoring.entries import ask_applicant
from zhida.services.authoring.sheets import PARAMETERS, STANDARD, Sheet
from zhida.services.structuring import (
    YES_OR_NO,
    attributes_like,
    digest_of,
    likely_holder,
    unit_behind,
    with_fact,
    without_unit,
)
from zhida.surfaces.desk.presenters.composing import ASK, WAYS
from zhida.surfaces.desk.presenters.formulas import standard_words
from zhida.surfaces.desk.presenters.saying import fact_of, known_facts
from zhida.surfaces.desk.settlement import added_path
from zhida.surfaces.look.language import say

_DAY = re.compile(r"^\d{4}-\d\d-\d\d$")
_FIGURE = re.compile(r"\d")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LETTER = r"[\u4e00-\u9fff]"
_COMPARED = re.compile(rf'({_LETTER}+) *= *"([^"]*)"')
_WITH_VALUE = re.compile(rf"^(?P<words>{_LETTER}+)[（(](?P<value>\d[^（()）]*)[）)]$")
_NEW_WORDS = re.compile(rf"(?P<words>{_LETTER}+)(?:[（(](?P<unit>[\d.]*(?:{_LETTER}+|%)?)[）)])?")


class Speaking:
    """Facts by the words that people use, over the files of a draft; `how` says what becomes of unknown ones."""

    def __init__(self, sheet: Sheet, pack: Pack, dictionary: Dictionary, how: str) -> None:
        self.sheet = sheet
        self.pack = pack
        self.dictionary = dictionary
        self.how = how if how in WAYS else ""
        known = known_facts(pack, dictionary)
        self.names = {words: name for name, words in known} | {name: name for name, _ in known}
        for name, series in pack.schema.parameters.items():
            self.names.setdefault(standard_words(name, series), f"parameters.{name}")

    def fact(self, words: str, operator: str = "", values: Sequence[str] = ()) -> FactType | None:
        """The fact meant; None where nothing is known by these words and nothing is to become of that."""
        name = self.names.get(words, words)
        found = fact_of(name, self.pack, self.dictionary)
        if found is not None or not self.how or operator == "within":
            put_count(self.sheet, self.pack, name)
            return found
        made = _made(words, operator, values, self.how)
        if self.how == ASK:
            record = {"kind": made.kind} | ({"unit": made.unit} if made.unit else {})
            listed = [one.strip() for one in values] if made.kind == "text" and operator in ("=", "in") else ()
            ask_applicant(self.sheet, made.name, record | ({"scale": made.scale} if made.scale else {}), words, listed)
        else:
            self._propose(made, words)
        self.names[words] = made.name
        return made

    def expression(self, text: str) -> tuple[str, tuple[str, ...]]:
        """An expression with names for the words in it, and the words that nothing is known by. A new one is a number
        with its unit behind it, 实付租金（元）, an answer, 自营（是否）, or a standard, 低保标准（1309元）."""
        parts, unknown, compared = re.split('("[^"]*")', text), list[str](), dict[str, list[str]]()
        for words, value in _COMPARED.findall(text):
            compared.setdefault(words, []).append(value)
        for place, part in enumerate(parts):
            if place % 2 == 0:
                parts[place] = self._known.sub(lambda found: self.names[found.group(0)], part)
                parts[place] = _NEW_WORDS.sub(lambda found: self._named(found, unknown, compared), parts[place])
                for name in re.findall(r"[A-Za-z_]\w*", parts[place]):
                    put_count(self.sheet, self.pack, name)
        return "".join(parts), tuple(unknown)

    @property
    def _known(self) -> re.Pattern[str]:
        """The words of known facts, the longest first, where they are no part of longer ones."""
        words = sorted((one for one in self.names if _HAN.search(one)), key=len, reverse=True)
        return re.compile(rf"(?<!{_LETTER})(?:{'|'.join(map(re.escape, words))})(?!{_LETTER}|[（(]\d)")

    def _named(self, found: re.Match[str], unknown: list[str], compared: Mapping[str, Sequence[str]]) -> str:
        words, unit = found["words"], found["unit"] or ""
        if _FIGURE.match(unit):
            return self.standard(words, unit)
        if words in compared:
            made = self.fact(words, "=", compared[words])
        elif unit == YES_OR_NO:
            made = self.fact(words, "is")
        else:
            made = self.fact(words, ">=", [f"1{unit}"])
        if made is None:
            unknown.append(words)
        return made.name if made else found.group(0)

    def value(self, text: str, fact: FactType | None) -> str:
        """What is compared with, as rules write it: a standard by its words or with its value behind it, 低保标准
        （1309元）, else a constant. Raises AuthorError for what is none."""
        found = _WITH_VALUE.match(text.strip())
        if found:
            return self.standard(found["words"], found["value"])
        name = self.names.get(text.strip(), "")
        return name if name.startswith("parameters.") else written(text, fact)

    def standard(self, words: str, text: str) -> str:
        """A standard that the document sets or goes by, 低保标准（1309元）: a parameter from the day it is in force.
        One that has values of several days or places keeps them."""
        unit, scale = unit_behind(text)
        value = constant_of(parse(written(text, FactType("standard", "number", unit=unit, scale=scale))))
        name = f"{STANDARD}{digest_of(words, 'number', unit)}"
        first, issued = self.pack.valid.start, self.pack.document.issued_on
        effective, published, source = first or issued, issued or first, f"{words}，{self.pack.document.number}"
        now = self.pack.schema.parameters.get(name)
        if now is not None and (len(now.rows) > 1 or write_constant(now.rows[0].value) == value):
            return f"parameters.{name}"
        if now is not None:
            effective, published, source = now.rows[0].effective, now.rows[0].published, now.rows[0].source
        row = {"effective": effective, "published": published, "value": Bare(value), "source": source}
        rows = {"rows": Rows([row])}
        for key, told in (({"unit": unit} if unit else {}) | rows).items():
            self.sheet.set(PARAMETERS, (name, key), told)
        return f"parameters.{name}"

    def _propose(self, made: FactType, words: str) -> None:
        path = added_path(self.pack.id)
        owner, _ = likely_holder(words, self.dictionary, self.pack.region)
        told = {
            "name": made.name, "words": words, "kind": made.kind, "unit": made.unit, "scale": made.scale,
            "period": "none", "owner": owner or self.sheet.draft.office,
            "audience": [str(kind) for kind in {item.audience for item in self.pack.items.values()}],
        }  # fmt: skip
        self.sheet.put(path, with_fact(self.sheet.files.get(path, b""), told))

    def unknown(self, words: str) -> str:
        """What to say of words that nothing is known by."""
        audience = next(iter(self.pack.items.values())).audience
        alike = attributes_like(words, self.dictionary, audience, limit=3)
        told = say("、").join(one.words["zh"] for one in alike)
        return say("字典里没有“{what}”。是不是：{told}；都不是，就在下面说它怎么来", what=words, told=told or "—")


def written(text: str, fact: FactType | None) -> str:
    """A value as rules write it; a unit behind a number is dropped. Raises AuthorError for what is none."""
    typed = text.strip()
    if fact is not None and fact.kind == "number" and _FIGURE.search(typed):
        typed = without_unit(typed)
    return constant(typed, fact)


def _made(words: str, operator: str, values: Sequence[str], how: str) -> FactType:
    """A new fact of the kind that it is compared as."""
    kind, unit, scale = "text", "", 0
    first = values[0].strip() if values else ""
    if operator in ("is", "not"):
        kind = "boolean"
    elif _DAY.match(first):
        kind = "date"
    elif _FIGURE.match(first):
        kind = "number"
        unit, scale = unit_behind(first)
    begin = "asked" if how == ASK else "fact"
    name = f"{begin}_{digest_of(words, kind, unit)}"
    return FactType(name, cast(Literal["boolean", "number", "text", "date"], kind), unit=unit, scale=scale)
