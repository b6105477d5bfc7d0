"""How paragraphs are numbered: 第一章, 第一条, 一、, （一）, 1., （1）, 1）, ①, 附件1; in plain characters."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhida.services.structuring.characters import chinese_number

_CN = "[〇零一二三四五六七八九十百]"
_REFERENCE = "(?!第|规定|所|的|至|和|及|或|与|、|中|之|执行|确定|明确|情形|款|项)"
_GRADES = "(?![一二三四五六七八九十]+[级类档等、])"
_PATTERNS = [
    ("part", re.compile(rf"第({_CN}+)编")),
    ("chapter", re.compile(rf"第({_CN}+)章{_REFERENCE}")),
    ("section", re.compile(rf"第({_CN}+)节{_REFERENCE}")),
    ("article", re.compile(rf"第\s*({_CN}+|\d(?:\s?\d){{0,2}})\s*条(?:之({_CN}+))?{_REFERENCE}")),
    (
        "attachment",
        re.compile(r"附\s*件\s*(?:(\d{1,2}|[一二三四五六七八九十]{1,2})(?![\d、至和及-])|(?=$|\s*:))\s*[:.]?"),
    ),
    ("count", re.compile(rf"([一二三四五六七八九十]{{1,3}})\s*、{_GRADES}")),
    ("bracket", re.compile(r"\(\s*([一二三四五六七八九十]{1,3})\s*\)\s*[、.]?")),
    ("figure", re.compile(r"(\d{1,2})\s*[.、](?:(?!\d)|(?=(?:19|20)\d\d年))")),
    ("bracket_figure", re.compile(r"\(\s*(\d{1,2})\s*\)\s*[、.]?")),
    ("half_figure", re.compile(r"(\d{1,2})\)\s*[、.]?")),
    ("circle", re.compile("([①-⑳])")),
    ("ordinal", re.compile("([一二三四五六七八九十]{1,2})是(?=\\S)")),
]
DEPTHS = {name: depth for depth, (name, _) in enumerate(_PATTERNS)}


@dataclass(frozen=True)
class Marker:
    """A number at the head of a paragraph: its kind, its count from 1, 之一 as `insertion` 1, and where it ends."""

    kind: str
    count: int
    end: int
    insertion: int = 0


def marker_of(text: str) -> Marker | None:
    """The number that a paragraph of plain characters begins with, or None. 第三条规定 is a reference, no number;
    neither is 1.5 or 一、二级."""
    start = len(text) - len(text.lstrip())
    for kind, pattern in _PATTERNS:
        found = pattern.match(text, start)
        if found is None:
            continue
        if kind == "circle":
            return Marker(kind, ord(found.group(1)) - 0x2460 + 1, found.end())
        said = "".join((found.group(1) or "1").split())  # 第 1 0 条, as a broken page has it
        count = int(said) if said.isdecimal() else chinese_number(said) or 0
        insertion = chinese_number(found.group(2)) or 0 if kind == "article" and found.group(2) else 0
        return Marker(kind, count, found.end(), insertion)
    return None
