"""The automatic numbers of a Word document: 第一条 and （一） are often no characters, but counted by Word.

ECMA-376 part 1, 17.9: a paragraph names a list and a level, by itself or by its style; the level has a pattern such as
`第%1条` and a kind of numeral. Counting on restarts the levels below.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ONES = "〇一二三四五六七八九"
_CHINESE = {
    *("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "ideographTraditional"),
    *("taiwaneseCountingThousand", "chineseLegalSimplified", "ideographDigital", "taiwaneseDigital"),
}


@dataclass(frozen=True)
class _Level:
    pattern: str
    numerals: str
    start: int


@dataclass
class Numbering:
    """The lists of one document, counting as its paragraphs are read in order."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def read(cls, lists: Any, styles: Any) -> Numbering:
        """From the roots of word/numbering.xml and word/styles.xml, either of which may be None."""
        found = cls()
        if lists is not None:
            kinds = {each.get(f"{W}abstractNumId"): _levels(each) for each in lists.iter(f"{W}abstractNum")}
            for each in lists.iter(f"{W}num"):
                kind = each.find(f"{W}abstractNumId")
                own = dict(kinds.get(kind.get(f"{W}val"), {})) if kind is not None else {}
                found.levels[each.get(f"{W}numId")] = own
        if styles is not None:
            for style in styles.iter(f"{W}style"):
                named = _list_of(style.find(f"{W}pPr"))
                if named is not None:
                    found.styles[style.get(f"{W}styleId")] = named
        return found

    def label(self, paragraph: Any) -> str:
        """The number that Word shows before this paragraph, with a space, or "" where it shows none."""
        properties = paragraph.find(f"{W}pPr")
        named = _list_of(properties)
        if named is None and properties is not None and properties.find(f"{W}pStyle") is not None:
            named = self.styles.get(properties.find(f"{W}pStyle").get(f"{W}val"))
        if named is None or named[1] not in self.levels.get(named[0], {}):
            return ""
        name, depth = named
        levels, counts = self.levels[name], self.counts.setdefault(name, {})
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for below in [each for each in counts if each > depth]:
            del counts[below]
        text = levels[depth].pattern
        for above, level in levels.items():
            text = text.replace(f"%{above + 1}", _numeral(counts.get(above, level.start), level.numerals))
        return f"{text} " if level_is_shown(levels[depth].numerals) else ""


def level_is_shown(numerals: str) -> bool:
    """Whether a level has a number: bullets and hidden ones have none."""
    return numerals not in ("bullet", "none")


def _levels(kind: Any) -> dict[int, _Level]:
    found = {}
    for level in kind.iter(f"{W}lvl"):
        values = {tag: level.find(f"{W}{tag}") for tag in ("lvlText", "numFmt", "start")}
        told = {tag: each.get(f"{W}val") or "" for tag, each in values.items() if each is not None}
        start = told.get("start", "1")
        found[int(level.get(f"{W}ilvl", "0"))] = _Level(
            told.get("lvlText", ""), told.get("numFmt", "decimal"), int(start) if start.isdecimal() else 1
        )
    return found


def _list_of(properties: Any) -> tuple[str, int] | None:
    found = properties.find(f"{W}numPr") if properties is not None else None
    if found is None or found.find(f"{W}numId") is None:
        return None
    depth = found.find(f"{W}ilvl")
    value = depth.get(f"{W}val", "0") if depth is not None else "0"
    return found.find(f"{W}numId").get(f"{W}val", ""), int(value) if value.isdecimal() else 0


def _numeral(count: int, numerals: str) -> str:
    if numerals in _CHINESE:
        return chinese_numeral(count)
    if numerals in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= count <= 20:
        return chr(0x2460 + count - 1)
    if numerals in ("upperLetter", "lowerLetter") and 1 <= count <= 26:
        return chr((65 if numerals == "upperLetter" else 97) + count - 1)
    return str(count)


def chinese_numeral(count: int) -> str:
    """A whole number below 10,000 as 十二 or 一百零三."""
    text, is_gap = "", False
    for step, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = count // step % 10
        if digit:
            text += (
                ("零" if is_gap and text else "")
                + ("" if text == "" and step == 10 and digit == 1 else _ONES[digit])
                + sign
            )
            is_gap = False
        else:
            is_gap = True
    return text or _ONES[0]
