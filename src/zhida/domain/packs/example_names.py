"""What a proposed example is called: who it is, and in plain words the edge that it stands at."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.packs.boundaries import ABOVE, AT, BELOW, Edge, Refused, Unknown
from zhida.domain.packs.cases import GoldenCase
from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.items import Item
from zhida.domain.packs.noticing import Noticed
from zhida.domain.packs.pack import Pack
from zhida.domain.rules import nodes, write
from zhida.domain.values import SubjectKind, yuan

_NAMES = {
    SubjectKind.PERSON: ("周岚", "沈一鸣", "何静姝", "冯远", "罗小满", "杜若", "秦朗", "叶知秋", "温良", "白露"),
    SubjectKind.HOUSEHOLD: ("周家", "沈家", "何家", "冯家", "罗家", "杜家", "秦家", "叶家", "温家", "白家"),
    SubjectKind.ORGANISATION: ("远山", "青禾", "长河", "云帆", "东篱", "南星", "朝晖", "听涛", "望舒", "知行"),
}
_FIRM = "公司"
_SIDES = {AT: "正好", BELOW: "差一点到", ABOVE: "刚过"}
_UNITS = {"persons": "人", "months": "个月", "days": "天", "years": "年", "pieces": "件"}


def named(
    goal: Any, number: int, *, pack: Pack, item: Item, dictionary: Dictionary, base: GoldenCase, case: GoldenCase
) -> str:
    """Who stands at which edge, and of which item where the pack has several: no two cases of a pack are called the
    same. `base` is whom the case was made from: what differs between them says what a change of rules is noticed by."""
    words = pack.words.get("zh")
    title = words.items[item.name].title if words else item.name
    told = f"{_who(item, number)}：{_Telling(pack, item, dictionary).told(goal, base, case)}"
    return f"{told}（{title}）" if len(pack.items) > 1 else told


def _who(item: Item, number: int) -> str:
    names = _NAMES[item.audience]
    who = names[number % len(names)] + (_FIRM if item.audience is SubjectKind.ORGANISATION else "")
    return who + (str(number // len(names) + 1) if number >= len(names) else "")


class _Telling:
    def __init__(self, pack: Pack, item: Item, dictionary: Dictionary) -> None:
        self.pack = pack
        self.words = pack.words.get("zh")
        self.facts = item.program.schema.facts
        self.dictionary = dictionary

    def told(self, goal: Any, base: GoldenCase, case: GoldenCase) -> str:
        if isinstance(goal, Unknown):
            return f"没有{self.name(goal.key.attribute)}"
        if isinstance(goal, Refused):
            return f"不符合“{self.rule(goal.rule)}”"
        if isinstance(goal, Edge):
            fact = goal.value.name if isinstance(goal.value, nodes.Name | nodes.Call) else ""
            value = self.name(fact) if fact in self.facts else write(goal.value)
            return f"{self.rule(goal.rule)}，{value}{_SIDES[goal.side]}{self.quantity(fact, goal.bound)}"
        if isinstance(goal, Noticed):
            known = base.facts.known
            changed = [key for key, fact in case.facts.known.items() if key not in known or known[key] != fact]
            told = [
                f"{self.name(key.attribute)}{self.quantity(key.attribute, case.facts.known[key].value)}"
                for key in changed
            ]
            return "、".join(told) or "样样符合，金额算得出"
        return "样样符合"

    def rule(self, name: str) -> str:
        words = self.words.requirements.get(name) if self.words else None
        return words.title if words else name

    def name(self, fact: str) -> str:
        """What people call a fact: as the form asks for it, else as the dictionary names it."""
        asked = self.words.questions.get(fact) if self.words else None
        return (asked or self.dictionary.named(fact, "zh")).removesuffix("（元）")

    def quantity(self, fact: str, value: Any) -> str:
        """A value with its unit: fen as yuan, 20 人, 2026-01-01."""
        if isinstance(value, bool):
            return "：是" if value else "：否"
        if isinstance(value, date):
            return f" {value}"
        if not isinstance(value, Decimal):
            return f"：{self.pack.choices(fact, 'zh').get(str(value), value)}"
        unit = self.facts[fact].unit if fact in self.facts else ""
        if unit == "fen":
            return f" {yuan(int(value)).removesuffix('.00')} 元"
        return f" {value:f}{' ' + _UNITS[unit] if unit in _UNITS else ''}"
