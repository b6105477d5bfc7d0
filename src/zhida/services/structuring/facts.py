"""The facts that a document's conditions speak of: those of the dictionary, and new ones to be agreed on.

A new fact is proposed for the dictionary with its type, its unit and the line of work that most likely holds it. The
same words always bear the same name, so that two clauses about one thing speak of one fact. A name of the trade is
given where the vocabulary below has one, else one made from the words.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from zhida.domain.packs import Attribute, Dictionary
from zhida.domain.values import SubjectKind
from zhida.services.structuring.attributes import Match, attribute_meant

Kind = Literal["boolean", "number", "text", "date"]
_TRADE = [
    (r"税务征管关系|纳税登记地|税收征管关系", "tax_region"),
    (r"统计关系", "statistics_region"),
    (r"(?:具有)?独立法人资格", "legal_person"),
    (r"残疾等级", "disability_level"),
    (r"(?:老年人)?照护需求等级", "care_need_level"),
    (r"残疾人证", "disability_card"),
]
_YEARS = {"last_year": "year - 1", "this_year": "year", "": "year - 1"}
_SAME = {
    "operating_normally": r"(?:企业)?经营异常名录",
    "seriously_discredited": r"严重(?:违法)?失信(?:主体|企业|行为)?(?:名单)?",
    "wage_arrears": r"拖欠(?:职工|农民工)?工资",
    "residence_permit_valid": r"(?:本[市省区])?(?:有效)?居住证(?:件)?",
    "high_tech_certified": r"(?:国家|国家级)?高新技术企业(?:资格|证书|认定)?",
}
"""Which words mean a yes-or-no fact that dictionaries name, and nothing besides."""


@dataclass(frozen=True)
class NewFact:
    """A fact to be proposed: its name in FEEL, its Chinese words, kind, unit, period and the code tree of a code."""

    name: str
    words: str
    kind: Kind
    unit: str = ""
    period: str = "none"
    code_tree: str = ""


@dataclass(frozen=True)
class Said:
    """A fact as FEEL reads it, how sure in hundredths, and why. `new` is set where the dictionary lacks it; `attribute`
    where it has it; `is_turned` tells that the fact says the opposite of the words, `is_foreign` that it describes
    another kind of subject than the document's."""

    feel: str
    confidence: int
    why: str
    new: NewFact | None = None
    attribute: Attribute | None = None
    is_turned: bool = False
    is_foreign: bool = False


class Facts:
    """The dictionary as one document's words find it."""

    def __init__(self, dictionary: Dictionary, audience: SubjectKind) -> None:
        self.dictionary = dictionary
        self.audience = audience

    def of_number(self, words: str, unit: str, period: str) -> Said:
        """The number that words name; words that narrow it (在我区…) make it another fact than the dictionary's."""
        match, is_foreign = self._meant(words, unit)
        if match is not None and not _NARROWED.search(words) and _covers(match.length, words):
            name, guessed = timed(match.attribute, period)
            why = "period_not_said" if guessed else match.why
            sure = match.confidence - (32 if guessed else 0)
            return Said(name, sure, why, attribute=match.attribute, is_foreign=is_foreign)
        core = _core(words)
        kind = "year" if period or _YEARLY.search(words) else "none"
        new = self._new(core, "number", _UNITS.get(unit, ""), kind)
        feel = f"{new.name}({_YEARS[period]})" if kind == "year" else new.name
        is_guess = kind == "year" and not period
        return Said(feel, 55 if is_guess else 70, "period_not_said" if is_guess else "new_fact", new=new)

    def _meant(self, words: str, unit: str) -> tuple[Match | None, bool]:
        """The dictionary's number of the document's own audience, else of any other."""
        for audience in (self.audience, *(each for each in SubjectKind if each is not self.audience)):
            match = attribute_meant(words, unit, self.dictionary, audience)
            if match is not None:
                return match, self.audience not in match.attribute.audience
        return None, False

    def _rank(self, entry: tuple[str, Attribute]) -> tuple[bool, bool, str]:
        """The document's own subjects first, then persons, of whom conditions on somebody else mostly speak."""
        return self._is_foreign(entry[1]), SubjectKind.PERSON not in entry[1].audience, entry[0]

    def _is_foreign(self, attribute: Attribute) -> bool:
        return self.audience not in attribute.audience

    def of_code(self, words: str, tree: str) -> Said:
        """The code that words name: a place of registration, of residence, an industry."""
        entries = sorted(self.dictionary.attributes.items(), key=self._rank)
        for name, attribute in entries:
            if attribute.fact.code_tree == tree and re.search(_CODES.get(words, words), attribute.words.get("zh", "")):
                return Said(name, 85, "named_partly", attribute=attribute, is_foreign=self._is_foreign(attribute))
        new = self._new(words, "text", tree=tree)
        return Said(new.name, 70, "new_fact", new=new)

    def of_date(self, words: str) -> Said:
        """The day that words name."""
        match = attribute_meant(words, "", self.dictionary, self.audience, kind="date")
        if match is not None and match.why == "named_exactly" and match.length == len(words):
            return Said(match.attribute.name, match.confidence, match.why, attribute=match.attribute)
        new = self._new(words, "date")
        return Said(new.name, 70, "new_fact", new=new)

    def of_yes(self, words: str) -> Said:
        """The yes-or-no fact that words name; only one that they name whole is the dictionary's."""
        for name, pattern in _SAME.items():
            attribute = self.dictionary.attributes.get(name)
            if attribute is not None and re.fullmatch(pattern, words):
                feel, _ = timed(attribute, "")
                is_turned = name == "operating_normally"
                return Said(
                    feel,
                    80,
                    "synonym",
                    attribute=attribute,
                    is_turned=is_turned,
                    is_foreign=self._is_foreign(attribute),
                )
        for attribute in self.dictionary.attributes.values():
            if attribute.fact.kind == "boolean" and attribute.words.get("zh") == words:
                feel = timed(attribute, "")[0]
                return Said(feel, 90, "named_exactly", attribute=attribute, is_foreign=self._is_foreign(attribute))
        new = self._new(words, "boolean")
        return Said(new.name, 70, "new_fact", new=new)

    def _new(self, words: str, kind: Kind, unit: str = "", period: str = "none", tree: str = "") -> NewFact:
        digest = digest_of(words, kind, unit, period, tree)
        known = next((name for pattern, name in _TRADE if re.fullmatch(pattern, words)), "")
        name = known if known and known not in self.dictionary.attributes else f"fact_{digest}"
        return NewFact(name, words, kind, unit, period, tree)


