"""Sums that a document says twice and not alike: 大写 against figures in one place, a table's row against the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from zhida.services.structuring.amounts import Amount, amounts_in
from zhida.services.structuring.characters import plain
from zhida.services.structuring.document import Note, Paragraph

_BETWEEN = re.compile(r"^\s*(?:\(|,|，|即|\(大写:?|\(小写:?|大写:?|小写:?|人民币|¥|￥|:|\s)+$")
_WORDS = re.compile(r"[壹贰叁肆伍陆柒捌玖拾佰仟]")
_NEAR = 12


def said_twice(text: str, amounts: Iterable[Amount]) -> list[tuple[Amount, Amount]]:
    """Pairs of neighbours that are one sum in 大写 and in figures: 壹佰万元（1,000,000元）; equal or not."""
    rows = sorted(amounts, key=lambda each: each.start)
    return [
        (one, two)
        for one, two in pairwise(rows)
        if _BETWEEN.match(text[one.end : two.start])
        and bool(_WORDS.search(text[one.start : one.end])) != bool(_WORDS.search(text[two.start : two.end]))
    ]


def contradictions_in(paragraphs: tuple[Paragraph, ...]) -> tuple[Note, ...]:
    """What a document says of one sum in two ways, each with its paragraph and page; which one holds a person tells."""
    found: list[Note] = []
    for paragraph in paragraphs:
        text = plain(paragraph.text)
        for one, two in said_twice(text, amounts_in(text)):
            if one.fen != two.fen:
                words = paragraph.text[one.start : two.end]
                found.append(_note(paragraph, f"“{words}”大写与小写不一致", f"{words}: words and figures differ"))
    return (*found, *_of_tables(paragraphs))


def _of_tables(paragraphs: tuple[Paragraph, ...]) -> list[Note]:
    """A row of a table that gives a case one sum, where the text gives the same case another."""
    found = []
    prose = [(each, plain(each.text)) for each in paragraphs if "\t" not in each.text]
    for row in (each for each in paragraphs if "\t" in each.text):
        label, _, rest = plain(row.text).partition("\t")
        sums = amounts_in(rest)
        if len(label.strip()) < 2 or len(sums) != 1:
            continue
        for paragraph, text in prose:
            other = _sum_of(label.strip(), text)
            if other is not None and other.fen != sums[0].fen:
                said, told = rest.strip(), paragraph.text[other.start : other.end]
                words = f"{label.strip()}：表中 {said}，正文 {told}"
                found.append(_note(row, f"{words}，不一致", f"{words}: table and text differ"))
    return found


def _sum_of(label: str, text: str) -> Amount | None:
    """The sum that stands within a few characters behind a label, in the same part of its sentence."""
    place = text.find(label)
    near = [] if place < 0 else [each for each in amounts_in(text) if place < each.start]
    if not near:
        return None
    between = text[place + len(label) : near[0].start]
    return near[0] if len(between) <= _NEAR and not re.search(r"[。；;、，]|分别", between) else None


def _note(paragraph: Paragraph, zh: str, en: str) -> Note:
    place = f"第 {paragraph.page} 页" if paragraph.page else f"第 {paragraph.number} 段"
    where = f"page {paragraph.page}" if paragraph.page else f"paragraph {paragraph.number}"
    return Note(
        "sums_disagree",
        f"{place}：{zh}，须由人确定",
        f"{where}: {en}; a person has to tell",
        paragraph.number,
        paragraph.page,
    )
