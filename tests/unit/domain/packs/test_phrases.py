"""Reasons in words: blanks filled from the facts that were read, in both languages, and nothing else reachable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.unit.domain.packs.small_root import PACK, edited, root_of, small_pack
from zhida.domain.packs import how_much, reason_words, title
from zhida.domain.rules import UNKNOWN, FactUse, Met, ReasonAnswer, Reserved
from zhida.domain.values import FactKey


def reason(answer: Met, *uses: FactUse, name: str = "large") -> ReasonAnswer:
    return ReasonAnswer(name, "computed", answer, uses=uses)


def use(value: object, key: str = "heated_area@2025") -> FactUse:
    return FactUse(FactKey.parse(key), value)


def worded(template: str, *uses: FactUse, lang: str = "zh", as_of: date | None = None) -> str:
    pack = root_of(edited("words/zh.yaml", "供热 {heated_area} 平方米", template)).packs[PACK]
    return reason_words(pack, reason(Met.MET, *uses), lang, as_of=as_of)


def test_met_and_not_met() -> None:
    pack = small_pack()
    assert reason_words(pack, reason(Met.MET, use(Decimal("120"))), "zh") == "供热 120 平方米"
    assert reason_words(pack, reason(Met.NOT_MET, use(Decimal("12.50"))), "zh") == "只有 12.5 平方米"
    assert reason_words(pack, reason(Met.UNKNOWN), "zh") == "面积未知"


def test_chinese_stands_in_for_a_missing_language() -> None:
    assert reason_words(small_pack(), reason(Met.UNKNOWN), "en") == "面积未知"
    assert title(small_pack(), small_pack().items["grant"], "en") == "供热补贴"
    assert how_much(small_pack(), small_pack().items["grant"], "zh") == "每平方米 1 至 2 元"


def test_formats() -> None:
    assert worded("{heated_area:percent}", use(Decimal("0.0520"))) == "5.2%"
    assert worded("{heated_area:yuan}", use(1234567)) == "12,345.67"
    assert worded("{heated_area:wan}", use(30000000000)) == "30000"


def test_an_unknown_blank_says_so() -> None:
    assert worded("{heated_area}", use(UNKNOWN)) == "（未知）"
    assert worded("{heated_area}") == "（未知）"


def test_what_is_derived_is_told_from_what_it_is_derived_from() -> None:
    files = edited("words/zh.yaml", "供热 {heated_area} 平方米", "满 {age} 年")
    said = "audience: [organisation], owner: north-energy, source: 登记库"
    shared = f"""attributes:
  age: {{kind: number, derive: "years_between(opened_on, as_of)", {said}, words: {{zh: 年数, en: years}}}}
  opened_on: {{kind: date, {said}, words: {{zh: 开业日期, en: opened on}}}}"""
    files["_attributes/all.yaml"] = files["_attributes/all.yaml"].replace(b"attributes:", shared.encode())
    rules = f"{PACK}/rules.yaml"
    files[rules] = files[rules].replace(b"(year - 1) >= 100", b"(year - 1) >= 100 and age >= 1")
    pack, day = root_of(files).packs[PACK], date(2026, 5, 1)
    assert reason_words(pack, reason(Met.MET, use(date(2016, 5, 2), "opened_on")), "zh", as_of=day) == "满 9 年"
    assert reason_words(pack, reason(Met.MET, use(UNKNOWN, "opened_on")), "zh", as_of=day) == "满 （未知） 年"


def test_a_blank_may_name_its_year() -> None:
    uses = (use(Decimal(1), "heated_area@2024"), use(Decimal(2), "heated_area@2025"))
    assert worded("{heated_area@year-2} → {heated_area@year-1}", *uses, as_of=date(2026, 5, 1)) == "1 → 2"
    assert worded("{heated_area@year-3}", *uses, as_of=date(2026, 5, 1)) == "（未知）"


def test_reserved_reasons_have_words_of_their_own() -> None:
    pack = small_pack()
    assert reason_words(pack, reason(Met.NOT_MET, name=Reserved.OUT_OF_FORCE), "zh") == "不在政策有效期或申报时间内"
    granted = replace(reason(Met.NOT_MET, name=Reserved.ALREADY_GRANTED), note="2026")
    assert reason_words(pack, granted, "en") == "Already granted; not given twice (2026)"


def test_every_reserved_reason_has_words() -> None:
    pack = small_pack()
    for reserved in Reserved:
        for lang in ("zh", "en"):
            assert reason_words(pack, reason(Met.NOT_MET, name=reserved), lang) != str(reserved)


def test_alternatives_speak_for_themselves() -> None:
    files = edited(
        "rules.yaml",
        "large: {kind: computed, when: heated_area(year - 1) >= 100, cites: [a2]}",
        """large:
    kind: computed
    any_of:
      big: {when: heated_area(year - 1) >= 100, cites: [a2]}
      poor: {when: 'fuel = "wood"', cites: [a2]}""",
    )
    files[f"{PACK}/words/zh.yaml"] = """
title: 供热补贴
plain: 补贴。
items: {grant: {title: 供热补贴, how_much: 补贴}}
requirements:
  large:
    unknown: 未知
    any_of:
      big: {met: 大, not_met: 不大}
      poor: {met: 烧柴, not_met: 不烧柴}
""".encode()
    pack = root_of(files).packs[PACK]

    def told(answer: Met, big: Met, poor: Met) -> str:
        return reason_words(pack, replace(reason(answer), alternatives=(("big", big, ()), ("poor", poor, ()))), "zh")

    assert told(Met.MET, Met.MET, Met.MET) == "大"
    assert told(Met.MET, Met.NOT_MET, Met.MET) == "烧柴"
    assert told(Met.NOT_MET, Met.NOT_MET, Met.NOT_MET) == "不大；不烧柴"
    assert told(Met.UNKNOWN, Met.NOT_MET, Met.UNKNOWN) == "未知"