def digest_of(words: str, kind: str, unit: str = "", period: str = "none", tree: str = "") -> str:
    """What tells a fact's name from another's: the same words of the same type are the same fact."""
    return hashlib.sha256(f"{words} {kind} {unit} {period} {tree}".encode()).hexdigest()[:6]


_CODES = {"注册地": "登记地|注册地", "户籍": "户籍地", "居住": "居住地", "行业": "行业"}
_NARROWED = re.compile(r"[我本]区|区内|统计核算|对我|境外|港澳|新增|累计|增长|人均|占比|比例|个人")
_YEARLY = re.compile(r"收入|销售额|零售额|纳税|营收|产值|利润|增长|研发|进出口")
_LEADING = re.compile(
    r"^(?:申[请报](?:单位|企业|人|主体)|企业|单位|[上前]一?(?:个)?(?:自然|会计|统计)?年度?|当年度?|本年度?|年度|去年|且|其|的|在(?!我|本)"
    r"|应当?|须|需|能够|已|并)+"
)
_UNITS = {
    "元": "fen", "人": "persons", "名": "persons", "人次": "persons", "周岁": "years", "岁": "years", "年": "years",
    "个月": "months", "个自然月": "months", "平方米": "square_metres", "㎡": "square_metres", "件": "pieces",
    "个": "pieces", "家": "pieces", "项": "pieces", "台": "pieces", "分": "points",
}  # fmt: skip
_SUPPLETIVE = re.compile(
    r"上一?个?(?:自然|会计)?年度?|当年度?|本年度?|年度?|申[请报](?:单位|企业|人|主体)|总额|[的在为应须且]|企业|单位"
)


def _core(words: str) -> str:
    """The name in some words: without who, when and should."""
    return _LEADING.sub("", words).strip(" ，、的") or words.strip()


def _covers(length: int, words: str) -> bool:
    """Whether a name says most of the words that stand before a figure."""
    return length * 100 >= 60 * len(_SUPPLETIVE.sub("", words))


def timed(attribute: Attribute, period: str) -> tuple[str, bool]:
    """A dictionary's fact as FEEL reads it in a period (last_year, this_year, "" for not said), and whether its year
    had to be guessed."""
    name, kind = attribute.name, attribute.fact.period
    if kind == "year":
        return f"{name}({_YEARS[period]})", not period
    if kind == "month":
        return f"{name}(month - 1)", True
    return (f"{name}(as_of)", False) if kind == "interval" else (name, False)
