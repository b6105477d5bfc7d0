"""Figures that go with cases in order: 国家级、省级分别给予300万元、200万元; 达到10%、16%的，分别按10%、20%."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhida.services.structuring.amounts import amounts_in, rates_in

_APART = "分别"
_BREAK = re.compile(r"[、和及与]|以及")
_LEADS = re.compile(r"^.*(?:对|为|获得|获|评为|达到|通过|实现|认定为|评定为|在|的|根据|按)(?=[^的对为]{2,})")

_JUDGED = re.compile(r"^.*(?:评定|认定|评选|评|列)为")


@dataclass(frozen=True)
class Band:
    """One case and what it gives: `fen` or a `rate` (plain number as text), with the place of both."""

    case: str
    fen: int | None
    rate: str
    start: int
    end: int


def bands_in(text: str) -> list[Band]:
    """Cases and figures in the same order on both sides of 分别, where there are as many of one as of the other."""
    found: list[Band] = []
    for match in re.finditer(_APART, text):
        begin = max(text.rfind(sign, 0, match.start()) for sign in "。；;:") + 1
        stop = min([place for place in (text.find(sign, match.end()) for sign in "。；;") if place >= 0] + [len(text)])
        figures = _figures(text, match.end(), stop)
        cases = _cases(text[begin : match.start()], len(figures))
        if len(figures) >= 2 and len(cases) == len(figures):
            found += [Band(case, fen, rate, begin, end) for case, (fen, rate, end) in zip(cases, figures, strict=True)]
    return found


def _figures(text: str, start: int, stop: int) -> list[tuple[int | None, str, int]]:
    """The first run of sums, or of rates, that only 、和及 divide."""
    sums = [(each.fen, "", each.start, each.end) for each in amounts_in(text) if start <= each.start < stop]
    rates = [(None, str(each.value), each.start, each.end) for each in rates_in(text) if start <= each.start < stop]
    for figures in (sums, rates):
        run: list[tuple[int | None, str, int]] = []
        last = None
        for fen, rate, begin, end in figures:
            if last is not None and not _BREAK.fullmatch(text[last:begin].strip() or "x"):
                break
            run.append((fen, rate, end))
            last = end
        if len(run) >= 2:
            return run
    return []


def _cases(words: str, count: int) -> list[str]:
    """The last `count` words that are listed before 分别."""
    part = re.split(r"[，,]", words.rstrip("，, "))
    for piece in reversed(part):
        quoted = re.findall(r"“[^”]+”", piece)
        if (
            count >= 2
            and len(quoted) == count
            and not _BREAK.sub("", re.sub(r"“[^”]+”|[^“”、和及与]", "", piece)).strip()
        ):
            return quoted
        if count >= 2 and len(_BREAK.split(piece)) > count:
            piece = _JUDGED.sub("", piece)
        cases = [each.strip() for each in _BREAK.split(piece) if each.strip()]
        if count >= 2 and len(cases) == count:
            return [
                _LEADS.sub("", cases[0]) or cases[0],
                *cases[1:-1],
                re.sub(r"(?:以上)?的.*$", "", cases[-1]) or cases[-1],
            ]
    return []
